import { WardBoardRow } from '@relais/contracts/boards'
import type { ChannelEntry, NoticeEntry, WorkEntry } from '@relais/contracts/channel-entries'
import { LateStep, type RunView } from '@relais/contracts/run-routes'
import { insKeyOf } from '@relais/hl7v2/checks'
import { waitUntil } from '@relais/testkit/wait-until'
import { beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { coordinator, protocol, publish, step } from './protocol.fixture.ts'
import { inhabitant, inTown, type Inhabitant, ofTheWard, openTown, type Town, WARD } from './town.fixture.ts'

// A platform starts: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const EHPAD = '990000028'
const GP = '99700000013'
const QUEUE = `finess:${EHPAD}`
const resident = { ...inhabitant(5), primaryPhysicianRpps: GP }
/** Somebody else in the ward, whose admission stands. */
const neighbour = { ...inhabitant(6), primaryPhysicianRpps: GP }
const protocolId = crypto.randomUUID()
const definition = protocol('hospitalisation', [
  step('fiche', ['ehpad', 'medecin-traitant'], { hours: 2, escalation: [{ afterHours: 2, to: 'medecin-traitant' }] }),
  step('appel', ['medecin-traitant'], { hours: 24 }),
])
const Board = z.object({ rows: z.array(WardBoardRow) })
const Late = z.object({ steps: z.array(LateStep) })

let town: Town
let nurse: Inhabitant
let gp: Inhabitant
let carers: [Inhabitant, Inhabitant]
let patientId: string
let runId: string
let follows: Record<'ward' | 'gp' | 'ehpad', Awaited<ReturnType<Inhabitant['follows']>>>

const notice = (nature: NoticeEntry['nature']) => (entry: ChannelEntry) =>
  entry.kind === 'notice' && entry.patientId === patientId && entry.nature === nature && entry
const work = (stepId: string, state: WorkEntry['work']['state']) => (entry: ChannelEntry) =>
  entry.kind === 'work' && entry.work.subject.kind === 'step' && entry.work.subject.runId === runId
    ? entry.work.subject.stepId === stepId && entry.work.state === state && entry
    : undefined
const ehpadIsTold = (nature: NoticeEntry['nature']) => follows.ehpad.hears(notice(nature), `that it ${nature}`)
const boardOf = async () =>
  (await nurse.reads(Board, `/boards/ward/${WARD}`)).rows.filter((row) => row.patientId === patientId)

/** An invented person lives in the EHPAD, with an INS of the test range. */
async function entersTheEhpad(carer: Inhabitant) {
  const { familyName = '', insBody = '' } = resident
  await carer.says('POST', '/residents', {
    residentId: crypto.randomUUID(),
    identity: {
      birthName: familyName,
      givenNames: 'ZOÉ',
      birthDate: '1941-07-09',
      sex: 'F',
      status: 'qualified',
      ins: { matricule: `${insBody}${insKeyOf(insBody)}`, oid: '1.2.250.1.213.1.4.10' },
    },
    room: '12',
    enteredAt: await town.now(),
  })
}

beforeAll(async () => {
  town = await openTown()
  nurse = await town.as(ofTheWard('claire'))
  gp = await town.as(inTown('medecin', GP))
  const atTheEhpad = (id: string) => town.as({ id: `ehpad-essai:${id}`, role: 'ehpad', organisation: EHPAD })
  carers = [await atTheEhpad('lea'), await atTheEhpad('omar')]
  await entersTheEhpad(carers[0])
  await publish(town, await town.as(coordinator), { protocolId, version: 1, definition })
  follows = {
    ward: await nurse.follows(`ward/${WARD}`),
    gp: await gp.follows(`inbox/${gp.id}`),
    ehpad: await carers[1].follows(`ehpad/${EHPAD}`),
  }
  await town.sends({ ...resident, movement: 'C1' })
  patientId = await town.idOf(resident.ipp)
  const isSettled = (run?: RunView) => run?.steps[0]?.owner === QUEUE && run.steps[1]?.owner === gp.id
  const [run] = await town.runsOnce(gp, patientId, ([first]) => isSettled(first))
  runId = run?.runId ?? ''
})

test('an admission is told to the ward, the GP and the EHPAD, and each of those two has a step to do', async () => {
  const told = [await follows.gp.hears(notice('joined'), 'the admission'), await ehpadIsTold('joined')]
  for (const { standing } of told) expect(standing).toMatchObject({ status: 'present', patientClass: 'I' })
  await follows.ward.hears((entry) => entry.kind === 'admission' && entry.patientId === patientId, 'the admission')
  await follows.ehpad.hears(work('fiche', 'open'), 'the file to send')
  await follows.gp.hears(work('appel', 'open'), 'the call to make')
  await waitUntil(async () => (await boardOf()).length === 1, 'the patient on the board of the ward')
})

test('two of the EHPAD acknowledge at once, and the ward sees it once', async () => {
  const { noticeId } = await ehpadIsTold('joined')
  const acknowledging = (carer: Inhabitant) =>
    carer.says('POST', `/notices/${noticeId}/receipts`, { receipt: 'acted', action: 'acknowledged' })
  await Promise.all(carers.map(acknowledging))
  const isActed = (entry: ChannelEntry) =>
    entry.kind === 'receipt' && entry.noticeId === noticeId && entry.receipt === 'acted' && entry
  const seen = await follows.ward.hears(isActed, 'the acknowledgment')
  expect(carers.map(({ id }) => id)).toContain(seen.by)
  const [row] = await boardOf()
  expect(row?.notices.find(({ recipient }) => recipient === QUEUE)?.receipts.acted).toMatchObject({ by: seen.by })
  // What comes after it on the same channel is there: a second one would be before it.
  await acknowledging(carers[0])
  await town.sends({ ...resident, trigger: 'A02', movement: 'C2', room: '14' })
  await follows.ward.hears((entry) => entry.kind === 'transfer' && entry.patientId === patientId, 'another room')
  expect(follows.ward.entries.filter(isActed)).toHaveLength(1)
  await town.sends({ ...resident, trigger: 'A12', movement: 'C2', room: '14' })
  await follows.ward.hears((entry) => entry.kind === 'withdrawal' && entry.movementKind === 'transfer', 'the old room')
})

test('the admission was a mistake: each of them is told that it is withdrawn, and what that changes', async () => {
  await town.sends({ ...resident, trigger: 'A11', movement: 'C1' })
  const isUndone = (entry: ChannelEntry) => entry.kind === 'withdrawal' && entry.movementKind === 'admission' && entry
  expect(await follows.ward.hears(isUndone, 'the withdrawal')).toMatchObject({ patientId })
  await waitUntil(async () => (await boardOf()).length === 0, 'the board of the ward without the patient')
  for (const follower of [follows.gp, follows.ehpad]) {
    const told = await follower.hears(
      (entry) =>
        notice('withdrawn')(entry) && entry.kind === 'notice' && entry.standing.status === 'withdrawn' && entry,
      'the withdrawal',
    )
    expect(told).toMatchObject({ expected: { action: 'acknowledge' } })
    expect(told.changed).toEqual(expect.arrayContaining(['status', 'hospitalisedAt', 'wards']))
  }
})

test('what the protocol asked is asked of nobody any more', async () => {
  const withdrawn = [
    await follows.ehpad.hears(work('fiche', 'withdrawn'), 'nothing to send'),
    await follows.gp.hears(work('appel', 'withdrawn'), 'nobody to call'),
  ]
  for (const { work } of withdrawn) expect(work).toMatchObject({ nature: 'runEnded' })
  const [run] = await town.runsOnce(gp, patientId, ([first]) => first?.status === 'ended')
  expect(run).toMatchObject({ because: 'stayWithdrawn' })
  expect(run?.steps.map(({ status }) => status)).toEqual(['withdrawn', 'withdrawn'])
})

test('the hours pass at which it would have been late: only the neighbour’s steps are', async () => {
  await town.passes(1)
  await town.sends({ ...neighbour, movement: 'C3' })
  const neighbourId = await town.idOf(neighbour.ipp)
  await town.runsOnce(gp, neighbourId, ([run]) => run?.steps.every(({ owner }) => owner === gp.id) === true)
  await town.passes(48)
  const steps = await waitUntil(async () => {
    const late = (await gp.reads(Late, '/runs?late=true')).steps
    return late.length >= 2 && late
  }, 'the steps of the neighbour to be late')
  expect(steps.map(({ runId }) => runId)).not.toContain(runId)
  const changes = (await town.pathway(gp, patientId)).exchanges.map(({ change }) => change)
  expect(changes.slice(-3)).toEqual(['stepWithdrawn', 'stepWithdrawn', 'runEnded'])
  expect(changes).not.toContain('stepLate')
  const { standing } = await follows.gp.hears(
    (entry) => entry.kind === 'notice' && entry.patientId === neighbourId && entry,
    'the neighbour',
  )
  expect(standing.status).toBe('present')
})
