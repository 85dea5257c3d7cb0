import { z } from 'zod'
import { Instant, PatientId, PlainText, ProfessionalId, Recipient, StayId } from './primitives.ts'
import type { RunEvent } from './protocol-runs.ts'
import { ProtocolId } from './protocols.ts'
import type { ReferralEvent } from './referrals.ts'
import { ReferralId, RunId, StepId } from './work.ts'

/** What became of a referral, or of a run and its steps. What is asked of whom is told by notices. */
export const LoopChange = z.enum([
  'requested',
  'asked',
  'taken',
  'released',
  'accepted',
  'declined',
  'redirected',
  'informationAsked',
  'informationGiven',
  'scheduled',
  'moved',
  'noShow',
  'seen',
  'answered',
  'stoodDown',
  'widened',
  'escalated',
  'overdue',
  'promiseKept',
  'promiseMissed',
  'closed',
  'cancelled',
  'runStarted',
  'runCorrected',
  'runMigrated',
  'runEnded',
  'stepOpened',
  'stepDueChanged',
  'stepLate',
  'stepEscalated',
  'escalationWithdrawn',
  'stepReassigned',
  'stepUnowned',
  'stepDone',
  'stepSkipped',
  'stepWithdrawn',
])
export type LoopChange = z.infer<typeof LoopChange>

/** One fact of a referral or of a protocol's run, as a pathway shows it and as a channel carries it. */
export const LoopEntry = z.object({
  kind: z.literal('loop'),
  /** The id of the event it comes from. */
  entryId: z.uuid(),
  /** Absent for those to whom who the patient is stays unsaid. */
  patientId: PatientId.optional(),
  stayId: StayId.optional(),
  change: LoopChange,
  happenedAt: Instant,
  recordedAt: Instant,
  referralId: ReferralId.optional(),
  runId: RunId.optional(),
  stepId: StepId.optional(),
  /** The protocol, and its version, that a run follows. */
  protocolId: ProtocolId.optional(),
  version: z.int().optional(),
  /** Short, and never clinical. */
  title: PlainText.optional(),
  by: ProfessionalId.optional(),
  recipient: Recipient.optional(),
  because: z.string().optional(),
  dueAt: Instant.optional(),
  startsAt: Instant.optional(),
})
export type LoopEntry = z.infer<typeof LoopEntry>

type Recorded = { entryId: string; recordedAt: Instant }
type Said = Partial<Pick<LoopEntry, 'title' | 'because' | 'dueAt' | 'startsAt' | 'recipient' | 'version'>>

/** What is shown of a fact about a referral; `undefined` for what only notices tell. */
export function referralEntry(event: ReferralEvent, recorded: Recorded): LoopEntry | undefined {
  const { referralId, patientId } = event.data
  const entry = entriesOf({ ...recorded, referralId, patientId }, event.data)
  const { type, data } = event
  switch (type) {
    case 'ReferralRequested': {
      const { title, answerBy, requestedAt, stayId, from } = data
      const stay = stayId === undefined ? {} : { stayId }
      return { ...entry('requested', requestedAt, { title, dueAt: answerBy }), ...stay, by: from.by }
    }
    case 'ReceiverAsked':
      return entry('asked', data.askedAt, { because: data.because, dueAt: data.answerBy })
    case 'ReferralTaken':
      return entry('taken', data.takenAt)
    case 'ReferralReleased':
      return entry('released', data.releasedAt)
    case 'ReferralAccepted':
      return entry('accepted', data.acceptedAt)
    case 'ReferralDeclined':
      return entry('declined', data.declinedAt, { because: data.reason })
    case 'ReferralRedirected':
      return entry('redirected', data.redirectedAt, { because: data.reason, recipient: data.to })
    case 'InformationAsked':
      return entry('informationAsked', data.askedAt)
    case 'InformationGiven':
      return entry('informationGiven', data.givenAt)
    case 'AppointmentScheduled':
      return entry('scheduled', data.scheduledAt, { startsAt: data.startsAt })
    case 'AppointmentMoved':
      return entry('moved', data.movedAt, { startsAt: data.startsAt })
    case 'NoShowRecorded':
      return entry('noShow', data.notedAt, { startsAt: data.startsAt })
    case 'PatientSeen':
      return entry('seen', data.seenAt)
    case 'ReferralAnswered':
      return entry('answered', data.answeredAt)
    case 'ReceiverStoodDown':
      return entry('stoodDown', data.stoodDownAt, { because: data.because })
    case 'ReferralWidened':
      return entry('widened', data.widenedAt)
    case 'ReferralEscalated':
      return entry('escalated', data.escalatedAt)
    case 'AnswerOverdue':
      return entry('overdue', data.notedAt, { dueAt: data.answerBy })
    case 'PromiseKept':
      return entry('promiseKept', recorded.recordedAt, { because: data.promise, dueAt: data.dueAt })
    case 'PromiseMissed':
      return entry('promiseMissed', data.dueAt, { because: data.promise, dueAt: data.dueAt })
    case 'ReferralClosed':
      return entry('closed', data.closedAt, { because: data.because })
    case 'ReferralCancelled':
      return entry('cancelled', data.cancelledAt, { because: data.reason })
    case 'WorkGiven':
      return undefined
  }
}

