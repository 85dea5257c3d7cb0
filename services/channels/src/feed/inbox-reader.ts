import type { ChannelEntry } from '@relais/contracts/channel-entries'
import { type Kysely, sql } from 'kysely'
import type { FeedTables } from '../projections/channel-feed.ts'
import type { Channel } from './channel.ts'

type Inbox = Extract<Channel, { kind: 'inbox' | 'ehpad' }>

/** What an inbox begins with: for each stay, the last notice that nobody acted upon, and its receipts. */
export function openItems(db: Kysely<FeedTables>, { name, recipient }: Inbox, until: number) {
  const acted = db
    .selectFrom('notice_receipt')
    .where('notice_receipt.notice_id', '=', sql<string>`told.notice_id`)
    .where('notice_receipt.receipt', '=', 'acted')
    .select('notice_receipt.notice_id')
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
    .where(({ not, exists }) => not(exists(acted)))
    .select(['feed_channel.position', 'feed_entry.entry'])
    .orderBy('feed_channel.position')
    .execute()
}

/**
 * The positions, among these entries, of what recipients are not sent, or no longer: of a stay that is confidential, and of
 * a patient whom they said is not theirs.
 */
export async function hushedAmong(
  db: Kysely<FeedTables>,
  entries: readonly { position: number; entry: ChannelEntry }[],
): Promise<ReadonlySet<number>> {
  const sent = entries.flatMap(({ position, entry }) => {
    if (entry.kind !== 'notice' && entry.kind !== 'receipt' && entry.kind !== 'work') return []
    const { recipient, patientId = '' } = entry
    return [{ position, recipient, patientId, stayId: entry.kind === 'work' ? '' : (entry.stayId ?? '') }]
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
  return new Set(sent.filter(isHushed).map(({ position }) => position))
}
