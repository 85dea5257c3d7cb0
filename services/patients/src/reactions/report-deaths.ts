import { ResidentId, type ResidentEvent, type ResidentMatchEvent } from '@relais/contracts/residents'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import { OwnerForgotten } from '@relais/events/sealing'
import type { DeathCommand } from '../domain/death.ts'
import type { DeadResident, Pair } from '../resident-history.ts'

export type HandleDeath = (id: string, command: DeathCommand, context: CommandContext) => Promise<object>
export type ReportDeathsDeps = {
  deadResident: (residentId: ResidentId) => Promise<DeadResident | undefined>
  handleDeath: HandleDeath
  derivedId: (...parts: string[]) => string
}

/**
 * A death on the register of an EHPAD is that of the patients whom the resident was found to be, whichever of the two is
 * heard of first. It looks at what holds now, not at what the event says, so that hearing of them twice changes nothing.
 */
export function reportDeaths({ deadResident, handleDeath, derivedId }: ReportDeathsDeps) {
  return async function react(decoded: Decoded<ResidentEvent | ResidentMatchEvent>): Promise<void> {
    const { id, event, metadata } = decoded
    if (event === undefined || !concernsDeaths.has(event.type)) return
    const residentId = ResidentId.parse(event.data.residentId)
    const dead = await deadResident(residentId)
    if (dead === undefined) return
    const { $correlationId, actor } = metadata
    for (const pair of dead.pairs) {
      const command = commandFor(pair, { residentId, ...dead })
      if (command === undefined) continue
      await handleDeath(pair.patientId, command, {
        metadata: { $correlationId, $causationId: id, actor },
        eventId: (index) => derivedId(id, 'death', pair.patientId, String(index)),
      }).catch(unlessForgotten)
    }
  }
}

const concernsDeaths: ReadonlySet<string> = new Set(['ResidentLeft', 'ResidentMatched', 'ResidentUnmatched'])

/** The register ends the matches of who has died; what ended before then was somebody else's, or of a former time. */
function commandFor(
  { patientId, ended }: Pair,
  { residentId, ehpad, diedAt, saidAt }: DeadResident & { residentId: ResidentId },
): DeathCommand | undefined {
  const said = { patientId, register: { ehpad, residentId } }
  const isBefore = ended !== undefined && ended.at < saidAt
  if (isBefore || ended?.because === 'forgotten') return undefined
  if (ended === undefined || ended.because === 'left')
    return { type: 'ReportDeath', details: { ...said, reportedAt: saidAt, diedAt } }
  return { type: 'DenyDeath', details: { ...said, reportedAt: ended.at } }
}

/** Nothing is said any more of a patient who was erased. */
function unlessForgotten(error: unknown): void {
  if (!(error instanceof OwnerForgotten)) throw error
}
