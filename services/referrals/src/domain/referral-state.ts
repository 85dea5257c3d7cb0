import type { CircleRole } from '@relais/contracts/patients'
import type { Instant, ProfessionalId, Recipient } from '@relais/contracts/primitives'
import type { DeclineReason, QuestionId, ReferralEvent, StoodDownBecause } from '@relais/contracts/referrals'
import type { Work } from '@relais/contracts/work'

export type Data<Type extends ReferralEvent['type']> = Extract<ReferralEvent, { type: Type }>['data']

/** How far one recipient has come. */
export type Standing =
  | { status: 'asked' }
  | { status: 'declined'; reason: DeclineReason; comment: string | undefined }
  | { status: 'redirected'; to: Recipient; reason: DeclineReason }
  | { status: 'accepted' }
  | { status: 'scheduled' | 'noShow'; startsAt: Instant; place: string | undefined }
  | { status: 'seen'; seenAt: Instant }
  | { status: 'answered'; answer: string; attachments: readonly string[] }
  | { status: 'stoodDown'; because: StoodDownBecause }

export type ReceiverState = {
  recipient: Recipient
  role: CircleRole | undefined
  askedAt: Instant
  answerBy: Instant
  /** In whose absence he or she was asked. */
  standsInFor: Recipient | undefined
  takenFor: ProfessionalId | undefined
  accepted: { by: ProfessionalId; at: Instant } | undefined
  isOverdue: boolean
  standing: Standing
}

export type Question = {
  questionId: QuestionId
  recipient: Recipient
  question: string
  askedAt: Instant
  answer: string | undefined
}

export type Known = {
  status: 'open' | 'closed' | 'cancelled'
  request: Data<'ReferralRequested'>
  /** In the order in which they were asked. */
  receivers: readonly ReceiverState[]
  questions: readonly Question[]
  isWidened: boolean
  escalated: readonly number[]
  isPromiseSettled: boolean
  isStayWithdrawn: boolean
  /** What was last asked of each, or said of it. */
  items: ReadonlyMap<Recipient, Work['state']>
}
export type ReferralState = { status: 'unknown' } | Known

type Fact = Exclude<ReferralEvent, { type: 'ReferralRequested' }>

/** What is known after one more fact. */
export function evolve(state: ReferralState, event: ReferralEvent): ReferralState {
  if (event.type === 'ReferralRequested') return state.status === 'unknown' ? requested(event.data) : state
  return state.status === 'unknown' ? state : evolveKnown(state, event)
}

/** The same for a referral that there is. */
export function evolveKnown(state: Known, event: Fact): Known {
  switch (event.type) {
    case 'ReferralWidened':
      return { ...state, isWidened: true }
    case 'ReferralEscalated':
      return { ...state, escalated: [...state.escalated, event.data.rung] }
    case 'PromiseKept':
    case 'PromiseMissed':
      return { ...state, isPromiseSettled: true }
    case 'ReferralClosed':
      return { ...state, status: 'closed' }
    case 'ReferralCancelled':
      return { ...state, status: 'cancelled' }
    case 'WorkGiven': {
      const { recipient, nature, state: item } = event.data.work
      const items = new Map(state.items).set(recipient, item)
      return { ...state, items, isStayWithdrawn: state.isStayWithdrawn || nature === 'stayWithdrawn' }
    }
    case 'InformationAsked':
    case 'InformationGiven':
      return { ...state, questions: questionsAfter(state.questions, event) }
    default:
      return { ...state, receivers: receiversAfter(state.receivers, event) }
  }
}

function requested(request: Data<'ReferralRequested'>): Known {
  return {
    status: 'open',
    request,
    receivers: [],
    questions: [],
    isWidened: request.priority === undefined,
    escalated: [],
    isPromiseSettled: false,
    isStayWithdrawn: false,
    items: new Map(),
  }
}

type Information = Extract<Fact, { type: 'InformationAsked' | 'InformationGiven' }>

function questionsAfter(questions: readonly Question[], { type, data }: Information): readonly Question[] {
  const { questionId, recipient } = data
  if (type === 'InformationAsked')
    return [...questions, { questionId, recipient, ...questionOf(data), answer: undefined }]
  const answer = data.answer.documentId
  return questions.map((question) => (question.questionId === questionId ? { ...question, answer } : question))
}

function questionOf({ question, askedAt }: Data<'InformationAsked'>) {
  return { question: question.documentId, askedAt }
}

type OfReceiver = Exclude<
  Fact,
  | Information
  | { type: 'ReferralWidened' | 'ReferralEscalated' | 'PromiseKept' | 'PromiseMissed' }
  | { type: 'ReferralClosed' | 'ReferralCancelled' | 'WorkGiven' }
>

function receiversAfter(receivers: readonly ReceiverState[], event: OfReceiver): readonly ReceiverState[] {
  const { recipient } = event.data
  if (event.type === 'ReceiverAsked') return [...receivers, askedNow(event.data)]
  return receivers.map((receiver) => (receiver.recipient === recipient ? receiverAfter(receiver, event) : receiver))
}

function askedNow({ recipient, role, askedAt, answerBy, standsInFor }: Data<'ReceiverAsked'>): ReceiverState {
  const nothingYet = { takenFor: undefined, accepted: undefined, isOverdue: false }
  return { recipient, role, askedAt, answerBy, standsInFor, ...nothingYet, standing: { status: 'asked' } }
}

function receiverAfter(receiver: ReceiverState, event: Exclude<OfReceiver, { type: 'ReceiverAsked' }>): ReceiverState {
  switch (event.type) {
    case 'ReferralTaken':
      return { ...receiver, takenFor: event.data.for }
    case 'ReferralReleased':
      return { ...receiver, takenFor: undefined }
    case 'AnswerOverdue':
      return { ...receiver, isOverdue: true }
    case 'ReferralAccepted': {
      const { by, acceptedAt: at } = event.data
      return { ...receiver, accepted: { by, at }, standing: { status: 'accepted' } }
    }
    default:
      return { ...receiver, standing: standingAfter(event) }
  }
}

type Moving = Exclude<
  OfReceiver,
  { type: 'ReceiverAsked' | 'ReferralTaken' | 'ReferralReleased' | 'ReferralAccepted' | 'AnswerOverdue' }
>

function standingAfter({ type, data }: Moving): Standing {
  switch (type) {
    case 'ReferralDeclined':
      return { status: 'declined', reason: data.reason, comment: data.comment?.documentId }
    case 'ReferralRedirected':
      return { status: 'redirected', to: data.to, reason: data.reason }
    case 'AppointmentScheduled':
    case 'AppointmentMoved':
      return { status: 'scheduled', startsAt: data.startsAt, place: data.place }
    case 'NoShowRecorded':
      return { status: 'noShow', startsAt: data.startsAt, place: undefined }
    case 'PatientSeen':
      return { status: 'seen', seenAt: data.seenAt }
    case 'ReferralAnswered': {
      const attachments = data.attachments.map(({ document }) => document.documentId)
      return { status: 'answered', answer: data.answer.documentId, attachments }
    }
    case 'ReceiverStoodDown':
      return { status: 'stoodDown', because: data.because }
  }
}
