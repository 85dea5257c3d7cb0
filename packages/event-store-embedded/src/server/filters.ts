import type { LogRecord } from '../log.ts'
import type { FilterOptions } from './messages.ts'
import { invalid, type Refusal } from './refusals.ts'

/** Events looked at between two pages of a filtered read, unless the client says so itself. */
const DEFAULT_WINDOW = 32

/** Which records of the whole log a client wants. Stream names are narrowed by the log itself, types here. */
export type RecordFilter = {
  streamPrefixes: readonly string[] | undefined
  matches(record: LogRecord): boolean
  /** Events looked at between two checkpoints. */
  checkpointInterval: number
}

export function parseFilter(options: FilterOptions): RecordFilter | Refusal {
  const expression = options.streamIdentifier ?? options.eventType
  if (!expression) return invalid('A filter names stream names or event types')
  if (expression.regex !== '') return invalid('Only filters by prefix are served, not by regular expression')
  const prefixes = expression.prefix
  if (prefixes.length === 0) return invalid('A filter needs at least one prefix')
  const byStream = Boolean(options.streamIdentifier)
  return {
    streamPrefixes: byStream ? prefixes : undefined,
    matches: byStream ? () => true : (record) => prefixes.some((prefix) => record.type.startsWith(prefix)),
    checkpointInterval: (options.max ?? DEFAULT_WINDOW) * Math.max(1, options.checkpointIntervalMultiplier),
  }
}
