import { z } from 'zod'
import {
  Authority,
  event,
  Instant,
  PatientId,
  PlainText,
  ProfessionalId,
  Recipient,
  StayId,
  Ward,
} from './primitives.ts'

export const ReferralId = z.uuid().lowercase().brand<'ReferralId'>()
export type ReferralId = z.infer<typeof ReferralId>
export const RunId = z.uuid().lowercase().brand<'RunId'>()
export type RunId = z.infer<typeof RunId>
export const StepId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/)
  .brand<'StepId'>()
export type StepId = z.infer<typeof StepId>

/** What is asked: a referral, or one step of a protocol's run. An inbox holds one item for each. */
export const WorkSubject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('referral'), referralId: ReferralId }),
  z.object({ kind: z.literal('step'), runId: RunId, stepId: StepId }),
])
export type WorkSubject = z.infer<typeof WorkSubject>

/** One text for what is asked, whoever is asked: `referral/{id}` or `run/{id}/{step}`. */
export function workKey(subject: WorkSubject): string {
  return subject.kind === 'referral' ? `referral/${subject.referralId}` : `run/${subject.runId}/${subject.stepId}`
}

/** Why the item is new, or no longer as it was. */
export const WorkNature = z.enum([
  'referralAsked',
  'referralWidened',
  'referralRedirected',
  'referralEscalated',
  'referralTaken',
  'referralReleased',
  'referralInformed',
  'referralAccepted',
  'referralAcceptedElsewhere',
  'referralDeclined',
  'nobodyAccepts',
  'informationAsked',
  'appointmentScheduled',
  'appointmentMoved',
  'noShow',
  'patientSeen',
  'referralAnswered',
  'referralClosed',
  'referralCancelled',
  'promiseMissed',
  'stayWithdrawn',
  'patientDied',
  'stepOpened',
  'stepDueChanged',
  'stepLate',
  'stepEscalated',
  'stepReassigned',
  'stepDone',
  'stepSkipped',
  'stepWithdrawn',
  'runEnded',
])
export type WorkNature = z.infer<typeof WorkNature>

export const Urgency = z.enum(['routine', 'soon', 'urgent'])
export type Urgency = z.infer<typeof Urgency>

/** What is expected of the recipient now. */
export const WorkAction = z.enum([
  'answerReferral', // accept, decline, redirect or ask for more
  'giveInformation',
  'schedule',
  'see',
  'answerQuestion', // an advice, or what came of the visit
  'lookElsewhere', // nobody accepts: choose other receivers, or close
  'doStep',
  'acknowledge',
])
export type WorkAction = z.infer<typeof WorkAction>

/** An item of somebody's inbox as its owner decides it: nobody else folds referrals or runs. */
export const Work = z.object({
  subject: WorkSubject,
  recipient: Recipient,
  nature: WorkNature,
  /** `withdrawn`: nothing is expected any more, through no act of the recipient. */
  state: z.enum(['open', 'done', 'withdrawn']),
  expected: z.object({ action: WorkAction, dueAt: Instant.optional() }),
  urgency: Urgency,
  /** Short, and never clinical: a specialty, an act, the title of a step. */
  title: PlainText.min(1).max(120),
  /** As what the recipient is asked, where that matters: a circle role, `ward`, `coordinateur`. */
  role: z
    .string()
    .regex(/^[a-z][a-z-]{0,39}$/)
    .optional(),
  stayId: StayId.optional(),
  /** Who the patient is stays unsaid until the recipient accepts. */
  withheld: z.boolean(),
  /** Who asks: the receipts are theirs to see. */
  from: z.object({ by: ProfessionalId, organisation: Authority.optional(), wards: z.array(Ward) }),
})
export type Work = z.infer<typeof Work>

/** What ends each append that changes what is asked of somebody: one for each recipient whose item changes. */
export const workGiven = <Subject extends z.ZodRawShape>(subject: Subject) =>
  event('WorkGiven', { ...subject, patientId: PatientId, work: Work, happenedAt: Instant })
