import type { Instant } from '@relais/contracts/primitives'

const MILLISECONDS_PER_DAY = 86_400_000

/** Until when the bytes of a message are kept, repaired ones included: so many days from its receipt. */
export function keptUntil(receivedAt: Instant, days: number): Instant {
  return new Date(Date.parse(receivedAt) + days * MILLISECONDS_PER_DAY).toISOString()
}
