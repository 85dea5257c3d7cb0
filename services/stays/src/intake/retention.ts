import type { Instant } from '@relais/contracts/primitives'
import type { Logger } from '@relais/telemetry/logger'
import type { Vault } from '@relais/vault/vault'

const MILLISECONDS_PER_DAY = 86_400_000
const MILLISECONDS_BETWEEN_PURGES = 3_600_000

/** Until when the bytes of a message are kept, repaired ones included: so many days from its receipt. */
export function keptUntil(receivedAt: Instant, days: number): Instant {
  return new Date(Date.parse(receivedAt) + days * MILLISECONDS_PER_DAY).toISOString()
}

/** Removes what has expired, now and every hour; what fails is tried again an hour later. To be cleared by the caller. */
export function purgeHourly({ vault, now, log }: { vault: Vault; now: () => Instant; log: Logger }) {
  const purge = () =>
    vault.purge(now()).catch((error: unknown) => log.error({ error }, 'expired messages could not be purged'))
  void purge()
  return setInterval(() => void purge(), MILLISECONDS_BETWEEN_PURGES)
}
