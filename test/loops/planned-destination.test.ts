import { EhpadBoardRow, InboxItem } from '@relais/contracts/boards'
import { insKeyOf } from '@relais/hl7v2/checks'
import { waitUntil } from '@relais/testkit/wait-until'
import { beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { inhabitant, type Inhabitant, localTime, openTown, type Town, WARD } from './town.fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const [HOME, OTHER] = ['990000028', '990000093']
const carerOf = (organisation: string) => ({ id: `ehpad-${organisation}:soins`, role: 'ehpad', organisation })
const toHome = { exitMode: '8', destinationKind: '7', destinationFacility: HOME }
const toClinic = { exitMode: '7', destinationKind: '2', destinationFacility: '990000036' }
const lives = inhabitant(1)
const comes = inhabitant(2)

let town: Town
let house: Inhabitant
let other: Inhabitant
let tomorrow = ''

beforeAll(async () => {
  town = await openTown()
  ;[house, other] = [await town.as(carerOf(HOME)), await town.as(carerOf(OTHER))]
  const ins = `${lives.insBody}${insKeyOf(lives.insBody ?? '') ?? ''}`
  const said = { birthName: 'TEST-1', givenNames: 'ZOÉ', birthDate: '1941-07-09', sex: 'F', status: 'qualified' }
  await house.says('POST', '/residents', {
    residentId: crypto.randomUUID(),
    identity: { ...said, ins: { matricule: ins, oid: '1.2.250.1.213.1.4.10' } },
    room: '12',
    enteredAt: '2026-01-05T09:00:00.000Z',
  })
  tomorrow = new Date(Date.parse(await town.now()) + 86_400_000).toISOString()
  await town.sends({ ...lives, movement: 'L1', ward: WARD })
  await town.sends({ ...comes, movement: 'C1', ward: WARD })
})

const plans = (who: typeof lives, movement: string, destination: object) => {
  const at = localTime(tomorrow)
  return town.sends({ ...who, trigger: 'A16', movement, planned: at, expectedDischarge: at, ...destination })
}
const told = async (reader: Inhabitant, ipp: string) => {
  const patientId = await town.idOf(ipp)
  const { items } = await reader.reads(z.object({ items: z.array(InboxItem) }), '/inbox')
  return items.find((item) => item.kind === 'stay' && item.patientId === patientId)
}
const board = async () => (await house.reads(z.object({ rows: z.array(EhpadBoardRow) }), `/boards/ehpad/${HOME}`)).rows
const onceTold = (reader: Inhabitant, ipp: string, expected: object) =>
  vi.waitFor(async () => expect(await told(reader, ipp)).toMatchObject(expected), { timeout: 20_000 })

test('an EHPAD is told that the discharge that is planned for its resident goes to it, and expects the return', async () => {
  await plans(lives, 'L2', toHome)
  const standing = { status: 'present', plannedDischarge: toHome }
  await onceTold(house, lives.ipp, { nature: 'planned', standing, expected: { action: 'prepareReturn' } })
  await vi.waitFor(async () => expect(await board()).toMatchObject([{ standing, expectedBackAt: expect.any(String) }]))
})

test('told that the patient goes on to another hospital instead, it expects nobody', async () => {
  await plans(lives, 'L3', toClinic)
  const standing = { plannedDischarge: toClinic }
  await onceTold(house, lives.ipp, { standing, expected: { action: 'acknowledge' } })
  await vi.waitFor(async () => expect(await board()).toMatchObject([{ place: 'hospitalised', standing }]))
  expect((await board())[0]).not.toHaveProperty('expectedBackAt')
})

test('the destination that was planned last is taken back with its announcement, and ends with the discharge', async () => {
  await plans(lives, 'L3', { trigger: 'A25', ...toClinic })
  await onceTold(house, lives.ipp, { standing: { plannedDischarge: toHome }, expected: { action: 'prepareReturn' } })
  await town.sends({ ...lives, trigger: 'A03', movement: 'L4', ...toHome })
  await onceTold(house, lives.ipp, { nature: 'discharged', standing: { discharge: toHome } })
  expect(await told(house, lives.ipp)).not.toHaveProperty('standing.plannedDischarge')
})

test('naming an EHPAD opens nothing to it; once the ward has it in the circle, it is told of what is planned', async () => {
  await plans(comes, 'C2', { ...toHome, destinationFacility: OTHER })
  const patientId = await town.idOf(comes.ipp)
  const seen = async () => (await town.operator.asked({ path: `/pathways/${patientId}` })).status
  await waitUntil(async () => (await seen()) !== 500, 'the plan to be taken')
  expect(await told(other, comes.ipp)).toBeUndefined()
  expect((await other.asked({ path: `/pathways/${patientId}` })).status).toBe(404)
  await town.joins(patientId, { id: `finess:${OTHER}`, role: 'ehpad' }, 'ehpad')
  const plannedDischarge = { ...toHome, destinationFacility: OTHER }
  await onceTold(other, comes.ipp, { standing: { plannedDischarge }, expected: { action: 'prepareReturn' } })
  await plans(comes, 'C3', toHome)
  await onceTold(other, comes.ipp, { nature: 'planned', standing: { plannedDischarge: toHome } })
})
