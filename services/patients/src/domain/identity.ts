import type { InsChange, PatientEvent } from '@relais/contracts/patients'
import type { Instant, MessageId } from '@relais/contracts/primitives'
import { accept, type Decider } from '@relais/decider/decider'

type Recorded = PatientEvent['data']
export type RecordIdentity = {
  type: 'RecordIdentity'
  details: Omit<Recorded, 'insChange'>
  /** The message says that no INS of the patient holds any longer (A47). */
  insDeleted?: boolean
}
type IdentityState = {
  handled: readonly MessageId[]
  saidAt: Instant
  /** When the INS was last deleted. */
  deletedAt?: Instant
  insDigest?: string
}

/**
 * What hospitals say of a patient's identity, unless something was said later: corrections keep their history. A report
 * is known by its message, because the same identity may be said, corrected and said again. Of a deletion of the INS and
 * an INS said in the same second, the deletion holds, whichever comes first.
 */
export const identity: Decider<RecordIdentity, PatientEvent, IdentityState, never> = {
  initialState: { handled: [], saidAt: '' },
  evolve: ({ handled, deletedAt }, { data }) => ({
    handled: [...handled, data.messageId],
    saidAt: data.reportedAt,
    ...(data.insDigest === undefined ? {} : { insDigest: data.insDigest }),
    ...deletion(data.insChange === 'deleted' ? data.reportedAt : deletedAt),
  }),
  decide(command, state) {
    const { details } = command
    const { messageId, reportedAt, hasIns } = details
    const isLate = reportedAt < state.saidAt || (hasIns && reportedAt === state.deletedAt)
    if (state.handled.includes(messageId) || isLate) return accept()
    const insChange = changeOfIns(command, state)
    return accept({ type: 'IdentityRecorded', data: { ...details, ...(insChange ? { insChange } : {}) } })
  },
}

const deletion = (deletedAt: Instant | undefined) => (deletedAt === undefined ? {} : { deletedAt })

function changeOfIns({ details, insDeleted }: RecordIdentity, before: IdentityState): InsChange | undefined {
  if (insDeleted) return 'deleted'
  if (details.insDigest === before.insDigest) return undefined
  if (details.insDigest === undefined) return 'omitted'
  return before.insDigest === undefined ? 'retrieved' : 'changed'
}
