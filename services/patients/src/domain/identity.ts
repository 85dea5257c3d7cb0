import type { PatientEvent } from '@relais/contracts/patients'
import { accept, type Decider } from '@relais/decider/decider'

type RecordIdentity = { type: 'RecordIdentity'; details: PatientEvent['data'] }
type IdentityState = { recorded: string | undefined }

/** What a hospital says of a patient's identity, kept each time it changes: corrections keep their history. */
export const identity: Decider<RecordIdentity, PatientEvent, IdentityState, never> = {
  initialState: { recorded: undefined },
  evolve: (_state, event) => ({ recorded: event.data.identity.sha256 }),
  decide: ({ details }, { recorded }) =>
    details.identity.sha256 === recorded ? accept() : accept({ type: 'IdentityRecorded', data: details }),
}
