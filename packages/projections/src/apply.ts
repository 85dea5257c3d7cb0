import type { Connection } from '@relais/database/statements'
import type { Decoded, Decoding } from '@relais/event-store/codec'
import type { RecordedEvent } from '@relais/event-store/port'
import type { CodecSet } from '@relais/events/codec'
import type { Batch } from './batches.ts'
import { advance, type Generation } from './checkpoints.ts'
import type { Declared } from './generations.ts'
import type { Projection, RowOperation } from './projection.ts'
import { rowLoader, type RowWriter, rowWriter } from './row-writer.ts'
import { isLoaded } from './tables.ts'

/** A projection, the events it reads and where it writes. */
export type Projected<Event> = Declared & {
  projection: Projection<Event>
  codecs: CodecSet<Event>
  /** Each commit waits for the disk of the server, whatever its connection was set to. */
  flushed: boolean
}
/** `passed` are events after the position of the generation that wrote nothing: the log tells them again after a restart. */
export type Target = { generation: Generation; write: RowWriter; passed?: { position: number; events: number } }
export type Applied<Event> = { target: Target; decoded: readonly Decoded<Event>[] }

export function targetOf({ database, tables }: Declared, generation: Generation, known?: Target): Target {
  const isKnown = known?.generation.generation === generation.generation
  return { generation, write: isKnown ? known.write : rowWriter(database.kind, tables, generation.generation) }
}

/** A new copy that is not completed yet. */
export function loadingTarget({ database, tables }: Declared, generation: Generation): Target {
  const writer = isLoaded(database.kind) ? rowLoader : rowWriter
  return { generation, write: writer(database.kind, tables, generation.generation) }
}

type Applying = Pick<Batch, 'events' | 'position'> & {
  within?: Connection | undefined
  /** A batch that writes nothing only passes, until so many events have: the position is saved with what comes next. */
  mostPassed?: number
}

/**
 * Checkpoint and rows of one batch, in one transaction: that of `within`, or its own.
 * @returns `undefined`, nothing written, when the checkpoint is no longer where `target` says
 */
export async function applyBatch<Event>(
  projected: Projected<Event>,
  target: Target,
  { events, position, within, mostPassed = 0 }: Applying,
): Promise<Applied<Event> | undefined> {
  const decoded = await decodeAll(projected, events)
  const operations: RowOperation[] = []
  for (const one of decoded) for (const operation of projected.projection.rows(one)) operations.push(operation)
  const handled = (target.passed?.events ?? 0) + events.length
  if (operations.length === 0 && events.length > 0 && handled < mostPassed)
    return { target: { ...target, passed: { position, events: handled } }, decoded }
  const { database, run, flushed } = projected
  const write = async (connection: Connection) => {
    if (flushed && database.kind === 'postgres') await run(connection, 'set local synchronous_commit = on')
    const step = { from: target.generation, position, events: handled }
    // First, so that of two replicas the second waits here, and then has nothing to undo.
    const advanced = await advance(projected, connection, step)
    if (advanced !== undefined) await target.write(connection, operations)
    return advanced
  }
  const generation = await (within === undefined ? database.transaction(write) : write(within))
  return generation && { target: { generation, write: target.write }, decoded }
}

/** In one go: keys that are not at hand are then asked for together. */
async function decodeAll<Event>(
  { codecs, projection }: Projected<Event>,
  events: readonly RecordedEvent[],
): Promise<Decoded<Event>[]> {
  const unread = new Set<string>(projection.unread)
  const read = events.filter(({ type }) => !unread.has(currentName(type)))
  const decoding = read.map((event) => begin(codecs, event))
  await Promise.all(decoding.filter((one) => one instanceof Promise))
  const decoded: Decoded<Event>[] = []
  for (const one of decoding) {
    const done = one instanceof Promise ? await one : one
    if (done !== undefined) decoded.push(done)
  }
  return decoded
}

/** MUST NOT throw, because nobody would hear how those end that wait for their key. */
function begin<Event>(codecs: CodecSet<Event>, event: RecordedEvent): Decoding<Event> {
  try {
    return codecs.decode(event)
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Stored types carry their version: `BedTaken.v2`. */
const currentName = (type: string) => type.slice(0, type.lastIndexOf('.'))
