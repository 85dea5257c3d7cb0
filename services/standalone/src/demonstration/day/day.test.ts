import { readAck } from '@relais/hl7v2/ack'
import { decodeMessage, field } from '@relais/hl7v2/message'
import { isReady, openTestAdapters } from '@relais/runtime/adapters.fixture'
import { createService, loadStaysConfig } from '@relais/stays-service/service'
import { afterTestFile } from '@relais/testkit/cleanup'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { people } from '../territory/people.ts'
import { addDays, dayAt } from './calendar.ts'
import { messagesAfterDay, messagesOfDay, type Timed } from './day.ts'

const anySeed = fc.integer({ min: 1, max: 999_999 })
const anyDay = fc.integer({ min: 0, max: 4000 }).map((days) => addDays('2026-01-01', days))
/** With the days on which the clocks change, and the ends of months and years. */
const anyNotableDay = fc.oneof(
  anyDay,
  fc.constantFrom('2026-03-29', '2026-10-25', '2026-12-31', '2027-01-01', '2028-02-29'),
)

/** The intake of a demonstration, on a log of its own. */
async function openIntake() {
  const { adapters, close } = await openTestAdapters()
  const service = await createService(adapters, loadStaysConfig('demonstration', {}))
  await isReady(service)
  const end = async () => {
    await service.stop()
    await close()
  }
  afterTestFile(end)
  const send = async ({ bytes }: Timed) => readAck(await service.receive(bytes, { address: '127.0.0.1' }))
  const events = async () => {
    const ids: string[] = []
    for await (const { id } of adapters.store.readAll()) ids.push(id)
    return ids
  }
  return { send, events, end }
}

const answers = { accepted: 'AA', quarantined: 'AE' }
const answersOf = (messages: readonly Timed[]) =>
  messages.map(({ controlId, outcome }) => [controlId, answers[outcome]] as const)

test('a seed and a day always give the same messages, and another seed gives others', () =>
  fc.assert(
    fc.property(anySeed, anyNotableDay, (seed, day) => {
      expect(messagesOfDay(seed, day)).toEqual(messagesOfDay(seed, day))
      const bytes = (other: number) => messagesOfDay(other, day).map((message) => Buffer.from(message.bytes).toString())
      expect(bytes((seed % 999_999) + 1)).not.toEqual(bytes(seed))
    }),
    { numRuns: 20 },
  ))

test('they follow each other, from five in the morning until the day is over', () =>
  fc.assert(
    fc.property(anySeed, anyNotableDay, (seed, day) => {
      const times = messagesOfDay(seed, day).map(({ at }) => at)
      expect(times.every((at, index) => index === 0 || at > (times[index - 1] ?? ''))).toBe(true)
      expect(times.map(dayAt).every((on) => on === day)).toBe(true)
      expect(new Set(messagesOfDay(seed, day).map(({ controlId }) => controlId)).size).toBe(times.length)
    }),
    { numRuns: 40 },
  ))

test('what a day repeats is what the days before have sent, to the byte', () =>
  fc.assert(
    fc.property(anySeed, anyDay, (seed, day) => {
      const sentBefore = new Map(
        [-2, -1]
          .flatMap((days) => messagesOfDay(seed, addDays(day, days)))
          .map(({ controlId, bytes }) => [controlId, Buffer.from(bytes).toString('latin1')]),
      )
      const again = messagesOfDay(seed, day).filter(({ controlId }) => sentBefore.has(controlId))
      expect(again.length).toBeGreaterThan(10)
      for (const { controlId, bytes } of again)
        expect(sentBefore.get(controlId)).toBe(Buffer.from(bytes).toString('latin1'))
    }),
    { numRuns: 10 },
  ))

test('everything that a hospital sends is there each day', () => {
  const triggers = new Set(messagesOfDay(1, '2026-11-23').map(({ trigger }) => trigger))
  const expected = ['A01', 'A02', 'A03', 'A04', 'A05', 'A06', 'A11', 'A13', 'A15', 'A16', 'A21', 'A22', 'A54', 'Z99']
  expect([...triggers].toSorted()).toEqual(expected)
  const said = messagesOfDay(1, '2026-11-23').flatMap(({ bytes }) => {
    const decoded = decodeMessage(bytes)
    if (!decoded.ok) return []
    const at = (path: string) => field(decoded.message, path) ?? ''
    return [`class ${at('PV1-2')}`, `exit ${at('ZFM-2')} ${at('ZFM-4')}`.trimEnd(), `protected ${at('PV2-22')}`]
  })
  expect(said).toEqual(
    expect.arrayContaining('class E,class I,class O,class R,exit 8,exit 8 7,exit 8 8,exit 9,protected Y'.split(',')),
  )
})

test('whatever the seed and the day, the intake takes in each message without a doubt, and puts one aside', () =>
  fc.assert(
    fc.asyncProperty(anySeed, anyNotableDay, async (seed, day) => {
      const { send, end } = await openIntake()
      const messages = messagesOfDay(seed, day)
      const answered: (readonly [string, string | undefined])[] = []
      const doubted: unknown[] = []
      for (const message of messages) {
        const ack = await send(message)
        answered.push([message.controlId, ack?.code])
        if (message.outcome === 'accepted') doubted.push(...(ack?.errors ?? []))
      }
      await end()
      expect({ answered, doubted }).toEqual({ answered: answersOf(messages), doubted: [] })
      expect(messages.filter(({ outcome }) => outcome === 'quarantined')).toHaveLength(1)
    }),
    { numRuns: 5 },
  ))

test('days that follow each other, and what comes after the last, are taken in alike; said again, nothing is new', async () => {
  const { send, events } = await openIntake()
  const messages = [
    ...messagesOfDay(7, '2026-12-30'),
    ...messagesOfDay(7, '2026-12-31'),
    ...messagesAfterDay(7, '2026-12-31'),
  ]
  const play = async () => {
    const codes: unknown[] = []
    for (const message of messages) codes.push([message.controlId, (await send(message))?.code])
    return codes
  }
  expect(await play()).toEqual(answersOf(messages))
  const once = await events()
  expect(await play()).toEqual(answersOf(messages))
  expect(await events()).toEqual(once)
})

test('a day needs no more people than are there, and nobody lives two stories at a time', () => {
  const patients = (day: string) =>
    messagesOfDay(3, day).flatMap(({ bytes }) => {
      const decoded = decodeMessage(bytes)
      if (!decoded.ok) return []
      return [[field(decoded.message, 'PV1-19.1'), field(decoded.message, 'PID-3.1')] as const]
    })
  for (const day of ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26']) {
    const visits = new Map(patients(day))
    expect(new Set(visits.values()).size).toBe(visits.size)
  }
  expect(people().filter(({ residence }) => residence)).toHaveLength(40)
})
