import { DIRECTORY_KEY, type FacilityEvent, type Finess, type WardDetails } from '@relais/contracts/directory'
import type { Instant } from '@relais/contracts/primitives'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'
import { same } from '@relais/decider/same'

type DefineWard = { type: 'DefineWard'; finess: Finess; code: string; ward: WardDetails }
type CloseWard = { type: 'CloseWard'; finess: Finess; code: string; at: Instant }
export type WardCommand = DefineWard | CloseWard

export type WardRejection = { code: 'facilityUnknown' } | { code: 'facilityClosed' } | { code: 'wardUnknown' }

/** Wards live in the stream of their facility, since a code means something only there. */
export type WardState = {
  facility: 'unknown' | 'open' | 'closed'
  wards: ReadonlyMap<string, WardDetails | 'closed'>
}

function evolve(state: WardState, event: FacilityEvent): WardState {
  switch (event.type) {
    case 'FacilityRegistered':
    case 'FacilityChanged':
      return { ...state, facility: 'open' }
    case 'FacilityClosed':
      return { ...state, facility: 'closed' }
    case 'WardDefined':
      return { ...state, wards: new Map(state.wards).set(event.data.code, event.data.ward) }
    case 'WardClosed':
      return { ...state, wards: new Map(state.wards).set(event.data.code, 'closed') }
  }
}

function decide(command: WardCommand, state: WardState): Decision<FacilityEvent, WardRejection> {
  if (state.facility === 'unknown') return reject({ code: 'facilityUnknown' })
  switch (command.type) {
    case 'DefineWard':
      return define(command, state)
    case 'CloseWard':
      return close(command, state)
  }
}

function define({ finess, code, ward }: DefineWard, state: WardState): Decision<FacilityEvent, WardRejection> {
  const known = state.wards.get(code)
  if (known !== undefined && known !== 'closed' && same(known, ward)) return accept()
  if (state.facility === 'closed') return reject({ code: 'facilityClosed' })
  return accept({ type: 'WardDefined', data: { keyOwner: DIRECTORY_KEY, finess, code, ward } })
}

function close({ finess, code, at }: CloseWard, { wards }: WardState): Decision<FacilityEvent, WardRejection> {
  const known = wards.get(code)
  if (known === undefined) return reject({ code: 'wardUnknown' })
  if (known === 'closed') return accept()
  return accept({ type: 'WardClosed', data: { keyOwner: DIRECTORY_KEY, finess, code, closedAt: at } })
}

export const ward: Decider<WardCommand, FacilityEvent, WardState, WardRejection> = {
  initialState: { facility: 'unknown', wards: new Map() },
  evolve,
  decide,
}
