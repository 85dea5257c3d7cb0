import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, onTestFinished, test } from 'vitest'
import type { LogRecord } from './log.ts'
import { openEmbeddedLog } from './open-log.ts'
import { openReader } from './reader.ts'
import { openTail, recordsOf } from './tail.ts'

const event = (text: string, bytes = 0) => ({
  id: crypto.randomUUID(),
  type: 'Noted.v1',
  json: true,
  data: Buffer.from(JSON.stringify({ text, filler: 'x'.repeat(bytes) })),
  metadata: Buffer.from('{}'),
})
const record = (position: number, bytes = 2): LogRecord => {
  const data = new Uint8Array(bytes)
  return { ...event(''), data, stream: 'note-1', revision: position - 1, position, created: 0 }
}
const positions = (records: readonly LogRecord[] | undefined) => records?.map(({ position }) => position)
const from = (position: number) => ({ direction: 'forwards', from: position, limit: 5000 }) as const

test('the end of the log is the same whether it is read from memory or from the file', async () => {
  const folder = temporaryFolder()
  const log = await openEmbeddedLog({ folder, now: () => 1_700_000_000_000 })
  onTestFinished(() => log.close())
  const [first, again] = [event('first'), event('again')]
  await Promise.all([
    log.append('note-1', 'noStream', [first, event('second')]),
    log.append('other-1', 'noStream', [event('third')]),
    log.append('other-1', 'noStream', [event('refused')]),
    log.append('note-1', 1, [again]),
    log.append('note-1', 1, [again]),
  ])
  await log.append('note-1', 1, [again])
  await log.append('other-1', 0, [event('fourth'), event('fifth')])
  const reader = openReader(`${folder}/log.sqlite`)
  onTestFinished(reader.close)
  for (const prefixes of [undefined, ['note-'], ['other-', 'note-'], []])
    for (const limit of [1, 2, 100])
      for (const position of [1, 2, 4, 6, 7]) {
        const page = { ...from(position), limit, ...(prefixes ? { prefixes } : {}) }
        const plain = ({ records, scannedTo }: ReturnType<typeof log.readAll>) => ({
          scannedTo,
          records: records.map((one) => ({ ...one, data: String(Buffer.from(one.data)), metadata: '' })),
        })
        expect(plain(log.readAll(page))).toEqual(plain(reader.readAll(page, log.lastPosition())))
      }
})

test('history read as text is what was written', async () => {
  const folder = temporaryFolder()
  const log = await openEmbeddedLog({ folder, now: () => 1_700_000_000_000 })
  onTestFinished(() => log.close())
  await log.append('note-1', 'noStream', [event('Hélène « 木 »'), { ...event('raw'), json: false }, event('')])
  await log.append('other-1', 'noStream', [event('\u0000 and \ud83d\ude00', 3000)])
  const reader = openReader(`${folder}/log.sqlite`)
  onTestFinished(reader.close)
  for (const prefixes of [['note-'], ['other-', 'note-'], []])
    for (const limit of [1, 3, 100])
      for (const position of [1, 3, 5]) {
        const bytes = reader.readAll({ ...from(position), limit, prefixes }, log.lastPosition())
        const textOf = (stored: Uint8Array) => Buffer.from(stored).toString()
        expect(reader.readTexts({ from: position, limit, prefixes }, log.lastPosition())).toEqual({
          scannedTo: bytes.scannedTo,
          records: bytes.records.map((one) => ({ ...one, data: textOf(one.data), metadata: textOf(one.metadata) })),
        })
      }
})

test('those who follow the end of the log are given the same records, and older ones come from the file', async () => {
  const log = await openEmbeddedLog({ folder: temporaryFolder() })
  onTestFinished(() => log.close())
  const many = Array.from({ length: 1500 }, (_, number) => event(String(number)))
  await log.append('note-1', 'noStream', many)
  await log.append(
    'note-1',
    1499,
    many.map(({ type }) => ({ ...event(type) })),
  )
  expect(log.readAll(from(2990)).records[0]).toBe(log.readAll(from(2990)).records[0])
  expect(log.readAll(from(10)).records[0]).not.toBe(log.readAll(from(10)).records[0])
  expect(positions(log.readAll({ ...from(10), limit: 2 }).records)).toEqual([10, 11])
})

test('a commit that was not told of lets go of what came before, so that there is no gap', () => {
  const tail = openTail()
  tail.add([record(1), record(2)])
  tail.add([record(4)])
  expect(positions(tail.from(1))).toBeUndefined()
  expect(positions(tail.from(3))).toBeUndefined()
  expect(positions(tail.from(4))).toEqual([4])
})

test('large events do not fill the memory', () => {
  const tail = openTail()
  for (let position = 1; position <= 40; position += 1) tail.add([record(position, 1_048_576)])
  expect(tail.from(36)).toBeUndefined()
  expect(positions(tail.from(40))).toEqual([40])
})

test('an append that repeats an earlier one of the same commit is one event', () => {
  const append = { stream: 'note-1', expected: 'noStream', created: 1, events: [event('once')] } as const
  const outcome = { appended: true, revision: 0, position: 8 } as const
  expect(positions(recordsOf([append, append], [outcome, outcome], 7))).toEqual([8])
})
