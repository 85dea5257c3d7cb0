import type { AskedOfLink, LinkDoubt, LinkEvent, LinkId, LinkReason } from '@relais/contracts/patients'
import type { Authority, Instant, MessageId, PatientId } from '@relais/contracts/primitives'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'
import type { Contradiction } from './contradiction.ts'
import { type KnownLink, obstacleTo } from './link-graph.ts'

type Pair = { linkId: LinkId; patientId: PatientId; otherId: PatientId }
/** A hospital's message: weaker than what a person decided. `links` are those that stand around the two patients. */
export type ReportLink = {
  type: 'ReportLink'
  asked: AskedOfLink
  messageId: MessageId
  authority: Authority
  reportedAt: Instant
  links: readonly KnownLink[]
} & Pair
/** `contradictions` are what the identities of the two say against it. */
type LinkPatients = {
  type: 'LinkPatients'
  reason: LinkReason
  motive: string
  at: Instant
  links: readonly KnownLink[]
  contradictions: readonly Contradiction[]
} & Pair
type UndoLink = { type: 'UndoLink'; motive: string; at: Instant }
type SettleDoubt = {
  type: 'SettleDoubt'
  messageId: MessageId
  outcome: 'applied' | 'dismissed'
  at: Instant
  links: readonly KnownLink[]
}
export type LinkCommand = ReportLink | LinkPatients | UndoLink | SettleDoubt

export type LinkRejection =
  | { code: 'linkUnknown' }
  | { code: 'samePatient' }
  | { code: 'linkContradicts' }
  | { code: 'linkCycle' }
  | { code: 'identitiesContradict'; contradictions: readonly Contradiction[] }
  | { code: 'doubtUnknown' }
  | { code: 'doubtSettled' }
  | { code: 'nothingToUnlink' }

type Said = { source: 'reported' | 'person'; reportedAt: Instant }
type Standing = { reason: LinkReason } & Pair & Said
type Outcome = 'applied' | 'dismissed' | 'explained'
type Doubted = Extract<LinkEvent, { type: 'LinkDoubted' }>['data'] & { outcome?: Outcome }
export type LinkState = {
  handled: readonly MessageId[]
  /** The link that stands. */
  standing?: Standing
  /** When it was last said that there is none. */
  ended?: Said & Pair
  doubts: readonly Doubted[]
}

type LinkDecision = Decision<LinkEvent, LinkRejection>

function evolve(state: LinkState, { type, data }: LinkEvent): LinkState {
  const { linkId, patientId, otherId, messageId } = data
  const pair = { linkId, patientId, otherId }
  const handled = messageId === undefined ? state.handled : [...state.handled, messageId]
  switch (type) {
    case 'PatientsLinked': {
      const { reason, source, reportedAt } = data
      const { ended: _, ...kept } = state
      return { ...kept, handled, standing: { ...pair, reason, source, reportedAt } }
    }
    case 'PatientsUnlinked':
      return endedAt({ ...state, handled }, { ...pair, source: data.source, reportedAt: data.reportedAt })
    case 'LinkDoubted': {
      const doubted = { ...state, handled, doubts: [...state.doubts, data] }
      // The two are said not to be one person, whatever was missing.
      return data.doubt === 'neverLinked'
        ? endedAt(doubted, { ...pair, source: 'reported', reportedAt: data.reportedAt })
        : doubted
    }
    case 'LinkDoubtSettled': {
      const settled = (doubt: Doubted) =>
        doubt.messageId === data.messageId ? { ...doubt, outcome: data.outcome } : doubt
      return { ...state, doubts: state.doubts.map(settled) }
    }
  }
}

function endedAt(state: LinkState, ended: Said & Pair): LinkState {
  const { standing: _, ...kept } = state
  return { ...kept, ended }
}

function decide(command: LinkCommand, state: LinkState): LinkDecision {
  switch (command.type) {
    case 'ReportLink':
      return state.handled.includes(command.messageId) ? accept() : report(command, state)
    case 'LinkPatients':
      return linkPatients(command, state)
    case 'UndoLink':
      return undo(command, state)
    case 'SettleDoubt':
      return settle(command, state)
  }
}

function report(command: ReportLink, state: LinkState): LinkDecision {
  if (command.patientId === command.otherId) return doubted(command, 'samePatient')
  return command.asked === 'unlink' ? reportUnlink(command, state) : reportOne(command, state)
}

/** That two patients are one, merged or linked. A merge the other way round is a contradiction, however old it is. */
function reportOne(command: ReportLink, state: LinkState): LinkDecision {
  const { standing, ended } = state
  const { asked, patientId, reportedAt } = command
  const isMerge = asked === 'merge'
  if (standing) {
    if (isMerge && standing.reason === 'merged' && standing.patientId !== patientId)
      return doubted(command, 'contradictsMerge')
    const saysMore = isMerge && standing.reason !== 'merged'
    if (standing.source === 'person' || (reportedAt <= standing.reportedAt && !saysMore)) return accept()
  }
  if (ended && reportedAt <= ended.reportedAt) return accept(...explained(command, state))
  if (ended?.source === 'person') return doubted(command, 'undoneByPerson')
  const obstacle = isMerge ? obstacleTo(command, command.links) : undefined
  if (obstacle) return doubted(command, obstacle)
  // A link says nothing about which number is kept: what is known of that stays.
  const kept = isMerge
    ? { ...command, reason: 'merged' as const }
    : (standing ?? { ...command, reason: 'linked' as const })
  return accept(linked(kept, command, standing), ...explained(command, state))
}

