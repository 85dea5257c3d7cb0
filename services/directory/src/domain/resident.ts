import type { Finess } from '@relais/contracts/directory'
import type { DocumentRef, Instant } from '@relais/contracts/primitives'
import type { ResidentEvent, ResidentId } from '@relais/contracts/residents'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'

type Named = { residentId: ResidentId; ehpad: Finess }
type Identified = { identity: DocumentRef; hasIns: boolean }
type EnterResident = { type: 'EnterResident'; room?: string | undefined; enteredAt: Instant } & Named & Identified
type ChangeIdentity = { type: 'ChangeIdentity'; at: Instant } & Named & Identified
type MoveResident = { type: 'MoveResident'; room: string; movedAt: Instant } & Named
type LeaveResident = { type: 'LeaveResident'; reason: 'exit' | 'death'; leftAt: Instant } & Named
export type ResidentCommand = EnterResident | ChangeIdentity | MoveResident | LeaveResident

export type ResidentRejection =
  | { code: 'residentUnknown' }
  | { code: 'residentPresent' }
  | { code: 'residentLeft' }
  | { code: 'residentDied' }
  | { code: 'beforeEntry' }
  | { code: 'beforeExit' }

type Entry = { ehpad: Finess; enteredAt: Instant; identity: string; room: string | undefined }
type Present = { status: 'present'; entry: Entry; identity: DocumentRef; room: string | undefined; movedAt: Instant }
type Gone = { status: 'left' | 'died'; entry: Entry; leftAt: Instant }
export type ResidentState = { status: 'unknown' } | Present | Gone

type ResidentDecision = Decision<ResidentEvent, ResidentRejection>

function evolve(state: ResidentState, event: ResidentEvent): ResidentState {
  if (event.type === 'ResidentEntered') {
    const { ehpad, enteredAt, identity, room } = event.data
    const entry = { ehpad, enteredAt, identity: identity.sha256, room }
    return { status: 'present', entry, identity, room, movedAt: enteredAt }
  }
  if (state.status !== 'present') return state
  switch (event.type) {
    case 'ResidentIdentityChanged':
      return { ...state, identity: event.data.identity }
    case 'ResidentMoved':
      return { ...state, room: event.data.room, movedAt: event.data.movedAt }
    case 'ResidentLeft': {
      const { reason, leftAt } = event.data
      return { status: reason === 'death' ? 'died' : 'left', entry: state.entry, leftAt }
    }
  }
}

/** Another EHPAD's resident is one that this EHPAD does not know. */
function decide(command: ResidentCommand, state: ResidentState): ResidentDecision {
  if (state.status !== 'unknown' && state.entry.ehpad !== command.ehpad) return reject({ code: 'residentUnknown' })
  switch (command.type) {
    case 'EnterResident':
      return enter(command, state)
    case 'ChangeIdentity':
      return changeIdentity(command, state)
    case 'MoveResident':
      return move(command, state)
    case 'LeaveResident':
      return leave(command, state)
  }
}

function enter(command: EnterResident, state: ResidentState): ResidentDecision {
  const { type: _, ...data } = command
  const isRepeat = state.status !== 'unknown' && isEntry(command, state.entry)
  if (isRepeat) return accept()
  if (state.status === 'present') return reject({ code: 'residentPresent' })
  if (state.status === 'died') return reject({ code: 'residentDied' })
  if (state.status === 'left' && command.enteredAt < state.leftAt) return reject({ code: 'beforeExit' })
  return accept({ type: 'ResidentEntered', data })
}

function isEntry({ enteredAt, identity, room }: EnterResident, entry: Entry): boolean {
  return entry.enteredAt === enteredAt && entry.identity === identity.sha256 && entry.room === room
}

function changeIdentity(command: ChangeIdentity, state: ResidentState): ResidentDecision {
  if (state.status !== 'present') return reject(absence(state))
  if (state.identity.sha256 === command.identity.sha256) return accept()
  const { residentId, ehpad, identity, hasIns, at } = command
  return accept({ type: 'ResidentIdentityChanged', data: { residentId, ehpad, identity, hasIns, changedAt: at } })
}

function move({ residentId, ehpad, room, movedAt }: MoveResident, state: ResidentState): ResidentDecision {
  if (state.status !== 'present') return reject(absence(state))
  if (movedAt < state.entry.enteredAt) return reject({ code: 'beforeEntry' })
  if (state.room === room || movedAt < state.movedAt) return accept()
  return accept({ type: 'ResidentMoved', data: { residentId, ehpad, room, movedAt } })
}

/** Said again, a departure is a repeat; said with another date or reason, it is another one, and there is none left. */
function leave({ residentId, ehpad, reason, leftAt }: LeaveResident, state: ResidentState): ResidentDecision {
  if (state.status !== 'present') {
    const status = reason === 'death' ? 'died' : 'left'
    const isRepeat = state.status === status && state.leftAt === leftAt
    return isRepeat ? accept() : reject(absence(state))
  }
  if (leftAt < state.entry.enteredAt) return reject({ code: 'beforeEntry' })
  return accept({ type: 'ResidentLeft', data: { residentId, ehpad, reason, leftAt } })
}

function absence({ status }: { status: 'unknown' } | Gone): ResidentRejection {
  const codes = { unknown: 'residentUnknown', left: 'residentLeft', died: 'residentDied' } as const
  return { code: codes[status] }
}

export const resident: Decider<ResidentCommand, ResidentEvent, ResidentState, ResidentRejection> = {
  initialState: { status: 'unknown' },
  evolve,
  decide,
}
