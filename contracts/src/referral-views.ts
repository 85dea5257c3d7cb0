import { z } from 'zod'
import { Attachment } from './conversations.ts'
import { CircleRole } from './patients.ts'
import { DocumentRef, Instant, PatientId, PlainText, ProfessionalId, Recipient, StayId } from './primitives.ts'
import {
  DeclineReason,
  QuestionId,
  ReferralKind,
  ReferralMode,
  ReferralParty,
  ReferralPromise,
  ReferralTitle,
  Requester,
} from './referrals.ts'
import { ReferralId, Urgency, WorkAction, WorkNature } from './work.ts'

/** `closed`: nothing more is asked, because another one accepted, or because all of it ended. */
export const ReceiverStatus = z.enum([
  'sent',
  'received',
  'moreInfo',
  'accepted',
  'declined',
  'redirected',
  'scheduled',
  'noShow',
  'seen',
  'answered',
  'closed',
  'cancelled',
])
export type ReceiverStatus = z.infer<typeof ReceiverStatus>

const ReceiverView = z.object({
  recipient: Recipient,
  role: CircleRole.optional(),
  status: ReceiverStatus,
  askedAt: Instant,
  answerBy: Instant,
  isOverdue: z.boolean(),
  takenFor: ProfessionalId.optional(),
  acceptedBy: ProfessionalId.optional(),
  declined: z.object({ reason: DeclineReason, comment: DocumentRef.optional() }).optional(),
  redirected: z.object({ to: Recipient, reason: DeclineReason }).optional(),
  appointment: z.object({ startsAt: Instant, place: PlainText.optional() }).optional(),
  seenAt: Instant.optional(),
  answer: z.object({ answer: DocumentRef, attachments: z.array(Attachment) }).optional(),
  questions: z.array(
    z.object({ questionId: QuestionId, question: DocumentRef, askedAt: Instant, answer: DocumentRef.optional() }),
  ),
})
export type ReceiverView = z.infer<typeof ReceiverView>

/** A referral as one of its parties sees it: who was asked sees no other one, and a secretary nothing clinical. */
export const ReferralView = z.object({
  referralId: ReferralId,
  party: ReferralParty,
  status: z.enum(['open', 'closed', 'cancelled']),
  /** Absent as long as who the patient is stays unsaid. */
  patientId: PatientId.optional(),
  stayId: StayId.optional(),
  kind: ReferralKind,
  urgency: Urgency,
  title: ReferralTitle,
  from: Requester.omit({ told: true }),
  mode: ReferralMode,
  answerBy: Instant,
  requestedAt: Instant,
  identityWithheld: z.boolean(),
  promise: z.object({ promise: ReferralPromise, dueAt: Instant, isKept: z.boolean().optional() }).optional(),
  question: DocumentRef.optional(),
  attachments: z.array(Attachment).optional(),
  receivers: z.array(ReceiverView),
})
export type ReferralView = z.infer<typeof ReferralView>

/** One referral of a box. In `sent`, how far each recipient has come; in the others, what is expected. */
export const ReferralItem = z.object({
  referralId: ReferralId,
  patientId: PatientId.optional(),
  stayId: StayId.optional(),
  kind: ReferralKind,
  urgency: Urgency,
  title: ReferralTitle,
  requestedAt: Instant,
  answerBy: Instant,
  /** Which of the actor's names it was sent to, or is sent by. */
  recipient: Recipient,
  nature: WorkNature.optional(),
  expected: z.object({ action: WorkAction, dueAt: Instant.optional() }).optional(),
  takenFor: ProfessionalId.optional(),
  receivers: z.array(z.object({ recipient: Recipient, status: ReceiverStatus, since: Instant })).optional(),
})
export type ReferralItem = z.infer<typeof ReferralItem>

/** A month of the universal clock: what was asked in it counts, from `from` until before `to`. */
export const Month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)
const Delay = z.object({ median: z.int(), p90: z.int() })
export const ReferralFigures = z.object({
  /** The month or the recipient; absent for all of it. */
  key: z.string().optional(),
  asked: z.int(),
  accepted: z.int(),
  declined: z.int(),
  redirected: z.int(),
  stoodDown: z.int(),
  /** Seconds until an acceptance, a refusal or a redirection, to two figures. */
  delaySeconds: Delay.optional(),
})
export type ReferralFigures = z.infer<typeof ReferralFigures>

export const ReferralStatistics = z.object({
  from: Month,
  to: Month,
  all: ReferralFigures,
  declinedBy: z.array(z.object({ reason: DeclineReason, count: z.int() })),
  /** What nobody has answered yet, by how long it has been asked. */
  ageing: z.array(z.object({ age: z.enum(['day', 'threeDays', 'week', 'older']), count: z.int() })),
  groups: z.array(ReferralFigures).optional(),
})
export type ReferralStatistics = z.infer<typeof ReferralStatistics>

export const Figure = z.enum(['asked', 'accepted', 'declined', 'redirected', 'stoodDown', 'open'])
export const FigureEvent = z.object({
  referralId: ReferralId,
  recipient: Recipient,
  /** The event that counts. */
  eventId: z.uuid(),
  askedAt: Instant,
  reason: DeclineReason.optional(),
})
export type FigureEvent = z.infer<typeof FigureEvent>
