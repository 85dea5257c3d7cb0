import type { Finess } from '@relais/contracts/directory'
import type { Instant, PatientId, ProfessionalId } from '@relais/contracts/primitives'
import type { MatchGround, ResidentId, ResidentMatchEvent, Trait, Twin } from '@relais/contracts/residents'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'
import { same } from '@relais/decider/same'
import type { Verdict } from './verdict.ts'

type Named = { residentId: ResidentId; ehpad: Finess; at: Instant }
/** What the two identities say now, as `judge` sees it. */
type Assess = { type: 'Assess'; patientId: PatientId; verdict: Verdict } & Named
/** Whether another entry with the same qualified INS is present now. */
type CompareTwin = { type: 'CompareTwin'; twin: Twin; isPresent: boolean } & Named
type ByPerson = { type: 'Match' | 'Unmatch'; patientId: PatientId; by: ProfessionalId } & Named
/** The resident has left the register. */
type End = { type: 'End' } & Named
export type ResidentMatchCommand = Assess | CompareTwin | ByPerson | End

export type ResidentMatchRejection = { code: 'patientNotCandidate' }

type Doubt = { reason: 'insMissing' | 'traitsDiffer'; differing: readonly Trait[] }
type Pair = { is: 'matched'; ground: MatchGround } | ({ is: 'doubted' } & Doubt) | { is: 'refused' }
export type ResidentMatchState = {
  pairs: ReadonlyMap<PatientId, Pair>
  twins: ReadonlyMap<ResidentId, Twin>
}

type MatchDecision = Decision<ResidentMatchEvent, ResidentMatchRejection>

function evolve(state: ResidentMatchState, event: ResidentMatchEvent): ResidentMatchState {
  const { twin, patientId } = { twin: undefined, ...event.data }
  if (twin) return { ...state, twins: withTwin(state.twins, twin, event.type === 'ResidentMatchDoubted') }
  if (patientId === undefined) return state
  return { ...state, pairs: withPair(state.pairs, patientId, pairAfter(event)) }
}

function pairAfter(event: ResidentMatchEvent): Pair | undefined {
  switch (event.type) {
    case 'ResidentMatched':
      return { is: 'matched', ground: event.data.ground }
    case 'ResidentUnmatched':
      return event.data.reason === 'person' ? { is: 'refused' } : undefined
    case 'ResidentMatchDoubted': {
      const { reason, differing } = event.data
      return reason === 'presentTwice' ? undefined : { is: 'doubted', reason, differing }
    }
    case 'ResidentDoubtCleared':
      return undefined
  }
}

function withPair(pairs: ResidentMatchState['pairs'], patientId: PatientId, pair: Pair | undefined) {
  const changed = new Map(pairs)
  if (pair) changed.set(patientId, pair)
  else changed.delete(patientId)
  return changed
}

function withTwin(twins: ResidentMatchState['twins'], twin: Twin, isPresent: boolean) {
  const changed = new Map(twins)
  if (isPresent) changed.set(twin.residentId, twin)
  else changed.delete(twin.residentId)
  return changed
}

function decide(command: ResidentMatchCommand, state: ResidentMatchState): MatchDecision {
  switch (command.type) {
    case 'Assess':
      return accept(...assess(command, state.pairs.get(command.patientId)))
    case 'CompareTwin':
      return compareTwin(command, state)
    case 'Match':
    case 'Unmatch':
      return decideByPerson(command, state.pairs.get(command.patientId))
    case 'End':
      return end(command, state)
  }
}

/** What a person has said of the two stands against whatever messages say later. */
function assess(command: Assess, pair: Pair | undefined): ResidentMatchEvent[] {
  const { verdict } = command
  if (pair?.is === 'refused' || (pair?.is === 'matched' && pair.ground === 'person')) return []
  if (verdict.is === 'same') return pair?.is === 'matched' ? [] : [matched(command, 'qualifiedIns')]
  const unmatching = pair?.is === 'matched' ? [unmatched(command, 'identityChanged')] : []
  if (verdict.is === 'other') return pair?.is === 'doubted' ? [cleared(command)] : unmatching
  const { reason, differing } = verdict
  if (pair?.is === 'doubted' && same({ is: 'doubted', reason, differing }, pair)) return []
  const { residentId, ehpad, patientId, at } = command
  const data = { residentId, ehpad, patientId, reason, differing: [...differing], doubtedAt: at }
  return [...unmatching, { type: 'ResidentMatchDoubted', data }]
}

function compareTwin(command: CompareTwin, { twins }: ResidentMatchState): MatchDecision {
  const { residentId, ehpad, twin, isPresent, at } = command
  if (twins.has(twin.residentId) === isPresent) return accept()
  if (!isPresent) return accept({ type: 'ResidentDoubtCleared', data: { residentId, ehpad, twin, clearedAt: at } })
  const data = { residentId, ehpad, twin, reason: 'presentTwice' as const, differing: [], doubtedAt: at }
  return accept({ type: 'ResidentMatchDoubted', data })
}

/** Of candidates only: nobody links a resident to a patient of whom nothing speaks. */
function decideByPerson(command: ByPerson, pair: Pair | undefined): MatchDecision {
  if (!pair) return reject({ code: 'patientNotCandidate' })
  if (command.type === 'Match') return pair.is === 'matched' ? accept() : accept(matched(command, 'person', command.by))
  return pair.is === 'refused' ? accept() : accept(unmatched(command, 'person', command.by))
}

function end(command: End, { pairs, twins }: ResidentMatchState): MatchDecision {
  const ofPairs = [...pairs].flatMap(([patientId, pair]): ResidentMatchEvent[] => {
    if (pair.is === 'matched') return [unmatched({ ...command, patientId }, 'left')]
    return pair.is === 'doubted' ? [cleared({ ...command, patientId })] : []
  })
  const { residentId, ehpad, at } = command
  const ofTwins = [...twins.values()].map((twin): ResidentMatchEvent => {
    return { type: 'ResidentDoubtCleared', data: { residentId, ehpad, twin, clearedAt: at } }
  })
  return accept(...ofPairs, ...ofTwins)
}

type OfPair = Named & { patientId: PatientId }

function matched({ residentId, ehpad, patientId, at }: OfPair, ground: MatchGround, by?: ProfessionalId) {
  const data = { residentId, ehpad, patientId, ground, matchedAt: at, ...(by ? { by } : {}) }
  return { type: 'ResidentMatched' as const, data }
}

type Reason = Extract<ResidentMatchEvent, { type: 'ResidentUnmatched' }>['data']['reason']
function unmatched({ residentId, ehpad, patientId, at }: OfPair, reason: Reason, by?: ProfessionalId) {
  const data = { residentId, ehpad, patientId, reason, unmatchedAt: at, ...(by ? { by } : {}) }
  return { type: 'ResidentUnmatched' as const, data }
}

function cleared({ residentId, ehpad, patientId, at }: OfPair) {
  return { type: 'ResidentDoubtCleared' as const, data: { residentId, ehpad, patientId, clearedAt: at } }
}

export const residentMatch: Decider<
  ResidentMatchCommand,
  ResidentMatchEvent,
  ResidentMatchState,
  ResidentMatchRejection
> = { initialState: { pairs: new Map(), twins: new Map() }, evolve, decide }
