import {
  type Announcement,
  type Awaiting,
  type FieldProblem,
  isAnnouncement,
  type MessageEvent,
  type RepairEdit,
} from '@relais/contracts/messages'
import type { DocumentRef, Instant, PatientId, StayId } from '@relais/contracts/primitives'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'

type Quarantined = Extract<MessageEvent, { type: 'MessageQuarantined' }>['data']
type Ignored = Extract<MessageEvent, { type: 'MessageIgnored' }>['data']
type Refused = Extract<MessageEvent, { type: 'MessageRefused' }>['data']
type Repeated = Extract<MessageEvent, { type: 'MessageRepeated' }>['data']
type DossierMoved = Extract<MessageEvent, { type: 'DossierMoved' }>

type Quarantine = { type: 'Quarantine'; details: Quarantined }
type Ignore = { type: 'Ignore'; details: Ignored }
/** That it came, where nothing else tells. */
type Refuse = { type: 'Refuse'; details: Refused }
type NoteRepeat = { type: 'NoteRepeat'; details: Repeated }
/** What a message says without bearing on a stay of its own. */
type Announce = { type: 'Announce'; announcement: Announcement | DossierMoved }
type Repair = { type: 'Repair'; edits: readonly RepairEdit[]; raw: DocumentRef; at: Instant }
type View = { type: 'View'; at: Instant }
type RecordReplay = {
  type: 'RecordReplay'
  cause: 'person' | 'arrival'
  at: Instant
  result:
    | { outcome: 'accepted'; stayId?: StayId; patientId: PatientId }
    | { outcome: 'ignored' }
    | { outcome: 'quarantined'; problems: readonly FieldProblem[]; awaiting?: Awaiting | undefined }
}
export type MessageCommand = Quarantine | Ignore | Refuse | NoteRepeat | Announce | Repair | View | RecordReplay

export type MessageRejection = { code: 'messageUnknown' } | { code: 'messageResolved' }

type Held = Pick<Quarantined, 'messageId' | 'keyOwner' | 'senderId' | 'raw'>
export type Tended = {
  status: 'waiting' | 'repaired' | 'resolved'
  original: Quarantined
  problems: readonly FieldProblem[]
  /** Whether the arrival of a movement replays it, as far as is known. */
  awaits: boolean
  announced: boolean
} & Held
export type MessageState =
  | { status: 'unknown' | 'refused' | 'repeated' }
  | ({ status: 'ignored' | 'announced' } & Held)
  | Tended

type MessageDecision = Decision<MessageEvent, MessageRejection>

function evolve(state: MessageState, event: MessageEvent): MessageState {
  if (event.type === 'MessageQuarantined')
    return {
      ...held(event.data),
      status: 'waiting',
      original: event.data,
      problems: event.data.problems,
      awaits: event.data.awaiting !== undefined,
      announced: state.status === 'announced',
    }
  if (event.type === 'MessageIgnored') return { ...held(event.data), status: 'ignored' }
  if (event.type === 'MessageRefused') return { status: 'refused' }
  if (event.type === 'MessageRepeated') return { status: 'repeated' }
  if (isAnnouncement(event) || event.type === 'DossierMoved')
    return 'original' in state ? { ...state, announced: true } : { ...held(event.data), status: 'announced' }
  if (!('original' in state)) return state
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
      return isUnheard(state) ? accept({ type: 'MessageQuarantined', data: command.details }) : accept()
    case 'Ignore':
      return state.status === 'unknown' ? accept({ type: 'MessageIgnored', data: command.details }) : accept()
    case 'Refuse':
      return state.status === 'unknown' ? accept({ type: 'MessageRefused', data: command.details }) : accept()
    case 'NoteRepeat':
      return state.status === 'unknown' ? accept({ type: 'MessageRepeated', data: command.details }) : accept()
    case 'Announce':
      return isAnnounced(state) ? accept() : accept(command.announcement)
    case 'Repair':
    case 'View':
    case 'RecordReplay':
      if (!('original' in state)) return reject({ code: 'messageUnknown' })
      return tend(command, state)
  }
}

/** What it said then was known; what it says now may be a reason to wait. */
function isUnheard({ status }: MessageState): boolean {
  return status === 'unknown' || status === 'repeated'
}

/** It says so once, whether it waited in quarantine or not. */
function isAnnounced(state: MessageState): boolean {
  return 'original' in state ? state.announced : state.status === 'announced'
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
    const unchanged = state.status === 'waiting' && areSame(state.problems, result.problems)
    if (unchanged) return accept()
    const awaiting = result.awaiting ? { awaiting: result.awaiting } : {}
    const data = { ...replayed, outcome: 'quarantined' as const, problems: [...result.problems], ...awaiting }
    return accept({ type: 'MessageReplayed', data })
  }
  const resolution = result.outcome === 'accepted' ? resolved(result) : {}
  return accept({
    type: 'MessageReplayed',
    data: { ...replayed, outcome: 'accepted', problems: [], ...resolution },
  })
}

/** MUST look at what they say, because their fields come in another order from where they were read. */
function areSame(some: readonly FieldProblem[], others: readonly FieldProblem[]): boolean {
  const written = (problems: readonly FieldProblem[]) =>
    JSON.stringify(problems.map(({ path, code, text }) => [path, code, text]))
  return written(some) === written(others)
}

/** What was said of a patient without a stay names none. */
function resolved({ stayId, patientId }: { stayId?: StayId; patientId: PatientId }) {
  return stayId === undefined ? { patientId } : { stayId, patientId }
}

export const message: Decider<MessageCommand, MessageEvent, MessageState, MessageRejection> = {
  initialState: { status: 'unknown' },
  evolve,
  decide,
}
