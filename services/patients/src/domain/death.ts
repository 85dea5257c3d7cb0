import { type DeathEvent, deathSource } from '@relais/contracts/deaths'
import type { Instant } from '@relais/contracts/primitives'
import { accept, type Decider } from '@relais/decider/decider'

type Reported = Extract<DeathEvent, { type: 'DeathReported' }>['data']
type Denied = Extract<DeathEvent, { type: 'DeathDenied' }>['data']
export type DeathCommand =
  | { type: 'ReportDeath'; details: Omit<Reported, 'again'> }
  | { type: 'DenyDeath'; details: Omit<Denied, 'again'> }

/** What one source said last. */
type Said = { hasDied: boolean; saidAt: Instant; diedAt?: Instant | undefined; diedText?: string | undefined }
type DeathState = ReadonlyMap<string, Said>

/**
 * Whether a person has died, as each source said last, in whatever order it is heard of: of a death and of its denial in
 * the same second, the death holds. What a source takes back, another one may still say.
 */
export const death: Decider<DeathCommand, DeathEvent, DeathState, never> = {
  initialState: new Map(),
  evolve: (state, event) => new Map(state).set(deathSource(event.data), saidBy(event)),
  decide(command, state) {
    const before = state.get(deathSource(command.details))
    const hasDied = command.type === 'ReportDeath'
    const { reportedAt } = command.details
    const isLate = before && (reportedAt < before.saidAt || (reportedAt === before.saidAt && before.hasDied >= hasDied))
    if (isLate) return accept()
    if (command.type === 'DenyDeath') {
      const again = before?.hasDied !== true
      return accept({ type: 'DeathDenied', data: { ...command.details, again } })
    }
    const { diedAt, diedText } = command.details
    const again = before?.hasDied === true && before.diedAt === diedAt && before.diedText === diedText
    return accept({ type: 'DeathReported', data: { ...command.details, again } })
  },
}

function saidBy(event: DeathEvent): Said {
  const { reportedAt: saidAt } = event.data
  if (event.type === 'DeathDenied') return { hasDied: false, saidAt }
  return { hasDied: true, saidAt, diedAt: event.data.diedAt, diedText: event.data.diedText }
}
