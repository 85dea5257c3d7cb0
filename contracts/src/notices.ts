import { z } from 'zod'
import { CircleRole } from './patients.ts'
import { event, type EventFamily, Instant, PatientId, ProfessionalId, StayId } from './primitives.ts'
import { Standing, StandingNature } from './stays.ts'

export const NoticeId = z.uuid().lowercase().brand<'NoticeId'>()
export type NoticeId = z.infer<typeof NoticeId>

/** Who is told: a professional, or the establishment `finess:990000028` whose people share one inbox. */
export const Recipient = ProfessionalId
export type Recipient = z.infer<typeof Recipient>

const subject = { noticeId: NoticeId, patientId: PatientId }

/** Something sent to someone, and its four receipts: accepted by the platform, delivered to a device, read, acted upon. */
export const NoticeEvent = z.discriminatedUnion('type', [
  event('NoticeSent', {
    ...subject,
    stayId: StayId,
    recipient: Recipient,
    role: CircleRole,
    /** The fact it tells of. */
    sourceEventId: z.uuid(),
    nature: StandingNature,
    happenedAt: Instant,
    standing: Standing,
    /** The fields that changed since the recipient was last told of this stay. */
    changed: z.array(z.string()),
    sentAt: Instant,
  }),
  event('NoticeDelivered', { ...subject, by: ProfessionalId, deliveredAt: Instant }),
  event('NoticeRead', { ...subject, by: ProfessionalId, readAt: Instant }),
  event('NoticeActedUpon', {
    ...subject,
    by: ProfessionalId,
    action: z.enum(['acknowledged', 'accepted', 'handled']),
    actedAt: Instant,
  }),
  /** "Not my patient": ends the recipient's access at once, and opens a misdirection. */
  event('NoticeReturned', {
    ...subject,
    stayId: StayId,
    recipient: Recipient,
    role: CircleRole,
    by: ProfessionalId,
    returnedAt: Instant,
  }),
  event('MisdirectionClosed', {
    ...subject,
    by: ProfessionalId,
    outcome: z.enum(['recipientCorrected', 'recipientConfirmed', 'nobodyToTell']),
    closedAt: Instant,
  }),
])
export type NoticeEvent = z.infer<typeof NoticeEvent>

export const noticeEvents = {
  category: 'notice',
  routing: ['noticeId', 'patientId'],
  sealedBy: 'patientId',
  schema: NoticeEvent,
  versions: {
    NoticeSent: 1,
    NoticeDelivered: 1,
    NoticeRead: 1,
    NoticeActedUpon: 1,
    NoticeReturned: 1,
    MisdirectionClosed: 1,
  },
  upcasts: {},
} satisfies EventFamily<NoticeEvent>
