import type { DocumentRef, Instant, PatientId, ProfessionalId, Recipient, StayId } from '@relais/contracts/primitives'
import type { CancelReason, DeclineReason, QuestionId, Receiver, ReferralEvent } from '@relais/contracts/referrals'
import type { ReferralId } from '@relais/contracts/work'
import type { Data, Standing } from './referral-state.ts'

type At = { at: Instant }
type Said = { by: ProfessionalId } & At
/** Said by one of those who were asked. */
type OfReceiver = { recipient: Recipient } & Said

export type Request = { type: 'Request'; details: Data<'ReferralRequested'> }
export type AskOthers = { type: 'AskOthers'; receivers: readonly Receiver[] } & Said
export type Take = { type: 'Take'; for: ProfessionalId } & OfReceiver
export type Release = { type: 'Release' } & OfReceiver
export type Accept = { type: 'Accept' } & OfReceiver
export type Decline = { type: 'Decline'; reason: DeclineReason; comment?: DocumentRef | undefined } & OfReceiver
export type Redirect = { type: 'Redirect'; to: Recipient; reason: DeclineReason } & OfReceiver
export type AskInformation = { type: 'AskInformation'; questionId: QuestionId; question: DocumentRef } & OfReceiver
export type GiveInformation = { type: 'GiveInformation'; questionId: QuestionId; answer: DocumentRef } & Said
export type Schedule = { type: 'Schedule'; startsAt: Instant; place?: string | undefined } & OfReceiver
export type RecordNoShow = { type: 'RecordNoShow'; startsAt: Instant } & OfReceiver
export type RecordSeen = { type: 'RecordSeen'; seenAt: Instant } & OfReceiver
export type Answer = {
  type: 'Answer'
  answer: DocumentRef
  attachments: Data<'ReferralAnswered'>['attachments']
} & OfReceiver
export type Close = { type: 'Close' } & Said
export type Cancel = { type: 'Cancel'; reason: CancelReason } & Said

/** What time brings. Each is decided again when it falls due, and may find that nothing is left to do. */
export type Widen = { type: 'Widen' } & At
export type Escalate = { type: 'Escalate'; rung: number } & At
export type NoteOverdue = { type: 'NoteOverdue'; recipient: Recipient } & At
export type SettlePromise = { type: 'SettlePromise' } & At
/** Somebody who was asked is away: who stands in is asked as well. */
export type AskStandIn = { type: 'AskStandIn'; absent: Recipient; standIn: Recipient } & At
/** The one who was away is back, or somebody else stands in. */
export type ReleaseStandIn = { type: 'ReleaseStandIn'; absent: Recipient; standIn: Recipient } & At
/** What becomes of the patient and of the stay. */
export type CloseForDeath = { type: 'CloseForDeath' } & At
export type NoteStayWithdrawn = { type: 'NoteStayWithdrawn'; stayId: StayId } & At

export type ReferralCommand =
  | Request
  | AskOthers
  | Take
  | Release
  | Accept
  | Decline
  | Redirect
  | AskInformation
  | GiveInformation
  | Schedule
  | RecordNoShow
  | RecordSeen
  | Answer
  | Close
  | Cancel
  | Widen
  | Escalate
  | NoteOverdue
  | SettlePromise
  | AskStandIn
  | ReleaseStandIn
  | CloseForDeath
  | NoteStayWithdrawn

export type ReferralRejection =
  | { code: 'referralUnknown' }
  | { code: 'referralIdReused' }
  | { code: 'referralEnded'; status: 'closed' | 'cancelled' }
  | { code: 'answerByPassed' }
  | { code: 'receiverRepeated' }
  | { code: 'receiverIsRequester' }
  | { code: 'priorityNotAsked' }
  | { code: 'priorityNeedsFirstAcceptance' }
  | { code: 'priorityOutOfTime' }
  | { code: 'rungBeforeRequest' }
  | { code: 'promiseOutOfPlace' }
  | { code: 'acceptedByAnother' }
  | { code: 'alreadyAnswered'; status: Standing['status'] }
  | { code: 'notAccepted' }
  | { code: 'notAQueue' }
  | { code: 'takenByAnother' }
  | { code: 'redirectedToAsked' }
  | { code: 'redirectedToRequester' }
  | { code: 'redirectedToSelf' }
  | { code: 'questionUnknown' }
  | { code: 'questionIdReused' }
  | { code: 'questionAnswered' }
  | { code: 'notForAdvice' }
  | { code: 'appointmentPassed' }
  | { code: 'appointmentAhead' }
  | { code: 'appointmentUnknown' }
  | { code: 'patientAlreadySeen' }
  | { code: 'seenOutOfTime' }

/** What every fact about a referral says of it. */
export type Subject = { referralId: ReferralId; patientId: PatientId }
export type Fact = Exclude<ReferralEvent, { type: 'ReferralRequested' | 'WorkGiven' }>
