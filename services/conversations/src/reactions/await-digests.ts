import type { PostEvent } from '@relais/contracts/conversations'
import { DigestId, type Preference } from '@relais/contracts/conversations'
import { type Instant, ProfessionalId } from '@relais/contracts/primitives'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import { derivedUuid } from '@relais/events/derived-uuid'
import type { RunningProjection } from '@relais/projections/projection'
import { idsLinkedWith } from '@relais/access/links'
import type { Kysely } from 'kysely'
import type { DigestCommand } from '../domain/digest.ts'
import type { ConversationTables } from '../projections/tables.ts'
import { quietUntil } from '../quiet-hours.ts'

type Deps = {
  db: Kysely<ConversationTables>
  view: Pick<RunningProjection, 'reaches'>
  handleDigest: (id: string, command: DigestCommand, context: CommandContext) => Promise<object>
  now: () => Instant
}
type Message = Extract<PostEvent, { type: 'MessagePosted' }>['data']

const VIEW_PATIENCE_MILLISECONDS = 10_000

/** The view did not come as far as the message in time: try again. */
class ViewTooFarBehind extends Error {
  readonly code = 'viewTooFarBehind'
}

/** For each person who is asleep when a message comes and wants to be told in the morning: awaited once a night. */
export function awaitDigests({ db, view, handleDigest, now }: Deps) {
  return async ({ id, event, position, metadata }: Decoded<PostEvent>): Promise<void> => {
    if (event?.type !== 'MessagePosted') return
    if (!(await view.reaches(position, VIEW_PATIENCE_MILLISECONDS)))
      throw new ViewTooFarBehind('The view has not come as far as the message')
    const { by, threadId, postedAt } = event.data
    for (const { person, preference } of await whoWantsDigests(db, event.data)) {
      if (person === by || preference.muted.includes(threadId) || !preference.quietHours) continue
      const dueAt = quietUntil(postedAt, preference.quietHours)
      if (dueAt === undefined) continue
      const digestId = DigestId.parse(derivedUuid('digest', person, dueAt))
      const command = { type: 'AwaitDigest' as const, digestId, person: ProfessionalId.parse(person), dueAt, at: now() }
      const eventId = (index: number) => derivedUuid('digest awaited', digestId, String(index))
      const caused = { $correlationId: metadata.$correlationId, $causationId: id, actor: metadata.actor }
      await handleDigest(digestId, command, { metadata: caused, eventId })
    }
  }
}

/** Those whom the thread is for in person: nobody knows who works in a team. */
async function whoWantsDigests(db: Kysely<ConversationTables>, { threadId, patientId }: Message) {
  const anybody = db.selectFrom('preference').where('has_digest', '=', 1).select('person').limit(1)
  if ((await anybody.executeTakeFirst()) === undefined) return []
  const thread = await db.selectFrom('thread').where('thread_id', '=', threadId).select('kind').executeTakeFirst()
  const sleepers = db.selectFrom('preference').where('has_digest', '=', 1).select(['person', 'preference'])
  const members = db.selectFrom('thread_member').where('thread_id', '=', threadId).select('member')
  const patientIds = patientId === undefined ? [] : [patientId, ...(await idsLinkedWith(db, [patientId]))]
  const circle = db
    .selectFrom('circle_place')
    .where('patient_id', 'in', ['', ...patientIds])
    .select('member_id')
  const query =
    thread?.kind === 'territory'
      ? sleepers
      : sleepers.where('person', 'in', thread?.kind === 'patient' ? circle : members)
  const rows = await query.execute()
  // The projection wrote it.
  return rows.map((row) => ({ person: row.person, preference: JSON.parse(row.preference) as Preference }))
}
