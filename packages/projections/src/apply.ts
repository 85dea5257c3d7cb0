import type { Connection } from '@relais/database/statements'
import type { Decoded } from '@relais/event-store/codec'
import type { RecordedEvent } from '@relais/event-store/port'
import type { CodecSet } from '@relais/events/codec'
import type { Batch } from './batches.ts'
import { advance, type Generation } from './checkpoints.ts'
import type { Declared } from './generations.ts'
import type { Projection, RowOperation } from './projection.ts'
import { type RowWriter, rowWriter } from './row-writer.ts'

/** A projection, the events it reads and where it writes. */
export type Projected<Event> = Declared & {
  projection: Projection<Event>
  codecs: CodecSet<Event>
  /** Each commit waits for the disk of the server, whatever its connection was set to. */
  flushed: boolean
}
export type Target = { generation: Generation; write: RowWriter }
export type Applied<Event> = { target: Target; decoded: readonly Decoded<Event>[] }

export function targetOf({ database, tables }: Declared, generation: Generation, known?: Target): Target {
  const isKnown = known?.generation.generation === generation.generation
  return { generation, write: isKnown ? known.write : rowWriter(database.kind, tables, generation.generation) }
}

/**
 * Checkpoint and rows of one batch, in one transaction: that of `within`, or its own.
 * @returns `undefined`, nothing written, when the checkpoint is no longer where `target` says
 */
export async function applyBatch<Event>(
  projected: Projected<Event>,
  target: Target,
  { events, position, within }: Pick<Batch, 'events' | 'position'> & { within?: Connection | undefined },
): Promise<Applied<Event> | undefined> {
  const decoded = await decodeAll(projected.codecs, events)
  const operations: RowOperation[] = []
  for (const one of decoded) for (const operation of projected.projection.rows(one)) operations.push(operation)
  const { database, run, flushed } = projected
  const write = async (connection: Connection) => {
    if (flushed && database.kind === 'postgres') await run(connection, 'set local synchronous_commit = on')
    const step = { from: target.generation, position, events: events.length }
    // First, so that of two replicas the second waits here, and then has nothing to undo.
    const advanced = await advance(projected, connection, step)
    if (advanced !== undefined) await target.write(connection, operations)
    return advanced
  }
  const generation = await (within === undefined ? database.db.transaction().execute(write) : write(within))
  return generation && { target: { ...target, generation }, decoded }
}

async function decodeAll<Event>(codecs: CodecSet<Event>, events: readonly RecordedEvent[]): Promise<Decoded<Event>[]> {
  const decoded = await Promise.all(events.map((event) => codecs.decode(event)))
  return decoded.filter((one) => one !== undefined)
}
