import type { PatientEvent } from '@relais/contracts/patients'
import type { MessageId } from '@relais/contracts/primitives'
import { accept, type Decider } from '@relais/decider/decider'

export type RecordIdentity = { type: 'RecordIdentity'; details: PatientEvent['data'] }
type IdentityState = { handled: readonly MessageId[] }

/**
 * What hospitals say of a patient's identity, in the order in which they said it: corrections keep their history. A
 * report is known by its message, because the same identity may be said, corrected and said again.
 */
export const identity: Decider<RecordIdentity, PatientEvent, IdentityState, never> = {
  initialState: { handled: [] },
  evolve: ({ handled }, event) => ({ handled: [...handled, event.data.messageId] }),
  decide: ({ details }, { handled }) =>
    handled.includes(details.messageId) ? accept() : accept({ type: 'IdentityRecorded', data: details }),
}
