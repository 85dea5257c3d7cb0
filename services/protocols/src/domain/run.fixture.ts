import { type PlannedStep, RunEvent, RunPlan } from '@relais/contracts/protocol-runs'
import { PatientId, ProfessionalId, StayId } from '@relais/contracts/primitives'
import { ProtocolId } from '@relais/contracts/protocols'
import { RunId, StepId, type Work, type WorkNature } from '@relais/contracts/work'
import type { Holders } from './owners.ts'
import type { RunCommand } from './run.ts'

export const subject = {
  runId: RunId.parse('aaaaaaaa-0000-4000-8000-000000000001'),
  patientId: PatientId.parse('bbbbbbbb-0000-4000-8000-000000000001'),
  stayId: StayId.parse('cccccccc-0000-4000-8000-000000000001'),
  protocolId: ProtocolId.parse('dddddddd-0000-4000-8000-000000000001'),
}

const who = (id: string) => ProfessionalId.parse(id)
export const nurse = who('rpps:10000000001')
export const otherNurse = who('rpps:10000000002')
export const pharmacist = who('rpps:10000000003')
export const physician = who('rpps:10000000004')
export const replacement = who('rpps:10000000005')
export const coordination = who('finess:990000044')
export const ward = who('uf:990000010/2104')

export const call = StepId.parse('call')
export const medicines = StepId.parse('medicines')
export const visit = StepId.parse('visit')

/** A Tuesday morning in France; what follows is due by these. */
export const DISCHARGED = '2026-11-03T09:00:00.000Z'
export const CALL_DUE = '2026-11-05T09:00:00.000Z'
export const MEDICINES_DUE = '2026-11-06T09:00:00.000Z'
/** The end of the seventh day after the call, in France. */
export const VISIT_DUE = '2026-11-11T22:59:59.999Z'
export const LATER = '2026-11-04T08:00:00.000Z'

export const steps: PlannedStep[] = [
  {
    stepId: call,
    title: 'Appel à domicile',
    owners: ['infirmier', 'medecin-traitant'],
    after: [],
    due: { kind: 'hours', hours: 48, from: 'trigger', clock: 'plain' },
    dueAt: CALL_DUE,
    escalation: [
      { afterHours: 4, to: 'medecin-traitant' },
      { afterHours: 24, to: 'coordinateur' },
    ],
    skippable: false,
  },
  {
    stepId: medicines,
    title: 'Conciliation des traitements',
    owners: ['pharmacien'],
    after: [],
    due: { kind: 'hours', hours: 72, from: 'trigger', clock: 'plain' },
    dueAt: MEDICINES_DUE,
    escalation: [],
    skippable: true,
  },
  {
    stepId: visit,
    title: 'Visite du médecin traitant',
    owners: ['medecin-traitant'],
    after: [call],
    due: { kind: 'days', days: 7, from: 'stepDone' },
    escalation: [],
    skippable: true,
  },
]

const place = { facility: '990000010', wards: [{ facility: '990000010', code: '2104' }] }
export function planOf(changes: Partial<RunPlan> = {}): RunPlan {
  const eventId = 'eeeeeeee-0000-4000-8000-000000000001'
  return RunPlan.parse({
    version: 1,
    title: 'Retour à domicile',
    coordinator: coordination,
    department: '44',
    trigger: { on: 'discharge', at: DISCHARGED, eventId },
    ...place,
    steps,
    ...changes,
  })
}

export function holdersOf(changes: Partial<Holders> = {}): Holders {
  return {
    members: [
      { memberId: nurse, role: 'infirmier' },
      { memberId: pharmacist, role: 'pharmacien' },
      { memberId: physician, role: 'medecin-traitant' },
    ],
    ward,
    coordinator: coordination,
    standIns: [],
    ...changes,
  }
}

type Command<Type extends RunCommand['type']> = Extract<RunCommand, { type: Type }>
export const follow = (changes: Partial<Command<'FollowStay'>> = {}): Command<'FollowStay'> => ({
  type: 'FollowStay',
  subject,
  plan: planOf(),
  holders: holdersOf(),
  stayRevision: 3,
  at: DISCHARGED,
  ...changes,
})
export const stop = (because: Command<'StopRun'>['because'], stayRevision = 4): Command<'StopRun'> => ({
  type: 'StopRun',
  because,
  stayRevision,
  at: LATER,
})
export const complete = (stepId: StepId, changes: Partial<Command<'CompleteStep'>> = {}): Command<'CompleteStep'> => ({
  type: 'CompleteStep',
  stepId,
  by: nurse,
  for: nurse,
  holders: holdersOf(),
  at: LATER,
  ...changes,
})

type Data<Type extends RunEvent['type']> = Omit<Extract<RunEvent, { type: Type }>['data'], keyof typeof subject>
export const fact = <Type extends RunEvent['type']>(type: Type, data: Data<Type>) =>
  RunEvent.parse({ type, data: { ...subject, ...data } })

const titles = new Map<StepId, string>(steps.map(({ stepId, title }) => [stepId, title]))
type Given = { to: ProfessionalId; role: string; dueAt: string; state?: Work['state']; late?: boolean; at?: string }
/** What somebody is asked, or no longer. */
export function given(stepId: StepId, nature: WorkNature, item: Given): RunEvent {
  const { to: recipient, role, dueAt, state = 'open', late = false, at = LATER } = item
  const { runId, stayId } = subject
  const from = { by: coordination, organisation: place.facility, wards: place.wards }
  const asked = { expected: { action: 'doStep', dueAt }, urgency: late ? 'urgent' : 'routine' }
  const what = { subject: { kind: 'step', runId, stepId }, recipient, nature, state, title: titles.get(stepId) }
  const work = { ...what, ...asked, role, stayId, withheld: false, from }
  return RunEvent.parse({ type: 'WorkGiven', data: { ...subject, work, happenedAt: at } })
}

export const started = fact('RunStarted', { plan: planOf(), stayRevision: 3, startedAt: DISCHARGED })
const opened = (stepId: StepId, owner: ProfessionalId, role: Data<'StepOpened'>['role']) => ({
  stepId,
  title: titles.get(stepId) ?? '',
  owner,
  role,
})
export const callOpened = fact('StepOpened', {
  ...opened(call, nurse, 'infirmier'),
  dueAt: CALL_DUE,
  openedAt: DISCHARGED,
})
export const medicinesOpened = fact('StepOpened', {
  ...opened(medicines, pharmacist, 'pharmacien'),
  dueAt: MEDICINES_DUE,
  openedAt: DISCHARGED,
})
export const visitOpened = fact('StepOpened', {
  ...opened(visit, physician, 'medecin-traitant'),
  dueAt: VISIT_DUE,
  openedAt: LATER,
})
export const callDone = fact('StepDone', { stepId: call, by: nurse, for: nurse, doneAt: LATER })
export const history = [started, callOpened, medicinesOpened] as const
