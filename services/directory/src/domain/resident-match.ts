import type { Finess } from '@relais/contracts/directory'
import type { Instant, PatientId, ProfessionalId } from '@relais/contracts/primitives'
import type { MatchGround, ResidentId, ResidentMatchEvent, Twin } from '@relais/contracts/residents'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'
import { same } from '@relais/decider/same'
import { asOnePerson, type Judged, type Pair, type PersonVerdict } from './person-verdict.ts'

type Named = { residentId: ResidentId; ehpad: Finess; at: Instant }
/** What the identities of a patient say now, as `judge` sees them: one for each number of the person, by the links. */
type Assess = { type: 'Assess'; patients: readonly Judged[] } & Named
/** Whether another entry with the same qualified INS is present now. */
type CompareTwin = { type: 'CompareTwin'; twin: Twin; isPresent: boolean } & Named
type ByPerson = { type: 'Match' | 'Unmatch'; patientId: PatientId; by: ProfessionalId } & Named
/** The resident has left the register. */
type End = { type: 'End' } & Named
/** The patient was erased. */
type Forget = { type: 'Forget'; patientId: PatientId } & Named
export type ResidentMatchCommand = Assess | CompareTwin | ByPerson | End | Forget

export type ResidentMatchRejection = { code: 'patientNotCandidate' }

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
      return accept(
        ...asOnePerson(command.patients, state.pairs).flatMap(({ patientId, verdict }) =>
          assess({ ...command, patientId }, verdict, state.pairs.get(patientId)),
        ),
      )
    case 'CompareTwin':
      return compareTwin(command, state)
    case 'Match':
    case 'Unmatch':
      return decideByPerson(command, state.pairs.get(command.patientId))
    case 'End':
      return end(command, state)
    case 'Forget':
      return accept(...endPair(command, state.pairs.get(command.patientId), 'forgotten'))
  }
}

/** What a person has said of the two stands against whatever messages say later. */
function assess(about: OfPair, verdict: PersonVerdict, pair: Pair | undefined): ResidentMatchEvent[] {
  if (pair?.is === 'refused' || (pair?.is === 'matched' && pair.ground === 'person')) return []
  if (verdict.is === 'same') return pair?.is === 'matched' ? [] : [matched(about, 'qualifiedIns')]
  if (verdict.is === 'other') return endPair(about, pair, 'identityChanged')
  const { reason, differing } = verdict
  if (pair?.is === 'doubted' && same({ is: 'doubted', reason, differing }, pair)) return []
  const because = reason === 'linkContradicts' ? reason : 'identityChanged'
  const unmatching = pair?.is === 'matched' ? [unmatched(about, because)] : []
  const { residentId, ehpad, patientId, at } = about
  const data = { residentId, ehpad, patientId, reason, differing: [...differing], doubtedAt: at }
  return [...unmatching, { type: 'ResidentMatchDoubted', data }]
}

/** What a person refused stays refused. */
function endPair(about: OfPair, pair: Pair | undefined, reason: Reason): ResidentMatchEvent[] {
  if (pair?.is === 'matched') return [unmatched(about, reason)]
  return pair?.is === 'doubted' ? [cleared(about)] : []
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
  const ofPairs = [...pairs].flatMap(([patientId, pair]) => endPair({ ...command, patientId }, pair, 'left'))
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
