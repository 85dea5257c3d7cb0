import { mayAnswerFor } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import { NoticeId } from '@relais/contracts/notices'
import type { Instant } from '@relais/contracts/primitives'
import type { CommandContext } from '@relais/event-store/command-handler'
import { type Kysely, sql } from 'kysely'
import type { NoticeCommand } from '../domain/notice.ts'
import type { FeedTables } from '../projections/channel-feed.ts'

export type Acknowledged = { actor: Actor; recipient: string; until: number }
/** What reached a device of somebody, up to a position of the inbox. */
export type Acknowledge = (acknowledged: Acknowledged) => Promise<void>

type AcknowledgmentDeps = {
  db: Kysely<FeedTables>
  handleNotice: (id: string, command: NoticeCommand, context: CommandContext) => Promise<object>
  now: () => Instant
  newId: () => string
}

const PAGE = 100

/** Records that the notices of an inbox were delivered, those that nobody had had so far. */
export function acknowledgments({ db, handleNotice, now, newId }: AcknowledgmentDeps): Acknowledge {
  return async ({ actor, recipient, until }) => {
    const metadata = { $correlationId: newId(), actor: actorOf(actor) }
    for (let after = 0; ;) {
      const page = await undelivered(db, actor, { recipient, after, until })
      for (const { notice_id } of page) {
        const noticeId = NoticeId.parse(notice_id)
        await handleNotice(noticeId, { type: 'RecordDelivered', noticeId, by: actor.id, at: now() }, { metadata })
      }
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE) return
      after = last.position
    }
  }
}

function actorOf({ id, role, organisation }: Actor): CommandContext['metadata']['actor'] {
  return { id, role, ...(organisation === undefined ? {} : { organisation }) }
}

type Page = { recipient: string; after: number; until: number }

/**
 * What is kept from the recipient is not delivered: stays that are confidential, patients who are not theirs; and stays,
 * where who says so sorts a queue without being told of them.
 */
function undelivered(db: Kysely<FeedTables>, actor: Actor, { recipient, after, until }: Page) {
  const isToldOfStays = mayAnswerFor(actor, recipient)
  const delivered = db
    .selectFrom('notice_receipt')
    .where('notice_receipt.notice_id', '=', sql<string>`sent_notice.notice_id`)
    .where('receipt', '=', 'delivered')
    .select('receipt')
  const confidential = db
    .selectFrom('stay_standing')
    .where('stay_standing.stay_id', '=', sql<string>`sent_notice.stay_id`)
    .where('confidential', '=', 1)
    .select('stay_standing.stay_id')
  const returned = db
    .selectFrom('returned')
    .where('returned.patient_id', '=', sql<string>`sent_notice.patient_id`)
    .where('returned.recipient', '=', recipient)
    .where('returned.position', '>', sql<number>`sent_notice.position`)
    .select('returned.position')
  return db
    .selectFrom('sent_notice')
    .where('recipient', '=', recipient)
    .where('position', '>', after)
    .where('position', '<=', until)
    .where(({ not, exists }) => not(exists(delivered)))
    .where(({ not, exists }) => not(exists(confidential)))
    .where(({ not, exists }) => not(exists(returned)))
    .$if(!isToldOfStays, (query) => query.where('sent_notice.stay_id', '=', ''))
    .select(['notice_id', 'position'])
    .orderBy('position')
    .limit(PAGE)
    .execute()
}
