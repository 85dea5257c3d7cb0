import type { ChannelEntry } from '@relais/contracts/channel-entries'
import { type Kysely, sql } from 'kysely'
import type { FeedTables } from '../projections/channel-feed.ts'
import type { Channel } from './channel.ts'

type Inbox = Extract<Channel, { kind: 'inbox' | 'ehpad' }>

/** What an inbox begins with: of each stay, and of what is asked, the last notice that nobody acted upon, and its receipts. */
export async function openItems(db: Kysely<FeedTables>, inbox: Inbox, until: number) {
  const items = await Promise.all([openStays(db, inbox, until), openWork(db, inbox, until)])
  return items.flat().toSorted((one, other) => one.position - other.position)
}

function openStays(db: Kysely<FeedTables>, { name, recipient }: Inbox, until: number) {
  return db
    .selectFrom('feed_channel')
    .innerJoin('feed_entry', 'feed_entry.position', 'feed_channel.position')
    .innerJoin('told', (join) =>
      join
        .onRef('told.stay_id', '=', 'feed_channel.stay_id')
        .onRef('told.position', '<=', 'feed_channel.position')
        .on('told.recipient', '=', recipient),
    )
    .where('feed_channel.channel', '=', name)
    .where('feed_channel.position', '<=', until)
    .where(({ not, exists }) => not(exists(actedUpon(db, 'told.notice_id'))))
    .select(['feed_channel.position', 'feed_entry.entry'])
    .execute()
}

function openWork(db: Kysely<FeedTables>, { name, recipient }: Inbox, until: number) {
  return db
    .selectFrom('asked')
    .innerJoin('feed_channel', (join) =>
      join
        .onRef('feed_channel.work', '=', 'asked.subject')
        .onRef('feed_channel.position', '>=', 'asked.position')
        .on('feed_channel.channel', '=', name),
    )
    .innerJoin('feed_entry', 'feed_entry.position', 'feed_channel.position')
    .where('asked.recipient', '=', recipient)
    .where('asked.is_open', '=', 1)
    .where('feed_channel.position', '<=', until)
    .where(({ not, exists }) => not(exists(actedUpon(db, 'asked.notice_id'))))
    .select(['feed_channel.position', 'feed_entry.entry'])
    .execute()
}

function actedUpon(db: Kysely<FeedTables>, noticeId: 'told.notice_id' | 'asked.notice_id') {
  return db
    .selectFrom('notice_receipt')
    .where('notice_receipt.notice_id', '=', sql.ref<string>(noticeId))
    .where('notice_receipt.receipt', '=', 'acted')
    .select('notice_receipt.notice_id')
}

/** An entry to one of those whom it is for. */
export const hushKey = (position: number, recipient: string) => `${position} ${recipient}`

/**
 * What, of these entries, recipients are not sent, or no longer: of a stay that is confidential, and of a patient whom they
 * said is not theirs.
 */
export async function hushedAmong(
  db: Kysely<FeedTables>,
  entries: readonly { position: number; entry: ChannelEntry }[],
): Promise<ReadonlySet<string>> {
  const sent = entries.flatMap(({ position, entry }) => {
    const { patientId = '', stayId = '' } = subjectOf(entry)
    return recipientsIn(entry).map((recipient) => ({ position, recipient, patientId, stayId }))
  })
  if (sent.length === 0) return new Set()
  const [confidential, returns] = await Promise.all([
    db
      .selectFrom('stay_standing')
      .where('stay_id', 'in', [...new Set(sent.map(({ stayId }) => stayId))])
      .where('confidential', '=', 1)
      .select('stay_id')
      .execute(),
    db
      .selectFrom('returned')
      .where('patient_id', 'in', [...new Set(sent.map(({ patientId }) => patientId))])
      .selectAll()
      .execute(),
  ])
  const hidden = new Set(confidential.map(({ stay_id }) => stay_id))
  const returnedAt = new Map(returns.map((row) => [`${row.patient_id} ${row.recipient}`, row.position]))
  const isHushed = ({ stayId, patientId, recipient, position }: (typeof sent)[number]) =>
    hidden.has(stayId) || (returnedAt.get(`${patientId} ${recipient}`) ?? 0) > position
  return new Set(sent.filter(isHushed).map(({ position, recipient }) => hushKey(position, recipient)))
}

/** Whom an entry is for, where it is for somebody's inbox. */
function recipientsIn(entry: ChannelEntry): readonly string[] {
  switch (entry.kind) {
    case 'notice':
    case 'receipt':
    case 'work':
      return [entry.recipient]
    case 'threadNews':
      return entry.recipients
    default:
      return []
  }
}

function subjectOf(entry: ChannelEntry): { patientId?: string | undefined; stayId?: string | undefined } {
  const { patientId } = entry
  return 'stayId' in entry ? { patientId, stayId: entry.stayId } : { patientId }
}
