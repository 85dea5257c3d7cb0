import type { DocumentRef, Recipient } from '@relais/contracts/primitives'
import type { ReceiverStatus, ReceiverView, ReferralView } from '@relais/contracts/referral-views'
import { promiseDueAt, type ReferralEvent, type ReferralParty } from '@relais/contracts/referrals'
import { type Data, evolve, type Known, type Question, type ReceiverState } from './referral-state.ts'

export type Viewer = {
  party: ReferralParty
  /** Of those who were asked, for whom the viewer may answer. */
  recipients: readonly Recipient[]
  /** A secretary sorts what came without reading what it says. */
  readsClinical: boolean
}
type Seen = { events: readonly ReferralEvent[]; viewer: Viewer; reached: ReadonlySet<string> }

/** A referral as a party may see it; `undefined` where it was never requested. `reached` are those to whom it was delivered. */
export function referralView({ events, viewer, reached }: Seen): ReferralView | undefined {
  const state = events.reduce(evolve, { status: 'unknown' })
  if (state.status === 'unknown') return undefined
  const own = state.receivers.filter(({ recipient }) => viewer.recipients.includes(recipient))
  const shown = viewer.party === 'requester' ? state.receivers : own
  const isInvolved = viewer.party === 'requester' || own.some(isStillInvolved)
  const knowsWho = viewer.party === 'requester' || (isInvolved && own.some(knowsPatient(state)))
  const { request } = state
  const { told: _, ...from } = request.from
  const { referralId, kind, urgency, title, mode, answerBy, requestedAt, identityWithheld } = request
  const promise = promiseOf(state, events)
  const content = viewer.readsClinical && isInvolved
  const documents = documentsIn(events)
  return {
    referralId,
    party: viewer.party,
    status: state.status,
    kind,
    urgency,
    title,
    from,
    mode,
    answerBy,
    requestedAt,
    identityWithheld,
    ...(knowsWho ? { patientId: request.patientId } : {}),
    ...(knowsWho && request.stayId ? { stayId: request.stayId } : {}),
    ...(promise ? { promise } : {}),
    ...(content ? { question: request.question } : {}),
    // What is attached may well say who the patient is.
    ...(content && knowsWho ? { attachments: request.attachments } : {}),
    receivers: shown.map((receiver) => {
      const questions = state.questions.filter(({ recipient }) => recipient === receiver.recipient)
      const view = receiverView(receiver, { questions, isReached: reached.has(receiver.recipient) })
      return viewer.readsClinical ? { ...view, ...clinicalOf(receiver, { questions, documents, events }) } : view
    }),
  }
}

/** Every document of a view: whoever sees the view may read them, and no others. */
export function documentsOf({ question, attachments = [], receivers }: ReferralView): DocumentRef[] {
  const said = receivers.flatMap(({ declined, answer, questions }) => [
    declined?.comment,
    answer?.answer,
    ...(answer?.attachments.map(({ document }) => document) ?? []),
    ...questions.flatMap((each) => [each.question, each.answer]),
  ])
  return [question, ...attachments.map(({ document }) => document), ...said].filter((each) => each !== undefined)
}

const isStillInvolved = (receiver: ReceiverState) =>
  receiver.accepted !== undefined || receiver.standing.status === 'asked'

const knowsPatient =
  ({ request }: Known) =>
  ({ accepted }: ReceiverState) =>
    !request.identityWithheld || accepted !== undefined

function promiseOf({ request }: Known, events: readonly ReferralEvent[]): ReferralView['promise'] {
  const { promise, requestedAt } = request
  if (!promise) return undefined
  const settled = events.find(({ type }) => type === 'PromiseKept' || type === 'PromiseMissed')
  const isKept = settled ? { isKept: settled.type === 'PromiseKept' } : {}
  return { promise, dueAt: promiseDueAt(promise, requestedAt), ...isKept }
}

type Beside = { questions: readonly Question[]; isReached: boolean }

function receiverView(receiver: ReceiverState, beside: Beside): ReceiverView {
  const { recipient, role, askedAt, answerBy, isOverdue, takenFor, accepted, standing } = receiver
  return {
    recipient,
    ...(role ? { role } : {}),
    status: statusOf(receiver, beside),
    askedAt,
    answerBy,
    isOverdue,
    ...(takenFor ? { takenFor } : {}),
    ...(accepted ? { acceptedBy: accepted.by } : {}),
    ...(standing.status === 'declined' ? { declined: { reason: standing.reason } } : {}),
    ...(standing.status === 'redirected' ? { redirected: { to: standing.to, reason: standing.reason } } : {}),
    ...(standing.status === 'scheduled' || standing.status === 'noShow'
      ? { appointment: appointmentOf(standing) }
      : {}),
    ...(standing.status === 'seen' ? { seenAt: standing.seenAt } : {}),
    questions: [],
  }
}

function appointmentOf({ startsAt, place }: Extract<ReceiverState['standing'], { startsAt: string }>) {
  return { startsAt, ...(place === undefined ? {} : { place }) }
}

function statusOf({ standing }: ReceiverState, { questions, isReached }: Beside): ReceiverStatus {
  if (standing.status === 'stoodDown') return standing.because === 'cancelled' ? 'cancelled' : 'closed'
  if (standing.status !== 'asked') return standing.status
  if (questions.some(({ answer }) => answer === undefined)) return 'moreInfo'
  return isReached ? 'received' : 'sent'
}

type Sources = {
  questions: readonly Question[]
  documents: ReadonlyMap<string, DocumentRef>
  events: readonly ReferralEvent[]
}

/** What one who was asked has said, in words. */
function clinicalOf({ recipient, standing }: ReceiverState, { questions, documents, events }: Sources) {
  const of = (id: string | undefined) => (id === undefined ? undefined : documents.get(id))
  const declined = standing.status === 'declined' ? standing : undefined
  const comment = of(declined?.comment)
  const answered = events.find((event) => event.type === 'ReferralAnswered' && event.data.recipient === recipient)
  const answer = answered?.type === 'ReferralAnswered' ? answerOf(answered.data) : undefined
  return {
    ...(declined ? { declined: { reason: declined.reason, ...(comment ? { comment } : {}) } } : {}),
    ...(answer ? { answer } : {}),
    questions: questions.flatMap((each) => {
      const [question, given] = [of(each.question), of(each.answer)]
      const { questionId, askedAt } = each
      return question ? [{ questionId, question, askedAt, ...(given ? { answer: given } : {}) }] : []
    }),
  }
}

function answerOf({ answer, attachments }: Data<'ReferralAnswered'>) {
  return { answer, attachments }
}

function documentsIn(events: readonly ReferralEvent[]): ReadonlyMap<string, DocumentRef> {
  const found = events.flatMap(({ data }) => [
    ...('question' in data ? [data.question] : []),
    ...('comment' in data && data.comment ? [data.comment] : []),
    ...('answer' in data ? [data.answer] : []),
  ])
  return new Map(found.map((document) => [document.documentId, document]))
}
