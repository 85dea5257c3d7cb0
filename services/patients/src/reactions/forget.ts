import type { ForgettingEvent } from '@relais/contracts/forgetting'
import type { Decoded } from '@relais/event-store/codec'
import type { Vault } from '@relais/vault/vault'

/** Whoever it was decided to forget is forgotten, also when whoever decided it has not seen it through. */
export function forget({ vault }: { vault: Pick<Vault, 'forget'> }) {
  return async function react({ event }: Decoded<ForgettingEvent>): Promise<void> {
    if (event) await vault.forget(event.data.patientId)
  }
}
