import { CONVERSATIONS_KEY, type Preference, type PreferenceEvent } from '@relais/contracts/conversations'
import type { Instant, Recipient } from '@relais/contracts/primitives'
import { accept, type Decider, type Decision } from '@relais/decider/decider'
import { same } from '@relais/decider/same'

export type SetPreference = { type: 'SetPreference'; person: Recipient; preference: Preference; at: Instant }
export type PreferenceState = { preference: Preference | undefined }

/** Who never said anything is told of everything, in silence, and of what is for him or her at once. */
export const noPreference: Preference = { muted: [], digest: false }

function evolve(_: PreferenceState, { data }: PreferenceEvent): PreferenceState {
  return { preference: data.preference }
}

function decide({ person, preference, at }: SetPreference, state: PreferenceState): Decision<PreferenceEvent, never> {
  if (same(preference, state.preference ?? noPreference)) return accept()
  const data = { keyOwner: CONVERSATIONS_KEY, person, preference, setAt: at }
  return accept({ type: 'PreferenceSet', data })
}

/** What a person is not to be woken for. */
export const preference: Decider<SetPreference, PreferenceEvent, PreferenceState, never> = {
  initialState: { preference: undefined },
  evolve,
  decide,
}
