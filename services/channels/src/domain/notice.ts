import type { MisdirectionOutcome, NoticeAction, NoticeEvent, NoticeId } from '@relais/contracts/notices'
import { withoutResponsibility } from '@relais/contracts/pathway'
import type { Instant, PatientId, ProfessionalId } from '@relais/contracts/primitives'
import { accept, type Decider, type Decision, reject } from '@relais/decider/decider'

type Fact<Type extends NoticeEvent['type']> = Extract<NoticeEvent, { type: Type }>
type Said = { noticeId: NoticeId; by: ProfessionalId; at: Instant }

type Send = { type: 'Send'; details: Fact<'NoticeSent'>['data'] }
type SendWork = { type: 'SendWork'; details: Fact<'WorkNoticeSent'>['data'] }
type RecordDelivered = { type: 'RecordDelivered' } & Said
type RecordRead = { type: 'RecordRead' } & Said
type RecordActed = { type: 'RecordActed'; action: NoticeAction } & Said
/** The work was done where it is done: a referral answered, a step done. */
type RecordWorkDone = { type: 'RecordWorkDone' } & Said
/** Not my patient, under any of his or her ids. */
type Return = { type: 'Return'; alsoOf: readonly PatientId[] } & Said
type CloseMisdirection = { type: 'CloseMisdirection'; outcome: MisdirectionOutcome } & Said
type ReceiptCommand = RecordDelivered | RecordRead | RecordActed | RecordWorkDone
export type NoticeCommand = Send | SendWork | ReceiptCommand | Return | CloseMisdirection

export type NoticeRejection =
  | { code: 'noticeUnknown' }
  | { code: 'noticeIdReused' }
  | { code: 'alreadyActedUpon'; action: NoticeAction }
  | { code: 'alreadyReturned' }
  /** Work is acted upon where it is done. */
  | { code: 'actedElsewhere' }
  /** A notice of work: a referral is declined, a step handed on. */
  | { code: 'notReturnable' }
  | { code: 'misdirectionUnknown' }
  | { code: 'misdirectionClosed'; outcome: MisdirectionOutcome }

/** What every later fact about a notice repeats, so that its readers need no lookup. */
type Subject = Omit<Fact<'NoticeDelivered'>['data'], 'by' | 'deliveredAt'>
type Sent = {
  subject: Subject
  /** When what it tells of happened. */
  happenedAt: Instant
  /** Work that to acknowledge is not to do. */
  isToBeDone: boolean
  delivered: boolean
  read: boolean
  action: NoticeAction | undefined
  returnedBy: ProfessionalId | undefined
  outcome: MisdirectionOutcome | undefined
}
export type NoticeState = { status: 'notSent' } | ({ status: 'sent' } & Sent)

type NoticeDecision = Decision<NoticeEvent, NoticeRejection>

function evolve(state: NoticeState, event: NoticeEvent): NoticeState {
  if (event.type === 'NoticeSent' || event.type === 'WorkNoticeSent')
    return state.status === 'sent' ? state : sent(event)
  if (state.status === 'notSent') return state
  switch (event.type) {
    case 'NoticeDelivered':
      return { ...state, delivered: true }
    case 'NoticeRead':
      return { ...state, read: true }
    case 'NoticeActedUpon':
      return { ...state, action: event.data.action }
    case 'NoticeReturned':
      return { ...state, returnedBy: event.data.by }
    case 'MisdirectionClosed':
      return { ...state, outcome: event.data.outcome }
  }
}

function sent(event: Fact<'NoticeSent' | 'WorkNoticeSent'>): NoticeState {
  const subject = subjectOf(event)
  const { happenedAt } = event.data
  const isToBeDone = event.type === 'WorkNoticeSent' && isToDo(event.data.work)
  const receipts = { delivered: false, read: false, action: undefined, returnedBy: undefined, outcome: undefined }
  return { status: 'sent', subject, happenedAt, isToBeDone, ...receipts }
}

/** Of what is asked no more, there is only to know. */
function isToDo({ state, expected }: Fact<'WorkNoticeSent'>['data']['work']): boolean {
  return state === 'open' && expected.action !== 'acknowledge'
}

function subjectOf({ type, data }: Fact<'NoticeSent' | 'WorkNoticeSent'>): Subject {
  const { noticeId, patientId, recipient } = data
  const subject = { noticeId, patientId, recipient }
  if (type === 'NoticeSent') {
    const { stayId, role, standing } = data
    const wards = standing.wards.map(withoutResponsibility)
    return { ...subject, stayId, role, facility: standing.facility, wards }
  }
  const { subject: work, from, withheld } = data.work
  const facility = from.organisation === undefined ? {} : { facility: from.organisation }
  return { ...subject, work, wards: from.wards, ...facility, ...(withheld ? { withheld } : {}) }
}

