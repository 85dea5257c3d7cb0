import { createRoute, z } from '@hono/zod-openapi'
import { Attachment } from './conversations.ts'
import { DocumentRef, Instant, PatientId, PlainText, ProfessionalId, Recipient, StayId } from './primitives.ts'
import { Figure, FigureEvent, Month, ReferralItem, ReferralStatistics, ReferralView } from './referral-views.ts'
import {
  CancelReason,
  DeclineReason,
  MOST_RUNGS,
  Priority,
  QuestionId,
  Receiver,
  ReferralKind,
  ReferralMode,
  ReferralPromise,
  ReferralTitle,
  Rung,
} from './referrals.ts'
import { bearer, body, json, PositionHeaders, problems } from './route-parts.ts'
import { ReferralId, Urgency } from './work.ts'

const referral = z.strictObject({ referralId: ReferralId })
const said = { 204: { description: 'On record; `relais-position` says from where on' }, default: problems }

/** Clinical text: it goes to the vault, and nowhere else. */
const Text = z.string().trim().min(1).max(10_000)
const NamedReceiver = Receiver.strict()
const receivers = z.array(NamedReceiver).min(1).max(20)
/** What was sent before (`POST /attachments`, or of an answer `POST /referrals/{id}/attachments`), of this patient. */
const attachments = z.array(Attachment.strict()).max(20).default([])
/** As whom the actor speaks, where he or she may answer for several of those who were asked. */
const speaking = { recipient: Recipient.optional() }

const MONTH_MILLISECONDS = 31 * 24 * 3_600_000
const WrittenRung = Rung.omit({ at: true, receivers: true })
  .extend({
    after: Rung.shape.after.min(-MONTH_MILLISECONDS).max(MONTH_MILLISECONDS),
    clock: Rung.shape.clock.default('plain'),
    receivers,
  })
  .strict()
  .refine(({ clock, after }) => clock === 'plain' || after >= 0, {
    path: ['after'],
    message: 'Hours of opening are counted forward',
  })

export const RequestReferralBody = z.strictObject({
  patientId: PatientId,
  stayId: StayId.optional(),
  kind: ReferralKind,
  urgency: Urgency,
  title: ReferralTitle,
  question: Text,
  attachments,
  receivers,
  mode: ReferralMode,
  answerBy: Instant,
  identityWithheld: z.boolean().default(false),
  priority: Priority.extend({ recipients: Priority.shape.recipients.max(20) })
    .strict()
    .optional(),
  ladder: z.array(WrittenRung).max(MOST_RUNGS).default([]),
  /** Of unscheduled care; `snp24` unless it is said. */
  promise: ReferralPromise.optional(),
})
export type RequestReferralBody = z.infer<typeof RequestReferralBody>

export const requestReferral = createRoute({
  method: 'post',
  path: '/referrals/{referralId}',
  summary: 'Ask one or several others about a patient. The same body under the same id again is the same request',
  security: bearer,
  request: { params: referral, ...body(RequestReferralBody) },
  responses: said,
})

/** One act on a referral: its last step in the path says which. */
const act = <const Path extends string, Schema extends z.ZodType>(path: Path, summary: string, schema: Schema) =>
  createRoute({
    method: 'post',
    path: `/referrals/{referralId}/${path}` as const,
    summary,
    security: bearer,
    request: { params: referral, ...body(schema) },
    responses: said,
  })