/** What is shown of a fact about a protocol's run; `undefined` for what only notices tell. */
export function runEntry(event: RunEvent, recorded: Recorded): LoopEntry | undefined {
  const { runId, patientId, stayId, protocolId } = event.data
  const entry = entriesOf({ ...recorded, runId, patientId, stayId, protocolId }, event.data)
  const { type, data } = event
  switch (type) {
    case 'RunStarted':
      return entry('runStarted', data.startedAt, { title: data.plan.title, version: data.plan.version })
    case 'RunCorrected':
      return entry('runCorrected', data.correctedAt, { title: data.plan.title, version: data.plan.version })
    case 'RunMigrated':
      return entry('runMigrated', data.migratedAt, { title: data.plan.title, version: data.plan.version })
    case 'RunEnded':
      return entry('runEnded', data.endedAt, { because: data.because })
    case 'StepOpened':
      return entry('stepOpened', data.openedAt, { title: data.title, recipient: data.owner, dueAt: data.dueAt })
    case 'StepDueChanged':
      return entry('stepDueChanged', data.changedAt, { dueAt: data.dueAt })
    case 'StepLate':
      return entry('stepLate', data.lateAt, { recipient: data.owner, dueAt: data.dueAt })
    case 'StepEscalated':
      return entry('stepEscalated', data.escalatedAt, { recipient: data.to })
    case 'EscalationWithdrawn':
      return entry('escalationWithdrawn', data.withdrawnAt, { recipient: data.from })
    case 'StepReassigned':
      return entry('stepReassigned', data.reassignedAt, { recipient: data.to, because: data.because })
    case 'StepUnowned':
      return entry('stepUnowned', data.foundAt, { recipient: data.owner })
    case 'StepDone':
      return entry('stepDone', data.doneAt)
    case 'StepSkipped':
      return entry('stepSkipped', data.skippedAt, { because: data.reason })
    case 'StepWithdrawn':
      return entry('stepWithdrawn', data.withdrawnAt)
    case 'WorkGiven':
      return undefined
  }
}

type Known = Recorded & Pick<LoopEntry, 'patientId' | 'stayId' | 'referralId' | 'runId' | 'protocolId'>

/** What every entry of one fact repeats. */
function entriesOf(subject: Known, data: Parties) {
  const known = { kind: 'loop' as const, ...subject, ...partiesOf(data) }
  return (change: LoopChange, happenedAt: Instant, said: Said = {}): LoopEntry => ({
    ...known,
    change,
    happenedAt,
    ...said,
  })
}

type Parties = { patientId: PatientId; by?: ProfessionalId | undefined; recipient?: Recipient; stepId?: StepId }

/** Who did it, to whom, and to which step, where the fact says so. */
function partiesOf({ by, recipient, stepId }: Parties): Pick<LoopEntry, 'by' | 'recipient' | 'stepId'> {
  return {
    ...(by === undefined ? {} : { by }),
    ...(recipient === undefined ? {} : { recipient }),
    ...(stepId === undefined ? {} : { stepId }),
  }
}
