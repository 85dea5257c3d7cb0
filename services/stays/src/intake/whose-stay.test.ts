import type { StayEvent } from '@relais/contracts/stays'
import type { PamMessage } from '@relais/hl7v2/fixtures'
import { expect, test } from 'vitest'
import { FACILITY, openStays, type Stays } from '../stays.fixture.ts'

type Message = Partial<PamMessage>

const [wrong, right] = ['900001', '900002']
const at = (time: string) => `20261102${time.replace(':', '')}00`
const admission: Message = { ipp: wrong, trigger: 'A01', movement: 'M1', effective: at('10:00') }
const transfer: Message = { trigger: 'A02', movement: 'M2', ward: '4102', effective: at('12:00') }
const discharge: Message = { trigger: 'A03', movement: 'M3', ward: '4102', effective: at('16:00') }
const moveAt = (time: string, [from, to]: readonly [string, string] = [wrong, right]): Message => ({
  trigger: 'A44',
  ipp: to,
  formerIpp: from,
  formerVisit: 'V900001',
  recorded: at(time),
  controlId: `MOVE-${from}-${time}`,
})
const operator = { role: 'operateur' }

async function sendAll(stays: Stays, messages: readonly Message[]) {
  const codes: string[] = []
  for (const message of messages) codes.push((await stays.send(message)).code)
  await stays.settled()
  return codes
}

const idOf = async ({ adapters }: Stays, number: string) =>
  (await adapters.vault.resolve('patient', { authority: FACILITY, number })) ?? ''
const stayOf = async ({ adapters }: Stays, number = 'V900001') =>
  (await adapters.vault.resolve('stay', { authority: FACILITY, number })) ?? ''
const changes = async (stays: Stays) =>
  (await stays.facts()).flatMap(({ event }) => (event?.type === 'StandingChanged' ? [event.data] : []))

/** Whose the stay is, where that patient is, and what is on record of it, in whatever order it was heard of. */
async function timeline(stays: Stays) {
  const last = (await changes(stays)).at(-1)
  const known = (await stays.facts()).flatMap(({ event }) => (event ? [event as StayEvent] : []))
  const moved = known.findLast((event) => event.type === 'StayMovedToPatient')
  return {
    isRight: last?.patientId === (await idOf(stays, right)) && moved?.data.patientId === last.patientId,
    wards: last?.standing.wards.map(({ code }) => code),
    status: last?.standing.status,
    waiting: (await (await stays.ask(operator))('/quarantine')).body.messages.length,
  }
}

const messages: readonly Message[] = [
  admission,
  { ...transfer, ipp: wrong },
  moveAt('14:00'),
  { ...discharge, ipp: right, exitMode: '8' },
]
const orders = [
  [0, 1, 2, 3],
  [3, 2, 1, 0],
  [0, 3, 1, 2],
  [3, 0, 2, 1],
  [2, 3, 0, 1],
  [1, 0, 3, 2],
]

test.each(orders)(
  'the timeline is the same when messages about either patient and the A44 come as %i %i %i %i',
  async (...order) => {
    const stays = await openStays()
    await sendAll(
      stays,
      order.flatMap((index) => messages[index] ?? []),
    )
    expect(await timeline(stays)).toEqual({ isRight: true, wards: ['4102'], status: 'discharged', waiting: 0 })
  },
)

test('what names the right patient before the A44 waits by itself, and a person sees that it does', async () => {
  const stays = await openStays()
  const codes = await sendAll(stays, [admission, { ...transfer, ipp: right }])
  expect(codes).toEqual(['AA', 'AE'])
  const ask = await stays.ask(operator)
  expect((await ask('/quarantine')).body.messages).toMatchObject([
    { status: 'awaitingMovement', problems: [{ path: 'PID-3', code: 'patientMismatch' }] },
  ])
  expect(await sendAll(stays, [moveAt('11:00')])).toEqual(['AA'])
  expect(await timeline(stays)).toMatchObject({ isRight: true, wards: ['4102'], waiting: 0 })
})

