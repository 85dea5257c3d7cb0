import type { Awaiting, FieldProblem, MessageEvent, RepairEdit } from '@relais/contracts/messages'
import type { DocumentRef, Instant, PatientId, StayId } from '@relais/contracts/primitives'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'

type Quarantined = Extract<MessageEvent, { type: 'MessageQuarantined' }>['data']
type Ignored = Extract<MessageEvent, { type: 'MessageIgnored' }>['data']

type Quarantine = { type: 'Quarantine'; details: Quarantined }
type Ignore = { type: 'Ignore'; details: Ignored }
type Repair = { type: 'Repair'; edits: readonly RepairEdit[]; raw: DocumentRef; at: Instant }
type View = { type: 'View'; at: Instant }
type RecordReplay = {
  type: 'RecordReplay'
  cause: 'person' | 'arrival'
  at: Instant
  result:
    | { outcome: 'accepted'; stayId: StayId; patientId: PatientId }
    | { outcome: 'ignored' }
    | { outcome: 'quarantined'; problems: readonly FieldProblem[]; awaiting?: Awaiting | undefined }
}
export type MessageCommand = Quarantine | Ignore | Repair | View | RecordReplay

export type MessageRejection = { code: 'messageUnknown' } | { code: 'messageResolved' }

type Held = Pick<Quarantined, 'messageId' | 'keyOwner' | 'senderId' | 'raw'>
export type Tended = {
  status: 'waiting' | 'repaired' | 'resolved'
  original: Quarantined
  problems: readonly FieldProblem[]
  /** Whether the arrival of a movement replays it, as far as is known. */
  awaits: boolean
} & Held
export type MessageState = { status: 'unknown' } | ({ status: 'ignored' } & Held) | Tended

type MessageDecision = Decision<MessageEvent, MessageRejection>

function evolve(state: MessageState, event: MessageEvent): MessageState {
  if (event.type === 'MessageQuarantined')
    return {
      ...held(event.data),
      status: 'waiting',
      original: event.data,
      problems: event.data.problems,
      awaits: event.data.awaiting !== undefined,
    }
  if (event.type === 'MessageIgnored') return { ...held(event.data), status: 'ignored' }
  if (state.status === 'unknown' || state.status === 'ignored') return state
  switch (event.type) {
    case 'MessageRepaired':
      return { ...state, status: 'repaired', raw: event.data.raw }
    case 'MessageReplayed':
      return event.data.outcome === 'accepted'
        ? { ...state, status: 'resolved' }
        : { ...state, status: 'waiting', problems: event.data.problems, awaits: event.data.awaiting !== undefined }
    case 'MessageViewed':
      return state
  }
}

function held({ messageId, keyOwner, senderId, raw }: Held): Held {
  return { messageId, keyOwner, senderId, raw }
}

function decide(command: MessageCommand, state: MessageState): MessageDecision {
  switch (command.type) {
    case 'Quarantine':
      return state.status === 'unknown' ? accept({ type: 'MessageQuarantined', data: command.details }) : accept()
    case 'Ignore':
      return state.status === 'unknown' ? accept({ type: 'MessageIgnored', data: command.details }) : accept()
    case 'Repair':
    case 'View':
    case 'RecordReplay':
      if (state.status === 'unknown' || state.status === 'ignored') return reject({ code: 'messageUnknown' })
      return tend(command, state)
  }
}

function tend(command: Repair | View | RecordReplay, state: Tended): MessageDecision {
  const { messageId, keyOwner, senderId } = state
  const subject = { messageId, keyOwner, senderId }
  switch (command.type) {
    case 'View':
      return accept({ type: 'MessageViewed', data: { ...subject, viewedAt: command.at } })
    case 'Repair':
      if (state.raw.sha256 === command.raw.sha256) return accept()
      if (state.status === 'resolved') return reject({ code: 'messageResolved' })
      return accept({
        type: 'MessageRepaired',
        data: { ...subject, edits: [...command.edits], raw: command.raw, repairedAt: command.at },
      })
    case 'RecordReplay':
      return recordReplay(command, state, subject)
  }
}

function recordReplay(
  { cause, at, result }: RecordReplay,
  state: Tended,
  subject: Pick<Held, 'messageId' | 'keyOwner' | 'senderId'>,
): MessageDecision {
  if (state.status === 'resolved') return accept()
  const replayed = { ...subject, replayedAt: at, cause }
  if (result.outcome === 'quarantined') {
    const unchanged = state.status === 'waiting' && JSON.stringify(state.problems) === JSON.stringify(result.problems)
    if (unchanged) return accept()
    const awaiting = result.awaiting ? { awaiting: result.awaiting } : {}
    const data = { ...replayed, outcome: 'quarantined' as const, problems: [...result.problems], ...awaiting }
    return accept({ type: 'MessageReplayed', data })
  }
  const resolution = result.outcome === 'accepted' ? { stayId: result.stayId, patientId: result.patientId } : {}
  return accept({
    type: 'MessageReplayed',
    data: { ...replayed, outcome: 'accepted', problems: [], ...resolution },
  })
}

export const message: Decider<MessageCommand, MessageEvent, MessageState, MessageRejection> = {
  initialState: { status: 'unknown' },
  evolve,
  decide,
}
