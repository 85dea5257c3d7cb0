import type { MisdirectionOutcome, NoticeAction, NoticeEvent, NoticeId } from '@relais/contracts/notices'
import { withoutResponsibility } from '@relais/contracts/pathway'
import type { Instant, PatientId, ProfessionalId } from '@relais/contracts/primitives'
import { accept, type Decider, type Decision, reject } from '@relais/decider/decider'

type Fact<Type extends NoticeEvent['type']> = Extract<NoticeEvent, { type: Type }>
type Said = { noticeId: NoticeId; by: ProfessionalId; at: Instant }

type Send = { type: 'Send'; details: Fact<'NoticeSent'>['data'] }
type RecordDelivered = { type: 'RecordDelivered' } & Said
type RecordRead = { type: 'RecordRead' } & Said
type RecordActed = { type: 'RecordActed'; action: NoticeAction } & Said
/** Not my patient, under any of his or her ids. */
type Return = { type: 'Return'; alsoOf: readonly PatientId[] } & Said
type CloseMisdirection = { type: 'CloseMisdirection'; outcome: MisdirectionOutcome } & Said
type ReceiptCommand = RecordDelivered | RecordRead | RecordActed
export type NoticeCommand = Send | ReceiptCommand | Return | CloseMisdirection

export type NoticeRejection =
  | { code: 'noticeUnknown' }
  | { code: 'noticeIdReused' }
  | { code: 'alreadyActedUpon'; action: NoticeAction }
  | { code: 'alreadyReturned' }
  | { code: 'misdirectionUnknown' }
  | { code: 'misdirectionClosed'; outcome: MisdirectionOutcome }

/** What every later fact about a notice repeats, so that its readers need no lookup. */
type Subject = Omit<Fact<'NoticeDelivered'>['data'], 'by' | 'deliveredAt'>
type Sent = {
  subject: Subject
  delivered: boolean
  read: boolean
  action: NoticeAction | undefined
  returnedBy: ProfessionalId | undefined
  outcome: MisdirectionOutcome | undefined
}
export type NoticeState = { status: 'notSent' } | ({ status: 'sent' } & Sent)

type NoticeDecision = Decision<NoticeEvent, NoticeRejection>

function evolve(state: NoticeState, event: NoticeEvent): NoticeState {
  if (event.type === 'NoticeSent') return state.status === 'sent' ? state : sent(event.data)
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

function sent({ noticeId, patientId, stayId, recipient, role, standing }: Fact<'NoticeSent'>['data']): NoticeState {
  const wards = standing.wards.map(withoutResponsibility)
  const subject = { noticeId, patientId, stayId, recipient, role, facility: standing.facility, wards }
  const receipts = { delivered: false, read: false, action: undefined, returnedBy: undefined, outcome: undefined }
  return { status: 'sent', subject, ...receipts }
}

function decide(command: NoticeCommand, state: NoticeState): NoticeDecision {
  if (command.type === 'Send') return send(command, state)
  if (state.status === 'notSent') return reject({ code: 'noticeUnknown' })
  switch (command.type) {
    case 'RecordDelivered':
    case 'RecordRead':
    case 'RecordActed':
      return record(command, state)
    case 'Return':
      return returned(command, state)
    case 'CloseMisdirection':
      return close(command, state)
  }
}

/** The same notice is sent again after a restart, perhaps in other words: what was sent stands. */
function send({ details }: Send, state: NoticeState): NoticeDecision {
  if (state.status === 'notSent') return accept({ type: 'NoticeSent', data: details })
  const { stayId, recipient } = state.subject
  const isSame = stayId === details.stayId && recipient === details.recipient
  return isSame ? accept() : reject({ code: 'noticeIdReused' })
}

/** Each receipt once, by whoever was first; none says anything of the others. */
function record(command: ReceiptCommand, state: Sent): NoticeDecision {
  if (isKnown(command, state)) return accept()
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
  }
}

function returned({ by, at, alsoOf }: Return, { subject, returnedBy }: Sent): NoticeDecision {
  if (returnedBy !== undefined) return returnedBy === by ? accept() : reject({ code: 'alreadyReturned' })
  return accept({ type: 'NoticeReturned', data: { ...subject, by, alsoOf: [...alsoOf], returnedAt: at } })
}

function close({ by, at, outcome }: CloseMisdirection, state: Sent): NoticeDecision {
  if (state.returnedBy === undefined) return reject({ code: 'misdirectionUnknown' })
  if (state.outcome === outcome) return accept()
  if (state.outcome !== undefined) return reject({ code: 'misdirectionClosed', outcome: state.outcome })
  return accept({ type: 'MisdirectionClosed', data: { ...state.subject, by, outcome, closedAt: at } })
}

/** Something sent to someone about a stay, its receipts, and what came of it where it was sent to the wrong person. */
export const notice: Decider<NoticeCommand, NoticeEvent, NoticeState, NoticeRejection> = {
  initialState: { status: 'notSent' },
  evolve,
  decide,
}
