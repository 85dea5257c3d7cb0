import type { ForgettingEvent, ForgettingId } from '@relais/contracts/forgetting'
import type { Instant, PatientId, ProfessionalId } from '@relais/contracts/primitives'
import { accept, reject, type Decider } from '@relais/decider/decider'

export type ForgetPerson = {
  type: 'ForgetPerson'
  forgettingId: ForgettingId
  /** All ids of the person, as links say now. */
  patientIds: readonly PatientId[]
  /** Whether something that was said of these links waits for a person to decide. */
  isDoubted: boolean
  motive: string
  by: ProfessionalId
  at: Instant
}
export type ForgettingRejection = { code: 'linksInDoubt' }
type ForgettingState = { forgotten: readonly PatientId[] }

/** That a person is to be forgotten: for ever, under every id, and never under those of somebody else. */
export const forgetting: Decider<ForgetPerson, ForgettingEvent, ForgettingState, ForgettingRejection> = {
  initialState: { forgotten: [] },
  evolve: ({ forgotten }, { data }) => ({ forgotten: [...forgotten, data.patientId] }),
  decide({ forgettingId, patientIds, isDoubted, motive, by, at }, { forgotten }) {
    const left = patientIds.filter((patientId) => !forgotten.includes(patientId))
    if (left.length > 0 && isDoubted) return reject({ code: 'linksInDoubt' })
    return accept(
      ...left.map((patientId): ForgettingEvent => {
        return { type: 'PatientForgotten', data: { forgettingId, patientId, motive, by, decidedAt: at } }
      }),
    )
  },
}
