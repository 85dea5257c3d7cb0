import { ReferralItem, ReferralView } from '@relais/contracts/referral-views'
import { RunView } from '@relais/contracts/run-routes'
import type { WorkNature } from '@relais/contracts/work'
import type { ChannelEntry } from '@relais/contracts/channel-entries'
import { waitUntil } from '@relais/testkit/wait-until'
import { beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { coordinator, protocol, publish, step } from './protocol.fixture.ts'
import { inhabitant, inTown, type Inhabitant, ofTheWard, openTown, type Town } from './town.fixture.ts'

// A platform starts: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const WEEK = 7 * 24
const GP = '99700000054'
const protocolId = crypto.randomUUID()
const definition = protocol('discharge', [step('visite', ['medecin-traitant'], { hours: 6 * WEEK })])
const Box = z.object({ items: z.array(ReferralItem) })

type Known = { patientId: string; runId: string }
type Followed = Awaited<ReturnType<Inhabitant['follows']>>

let town: Town
let nurse: Inhabitant
let gp: Inhabitant
let locum: Inhabitant
let before: Known
let during: Known
let asked: { before: string; during: string }
let inboxes: { gp: Followed; locum: Followed }
let hoursLeft: number

const hasWork = (state: string, subject: object) => (entry: ChannelEntry) =>
  entry.kind === 'work' &&
  entry.work.state === state &&
  expect.objectContaining(subject).asymmetricMatch(entry.work.subject)
    ? entry.work
    : undefined
const ownerOf = async ({ runId }: Known) => (await nurse.reads(RunView, `/runs/${runId}`)).steps[0]?.owner
const mayRead = async (who: Inhabitant, patientId: string) =>
  (await who.asked({ path: `/pathways/${patientId}` })).status === 200
const openBox = async (who: Inhabitant) =>
  (await who.reads(Box, '/referrals?box=received')).items.map(({ referralId }) => referralId)

/** A patient of the GP, who was in the ward for a day and goes home: the GP is to visit. */
async function goesHome(n: number): Promise<Known> {
  const patient = { ...inhabitant(n), primaryPhysicianRpps: GP }
  await town.sends({ ...patient, movement: `A${n}-1` })
  const patientId = await town.idOf(patient.ipp)
  await waitUntil(async () => mayRead(gp, patientId), 'the GP to be in the circle')
  await town.passes(24)
  await town.sends({ ...patient, trigger: 'A03', movement: `A${n}-2`, exitMode: '8' })
  const [run] = await town.runsOnce(gp, patientId, (runs) => runs.length > 0)
  return { patientId, runId: run?.runId ?? '' }
}

/** The ward asks the GP for an opinion, for which there is time until after the absence. */
async function asks({ patientId }: Known): Promise<string> {
  const referralId = crypto.randomUUID()
  await nurse.says('POST', `/referrals/${referralId}`, {
    patientId,
    kind: 'advice',
    urgency: 'routine',
    title: 'Médecine générale',
    question: 'Le traitement d’avant le séjour peut-il être repris ?',
    receivers: [{ recipient: gp.id }],
    mode: 'firstAcceptance',
    answerBy: new Date(Date.parse(await town.now()) + 4 * WEEK * 3_600_000).toISOString(),
  })
  return referralId
}

beforeAll(async () => {
  town = await openTown()
  nurse = await town.as(ofTheWard('claire'))
  gp = await town.as(inTown('medecin', GP))
  locum = await town.as(inTown('medecin', '99700000047'))
  await publish(town, await town.as(coordinator), { protocolId, version: 1, definition })
  before = await goesHome(7)
  inboxes = { gp: await gp.follows(`inbox/${gp.id}`), locum: await locum.follows(`inbox/${locum.id}`) }
  asked = { before: await asks(before), during: '' }
})

test('the GP says when he or she is away, and who stands in: until then nothing changes', async () => {
  const now = Date.parse(await town.now())
  const [from, to] = [1, 1 + WEEK].map((hours) => new Date(now + hours * 3_600_000).toISOString())
  await gp.says('PUT', `/absences/${crypto.randomUUID()}`, { professionalId: gp.id, from, to, replacement: locum.id })
  hoursLeft = 1 + WEEK
  expect(await ownerOf(before)).toBe(gp.id)
  expect(await mayRead(locum, before.patientId)).toBe(false)
  expect(await openBox(locum)).toEqual([])
  expect(inboxes.locum.entries).toEqual([])
})

test('the absence begins: what was open is the replacement’s, who may read the patient', async () => {
  await town.passes(2)
  hoursLeft -= 2
  const step = await inboxes.locum.hears(hasWork('open', { runId: before.runId }), 'the visit to make')
  expect(step).toMatchObject({ nature: 'stepReassigned' satisfies WorkNature, role: 'medecin-traitant' })
  await inboxes.gp.hears(hasWork('withdrawn', { runId: before.runId }), 'that the visit is another one’s')
  expect(await ownerOf(before)).toBe(locum.id)
  await inboxes.locum.hears(hasWork('open', { referralId: asked.before }), 'the opinion to give')
  await waitUntil(() => mayRead(locum, before.patientId), 'the replacement to be let in')
})

test('what comes meanwhile is the replacement’s from the beginning', async () => {
  during = await goesHome(8)
  hoursLeft -= 24
  asked.during = await asks(during)
  await inboxes.locum.hears(hasWork('open', { runId: during.runId }), 'another visit')
  await inboxes.locum.hears(hasWork('open', { referralId: asked.during }), 'another opinion')
  await waitUntil(() => mayRead(locum, during.patientId), 'the replacement to be let in')
  const given = inboxes.gp.entries.filter(hasWork('open', { runId: during.runId }))
  expect(given).toEqual([])
})

test('the replacement makes one visit and gives one opinion', async () => {
  const requestId = crypto.randomUUID()
  await locum.says('POST', `/runs/${during.runId}/steps/visite/done`, { requestId })
  await locum.says('POST', `/referrals/${asked.during}/accept`, {})
  await locum.says('POST', `/referrals/${asked.during}/answer`, { answer: 'Oui, aux mêmes doses.' })
  const { receivers } = await nurse.reads(ReferralView, `/referrals/${asked.during}`)
  expect(receivers.find(({ recipient }) => recipient === locum.id)).toMatchObject({ status: 'answered' })
})

test('the absence ends: what is left comes back, and the replacement reads nothing more', async () => {
  const [circle, patient] = [
    await locum.follows(`circle/${locum.id}`),
    await locum.follows(`patient/${before.patientId}`),
  ]
  await town.passes(hoursLeft + 1)
  await inboxes.locum.hears(hasWork('withdrawn', { runId: before.runId }), 'that the visit is the GP’s again')
  expect(await ownerOf(before)).toBe(gp.id)
  await waitUntil(() => patient.ended(), 'the replacement to be cut')
  expect(patient.ended()).toBe('accessEnded')
  for (const { patientId } of [before, during]) {
    await circle.hears((entry) => entry.kind === 'circleLeft' && entry.patientId === patientId, 'the departure')
    expect(await mayRead(locum, patientId)).toBe(false)
    expect(await mayRead(gp, patientId)).toBe(true)
  }
})

test('the opinion that nobody gave is the GP’s alone to give', async () => {
  await inboxes.locum.hears(hasWork('withdrawn', { referralId: asked.before }), 'that the opinion is the GP’s again')
  expect(await openBox(locum)).toEqual([])
  expect(await openBox(gp)).toEqual([asked.before])
  const refused = await locum.asked({ method: 'POST', path: `/referrals/${asked.before}/accept`, body: {} })
  expect(refused.status).toBe(409)
  await gp.says('POST', `/referrals/${asked.before}/accept`, {})
})
