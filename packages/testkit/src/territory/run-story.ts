import type { Instant, PatientId, ProfessionalId, Recipient, StayId, Ward } from '@relais/contracts/primitives'
import type { PlannedStep, RunEvent, RunPlan } from '@relais/contracts/protocol-runs'
import { runEvents } from '@relais/contracts/protocol-runs'
import type { ProtocolDefinition, ProtocolId, StepRole } from '@relais/contracts/protocols'
import { type RunId, type StepId, StepId as StepName, type Work } from '@relais/contracts/work'
import { loopStory, type Moment } from './loop-story.ts'
import type { Carer, Chance } from './people.ts'
import { iso } from './told.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

export type Following = {
  runId: RunId
  patientId: PatientId
  stayId: StayId
  stayRevision: number
  protocolId: ProtocolId
  definition: ProtocolDefinition
  carers: readonly Carer[]
  facility: string
  wards: readonly Ward[]
  /** Of the event that it starts from. */
  eventId: string
  at: number
}

type Owner = { owner: Recipient; role: StepRole }
type Telling = { following: Following; plan: RunPlan; story: ReturnType<typeof loopStory<RunEvent>>; random: Chance }

/** A protocol at work for one stay: each step is done, late in one case of eight, or left out with a reason. */
export function runStory(following: Following, random: Chance): Moment<RunEvent>[] {
  const { runId, at } = following
  const story = loopStory(runEvents, runId, random)
  const plan = planOf(following)
  const telling = { following, plan, story, random }
  const opened = plan.steps.map((step) => ({ step, ...ownerOf(step, following) }))
  story.say(at, [
    {
      type: 'RunStarted',
      data: { ...subjectOf(following), plan, stayRevision: following.stayRevision, startedAt: iso(at) },
    },
    ...opened.map(({ step: { stepId, title, dueAt = iso(at) }, owner, role }): RunEvent => {
      const data = { ...subjectOf(following), stepId, title, owner, role, dueAt, openedAt: iso(at) }
      return { type: 'StepOpened', data }
    }),
    ...opened.map(({ step, ...owned }) => workOf(telling, step, { ...owned, at, nature: 'stepOpened', state: 'open' })),
  ])
  const settlings = opened
    .flatMap(({ step, ...owned }) => settlingsOf(telling, step, owned))
    .toSorted((one, other) => one.at - other.at)
  const last = settlings.findLastIndex(({ isEnd }) => isEnd)
  for (const [index, { at: when, events, by }] of settlings.entries())
    story.say(when, index === last ? [...events, completed(following, when)] : events, by)
  return story.moments
}

function completed(following: Following, at: number): RunEvent {
  const { stayRevision } = following
  const data = { ...subjectOf(following), because: 'completed' as const, stayRevision, endedAt: iso(at) }
  return { type: 'RunEnded', data }
}

type Settling = { at: number; events: RunEvent[]; by: ProfessionalId; isEnd: boolean }

function settlingsOf(telling: Telling, step: PlannedStep, owned: Owner): Settling[] {
  const { following, random } = telling
  const { stepId, dueAt = iso(following.at) } = step
  const due = Date.parse(dueAt)
  const isLate = random.percent(12)
  const at = isLate ? due + HOUR + random.below(2 * DAY) : following.at + 1 + random.below(due - following.at)
  const said = { ...subjectOf(following), stepId, by: owned.owner, for: owned.owner }
  const isDone = random.percent(92)
  const done = { ...owned, at, state: 'done' } as const
  const settled: RunEvent[] = isDone
    ? [{ type: 'StepDone', data: { ...said, doneAt: iso(at) } }, workOf(telling, step, { ...done, nature: 'stepDone' })]
    : [
        { type: 'StepSkipped', data: { ...said, reason: 'notNeeded', skippedAt: iso(at) } },
        workOf(telling, step, { ...done, nature: 'stepSkipped' }),
      ]
  const end = { at, events: settled, by: owned.owner, isEnd: true }
  if (!isLate) return [end]
  const late: RunEvent = { type: 'StepLate', data: { ...subjectOf(following), stepId, ...owned, dueAt, lateAt: dueAt } }
  const told = workOf(telling, step, { ...owned, at: due, nature: 'stepLate', state: 'open' })
  return [{ at: due, events: [late, told], by: telling.plan.coordinator, isEnd: false }, end]
}

function planOf({ definition, facility, wards, eventId, at }: Following): RunPlan {
  const { title, coordinator, department, trigger, steps } = definition
  return {
    version: 1,
    title,
    coordinator,
    department,
    trigger: { on: trigger.on, at: iso(at), eventId },
    facility,
    wards: [...wards],
    steps: steps.map(({ stepId, title, what, owners, after, due, escalation, skippable }) => ({
      stepId: StepName.parse(stepId),
      title,
      what,
      owners: [...owners],
      after: [...after],
      due,
      dueAt: dueOf(due, at),
      escalation: [...escalation],
      skippable,
    })),
  }
}

/** Plainly counted: no protocol of a history looks at opening hours. */
function dueOf(due: ProtocolDefinition['steps'][number]['due'], at: number): Instant {
  if ('days' in due) return iso(at + due.days * DAY)
  return iso(at + ('hours' in due ? due.hours : 48) * HOUR)
}

function ownerOf({ owners }: PlannedStep, { carers, definition }: Following): Owner {
  for (const role of owners) {
    const carer = carers.find((each) => each.role === role)
    if (carer) return { owner: carer.memberId, role }
  }
  return { owner: definition.coordinator, role: 'coordinateur' }
}

const subjectOf = ({ runId, patientId, stayId, protocolId }: Following) => ({ runId, patientId, stayId, protocolId })

type Given = Owner & { at: number; nature: Work['nature']; state: Work['state'] }

function workOf(
  { following, plan }: Telling,
  step: { stepId: StepId; title: string; dueAt?: Instant | undefined },
  given: Given,
) {
  const { owner: recipient, role, at, nature, state } = given
  const work: Work = {
    subject: { kind: 'step', runId: following.runId, stepId: step.stepId },
    recipient,
    nature,
    state,
    expected: { action: 'doStep', ...(step.dueAt === undefined ? {} : { dueAt: step.dueAt }) },
    urgency: nature === 'stepLate' ? 'urgent' : 'routine',
    title: step.title,
    role,
    stayId: following.stayId,
    withheld: false,
    from: { by: plan.coordinator, organisation: plan.facility, wards: plan.wards },
  }
  const { runId, stayId, protocolId, patientId } = following
  const data = { runId, stayId, protocolId, patientId, work, happenedAt: iso(at) }
  return { type: 'WorkGiven' as const, data }
}
