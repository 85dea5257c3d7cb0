import type { LoopChange } from '@relais/contracts/loop-entries'
import { DryRun } from '@relais/contracts/protocol-routes'
import { RunView } from '@relais/contracts/run-routes'
import { waitUntil } from '@relais/testkit/wait-until'
import { beforeAll, expect, test, vi } from 'vitest'
import { coordinator, protocol, publish, step } from './protocol.fixture.ts'
import { inhabitant, inTown, type Inhabitant, openTown, type Town } from './town.fixture.ts'

// A platform starts: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const protocolId = crypto.randomUUID()
const call = step('appel', ['infirmier'], { hours: 48 })
const medicines = step('conciliation', ['pharmacien'], { hours: 72 })
const first = protocol('discharge', [call, medicines])
/** The pharmacist has a day less, and the médecin traitant is to see the patient. */
const second = protocol('discharge', [
  call,
  step('conciliation', ['pharmacien'], { hours: 48 }),
  step('visite', ['medecin-traitant'], { hours: 168 }),
])

let town: Town
let coordination: Inhabitant
let nurse: Inhabitant
let gp: Inhabitant
let pharmacist: Inhabitant
let began: string
let before: Discharged
let after: Discharged
type Discharged = { patientId: string; run: RunView }

/** Somebody who was in the ward for a day and goes home, to the same nurse, pharmacist and GP. */
async function goesHome(n: number): Promise<Discharged> {
  const patient = inhabitant(n)
  await town.sends({ ...patient, movement: `P${n}-1` })
  const patientId = await town.idOf(patient.ipp)
  await town.joins(patientId, nurse, 'infirmier')
  await town.joins(patientId, pharmacist, 'pharmacien')
  await town.joins(patientId, gp, 'medecin-traitant')
  await town.passes(24)
  await town.sends({ ...patient, trigger: 'A03', movement: `P${n}-2`, exitMode: '8' })
  const [run] = await town.runsOnce(nurse, patientId, (runs) => runs.length > 0)
  if (run === undefined) throw new Error('No run')
  return { patientId, run }
}
const stepsOf = ({ steps }: RunView) => steps.map(({ stepId, status }) => `${stepId} ${status}`)
const hoursOf = ({ steps, trigger }: RunView, stepId: string) =>
  (Date.parse(steps.find((step) => step.stepId === stepId)?.dueAt ?? '') - Date.parse(trigger.at)) / 3_600_000
const does = (who: Inhabitant, { run }: Discharged, stepId: string) =>
  who.says('POST', `/runs/${run.runId}/steps/${stepId}/done`, { requestId: crypto.randomUUID() })
const now = (who: Inhabitant, { run }: Discharged) => who.reads(RunView, `/runs/${run.runId}`)

beforeAll(async () => {
  town = await openTown()
  began = await town.now()
  coordination = await town.as(coordinator)
  nurse = await town.as(inTown('infirmier', '99700000062'))
  pharmacist = await town.as(inTown('pharmacien', '99700000096'))
  gp = await town.as(inTown('medecin', '99700000013'))
  await publish(town, coordination, { protocolId, version: 1, definition: first })
  before = await goesHome(3)
})

test('a discharge under the first version has its two steps, and the nurse has called', async () => {
  await does(nurse, before, 'appel')
  const run = await now(nurse, before)
  expect(run).toMatchObject({ version: 1 })
  expect(stepsOf(run)).toEqual(['appel done', 'conciliation open'])
})

test('before it is published, a dry run of the new version says what it would have asked besides', async () => {
  const path = `/protocols/dry-runs/${crypto.randomUUID()}`
  const trial = { protocolId, definition: second, from: began, to: await town.passes(60) }
  expect((await coordination.asked({ method: 'PUT', path, body: trial })).status).toBe(202)
  const { report } = await waitUntil(async () => {
    const seen = await coordination.reads(DryRun, path)
    return seen.state === 'done' && seen
  }, 'the dry run')
  expect(report).toMatchObject({
    did: { runs: 1, steps: 2, late: 0, stepsByRole: { infirmier: 1, pharmacien: 1 } },
    would: { runs: 1, steps: 3, late: 1, stepsByRole: { infirmier: 1, pharmacien: 1, 'medecin-traitant': 1 } },
    onlyWould: [],
    onlyDid: [],
    inBoth: [{ runId: before.run.runId }],
    lateSteps: [{ runId: before.run.runId, stepId: 'conciliation' }],
  })
  // Nothing of it has happened: neither a version, nor a step.
  expect(await now(nurse, before)).toMatchObject({ version: 1 })
})

test('the new version is published: the run goes on under the first, and the next discharge takes the second', async () => {
  await publish(town, coordination, { protocolId, version: 2, definition: second })
  after = await goesHome(4)
  expect(await now(nurse, after)).toMatchObject({ version: 2 })
  expect(stepsOf(after.run)).toEqual(['appel open', 'conciliation open', 'visite open'])
  expect(hoursOf(after.run, 'conciliation')).toBe(48)
  const kept = await now(nurse, before)
  expect(kept.version).toBe(1)
  expect(stepsOf(kept)).toEqual(['appel done', 'conciliation open'])
})

test('the first discharge is said to have been later, under the second version: its run keeps the first all the same', async () => {
  await town.passes(1)
  await town.sends({ ...inhabitant(3), trigger: 'Z99', original: 'A03', movement: 'P3-2', exitMode: '8' })
  const [kept] = await town.runsOnce(
    nurse,
    before.patientId,
    ([run]) => run !== undefined && run.trigger.at > after.run.trigger.at,
  )
  if (kept === undefined) throw new Error('No run')
  expect(kept.version).toBe(1)
  expect(stepsOf(kept)).toEqual(['appel done', 'conciliation open'])
  expect(hoursOf(kept, 'conciliation')).toBe(72)
})

test('the coordination moves the run to the new version: what was done stands, the rest is planned again', async () => {
  const inbox = await gp.follows(`inbox/${gp.id}`)
  const { runId } = before.run
  await coordination.says('POST', `/runs/${runId}/migrate`, { toVersion: 2 })
  const run = await now(nurse, before)
  expect(run.version).toBe(2)
  expect(stepsOf(run)).toEqual(['appel done', 'conciliation open', 'visite open'])
  expect(hoursOf(run, 'conciliation')).toBe(48)
  const asked = await inbox.hears(
    (entry) =>
      entry.kind === 'work' && entry.work.subject.kind === 'step' && entry.work.subject.runId === runId && entry,
    'the visit to make',
  )
  expect(asked.work).toMatchObject({ subject: { stepId: 'visite' }, nature: 'stepOpened', recipient: gp.id })
})

test('the move is on record with who made it, and what was done before stays in the pathway', async () => {
  const changes = await waitUntil(async () => {
    const { exchanges } = await town.pathway(nurse, before.patientId)
    return exchanges.some((entry) => entry.kind === 'loop' && entry.change === 'runMigrated') && exchanges
  }, 'the migration')
  const of = (change: LoopChange) => changes.find((entry) => entry.kind === 'loop' && entry.change === change)
  expect(of('runStarted')).toMatchObject({ version: 1 })
  expect(of('runMigrated')).toMatchObject({ version: 2, by: coordinator.id, runId: before.run.runId })
  expect(of('stepDone')).toMatchObject({ stepId: 'appel', by: nurse.id })
})
