import { EhpadBoardRow } from '@relais/contracts/boards'
import type { ChannelEntry, NoticeEntry } from '@relais/contracts/channel-entries'
import { readAck } from '@relais/hl7v2/ack'
import { insKeyOf } from '@relais/hl7v2/checks'
import { withField } from '@relais/hl7v2/fixtures'
import { identityMessage } from '@relais/hl7v2/identity-fixtures'
import { mllpClient } from '@relais/hl7v2/mllp/client'
import { afterTestFile } from '@relais/testkit/cleanup'
import { waitUntil } from '@relais/testkit/wait-until'
import { beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { coordinator, protocol, publish, step } from './protocol.fixture.ts'
import { inhabitant, inTown, type Inhabitant, localTime, openTown, type Town } from './town.fixture.ts'

// A platform starts: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const EHPAD = '990000028'
const GP = '99700000013'
const [first, second] = [7, 8].map((n) => ({ ...inhabitant(n), primaryPhysicianRpps: GP })) as [Person, Person]
type Person = ReturnType<typeof inhabitant>
const definition = protocol('discharge', [step('visite', ['medecin-traitant'], { hours: 72 })])
const Board = z.object({ rows: z.array(EhpadBoardRow) })

let town: Town
let gp: Inhabitant
let carer: Inhabitant
let inbox: Awaited<ReturnType<Inhabitant['follows']>>

const notice = (patientId: string, nature: NoticeEntry['nature']) => (entry: ChannelEntry) =>
  entry.kind === 'notice' && entry.patientId === patientId && entry.nature === nature && entry
const places = async () =>
  (await carer.reads(Board, `/boards/ehpad/${EHPAD}`)).rows.map(({ room, place }) => `${room} ${place}`).toSorted()

async function entersTheEhpad({ familyName = '', insBody = '' }: Person, room: string): Promise<string> {
  const residentId = crypto.randomUUID()
  const ins = { matricule: `${insBody}${insKeyOf(insBody)}`, oid: '1.2.250.1.213.1.4.10' }
  const known = { birthName: familyName, givenNames: 'ZOÉ', birthDate: '1941-07-09', sex: 'F', status: 'qualified' }
  await carer.says('POST', '/residents', { residentId, identity: { ...known, ins }, room, enteredAt: await town.now() })
  return residentId
}

/** The hospital keeps a resident, who comes back: the GP has a visit to make. */
async function comesBack(person: Person, name: string): Promise<string> {
  await town.sends({ ...person, movement: `${name}1` })
  const patientId = await town.idOf(person.ipp)
  await town.passes(24)
  await town.sends({ ...person, trigger: 'A03', exitMode: '8', movement: `${name}2` })
  await town.runsOnce(gp, patientId, ([run]) => run?.steps[0]?.owner === gp.id)
  expect(await inbox.hears(notice(patientId, 'discharged'), 'the discharge')).toMatchObject({
    expected: { action: 'planFollowUp' },
  })
  return patientId
}

const ends = (patientId: string) => town.runsOnce(gp, patientId, ([run]) => run?.because === 'died')
const deathsOf = async (patientId: string) =>
  (await town.pathway(gp, patientId)).entries.filter(({ kind }) => kind.startsWith('death'))

beforeAll(async () => {
  town = await openTown()
  gp = await town.as(inTown('medecin', GP))
  carer = await town.as({ id: 'ehpad-essai:lea', role: 'ehpad', organisation: EHPAD })
  await publish(town, await town.as(coordinator), { protocolId: crypto.randomUUID(), version: 1, definition })
  inbox = await gp.follows(`inbox/${gp.id}`)
})

test('a resident who dies in the EHPAD is asked about no more; the GP hears of it, and reads who says so', async () => {
  const residentId = await entersTheEhpad(first, '12')
  const patientId = await comesBack(first, 'D')
  const leftAt = await town.now()
  await carer.asked({ method: 'POST', path: `/residents/${residentId}/death`, body: { leftAt } })
  await ends(patientId)
  expect(await inbox.hears(notice(patientId, 'died'), 'the death')).toMatchObject({
    happenedAt: leftAt,
    expected: { action: 'acknowledge' },
    standing: { status: 'discharged', died: false },
  })
  await expect
    .poll(() => deathsOf(patientId), { timeout: 20_000 })
    .toMatchObject([{ kind: 'deathReported', state: 'current', happenedAt: leftAt, death: { ehpad: EHPAD } }])
})

test('a death that the hospital learns of stands on the board of the EHPAD, until it says that it was none', async () => {
  await entersTheEhpad(second, '14')
  const patientId = await comesBack(second, 'E')
  const hospital = mllpClient({ ...town.platform.mllp, timeoutMilliseconds: 20_000 })
  afterTestFile(() => hospital.close())
  const says = async (date: string, indicator: string) => {
    await town.passes(1)
    const { ipp, familyName = '', insBody = '' } = second
    const recorded = localTime(await town.now())
    const message = identityMessage({ trigger: 'A31', ipp, familyName, insBody, recorded })
    const bytes = new TextEncoder().encode(withField(withField(message, 'PID-29', date), 'PID-30', indicator))
    expect(readAck(await hospital.send(bytes))).toMatchObject({ code: 'AA' })
  }
  const died = localTime(await town.now()).slice(0, 12)
  await says(died, 'Y')
  await ends(patientId)
  await expect.poll(places, { timeout: 20_000 }).toEqual(['14 deceased'])
  await inbox.hears(notice(patientId, 'died'), 'the death')
  expect(await deathsOf(patientId)).toMatchObject([{ kind: 'deathReported', death: { diedText: died } }])
  await says('', 'N')
  await expect.poll(places, { timeout: 20_000 }).toEqual(['14 present'])
  await inbox.hears(notice(patientId, 'corrected'), 'that it was none')
  await waitUntil(async () => (await deathsOf(patientId)).length === 2, 'the denial')
  expect(await deathsOf(patientId)).toMatchObject([
    { kind: 'deathReported', state: 'withdrawn' },
    { kind: 'deathDenied', state: 'current' },
  ])
})
