import { z } from 'zod'
import {
  Authority,
  DocumentRef,
  event,
  type EventFamily,
  Instant,
  PatientId,
  PlainText,
  ProfessionalId,
  Recipient,
  StayId,
  Ward,
} from './primitives.ts'
import { Due, Escalation, ProtocolDefinition, ProtocolId, Step, StepRole, TriggerMoment } from './protocols.ts'
import { RunId, StepId, workGiven } from './work.ts'

/** A step of a run as it is planned for one patient. */
export const PlannedStep = z.object({
  stepId: StepId,
  title: Step.shape.title,
  what: Step.shape.what,
  owners: Step.shape.owners,
  after: z.array(StepId),
  due: Due,
  /** Unless it counts from another step. */
  dueAt: Instant.optional(),
  escalation: z.array(Escalation),
  skippable: z.boolean(),
})
export type PlannedStep = z.infer<typeof PlannedStep>

/** All that a run needs to go on, so that it never looks its protocol up. */
export const RunPlan = z.object({
  version: z.int().min(1),
  title: ProtocolDefinition.shape.title,
  coordinator: Recipient,
  department: ProtocolDefinition.shape.department,
  /** The moment it starts from, and the event through which it was known. */
  trigger: z.object({ on: TriggerMoment, at: Instant, eventId: z.uuid() }),
  /** Where the stay is, or was last: who asks. */
  facility: Authority,
  wards: z.array(Ward),
  steps: z.array(PlannedStep),
})
export type RunPlan = z.infer<typeof RunPlan>

export const SkipReason = z.enum([
  'notNeeded',
  'doneElsewhere',
  'patientDeclined',
  'patientUnreachable',
  'notPossible',
  'other',
])
export type SkipReason = z.infer<typeof SkipReason>

export const ReassignReason = z.enum(['absence', 'person', 'memberLeft', 'memberJoined', 'wardChanged', 'migrated'])
export type ReassignReason = z.infer<typeof ReassignReason>

/** `superseded`: the patient is in hospital again. `noLongerApplies`: a condition does not hold after all. */
export const RunEnd = z.enum([
  'completed',
  'stayWithdrawn',
  'died',
  'confidential',
  'noLongerApplies',
  'superseded',
  'person',
])
export type RunEnd = z.infer<typeof RunEnd>

const run = { runId: RunId, patientId: PatientId, stayId: StayId, protocolId: ProtocolId }
const step = { ...run, stepId: StepId }
/** How far the stay had come, on its own stream. */
const known = { stayRevision: z.int().nonnegative() }
const owned = { owner: Recipient, role: StepRole }
/** When the next rung of the escalation is reached. */
const next = { nextEscalationAt: Instant.optional() }
const said = { by: ProfessionalId, for: Recipient.optional() }

/** Each append ends with what becomes of the work it gives. Steps that are not settled are withdrawn before a run ends. */
export const RunEvent = z.discriminatedUnion('type', [
  event('RunStarted', { ...run, plan: RunPlan, ...known, startedAt: Instant }),
  /** The stay is not as it was said: what was done stands, the rest is planned again. */
  event('RunCorrected', { ...run, plan: RunPlan, ...known, correctedAt: Instant }),
  event('RunMigrated', {
    ...run,
    fromVersion: z.int().min(1),
    plan: RunPlan,
    by: ProfessionalId,
    migratedAt: Instant,
  }),
  event('StepOpened', { ...step, title: PlainText, ...owned, dueAt: Instant, openedAt: Instant }),
  event('StepDueChanged', { ...step, dueAt: Instant, changedAt: Instant }),
  event('StepLate', { ...step, ...owned, dueAt: Instant, ...next, lateAt: Instant }),
  event('StepEscalated', {
    ...step,
    rung: z.int().nonnegative(),
    to: Recipient,
    role: StepRole,
    ...next,
    escalatedAt: Instant,
  }),
  /** Whoever it was escalated to has left the circle. */
  event('EscalationWithdrawn', { ...step, from: Recipient, withdrawnAt: Instant }),
  event('StepReassigned', {
    ...step,
    from: Recipient,
    to: Recipient,
    role: StepRole,
    because: ReassignReason,
    by: ProfessionalId.optional(),
    reassignedAt: Instant,
  }),
  /** The circle knows nobody of these roles: the coordinator has it. */
  event('StepUnowned', { ...step, wanted: z.array(StepRole), owner: Recipient, foundAt: Instant }),
  /** `for` is the recipient whose item was answered. */
  event('StepDone', { ...step, ...said, note: DocumentRef.optional(), doneAt: Instant }),
  event('StepSkipped', { ...step, ...said, reason: SkipReason, comment: DocumentRef.optional(), skippedAt: Instant }),
  event('StepWithdrawn', { ...step, withdrawnAt: Instant }),
  event('RunEnded', { ...run, because: RunEnd, by: ProfessionalId.optional(), ...known, endedAt: Instant }),
  workGiven({ runId: RunId, stayId: StayId, protocolId: ProtocolId }),
])
export type RunEvent = z.infer<typeof RunEvent>

export const runEvents = {
  category: 'protocolRun',
  routing: ['runId', 'patientId', 'stayId', 'protocolId'],
  sealedBy: 'patientId',
  schema: RunEvent,
  versions: {
    RunStarted: 1,
    RunCorrected: 1,
    RunMigrated: 1,
    StepOpened: 1,
    StepDueChanged: 1,
    StepLate: 1,
    StepEscalated: 1,
    EscalationWithdrawn: 1,
    StepReassigned: 1,
    StepUnowned: 1,
    StepDone: 1,
    StepSkipped: 1,
    StepWithdrawn: 1,
    RunEnded: 1,
    WorkGiven: 1,
  },
  upcasts: {},
} satisfies EventFamily<RunEvent>
