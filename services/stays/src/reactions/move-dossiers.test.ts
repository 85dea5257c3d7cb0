import { join } from 'node:path'
import { openDatabase } from '@relais/database/database'
import { type PamMessage, pamMessage, withField } from '@relais/hl7v2/fixtures'
import { expect, test } from 'vitest'
import { ELSEWHERE, FACILITY, openStays, senderAt, type Stays } from '../stays.fixture.ts'

type Message = Partial<PamMessage>

const [wrong, right] = ['900001', '900002']
const at = (time: string) => `20261102${time.replace(':', '')}00`
const visit = (number: string, ipp: string, details: Message = {}): Message => ({
  ipp,
  visit: number,
  movement: `M-${number}`,
  dossier: 'D1',
  effective: at('10:00'),
  ...details,
})
const move: Message = { trigger: 'A44', dossier: 'D1', ipp: right, formerIpp: wrong, recorded: at('14:00') }

async function sendAll(stays: Stays, messages: readonly Message[]) {
  const codes: string[] = []
  for (const message of messages) codes.push((await stays.send(message)).code)
  // What a reaction writes is read by it in turn.
  await stays.settled()
  await stays.settled()
  return codes
}

/** Whose each visit is now, by IPP. */
async function owners(stays: Stays, visits: readonly string[]) {
  const { vault } = stays.adapters
  const ids = await Promise.all(
    [wrong, right].map((number) => vault.resolve('patient', { authority: FACILITY, number })),
  )
  const numbers = new Map([wrong, right].map((number, index) => [ids[index], number]))
  const found: Record<string, string | undefined> = {}
  for (const number of visits) {
    const stayId = await vault.resolve('stay', { authority: FACILITY, number })
    const last = (await stays.facts()).findLast(
      ({ type, routing }) => type === 'StandingChanged' && routing['stayId'] === stayId,
    )
    found[number] = numbers.get(last?.routing['patientId'])
  }
  return found
}

test('an A44 of a dossier gives each of its visits to the right patient, and no other', async () => {
  const stays = await openStays()
  const other = visit('V9', wrong, { dossier: 'D2' })
  expect(await sendAll(stays, [visit('V1', wrong), visit('V2', wrong), other, move])).toEqual(['AA', 'AA', 'AA', 'AA'])
  expect(await owners(stays, ['V1', 'V2', 'V9'])).toEqual({ V1: right, V2: right, V9: wrong })
  await sendAll(stays, [{ ...move }, { ...move, controlId: 'AGAIN' }])
  const moved = (await stays.facts()).filter(({ type }) => type === 'StayMovedToPatient')
  expect(moved).toHaveLength(2)
})

test('a visit that is heard of after the A44, and was said before, goes along; one that was said later does not', async () => {
  const stays = await openStays()
  const late = visit('V2', wrong, { recorded: at('15:00') })
  await sendAll(stays, [move, visit('V1', wrong), late])
  expect(await owners(stays, ['V1', 'V2'])).toEqual({ V1: right, V2: wrong })
})

test('a visit that was always the right patient’s is not said to have come from somebody else', async () => {
  const stays = await openStays()
  await sendAll(stays, [visit('V1', wrong), visit('V2', right), move])
  expect(await owners(stays, ['V1', 'V2'])).toEqual({ V1: right, V2: right })
  expect((await stays.facts()).filter(({ type }) => type === 'StayMovedToPatient')).toHaveLength(1)
})

test('what was said of the wrong patient and comes last of all is taken in as the right one’s', async () => {
  const stays = await openStays()
  const transfer = visit('V1', wrong, { trigger: 'A02', movement: 'T1', ward: '4102', effective: at('12:00') })
  const codes = await sendAll(stays, [visit('V1', right, { recorded: at('15:00') }), move, transfer])
  expect(codes).toEqual(['AA', 'AA', 'AE'])
  expect(await owners(stays, ['V1'])).toEqual({ V1: right })
  expect((await (await stays.ask({ role: 'operateur' }))('/quarantine')).body.messages).toEqual([])
})

test('an A44 back again gives the whole dossier back', async () => {
  const stays = await openStays()
  const back = { ...move, ipp: wrong, formerIpp: right, recorded: at('16:00'), controlId: 'BACK' }
  await sendAll(stays, [visit('V1', wrong), visit('V2', wrong), move, back])
  expect(await owners(stays, ['V1', 'V2'])).toEqual({ V1: wrong, V2: wrong })
})

test('a dossier is known by its visits also when the wrong patient is forgotten, and the views are built again', async () => {
  const before = await openStays()
  await sendAll(before, [visit('V1', wrong), visit('V2', wrong), move])
  const { adapters, folder, store } = before
  await adapters.vault.forget((await adapters.vault.resolve('patient', { authority: FACILITY, number: wrong })) ?? '')
  await before.close()
  const views = `sqlite:${join(folder, 'again.sqlite')}`
  const stays = await openStays({
    folder,
    store,
    openViews: (schema) => openDatabase(views, { schema, durability: 'normal' }),
  })
  await sendAll(stays, [{ ...move, ipp: wrong, formerIpp: right, recorded: at('16:00'), controlId: 'ON' }])
  expect(await owners(stays, ['V1', 'V2'])).toEqual({ V1: wrong, V2: wrong })
})

test('a visit that the A44 names goes along at once, with the rest of its dossier', async () => {
  const stays = await openStays()
  await sendAll(stays, [visit('V1', wrong), visit('V2', wrong), { ...move, formerVisit: 'V1' }])
  expect(await owners(stays, ['V1', 'V2'])).toEqual({ V1: right, V2: right })
})

test('a sender moves no dossier that another establishment numbers, and puts no visit into one', async () => {
  const here = { address: '10.0.0.1' }
  const stays = await openStays({ senders: [senderAt(here.address)] })
  const foreign = (message: Message) => withField(pamMessage(message), 'PID-18', `D1^^^AILLEURS&${ELSEWHERE}&N^AN`)
  expect(await stays.send(foreign(move), here)).toMatchObject({ code: 'AR', errors: [{ path: 'PID-18' }] })
  expect(await stays.send(foreign(visit('V1', wrong)), here)).toMatchObject({ code: 'AA' })
  const admitted = (await stays.facts()).find(({ type }) => type === 'PatientAdmitted')?.event
  expect(admitted?.data).not.toHaveProperty('dossier')
})