function reportUnlink(command: ReportLink, { standing, ended }: LinkState): LinkDecision {
  const { linkId, patientId, otherId, messageId, reportedAt } = command
  if (standing && reportedAt < standing.reportedAt) return accept()
  if (standing?.source === 'person') return doubted(command, 'linkedByPerson')
  if (!standing && !ended) return doubted(command, 'neverLinked')
  if (!standing && ended && reportedAt <= ended.reportedAt) return accept()
  const said = { linkId, patientId, otherId, messageId, reportedAt, source: 'reported' as const }
  return accept({ type: 'PatientsUnlinked', data: { ...said, reason: 'unlinked', again: !standing } })
}

/** What comes late may be what an unlink that nobody understood was about. */
function explained({ reportedAt }: ReportLink, { doubts }: LinkState): LinkEvent[] {
  return doubts.filter(isUnexplained).map((doubt) => settledAs(doubt, { outcome: 'explained', at: reportedAt }))
}

const isUnexplained = ({ doubt, outcome }: Doubted) => doubt === 'neverLinked' && outcome === undefined

function linkPatients(command: LinkPatients, { standing }: LinkState): LinkDecision {
  const { patientId, otherId, reason, motive, at, contradictions } = command
  if (patientId === otherId) return reject({ code: 'samePatient' })
  if (standing?.reason === 'merged' && standing.patientId !== patientId) return reject({ code: 'linkContradicts' })
  const isSame = standing?.patientId === patientId && standing.reason === reason && standing.source === 'person'
  if (isSame) return accept()
  if (obstacleTo(command, command.links) === 'cycle') return reject({ code: 'linkCycle' })
  if (contradictions.length > 0) return reject({ code: 'identitiesContradict', contradictions })
  return accept(linked(command, { reportedAt: at, source: 'person', motive }, standing))
}

function undo({ motive, at }: UndoLink, { standing, ended }: LinkState): LinkDecision {
  if (!standing) return ended ? accept() : reject({ code: 'linkUnknown' })
  return accept(undone(standing, { at, motive }))
}

/** A person decides what a message asked for. Only what would make no sense is refused. */
function settle(command: SettleDoubt, state: LinkState): LinkDecision {
  const { messageId, outcome, at } = command
  const doubt = state.doubts.find((one) => one.messageId === messageId)
  if (!doubt) return reject({ code: 'doubtUnknown' })
  if (doubt.outcome) return doubt.outcome === outcome ? accept() : reject({ code: 'doubtSettled' })
  const settled = settledAs(doubt, { outcome, at })
  if (outcome === 'dismissed') return accept(settled)
  if (doubt.doubt === 'samePatient') return reject({ code: 'samePatient' })
  if (doubt.asked === 'unlink')
    return state.standing ? accept(undone(state.standing, { at }), settled) : reject({ code: 'nothingToUnlink' })
  if (obstacleTo(doubt, command.links) === 'cycle') return reject({ code: 'linkCycle' })
  const reason = doubt.asked === 'merge' ? 'merged' : 'linked'
  return accept(linked({ ...doubt, reason }, { reportedAt: at, source: 'person' }, state.standing), settled)
}

function linked(
  { linkId, patientId, otherId, reason }: Pair & { reason: LinkReason },
  said: { reportedAt: Instant; source?: Said['source']; messageId?: MessageId; motive?: string },
  standing: Standing | undefined,
): LinkEvent {
  const { source = 'reported', messageId, motive } = said
  const by = { source, ...(messageId === undefined ? {} : { messageId }), ...(motive === undefined ? {} : { motive }) }
  const again = standing !== undefined
  const reportedAt = standing && standing.reportedAt > said.reportedAt ? standing.reportedAt : said.reportedAt
  return { type: 'PatientsLinked', data: { linkId, patientId, otherId, reason, reportedAt, ...by, again } }
}

function undone({ linkId, patientId, otherId }: Pair, { at, motive }: { at: Instant; motive?: string }): LinkEvent {
  const said = { reportedAt: at, source: 'person' as const, ...(motive === undefined ? {} : { motive }) }
  return { type: 'PatientsUnlinked', data: { linkId, patientId, otherId, ...said, reason: 'undone', again: false } }
}

function doubted(command: ReportLink, doubt: LinkDoubt): LinkDecision {
  const { linkId, patientId, otherId, messageId, asked, authority, reportedAt } = command
  return accept({
    type: 'LinkDoubted',
    data: { linkId, patientId, otherId, messageId, asked, doubt, authority, reportedAt },
  })
}

type Settlement = { outcome: Outcome; at: Instant }

function settledAs({ linkId, patientId, otherId, messageId }: Doubted, { outcome, at }: Settlement): LinkEvent {
  return { type: 'LinkDoubtSettled', data: { linkId, patientId, otherId, messageId, outcome, settledAt: at } }
}

/** Whether two patients are one person, as hospitals and people say it of one pair. */
export const link: Decider<LinkCommand, LinkEvent, LinkState, LinkRejection> = {
  initialState: { handled: [], doubts: [] },
  evolve,
  decide,
}
