import { expect, test } from 'vitest'
import { logger } from './logger.ts'
import { serializeError } from './serialize-error.ts'

const SECRET = 'DUPONT Jeanne'

class VaultSealed extends Error {
  readonly code = 'vaultSealed'
}
class DriverError extends Error {
  readonly code = '23505'
  readonly detail = `Key (name)=(${SECRET}) already exists.`
}
class ParserError extends SyntaxError {
  readonly code = 'parserFailed'
}

test('an error of ours keeps its message, its class and its code', () => {
  expect(serializeError(new VaultSealed('The master key is missing'))).toMatchObject({
    name: 'VaultSealed',
    code: 'vaultSealed',
    message: 'The master key is missing',
  })
})

test.each([
  ['a bare error', new Error(SECRET)],
  ['a driver error', new DriverError(SECRET)],
  ['an error of a foreign hierarchy', new ParserError(SECRET)],
  ['a system error', Object.assign(new Error(SECRET), { code: 'ENOENT', path: SECRET })],
  ['an error that looks like ours', Object.assign(new Error(SECRET), { code: 'looksOurs' })],
])('%s loses its message and everything else it carries', (_, error) => {
  const serialized = serializeError(error)
  expect(serialized).not.toHaveProperty('message')
  expect(JSON.stringify(serialized)).not.toContain('DUPONT')
  expect(serialized.stack.length).toBeGreaterThan(0)
})

test('causes are serialised under the same rule, five deep', () => {
  const root = new Error(SECRET)
  const chain = Array.from({ length: 9 }).reduce<Error>((cause) => new Error(SECRET, { cause }), root)
  const error = new VaultSealed('The vault is sealed', { cause: chain })
  const text = JSON.stringify(serializeError(error))
  expect(text).not.toContain('DUPONT')
  expect(text.match(/"cause"/g)).toHaveLength(5)
})

test('a cause that leads back to itself ends', () => {
  const error = new Error('loop')
  error.cause = error
  expect(JSON.stringify(serializeError(error)).match(/"cause"/g)).toHaveLength(5)
})

test('lines of a message that look like stack frames are not kept', () => {
  const error = new Error(`first\n    at DUPONT (file:///home/dupont.ts:1:2)\nlast`)
  expect(JSON.stringify(serializeError(error))).not.toContain('DUPONT')
  expect(serializeError(error).stack[0]).toContain('serialize-error.test.ts')
})

test('something thrown that is no error tells its type alone', () => {
  expect(serializeError(SECRET)).toEqual({ name: 'thrown string', stack: [] })
  expect(serializeError({ name: SECRET })).toEqual({ name: 'thrown object', stack: [] })
})

test('an error that cannot be read does not break the line', () => {
  const lines: string[] = []
  const error = Object.defineProperty(new Error('x'), 'code', {
    get: () => {
      throw new Error(SECRET)
    },
  })
  logger({ level: 'info', destination: { write: (line) => lines.push(line) } }).error({ error }, 'failed')
  expect(JSON.parse(lines.join(''))).toMatchObject({ msg: 'failed', error: { name: 'unreadable error' } })
})
