import type { PatientEvent } from '@relais/contracts/patients'
import type { Instant, MessageId } from '@relais/contracts/primitives'
import { accept, type Decider } from '@relais/decider/decider'

export type RecordIdentity = { type: 'RecordIdentity'; details: PatientEvent['data'] }
type IdentityState = { handled: readonly MessageId[]; saidAt: Instant }

/**
 * What hospitals say of a patient's identity, unless something was said later: corrections keep their history. A report
 * is known by its message, because the same identity may be said, corrected and said again.
 */
export const identity: Decider<RecordIdentity, PatientEvent, IdentityState, never> = {
  initialState: { handled: [], saidAt: '' },
  evolve: ({ handled }, { data }) => ({ handled: [...handled, data.messageId], saidAt: data.reportedAt }),
  decide: ({ details }, { handled, saidAt }) =>
    handled.includes(details.messageId) || details.reportedAt < saidAt
      ? accept()
      : accept({ type: 'IdentityRecorded', data: details }),
}
