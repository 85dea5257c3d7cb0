import { z } from 'zod'
import { Attachment } from './conversations.ts'
import { CircleRole } from './patients.ts'
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
import { ReferralId, Urgency, workGiven } from './work.ts'

/** To see the patient from now on, for an opinion without seeing the patient, or for care that was not planned. */
export const ReferralKind = z.enum(['takeOver', 'advice', 'unscheduled'])
export type ReferralKind = z.infer<typeof ReferralKind>

/** Each asked by themselves, or the first who accepts releases the others. */
export const ReferralMode = z.enum(['independent', 'firstAcceptance'])
export type ReferralMode = z.infer<typeof ReferralMode>

/** An appointment within 24 hours of the request (accord CPTS), or within 48 (service d'accès aux soins). */
export const ReferralPromise = z.enum(['snp24', 'sas48'])
export type ReferralPromise = z.infer<typeof ReferralPromise>

export const DeclineReason = z.enum([
  'full',
  'outOfScope',
  'outOfArea',
  'absent',
  'insufficientInformation',
  'patientUnknown',
  'other',
])
export type DeclineReason = z.infer<typeof DeclineReason>

export const CancelReason = z.enum(['noLongerNeeded', 'mistake', 'patientRefused', 'other'])
export type CancelReason = z.infer<typeof CancelReason>

/** Why a recipient was asked: named by the requester, widened to, named by another one, or next on the ladder. */
export const AskedBecause = z.enum(['requested', 'widened', 'redirected', 'escalated'])
export type AskedBecause = z.infer<typeof AskedBecause>

/** Why nothing is asked any more of a recipient who has not seen the patient, nor answered. */
export const StoodDownBecause = z.enum(['acceptedElsewhere', 'closed', 'cancelled', 'patientDied', 'absenceEnded'])
export type StoodDownBecause = z.infer<typeof StoodDownBecause>

/** Who asks, or who was asked. */
export const ReferralParty = z.enum(['requester', 'receiver'])
export type ReferralParty = z.infer<typeof ReferralParty>

export const QuestionId = z.uuid().lowercase().brand<'QuestionId'>()
export type QuestionId = z.infer<typeof QuestionId>

/** Short and never clinical: a specialty, an act. */
export const ReferralTitle = PlainText.min(1).max(120)

export const Requester = z.object({
  by: ProfessionalId,
  organisation: Authority.optional(),
  wards: z.array(Ward),
  /** Who is told of what becomes of it: the queues of these wards, or `by` alone. */
  told: z.array(Recipient).min(1),
})
export type Requester = z.infer<typeof Requester>

/** Who is asked, and as what where that matters. */
export const Receiver = z.object({ recipient: Recipient, role: CircleRole.optional() })
export type Receiver = z.infer<typeof Receiver>

/** Whom to ask besides, as long as nobody has accepted. */
export const Rung = z.object({
  /** Milliseconds after the request, or after `answerBy`; before it where negative. */
  after: z.int(),
  from: z.enum(['request', 'due']),
  /** `openHours` counts the hours in which unscheduled care is open. */
  clock: z.enum(['plain', 'openHours']),
  /** When that is. */
  at: Instant,
  receivers: z.array(Receiver).min(1),
})
export type Rung = z.infer<typeof Rung>

/** How many rungs a ladder has at most. */
export const MOST_RUNGS = 5

/** Asked before the others, who are asked at `until`, or as soon as all of these have declined. */
export const Priority = z.object({ recipients: z.array(Recipient).min(1), until: Instant })
export type Priority = z.infer<typeof Priority>

const subject = { referralId: ReferralId, patientId: PatientId }
/** What a recipient did with what was asked, so that its readers need no lookup. */
const asked = { ...subject, kind: ReferralKind, recipient: Recipient, role: CircleRole.optional(), askedAt: Instant }
const done = { ...subject, recipient: Recipient, by: ProfessionalId }
const ending = { ...subject, from: Requester }