function decide(command: NoticeCommand, state: NoticeState): NoticeDecision {
  if (command.type === 'Send') return send({ type: 'NoticeSent', data: command.details }, state)
  if (command.type === 'SendWork') return send({ type: 'WorkNoticeSent', data: command.details }, state)
  if (state.status === 'notSent') return reject({ code: 'noticeUnknown' })
  switch (command.type) {
    case 'RecordDelivered':
    case 'RecordRead':
    case 'RecordActed':
    case 'RecordWorkDone':
      return record(command, state)
    case 'Return':
      return returned(command, state)
    case 'CloseMisdirection':
      return close(command, state)
  }
}

/** The same notice is sent again after a restart, perhaps in other words: what was sent stands. */
function send(event: Fact<'NoticeSent' | 'WorkNoticeSent'>, state: NoticeState): NoticeDecision {
  if (state.status === 'notSent') return accept(event)
  const [known, said] = [state.subject, subjectOf(event)]
  const isSame = known.recipient === said.recipient && known.stayId === said.stayId && isSameWork(known, said)
  return isSame ? accept() : reject({ code: 'noticeIdReused' })
}

function isSameWork({ work: one }: Subject, { work: other }: Subject): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** Each receipt once, by whoever was first; none says anything of the others. */
function record(command: ReceiptCommand, state: Sent): NoticeDecision {
  if (isKnown(command, state)) return accept()
  if (command.type === 'RecordActed' && state.isToBeDone) return reject({ code: 'actedElsewhere' })
  if (state.returnedBy !== undefined) return reject({ code: 'alreadyReturned' })
  if (command.type === 'RecordActed' && state.action !== undefined)
    return reject({ code: 'alreadyActedUpon', action: state.action })
  return accept(receipt(command, state))
}

function isKnown(command: ReceiptCommand, state: Sent): boolean {
  switch (command.type) {
    case 'RecordDelivered':
      return state.delivered
    case 'RecordRead':
      return state.read
    case 'RecordActed':
      return state.action === command.action
    case 'RecordWorkDone':
      // Heard of again, what was done before says nothing of what was asked since.
      return state.action !== undefined || command.at < state.happenedAt
  }
}

function receipt(command: ReceiptCommand, { subject }: Sent): NoticeEvent {
  const { by, at } = command
  switch (command.type) {
    case 'RecordDelivered':
      return { type: 'NoticeDelivered', data: { ...subject, by, deliveredAt: at } }
    case 'RecordRead':
      return { type: 'NoticeRead', data: { ...subject, by, readAt: at } }
    case 'RecordActed':
      return { type: 'NoticeActedUpon', data: { ...subject, by, action: command.action, actedAt: at } }
    case 'RecordWorkDone':
      return { type: 'NoticeActedUpon', data: { ...subject, by, action: 'handled', actedAt: at } }
  }
}

function returned({ by, at, alsoOf }: Return, { subject, returnedBy }: Sent): NoticeDecision {
  if (returnedBy !== undefined) return returnedBy === by ? accept() : reject({ code: 'alreadyReturned' })
  const told = ofStay(subject)
  if (told === undefined) return reject({ code: 'notReturnable' })
  return accept({ type: 'NoticeReturned', data: { ...told, by, alsoOf: [...alsoOf], returnedAt: at } })
}

function close({ by, at, outcome }: CloseMisdirection, state: Sent): NoticeDecision {
  const told = ofStay(state.subject)
  if (state.returnedBy === undefined || told === undefined) return reject({ code: 'misdirectionUnknown' })
  if (state.outcome === outcome) return accept()
  if (state.outcome !== undefined) return reject({ code: 'misdirectionClosed', outcome: state.outcome })
  return accept({ type: 'MisdirectionClosed', data: { ...told, by, outcome, closedAt: at } })
}

function ofStay({ noticeId, patientId, recipient, stayId, role, facility, wards }: Subject) {
  if (stayId === undefined || role === undefined || facility === undefined) return undefined
  return { noticeId, patientId, recipient, stayId, role, facility, wards }
}

/** Something sent to someone about a stay, or asked of someone, its receipts, and what came of it where it was sent to the wrong person. */
export const notice: Decider<NoticeCommand, NoticeEvent, NoticeState, NoticeRejection> = {
  initialState: { status: 'notSent' },
  evolve,
  decide,
}
