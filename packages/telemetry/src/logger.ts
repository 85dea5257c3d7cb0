import { pino } from 'pino'
import { isAllowed, type LogFields, plainValue } from './fields.ts'
import { type SerializedError, serializeError } from './serialize-error.ts'

export type { LogFields } from './fields.ts'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const MESSAGE_LENGTH = 200
export type LogLevel = (typeof logLevels)[number]

/** `never` unless the type is made of literals: `string` and `` `… ${string}` `` would be index signatures of a record. */
type Constant<Text extends string> = {} extends Record<Text, 1> ? never : Text

/** The message MUST be a constant because nothing filters it: what varies goes into fields. */
export type LogLine = <const Message extends string>(fields: LogFields, message: Constant<Message>) => void

/** Writes one JSON line per fact. Nothing but the fields of `fields.ts` reaches a line, at any level. */
export type Logger = Readonly<Record<Exclude<LogLevel, 'silent'>, LogLine>> & {
  /** A logger that adds these fields, filtered alike, to each of its lines. */
  child(fields: LogFields): Logger
}

export type LoggerOptions = {
  level: LogLevel
  /** Where lines go; standard output unless given. */
  destination?: { write(line: string): void }
}

/** A logger over pino. It never throws, whatever it is given. */
export function logger({ level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const target = destination === undefined ? pino(options) : pino(options, destination)
  return guarded(target, () => target)
}

/**
 * MUST be the only way to the pino logger: pino itself would interpolate arguments and expand errors. A child is made by
 * its first line, because most requests write none of their own; its level is that of the root.
 */
function guarded(root: pino.Logger, made: () => pino.Logger): Logger {
  const line =
    (level: Exclude<LogLevel, 'silent'>): LogLine =>
    (fields, message) => {
      if (root.isLevelEnabled(level)) made()[level](filtered(fields), sentence(message))
    }
  return {
    trace: line('trace'),
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    fatal: line('fatal'),
    child: (fields) => {
      let child: pino.Logger | undefined
      return guarded(root, () => (child ??= made().child(filtered(fields))))
    },
  }
}

function sentence(message: unknown): string {
  return typeof message === 'string' ? message.slice(0, MESSAGE_LENGTH) : 'a message that is no text'
}

function filtered(fields: LogFields): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of ownValues(fields)) {
    if (name === 'error') kept['error'] = readableError(value)
    else if (isAllowed(name)) kept[name] = plainValue(value)
  }
  return kept
}

/** Through descriptors, so that no getter runs; an object that refuses to be looked at has no fields. */
function ownValues(fields: object): readonly (readonly [string, unknown])[] {
  try {
    const descriptors = Object.entries(Object.getOwnPropertyDescriptors(fields))
    return descriptors.map(([name, descriptor]) => [name, descriptor.value])
  } catch {
    return []
  }
}

function readableError(thrown: unknown): SerializedError {
  try {
    return serializeError(thrown)
  } catch {
    return { name: 'unreadable error', stack: [] }
  }
}
