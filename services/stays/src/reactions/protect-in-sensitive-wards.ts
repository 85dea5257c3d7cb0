import type { Instant, StayId, Ward } from '@relais/contracts/primitives'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { ProtectInWards } from '../domain/stay.ts'
import { type KnownEvent, type KnownStays, wardKey } from '../projections/known-stays.ts'

type ProtectDeps = {
  /** Waits until the view shows everything up to a position. @throws DatabaseUnavailable */
  seen: (position: number) => Promise<void>
  known: Pick<KnownStays, 'staysIn' | 'sensitiveAmong'>
  handleStay: (stayId: StayId, command: ProtectInWards, context: CommandContext) => Promise<object>
  derivedId: (...parts: string[]) => string
  now: () => Instant
}

/**
 * A ward that the directory declares sensitive keeps the open stays there to itself from then on; so does one that was
 * declared while somebody was on the way there.
 */
export function protectInSensitiveWards({ seen, known, handleStay, derivedId, now }: ProtectDeps) {
  // The view follows stays too: waiting for each of them would be waiting for nothing.
  let lastDeclared = 0

  return async function react(decoded: Decoded<KnownEvent>): Promise<void> {
    const { event, position } = decoded
    if (event?.type === 'WardDefined') {
      lastDeclared = position
      const ward = { facility: event.data.finess, code: event.data.code }
      if (!event.data.ward.confidential) return
      await seen(position)
      // Read again later, it may have been declared otherwise since.
      if (!(await known.sensitiveAmong([wardKey(ward)]))) return
      for (const stayId of await known.staysIn(wardKey(ward))) await protect(decoded, stayId, [ward])
    }
    if (event?.type === 'StandingChanged') {
      const { standing, changed, stayId } = event.data
      const isSettled = standing.confidential || !(changed.includes('wards') || changed.includes('status'))
      if (isSettled || standing.wards.length === 0) return
      await seen(lastDeclared)
      const sensitive: Ward[] = []
      for (const ward of standing.wards) if (await known.sensitiveAmong([wardKey(ward)])) sensitive.push(ward)
      if (sensitive.length > 0) await protect(decoded, stayId, sensitive)
    }
  }

  async function protect({ id, metadata }: Decoded<unknown>, stayId: StayId, wards: readonly Ward[]): Promise<void> {
    const { $correlationId } = metadata
    const actor = { id: 'relais:protect-in-sensitive-wards', role: 'system' }
    await handleStay(
      stayId,
      { type: 'ProtectInWards', stayId, at: now(), wards },
      {
        metadata: { $correlationId, $causationId: id, actor },
        eventId: (index) => derivedId('protect', id, stayId, String(index)),
      },
    )
  }
}
