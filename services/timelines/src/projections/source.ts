import type { EventMetadata } from '@relais/contracts/actor'
import { Explanation } from '@relais/contracts/explanation-routes'
import { MessageId } from '@relais/contracts/primitives'
import type { Kysely } from 'kysely'

/** What a fact comes from: who caused it, in answer to what, and what was caused along with it. */
export type Source = {
  correlationId: string
  causedBy?: string
  messageId?: MessageId
  actor: EventMetadata['actor']
}

const { causedBy: CausedBy } = Explanation.shape.source.shape

/** The JSON of a source, from the event alone. */
export function sourceOf({ data }: { data: object }, { $correlationId, $causationId, actor }: EventMetadata): string {
  const { id, role, organisation } = actor
  const caused = CausedBy.safeParse($causationId)
  const message = MessageId.safeParse('messageId' in data ? data.messageId : undefined)
  const source: Source = {
    correlationId: $correlationId,
    ...(caused.success && caused.data !== undefined ? { causedBy: caused.data } : {}),
    ...(message.success ? { messageId: message.data } : {}),
    actor: { id, role, ...(organisation === undefined ? {} : { organisation }) },
  }
  return JSON.stringify(source)
}

type Sourced = { subject: string; entry_id: string; source: string }
type SourcedTables = { pathway_entry: Sourced; exchange_entry: Sourced }
type Asked = { table: 'pathway_entry' | 'exchange_entry'; subjects: readonly string[]; entryId: string }

/** Where an entry of these subjects comes from; what a stay took along has none of its own. */
export async function readSource(
  db: Kysely<SourcedTables>,
  { table, subjects, entryId }: Asked,
): Promise<Source | undefined> {
  const query = db.selectFrom(table).select('source').where('subject', 'in', subjects).where('entry_id', '=', entryId)
  const row = await query.executeTakeFirst()
  // `sourceOf` wrote it.
  return row && (JSON.parse(row.source) as Source)
}
