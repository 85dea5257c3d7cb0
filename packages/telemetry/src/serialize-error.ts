import { isPlain } from './fields.ts'

/** What a log line says of an error. */
export type SerializedError = {
  name: string
  code?: string | number
  /** Of our own errors only: those that carry a camelCase `code` and extend `Error` directly. */
  message?: string
  stack: readonly string[]
  cause?: SerializedError
}

const OUR_CODE = /^[a-z]+([A-Z][a-z0-9]*)+$/
const FRAME = /^ {4}at (?:\S.* \()?(?:file:|node:|\/|[A-Za-z]:\\)[^\n]*:\d+:\d+\)?$/
const FRAMES_KEPT = 20
const CAUSES_KEPT = 5

/**
 * Name, code and stack frames of an error and of its causes. A message is kept only for an error class of ours, whose
 * messages are written by us; a driver's, a parser's or a runtime's message may quote what it was given.
 */
export function serializeError(thrown: unknown): SerializedError {
  return serialize(thrown, CAUSES_KEPT)
}

function serialize(thrown: unknown, causesLeft: number): SerializedError {
  if (!(thrown instanceof Error)) return { name: `thrown ${typeof thrown}`, stack: [] }
  const code = plainCode(thrown)
  return {
    name: isPlain(thrown.name) ? className(thrown) : 'Error',
    ...(code === undefined ? {} : { code }),
    ...(isOurs(thrown, code) ? { message: thrown.message } : {}),
    stack: frames(thrown),
    ...(thrown.cause === undefined || causesLeft === 0 ? {} : { cause: serialize(thrown.cause, causesLeft - 1) }),
  }
}

/** Our classes do not set `name`: the constructor's is the one that tells. */
function className(error: Error): string {
  if (error.name !== 'Error') return error.name
  return isPlain(error.constructor.name) ? error.constructor.name : 'Error'
}

function plainCode(error: Error): string | number | undefined {
  if (!('code' in error)) return undefined
  if (typeof error.code === 'number') return error.code
  return typeof error.code === 'string' && isPlain(error.code) ? error.code : undefined
}

function isOurs(error: Error, code: string | number | undefined): boolean {
  return typeof code === 'string' && OUR_CODE.test(code) && Object.getPrototypeOf(error.constructor) === Error
}

/** The stack starts with the message, which may hold lines that look like frames: they are cut with it. */
function frames({ stack, message }: Error): readonly string[] {
  if (stack === undefined || !stack.includes(message)) return []
  const afterMessage = stack.slice(stack.indexOf(message) + message.length)
  return afterMessage
    .split('\n')
    .filter((line) => FRAME.test(line))
    .slice(0, FRAMES_KEPT)
    .map((line) => line.trim())
}
