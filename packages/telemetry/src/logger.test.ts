import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fieldNames, NOT_PLAIN } from './fields.ts'
import { type LogFields, type LogLevel, type Logger, logger } from './logger.ts'

const SECRET = 'DUPONT Jeanne, née le 12/03/1941'

/** A logger that keeps its lines, and the lines it kept. */
function recorded(level: LogLevel = 'trace'): { log: Logger; lines: string[] } {
  const lines: string[] = []
  return { lines, log: logger({ level, destination: { write: (line) => lines.push(line) } }) }
}

/** What JavaScript lets through although the types refuse it. */
function hostile(fields: unknown): LogFields {
  return fields as LogFields
}

function parsed(lines: readonly string[]): Record<string, unknown>[] {
  return lines.map((line) => JSON.parse(line))
}

test('a line is one JSON object with its level, time, fields and message', () => {
  const { log, lines } = recorded()
  log.info({ correlationId: 'c-1', attempt: 2, ready: true }, 'contact recorded')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^\{.*\}\n$/)
  const [line] = parsed(lines)
  expect(line).toMatchObject({ level: 'info', correlationId: 'c-1', attempt: 2, ready: true, msg: 'contact recorded' })
  expect(Object.keys(line ?? {})).toEqual(['level', 'time', 'correlationId', 'attempt', 'ready', 'msg'])
})

test('a line under the level is not written', () => {
  const { log, lines } = recorded('warn')
  log.info({}, 'quiet')
  log.warn({}, 'heard')
  expect(parsed(lines).map(({ msg }) => msg)).toEqual(['heard'])
})

test('a field outside the list is dropped, also in a child and at every level', () => {
  const { log, lines } = recorded()
  const child = log.child(hostile({ service: 'stays', body: SECRET, patient: { name: SECRET } }))
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)
    child[level](hostile({ code: 'x', text: SECRET, err: new Error(SECRET), req: { body: SECRET } }), 'handled')
  expect(lines).toHaveLength(6)
  expect(lines.join('')).not.toContain('DUPONT')
  expect(parsed(lines)[0]).toMatchObject({ service: 'stays', code: 'x' })
})

test.each([
  ['a sentence', SECRET],
  ['an object', { name: SECRET }],
  ['an object with toJSON', { toJSON: () => SECRET }],
  ['an array', [SECRET]],
  ['a buffer', Buffer.from(SECRET)],
  ['bytes', new TextEncoder().encode(SECRET)],
  ['a string object', Object('DUPONT')],
  ['a map', new Map([['name', SECRET]])],
  ['an error', new Error(SECRET)],
  ['a function', () => SECRET],
  ['a symbol', Symbol(SECRET)],
  ['an HL7 field', 'DUPONT^JEANNE'],
  ['a long text', 'DUPONT'.repeat(100)],
  ['several lines', 'DUPONT\nJEANNE'],
  ['a null', null],
])('%s in an allowed field is replaced', (_, value) => {
  const { log, lines } = recorded()
  log.info(hostile({ reason: value }), 'handled')
  expect(lines.join('')).not.toContain('DUPONT')
  expect(parsed(lines)[0]).toMatchObject({ reason: NOT_PLAIN })
})

test('a getter is not run, and an object that refuses to be looked at writes its message alone', () => {
  const { log, lines } = recorded()
  const unreadable = new Proxy({}, { ownKeys: () => expect.fail('looked at') })
  const getter = Object.defineProperty({}, 'reason', { enumerable: true, get: () => 'DUPONT' })
  log.info(hostile(unreadable), 'first')
  log.info(hostile(getter), 'second')
  log.info(hostile(undefined), 'third')
  expect(parsed(lines).map(({ msg }) => msg)).toEqual(['first', 'second', 'third'])
  expect(lines.join('')).not.toContain('DUPONT')
})

test('arguments after the message are never interpolated into it', () => {
  const { log, lines } = recorded()
  const write: (...received: unknown[]) => void = log.info as (...received: unknown[]) => void
  write({}, 'failed for %s', SECRET)
  expect(parsed(lines)[0]).toMatchObject({ msg: 'failed for %s' })
})

test('a message that varies does not compile', () => {
  const { log, lines } = recorded('silent')
  const name: string = 'Jeanne'
  // @ts-expect-error a string is not a constant
  log.info({}, name)
  // @ts-expect-error nor is a template
  log.info({}, `failed for ${name}`)
  // @ts-expect-error nor is a field outside the list accepted
  log.info({ body: name }, 'failed')
  expect(lines).toEqual([])
})

test('whatever is logged, only listed names and plain values come out', () => {
  fc.assert(
    fc.property(fc.object({ key: fc.oneof(fc.constantFrom(...fieldNames), fc.string()) }), (fields) => {
      const { log, lines } = recorded()
      log.child(hostile(fields)).info(hostile(fields), 'handled')
      for (const [name, value] of Object.entries(parsed(lines)[0] ?? {})) {
        if (name === 'error') continue
        expect(['level', 'time', 'msg', ...fieldNames]).toContain(name)
        expect(['string', 'number', 'boolean']).toContain(typeof value)
        expect(String(value).replace(NOT_PLAIN, '')).toMatch(/^[!-~]*$/)
      }
    }),
    { numRuns: 50 },
  )
})