export const askOthers = act('receivers', 'The requester asks others besides', z.strictObject({ receivers }))
export const takeReferral = act(
  'take',
  'Somebody of a queue sees to it, or a colleague is to',
  z.strictObject({ ...speaking, for: ProfessionalId.optional() }),
)
export const releaseReferral = act('release', 'Back to the queue', z.strictObject(speaking))
export const acceptReferral = act(
  'accept',
  'Accept. Where the first acceptance counts, it releases the others',
  z.strictObject(speaking),
)
export const declineReferral = act(
  'decline',
  'Decline, with a reason',
  z.strictObject({ ...speaking, reason: DeclineReason, comment: Text.optional() }),
)
export const redirectReferral = act(
  'redirect',
  'Name somebody else, who is asked instead',
  z.strictObject({ ...speaking, to: Recipient, reason: DeclineReason }),
)
export const askQuestion = act(
  'questions',
  'Ask the requester for more',
  z.strictObject({ ...speaking, questionId: QuestionId, question: Text }),
)
export const answerQuestion = act(
  'answers',
  'The requester answers a question',
  z.strictObject({ questionId: QuestionId, answer: Text }),
)
export const scheduleReferral = act(
  'appointment',
  'Give an appointment, or another one instead',
  z.strictObject({ ...speaking, startsAt: Instant, place: PlainText.min(1).max(200).optional() }),
)
export const recordNoShow = act(
  'no-show',
  'The patient did not come to this appointment',
  z.strictObject({ ...speaking, startsAt: Instant }),
)
export const recordSeen = act('seen', 'The patient was seen', z.strictObject({ ...speaking, seenAt: Instant }))
export const answerReferral = act(
  'answer',
  'Say what came of it',
  z.strictObject({ ...speaking, answer: Text, attachments }),
)
/** Read as it arrives, like every file: the limit on bodies is for those that are read whole. */
export const sendReferralFile = createRoute({
  method: 'post',
  path: '/referrals/{referralId}/attachments',
  summary: 'Send a file before the answer that refers to it, as one who was asked',
  security: bearer,
  request: {
    params: referral,
    query: z.strictObject({
      documentId: z.uuid().lowercase().describe('Chosen by the sender: sent again, the same file is kept once'),
    }),
    body: { required: true, content: { 'application/octet-stream': { schema: z.string() } } },
  },
  responses: { 200: json(DocumentRef, 'Kept'), default: problems },
})
export const closeReferral = act('close', 'The requester has what was wanted', z.strictObject({}))
export const cancelReferral = act('cancel', 'The requester takes it back', z.strictObject({ reason: CancelReason }))

export const readReferral = createRoute({
  method: 'get',
  path: '/referrals/{referralId}',
  summary: 'A referral, as far as its parties may see it',
  security: bearer,
  request: { params: referral, headers: PositionHeaders },
  responses: { 200: json(ReferralView, 'The referral'), default: problems },
})

export const readReferralDocument = createRoute({
  method: 'get',
  path: '/referrals/{referralId}/documents/{documentId}',
  summary: 'A text or an attachment of a referral',
  security: bearer,
  request: {
    params: referral.extend({ documentId: z.uuid().lowercase() }),
    headers: PositionHeaders,
  },
  responses: {
    200: { content: { 'application/octet-stream': { schema: z.string() } }, description: 'Its bytes' },
    default: problems,
  },
})

const PageCursor = z.string().min(1).max(300)
const page = { after: PageCursor.optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }
const next = { next: PageCursor.optional().describe('Give it back as `after`; absent on the last page') }

export const listReferrals = createRoute({
  method: 'get',
  path: '/referrals',
  summary: 'What the actor sent, what came to him or her, or to the queues of his or her teams; what is due first',
  security: bearer,
  request: {
    query: z.strictObject({
      box: z.enum(['sent', 'received', 'queue']),
      status: z.enum(['open', 'closed']).default('open'),
      ...page,
    }),
    headers: PositionHeaders,
  },
  responses: { 200: json(z.object({ items: z.array(ReferralItem), ...next }), 'A page'), default: problems },
})

const figures = { from: Month, to: Month, recipient: Recipient.optional() }

export const readReferralStatistics = createRoute({
  method: 'get',
  path: '/referrals/statistics',
  summary: 'What was asked from one month until another, what came of it, and how long it took',
  security: bearer,
  request: {
    query: z.strictObject({ ...figures, by: z.enum(['recipient', 'month']).optional() }),
    headers: PositionHeaders,
  },
  responses: { 200: json(ReferralStatistics, 'Figures'), default: problems },
})

export const listFigureEvents = createRoute({
  method: 'get',
  path: '/referrals/statistics/events',
  summary: 'The referrals and the events behind a figure; they name no patient',
  security: bearer,
  request: {
    query: z.strictObject({ ...figures, figure: Figure, reason: DeclineReason.optional(), ...page }),
    headers: PositionHeaders,
  },
  responses: { 200: json(z.object({ events: z.array(FigureEvent), ...next }), 'A page'), default: problems },
})

export const referralRoutes = [
  requestReferral,
  askOthers,
  takeReferral,
  releaseReferral,
  acceptReferral,
  declineReferral,
  redirectReferral,
  askQuestion,
  answerQuestion,
  scheduleReferral,
  recordNoShow,
  recordSeen,
  answerReferral,
  sendReferralFile,
  closeReferral,
  cancelReferral,
  readReferralStatistics,
  listFigureEvents,
  listReferrals,
  readReferral,
  readReferralDocument,
] as const
