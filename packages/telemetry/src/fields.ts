/**
 * The only names a log line may carry. Every one holds an identifier, a code, a count or a time of ours: never a name,
 * a text, a body, an outside number of a patient or a token. Adding one is a review of what its values can hold.
 */
export const fieldNames = [
  // What a line is about
  'actorId',
  'category',
  'causationId',
  'correlationId',
  'documentId',
  'epoch',
  'event',
  'eventId',
  'jobId',
  'keyId',
  'messageId',
  'movementId',
  'patientId',
  'position',
  'referralId',
  'revision',
  'senderId',
  'sessionId',
  'stayId',
  'stream',
  'subscriptionId',
  // Which part says it
  'channel',
  'check',
  'generation',
  'job',
  'migration',
  'name',
  'projection',
  'reaction',
  'schema',
  'service',
  'table',
  'version',
  // What came of it
  'checksum',
  'closeCode',
  'code',
  'kind',
  'matches',
  'method',
  'outcome',
  'path',
  'ready',
  'reason',
  'role',
  'route',
  'scope',
  'signal',
  'state',
  'status',
  // How much, how often, how long
  'attempt',
  'attempts',
  'bytes',
  'connections',
  'count',
  'delayMilliseconds',
  'durationMilliseconds',
  'events',
  'handled',
  'lagMilliseconds',
  'limit',
  'rows',
  'total',
  // Where
  'database',
  'file',
  'folder',
  'host',
  'port',
  'tls',
  'wantedPort',
] as const

export type FieldName = (typeof fieldNames)[number]
/** `error` is serialised by `serializeError`; every other field is one plain word, a number or a boolean. */
export type LogFields = { readonly [Name in FieldName]?: string | number | boolean | undefined } & {
  readonly error?: unknown
}

export type PlainValue = string | number | boolean

const allowed: ReadonlySet<string> = new Set(fieldNames)
const PLAIN = /^[\w./:@{}()[\]*,+#=-]{1,200}$/

/** Written in place of an allowed field whose value is not plain, so that the gap shows. */
export const NOT_PLAIN = '[not plain]'

export function isAllowed(name: string): boolean {
  return allowed.has(name)
}

/** Whether a string is short and has no space, accent, line break or HL7 separator: a code, an id or a path. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text)
}

/** The value as a line may carry it; `undefined` when there is nothing to say. */
export function plainValue(value: unknown): PlainValue | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string') return isPlain(value) ? value : NOT_PLAIN
  if (typeof value === 'number') return Number.isFinite(value) ? value : NOT_PLAIN
  return typeof value === 'boolean' ? value : NOT_PLAIN
}