export const ReferralEvent = z.discriminatedUnion('type', [
  event('ReferralRequested', {
    ...subject,
    stayId: StayId.optional(),
    kind: ReferralKind,
    urgency: Urgency,
    title: ReferralTitle,
    question: DocumentRef,
    attachments: z.array(Attachment),
    from: Requester,
    receivers: z.array(Receiver).min(1),
    mode: ReferralMode,
    answerBy: Instant,
    /** The recipients learn who the patient is when they accept. */
    identityWithheld: z.boolean(),
    priority: Priority.optional(),
    ladder: z.array(Rung).max(MOST_RUNGS),
    promise: ReferralPromise.optional(),
    requestedAt: Instant,
  }),
  event('ReceiverAsked', {
    ...asked,
    because: AskedBecause,
    answerBy: Instant,
    /** In whose absence, of those who were asked. */
    standsInFor: Recipient.optional(),
  }),
  /** Somebody of a queue sees to it, or is to. */
  event('ReferralTaken', { ...done, for: ProfessionalId, takenAt: Instant }),
  event('ReferralReleased', { ...done, releasedAt: Instant }),
  event('ReferralAccepted', { ...asked, by: ProfessionalId, acceptedAt: Instant }),
  event('ReferralDeclined', {
    ...asked,
    by: ProfessionalId,
    reason: DeclineReason,
    comment: DocumentRef.optional(),
    declinedAt: Instant,
  }),
  event('ReferralRedirected', {
    ...asked,
    by: ProfessionalId,
    to: Recipient,
    reason: DeclineReason,
    redirectedAt: Instant,
  }),
  event('InformationAsked', { ...done, questionId: QuestionId, question: DocumentRef, askedAt: Instant }),
  event('InformationGiven', { ...done, questionId: QuestionId, answer: DocumentRef, givenAt: Instant }),
  event('AppointmentScheduled', {
    ...done,
    startsAt: Instant,
    place: PlainText.min(1).max(200).optional(),
    scheduledAt: Instant,
  }),
  event('AppointmentMoved', {
    ...done,
    before: Instant,
    startsAt: Instant,
    place: PlainText.min(1).max(200).optional(),
    movedAt: Instant,
  }),
  event('NoShowRecorded', { ...done, startsAt: Instant, notedAt: Instant }),
  event('PatientSeen', { ...done, seenAt: Instant, notedAt: Instant }),
  event('ReferralAnswered', { ...done, answer: DocumentRef, attachments: z.array(Attachment), answeredAt: Instant }),
  event('ReceiverStoodDown', {
    ...asked,
    because: StoodDownBecause,
    /** Of who had accepted: taking charge ends without the patient having been seen. */
    accepted: z.object({ by: ProfessionalId, at: Instant }).optional(),
    stoodDownAt: Instant,
  }),
  event('ReferralWidened', { ...subject, recipients: z.array(Recipient), widenedAt: Instant }),
  /** The rung of the ladder, from 0, and whom it brings: none where all of them were asked already. */
  event('ReferralEscalated', {
    ...subject,
    rung: z.int().nonnegative(),
    recipients: z.array(Recipient),
    escalatedAt: Instant,
  }),
  /** The time has passed in which this one was to answer. */
  event('AnswerOverdue', { ...asked, answerBy: Instant, notedAt: Instant }),
  event('PromiseKept', { ...subject, promise: ReferralPromise, dueAt: Instant }),
  event('PromiseMissed', { ...subject, promise: ReferralPromise, dueAt: Instant }),
  /** By nobody where the patient has died. */
  event('ReferralClosed', {
    ...ending,
    by: ProfessionalId.optional(),
    because: z.enum(['done', 'patientDied']),
    closedAt: Instant,
  }),
  event('ReferralCancelled', { ...ending, by: ProfessionalId, reason: CancelReason, cancelledAt: Instant }),
  workGiven({ referralId: ReferralId, party: ReferralParty }),
])
export type ReferralEvent = z.infer<typeof ReferralEvent>

/** No other event names a referral. */
export function isReferralEvent(event: { type: string; data: object }): event is ReferralEvent {
  return 'referralId' in event.data
}

export const referralEvents = {
  category: 'referral',
  routing: ['referralId', 'patientId'],
  sealedBy: 'patientId',
  schema: ReferralEvent,
  versions: {
    ReferralRequested: 1,
    ReceiverAsked: 1,
    ReferralTaken: 1,
    ReferralReleased: 1,
    ReferralAccepted: 1,
    ReferralDeclined: 1,
    ReferralRedirected: 1,
    InformationAsked: 1,
    InformationGiven: 1,
    AppointmentScheduled: 1,
    AppointmentMoved: 1,
    NoShowRecorded: 1,
    PatientSeen: 1,
    ReferralAnswered: 1,
    ReceiverStoodDown: 1,
    ReferralWidened: 1,
    ReferralEscalated: 1,
    AnswerOverdue: 1,
    PromiseKept: 1,
    PromiseMissed: 1,
    ReferralClosed: 1,
    ReferralCancelled: 1,
    WorkGiven: 1,
  },
  upcasts: {},
} satisfies EventFamily<ReferralEvent>

const HOURS = { snp24: 24, sas48: 48 } as const satisfies Record<ReferralPromise, number>

/** Hours are counted plainly from the request, nights and Sundays included. */
export function promiseDueAt(promise: ReferralPromise, requestedAt: Instant): Instant {
  return new Date(Date.parse(requestedAt) + HOURS[promise] * 3_600_000).toISOString()
}
