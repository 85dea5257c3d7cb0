import type { ReadOptions, ReadRequest } from './messages.ts'
import { parseFilter, type RecordFilter } from './filters.ts'
import { streamName } from './records.ts'
import { invalid, type Refusal } from './refusals.ts'

type Direction = 'forwards' | 'backwards'
/** `undefined` starts at the first record, or backwards at the last. */
type From = number | undefined

/** What one Read call asks for. A subscription starts after its `after`, which is the last one already known. */
export type ReadPlan = { structuredUuids: boolean } & (
  | { kind: 'stream'; stream: string; direction: Direction; from: From; count: number }
  | { kind: 'all'; direction: Direction; from: From; count: number; filter: RecordFilter | undefined }
  | { kind: 'nothing'; stream: string | undefined }
  | { kind: 'followStream'; stream: string; after: number | 'end' }
  | { kind: 'followAll'; after: number | 'end'; filter: RecordFilter | undefined }
)

export function isRefusal(outcome: object): outcome is Refusal {
  return 'code' in outcome && 'details' in outcome
}

export function planRead({ options }: ReadRequest): ReadPlan | Refusal {
  if (!options) return invalid('A read needs options')
  if (!options.stream === !options.all) return invalid('A read names one stream, or $all')
  if (options.filter && options.stream) return invalid('Only $all can be filtered')
  if (options.subscription) return planSubscription(options)
  if (options.count === undefined || options.count === '0') return invalid('A read needs a count above 0')
  return options.stream ? planStream(options, options.count) : planAll(options, options.count)
}

function planStream(options: ReadOptions, count: string): ReadPlan | Refusal {
  const stream = streamName(options.stream?.streamIdentifier)
  if (stream === undefined) return invalid('A stream needs a name')
  const common = { stream, structuredUuids: wantsStructured(options) }
  const direction = directionOf(options)
  if (direction === undefined) return invalid('Unknown direction')
  if (direction === 'forwards' && options.stream?.end) return { kind: 'nothing', ...common }
  const from = startOf(options.stream?.revision, direction === 'backwards' && Boolean(options.stream?.start))
  return { kind: 'stream', direction, from, count: bounded(count), ...common }
}

function planAll(options: ReadOptions, count: string): ReadPlan | Refusal {
  const filter = options.filter ? parseFilter(options.filter) : undefined
  if (filter && isRefusal(filter)) return filter
  const common = { structuredUuids: wantsStructured(options) }
  const direction = directionOf(options)
  if (direction === undefined) return invalid('Unknown direction')
  const nowhere = direction === 'forwards' ? options.all?.end : options.all?.start
  if (nowhere) return { kind: 'nothing', stream: undefined, ...common }
  const from = startOf(options.all?.position?.commitPosition, false)
  return { kind: 'all', direction, from, count: bounded(count), filter, ...common }
}

function planSubscription(options: ReadOptions): ReadPlan | Refusal {
  const common = { structuredUuids: wantsStructured(options) }
  if (options.stream) {
    const stream = streamName(options.stream.streamIdentifier)
    if (stream === undefined) return invalid('A stream needs a name')
    const after = options.stream.end ? 'end' : (startOf(options.stream.revision, false) ?? -1)
    return { kind: 'followStream', stream, after, ...common }
  }
  const filter = options.filter ? parseFilter(options.filter) : undefined
  if (filter && isRefusal(filter)) return filter
  const after = options.all?.end ? 'end' : (startOf(options.all?.position?.commitPosition, false) ?? 0)
  return { kind: 'followAll', after, filter, ...common }
}

function startOf(value: string | number | undefined, atFirst: boolean): From {
  if (value !== undefined) return bounded(value)
  return atFirst ? 0 : undefined
}

/** Unsigned 64-bit numbers beyond the safe ones all mean "past everything". */
function bounded(value: string | number): number {
  return Math.min(Number(value), Number.MAX_SAFE_INTEGER - 1)
}

function directionOf({ readDirection }: ReadOptions): Direction | undefined {
  if (readDirection === 0) return 'forwards'
  return readDirection === 1 ? 'backwards' : undefined
}

function wantsStructured({ uuidOption }: ReadOptions): boolean {
  return Boolean(uuidOption?.structured)
}
