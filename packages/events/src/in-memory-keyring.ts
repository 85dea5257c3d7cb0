import { createSecretKey, randomBytes } from 'node:crypto'
import { type DataKey, DataKeyMissing, type Keyring, OwnerForgotten } from './sealing.ts'

/** Keys that live as long as the process: for tests and simulations. The vault keeps real ones. */
export function inMemoryKeyring(): Keyring & { forget(owner: string): void } {
  const keys = new Map<string, DataKey | 'forgotten'>()
  return {
    sealingKey(owner) {
      const known = keys.get(owner)
      if (known === 'forgotten') throw new OwnerForgotten()
      if (known) return known
      const created = createSecretKey(randomBytes(32))
      keys.set(owner, created)
      return created
    },
    openingKey(owner) {
      const known = keys.get(owner)
      if (known === undefined) throw new DataKeyMissing()
      return known === 'forgotten' ? undefined : known
    },
    forget(owner) {
      keys.set(owner, 'forgotten')
    },
  }
}