test('a second A44 back again restores the stay to whom it was', async () => {
  const stays = await openStays()
  const sent = [admission, moveAt('11:00'), { ...transfer, ipp: right }, moveAt('13:00', [right, wrong])]
  expect(await sendAll(stays, sent)).toEqual(['AA', 'AA', 'AA', 'AA'])
  const last = (await changes(stays)).at(-1)
  expect(last).toMatchObject({
    nature: 'movedToPatient',
    patientId: await idOf(stays, wrong),
    standing: { status: 'present', wards: [{ code: '4102' }] },
  })
  expect(await sendAll(stays, [{ ...discharge, ipp: wrong }, moveAt('11:00')])).toEqual(['AA', 'AA'])
  expect((await changes(stays)).at(-1)).toMatchObject({ patientId: await idOf(stays, wrong) })
})

test('forgetting the wrong patient leaves the right one’s stay known, under its number', async () => {
  const stays = await openStays()
  await sendAll(stays, [admission, { ...transfer, ipp: wrong }, moveAt('14:00')])
  const stayId = await stayOf(stays)
  await stays.adapters.vault.forget(await idOf(stays, wrong))
  expect(await stayOf(stays)).toBe(stayId)
  const correction = { ...transfer, trigger: 'Z99', original: 'A02', ward: '4101', recorded: at('15:00') }
  expect(
    await sendAll(stays, [
      { ...correction, ipp: right },
      { ...discharge, ipp: right },
    ]),
  ).toEqual(['AA', 'AA'])
  expect((await changes(stays)).at(-1)).toMatchObject({
    stayId,
    standing: { status: 'discharged', wards: [{ code: '4102' }], arrivedAt: '2026-11-02T09:00:00.000Z' },
  })
  const ask = await stays.ask({ role: 'admissions', organisation: FACILITY, scopes: ['stay:write'] })
  expect((await ask(`/stays/${stayId}`)).body.movements).toHaveLength(3)
})

test('forgetting the right patient forgets the stay and its number, and gives nothing back to the wrong one', async () => {
  const stays = await openStays()
  await sendAll(stays, [admission, moveAt('11:00'), { ...transfer, ipp: right }])
  const stayId = await stayOf(stays)
  await stays.adapters.vault.forget(await idOf(stays, right))
  expect(await stayOf(stays)).toBe('')
  const ask = await stays.ask({ role: 'admissions', organisation: FACILITY, scopes: ['stay:write'] })
  expect((await ask(`/stays/${stayId}`)).status).toBe(404)
  await sendAll(stays, [{ ...admission, controlId: 'AGAIN' }])
  expect(await stayOf(stays)).not.toBe(stayId)
})

test('an A44 that is sent again gives the number along, also where it could not the first time', async () => {
  const stays = await openStays({
    adapt: (adapters) => {
      let isFirst = true
      const giveStay: typeof adapters.vault.giveStay = async (...asked) => {
        if (isFirst) {
          isFirst = false
          throw new Error('the process was stopped')
        }
        return adapters.vault.giveStay(...asked)
      }
      return { ...adapters, vault: { ...adapters.vault, giveStay } }
    },
  })
  expect(await sendAll(stays, [admission, moveAt('11:00'), moveAt('11:00')])).toEqual(['AA', 'AR', 'AA'])
  await stays.adapters.vault.forget(await idOf(stays, wrong))
  expect(await stayOf(stays)).not.toBe('')
})

test('messages and an A44 that come at once leave nothing of the stay behind', async () => {
  const stays = await openStays()
  await stays.send(admission)
  const transfers = Array.from({ length: 6 }, (_, n) => {
    const time = `12:0${n}`
    return { ...transfer, ipp: wrong, movement: `T${n}`, effective: at(time), recorded: at('12:30') }
  })
  // Whoever is answered AR, because too many spoke at once, sends again.
  const untilTaken = async (message: Message) => {
    while ((await stays.send(message)).code !== 'AA');
  }
  await Promise.all([moveAt('14:00'), ...transfers].map(untilTaken))
  await stays.settled()
  await stays.adapters.vault.forget(await idOf(stays, wrong))
  const ask = await stays.ask({ role: 'admissions', organisation: FACILITY, scopes: ['stay:write'] })
  expect((await ask(`/stays/${await stayOf(stays)}`)).body.movements).toHaveLength(7)
})
