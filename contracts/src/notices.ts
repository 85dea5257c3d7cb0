import { z } from 'zod'
import { CircleRole } from './patients.ts'
import {
  Authority,
  event,
  type EventFamily,
  Instant,
  PatientId,
  ProfessionalId,
  Recipient,
  StayId,
  Ward,
} from './primitives.ts'
import { Standing, StandingNature } from './standing.ts'
import { Work, WorkSubject } from './work.ts'

export const NoticeId = z.uuid().lowercase().brand<'NoticeId'>()
export type NoticeId = z.infer<typeof NoticeId>

/** What a notice tells of: a change of a stay, or, to someone who joins a circle, how its stays stand. */
export const NoticeNature = z.enum([...StandingNature.options, 'joined'])
export type NoticeNature = z.infer<typeof NoticeNature>

export const NoticeAction = z.enum(['acknowledged', 'accepted', 'handled'])
export type NoticeAction = z.infer<typeof NoticeAction>

export const MisdirectionOutcome = z.enum(['recipientCorrected', 'recipientConfirmed', 'nobodyToTell'])
export type MisdirectionOutcome = z.infer<typeof MisdirectionOutcome>

const subject = { noticeId: NoticeId, patientId: PatientId, recipient: Recipient }
const ofStay = { ...subject, stayId: StayId, role: CircleRole }
/** Who sent it, or answered for the patient then: the receipts are theirs to see. */
const sender = { facility: Authority, wards: z.array(Ward) }
/** Of a notice of a stay, or of work. */
const receipt = {
  ...subject,
  ...sender,
  facility: Authority.optional(),
  stayId: StayId.optional(),
  role: CircleRole.optional(),
  work: WorkSubject.optional(),
  /** Who the patient is was not said. */
  withheld: z.boolean().optional(),
}
/** What is returned tells of a stay: a referral is declined. */
const misdirected = { ...ofStay, ...sender }

/** Something sent to someone, and its four receipts: accepted by the platform, delivered to a device, read, acted upon. */
export const NoticeEvent = z.discriminatedUnion('type', [
  event('NoticeSent', {
    ...ofStay,
    /** The fact it tells of. */
    sourceEventId: z.uuid(),
    /** How far the stay had come, on its own stream: nobody is told an older state after a newer one. */
    revision: z.int().nonnegative(),
    nature: NoticeNature,
    happenedAt: Instant,
    standing: Standing,
    /** What the recipient was told of this stay before: no longer what is to be acted upon. */
    replaces: NoticeId.optional(),
    /** The fields that changed since the recipient was last told of this stay. */
    changed: z.array(z.string()),
    sentAt: Instant,
  }),
  /** What is asked of somebody. */
  event('WorkNoticeSent', { ...subject, sourceEventId: z.uuid(), work: Work, happenedAt: Instant, sentAt: Instant }),
  event('NoticeDelivered', { ...receipt, by: ProfessionalId, deliveredAt: Instant }),
  event('NoticeRead', { ...receipt, by: ProfessionalId, readAt: Instant }),
  event('NoticeActedUpon', { ...receipt, by: ProfessionalId, action: NoticeAction, actedAt: Instant }),
  /** "Not my patient": ends the recipient's access at once, and opens a misdirection. */
  event('NoticeReturned', {
    ...misdirected,
    by: ProfessionalId,
    /** The other ids of the same person then: what was sent of them is not shown to the recipient any more either. */
    alsoOf: z.array(PatientId),
    returnedAt: Instant,
  }),
  event('MisdirectionClosed', { ...misdirected, by: ProfessionalId, outcome: MisdirectionOutcome, closedAt: Instant }),
])
export type NoticeEvent = z.infer<typeof NoticeEvent>

export const noticeEvents = {
  category: 'notice',
  routing: ['noticeId', 'patientId'],
  sealedBy: 'patientId',
  schema: NoticeEvent,
  versions: {
    NoticeSent: 1,
    WorkNoticeSent: 1,
    NoticeDelivered: 1,
    NoticeRead: 1,
    NoticeActedUpon: 1,
    NoticeReturned: 1,
    MisdirectionClosed: 1,
  },
  upcasts: {},
} satisfies EventFamily<NoticeEvent>

export function isNoticeEvent(event: { type: string }): event is NoticeEvent {
  return event.type in noticeEvents.versions
}

/** A page of an inbox that held this notice was given to somebody: written by whoever shows inboxes. */
export const ShownEvent = z.discriminatedUnion('type', [
  event('NoticeShown', { noticeId: NoticeId, patientId: PatientId, by: ProfessionalId, shownAt: Instant }),
])
export type ShownEvent = z.infer<typeof ShownEvent>

export const shownEvents = {
  category: 'shown',
  routing: ['noticeId', 'patientId'],
  sealedBy: 'patientId',
  schema: ShownEvent,
  versions: { NoticeShown: 1 },
  upcasts: {},
} satisfies EventFamily<ShownEvent>
