import {
  DIRECTORY_KEY,
  type DirectorySource,
  type FacilityDetails,
  type FacilityEvent,
  type Finess,
} from '@relais/contracts/directory'
import type { Instant } from '@relais/contracts/primitives'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'
import { same } from '@relais/decider/same'

type SayFacility = { type: 'SayFacility'; finess: Finess; details: FacilityDetails; source: DirectorySource }
type CloseFacility = { type: 'CloseFacility'; finess: Finess; at: Instant }
export type FacilityCommand = SayFacility | CloseFacility

export type FacilityRejection = { code: 'facilityUnknown' }

type Said = { details: FacilityDetails; source: DirectorySource }
export type FacilityState = { status: 'unknown' } | ({ status: 'open' | 'closed' } & Said)

function evolve(state: FacilityState, event: FacilityEvent): FacilityState {
  switch (event.type) {
    case 'FacilityRegistered':
    case 'FacilityChanged':
      return { status: 'open', details: event.data.details, source: event.data.source }
    case 'FacilityClosed':
      return state.status === 'unknown' ? state : { ...state, status: 'closed' }
    case 'WardDefined':
    case 'WardClosed':
      return state
  }
}

function decide(command: FacilityCommand, state: FacilityState): Decision<FacilityEvent, FacilityRejection> {
  switch (command.type) {
    case 'SayFacility':
      return say(command, state)
    case 'CloseFacility':
      return close(command, state)
  }
}

/** What a person said, a closing too, stands against the national extract, which is imported again and again. */
function say({ finess, details, source }: SayFacility, state: FacilityState): Decision<FacilityEvent, never> {
  const data = { keyOwner: DIRECTORY_KEY, finess, details, source }
  if (state.status === 'unknown') return accept({ type: 'FacilityRegistered', data })
  if (source === 'extract' && (state.source === 'person' || state.status === 'closed')) return accept()
  if (state.status === 'closed') return accept({ type: 'FacilityRegistered', data })
  return same(state.details, details) ? accept() : accept({ type: 'FacilityChanged', data })
}

function close({ finess, at }: CloseFacility, state: FacilityState): Decision<FacilityEvent, FacilityRejection> {
  if (state.status === 'unknown') return reject({ code: 'facilityUnknown' })
  if (state.status === 'closed') return accept()
  return accept({ type: 'FacilityClosed', data: { keyOwner: DIRECTORY_KEY, finess, closedAt: at } })
}

export const facility: Decider<FacilityCommand, FacilityEvent, FacilityState, FacilityRejection> = {
  initialState: { status: 'unknown' },
  evolve,
  decide,
}
