import type { ChannelEntry } from '@relais/contracts/channel-entries'
import { Explanation } from '@relais/contracts/explanation-routes'
import type { LoopChange } from '@relais/contracts/loop-entries'
import { RunView } from '@relais/contracts/run-routes'
import { beforeAll, expect, test, vi } from 'vitest'
import { COORDINATION, coordinator, protocol, publish, step } from './protocol.fixture.ts'
import { inhabitant, inTown, type Inhabitant, ofTheWard, openTown, type Town } from './town.fixture.ts'

// A platform starts: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const protocolId = crypto.randomUUID()
const definition = protocol(
  'discharge',
  [
    step('appel', ['infirmier'], {
      hours: 48,
      title: 'Appel du patient ou de son entourage',
      escalation: [
        { afterHours: 4, to: 'referent-parcours' },
        { afterHours: 24, to: 'coordinateur' },
      ],
    }),
    step('lettre', ['ward'], { hours: 24, title: 'Lettre de liaison' }),
  ],
  {
    trigger: {
      on: 'discharge',
      conditions: [
        { fact: 'ageAtLeast', years: 75 },
        { fact: 'exitMode', in: ['8'] },
      ],
    },
  },
)

let town: Town
let ward: [Inhabitant, Inhabitant]
let homeNurse: Inhabitant
let referent: Inhabitant
let patientId: string
let runId: string
let follows: { homeNurse: Followed; referent: Followed; run: Followed }
type Followed = Awaited<ReturnType<Inhabitant['follows']>>

type WorkOf = Extract<ChannelEntry, { kind: 'work' }>
const workOf = (stepId: string, nature: WorkOf['work']['nature']) => (entry: ChannelEntry) =>
  entry.kind === 'work' && entry.work.subject.kind === 'step' && entry.work.subject.stepId === stepId
    ? entry.work.nature === nature && entry
    : undefined
const loop = (change: LoopChange, stepId: string) => (entry: { kind: string }) =>
  'change' in entry && entry.change === change && 'stepId' in entry && entry.stepId === stepId

beforeAll(async () => {
  town = await openTown()
  ward = [await town.as(ofTheWard('claire')), await town.as(ofTheWard('sami'))]
  homeNurse = await town.as(inTown('infirmier', '99700000062'))
  referent = await town.as(inTown('referent-parcours', '99700000138'))
  await publish(town, await town.as(coordinator), { protocolId, version: 1, definition })
  const patient = inhabitant(2)
  await town.sends({ ...patient, movement: 'L1' })
  patientId = await town.idOf(patient.ipp)
  await town.joins(patientId, homeNurse, 'infirmier')
  await town.joins(patientId, referent, 'referent-parcours')
  const inboxes = [
    await homeNurse.follows(`inbox/${homeNurse.id}`),
    await referent.follows(`inbox/${referent.id}`),
  ] as const
  await town.passes(72)
  await town.sends({ ...patient, trigger: 'A03', movement: 'L2', exitMode: '8' })
  const opened = await inboxes[0].hears(workOf('appel', 'stepOpened'), 'the call to make')
  if (opened.work.subject.kind === 'step') runId = opened.work.subject.runId
  follows = { homeNurse: inboxes[0], referent: inboxes[1], run: await homeNurse.follows(`run/${runId}`) }
})

test('an older person goes home: the nurse in town is asked to call within 48 hours', async () => {
  const run = await homeNurse.reads(RunView, `/runs/${runId}`)
  const [call] = run.steps
  expect(run).toMatchObject({ protocolId, version: 1, patientId, status: 'running', coordinator: COORDINATION })
  expect(call).toMatchObject({ stepId: 'appel', status: 'open', owner: homeNurse.id, late: false })
  expect(Date.parse(call?.dueAt ?? '') - Date.parse(run.trigger.at)).toBe(48 * 3_600_000)
})

test('two nurses of the ward say at once that the letter is sent: it is one fact, by one of them', async () => {
  const saying = (nurse: Inhabitant) =>
    nurse.says('POST', `/runs/${runId}/steps/lettre/done`, { requestId: crypto.randomUUID() })
  await Promise.all(ward.map(saying))
  await follows.run.hears(loop('stepDone', 'lettre'), 'the letter sent')
  const { exchanges } = await town.pathway(homeNurse, patientId)
  const done = exchanges.filter(loop('stepDone', 'lettre'))
  expect(done).toHaveLength(1)
  expect(ward.map(({ id }) => id)).toContain(done[0]?.by)
})

test('nobody calls: the nurse is told it is late, then sees that the référent-parcours is asked', async () => {
  await town.passes(48)
  await follows.homeNurse.hears(workOf('appel', 'stepLate'), 'that the call is late')
  expect(follows.referent.entries.some(workOf('appel', 'stepEscalated'))).toBe(false)
  await town.passes(4)
  const asked = await follows.referent.hears(workOf('appel', 'stepEscalated'), 'the call to make')
  expect(asked).toMatchObject({ patientId, work: { urgency: 'urgent', role: 'referent-parcours', state: 'open' } })
  const moved = await follows.run.hears((entry) => loop('stepEscalated', 'appel')(entry) && entry, 'the escalation')
  expect(moved).toMatchObject({ recipient: referent.id })
  await referent.says('POST', `/notices/${asked.noticeId}/receipts`, { receipt: 'read' })
})

test('the référent-parcours calls, and the nurse who was late has nothing left to do', async () => {
  await referent.says('POST', `/runs/${runId}/steps/appel/done`, {
    requestId: crypto.randomUUID(),
    note: 'Tout va bien.',
  })
  const over = await follows.homeNurse.hears(workOf('appel', 'stepDone'), 'that the call was made')
  expect(over.work).toMatchObject({ state: 'withdrawn' })
  const run = await homeNurse.reads(RunView, `/runs/${runId}`)
  expect(run).toMatchObject({ status: 'ended', because: 'completed' })
  await town.passes(48)
  expect(follows.run.entries.filter(loop('stepEscalated', 'appel'))).toHaveLength(1)
})

test('the pathway explains why the référent-parcours was asked: which rule, whom it told, and who saw it', async () => {
  const { exchanges } = await town.pathway(ward[0], patientId)
  const explained = async (change: LoopChange) => {
    const entry = exchanges.find(loop(change, 'appel'))
    return ward[0].reads(Explanation, `/pathways/${patientId}/entries/${entry?.entryId}/explanation`)
  }
  const rule = { kind: 'protocol', runId, stepId: 'appel', protocolId, version: 1 }
  const platform = { by: 'relais:protocols', role: 'system' }
  const opened = await explained('stepOpened')
  expect(opened).toMatchObject({ rule, source: { ...platform, causedBy: expect.any(String) } })
  expect(opened.told).toMatchObject([{ recipient: homeNurse.id, role: 'infirmier' }])

  const escalated = await explained('stepEscalated')
  expect(escalated).toMatchObject({ rule, source: platform })
  expect(escalated.told).toMatchObject([
    {
      recipient: referent.id,
      role: 'referent-parcours',
      receipts: { read: { by: referent.id }, acted: { by: referent.id, action: 'handled' } },
    },
  ])
  const done = await explained('stepDone')
  expect(done).toMatchObject({ rule, source: { by: referent.id, role: 'referent-parcours' } })
  expect(done.told).toMatchObject([{ recipient: homeNurse.id }])
})
