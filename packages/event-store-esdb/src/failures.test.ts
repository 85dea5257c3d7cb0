import { AccessDeniedError, StreamDeletedError, UnavailableError, UnknownError } from '@eventstore/db-client'
import { expect, test } from 'vitest'
import { isTransient, NoAnswer, translated } from './failures.ts'

const named = (message: string, code?: number) => Object.assign(new Error(message), code === undefined ? {} : { code })

test.each([
  ['a class of the client', new UnavailableError()],
  ['a raw status', named('14 UNAVAILABLE: No connection established', 14)],
  ['a status of a cancelled call', named('1 CANCELLED: Call cancelled', 1)],
  ['a discovery without result', named('Failed to discover after 10 attempts.')],
  ['a channel that was closed meanwhile', named('Channel has been shut down')],
  ['a connection that broke while writing', named('13 INTERNAL: Received RST_STREAM with code 2', 13)],
  ['a crowded connection', named('8 RESOURCE_EXHAUSTED: Bandwidth exhausted or memory limit exceeded', 8)],
  ['no answer in time', new NoAnswer('No answer')],
])('%s is worth another try, and means unavailable in the end', (_name, error) => {
  expect(isTransient(error)).toBe(true)
  expect(translated(error)).toMatchObject({ code: 'storeUnavailable', cause: error })
})

test.each([
  ['a denial', new AccessDeniedError(), 'storeAccessDenied'],
  ['a stream closed for good', StreamDeletedError.fromStreamName('note-1'), 'streamTombstoned'],
  ['a full disk', new UnknownError(undefined, 'Could not recognize log-full: no room'), 'logFull'],
  ['a message that is too large', named('8 RESOURCE_EXHAUSTED: Received message larger than max', 8), 'appendTooLarge'],
])('%s is not worth another try', (_name, error, code) => {
  expect(isTransient(error)).toBe(false)
  expect(translated(error)).toMatchObject({ code, cause: error })
})

test('what has no name in the port rises as it is', () => {
  const error = new UnknownError(undefined, 'something else')
  expect(translated(error)).toBe(error)
})
