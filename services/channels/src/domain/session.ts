import type { Instant } from '@relais/contracts/primitives'
import { type SessionEvent, type SessionId, SESSIONS_KEY } from '@relais/contracts/sessions'
import { accept, type Decider } from '@relais/decider/decider'

export type SessionCommand = { type: 'EndSession'; sessionId: SessionId; at: Instant }
export type SessionState = { status: 'unheardOf' | 'ended' }

/** A sign-in that Relais hears of once: when it is over. */
export const session: Decider<SessionCommand, SessionEvent, SessionState, never> = {
  initialState: { status: 'unheardOf' },
  evolve: () => ({ status: 'ended' }),
  decide({ sessionId, at }, { status }) {
    if (status === 'ended') return accept()
    return accept({ type: 'SessionEnded', data: { keyOwner: SESSIONS_KEY, sessionId, endedAt: at } })
  },
}
