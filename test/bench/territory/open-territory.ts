import { join } from 'node:path'
import type { EventStore } from '@relais/event-store/port'
import { tokenVerifier } from '@relais/identity/tokens'
import { openAdapters } from '@relais/runtime/adapters'
import { logger } from '@relais/telemetry/logger'
import type { JSONWebKeySet } from 'jose'

export const ISSUER = 'urn:relais:bench'
export const AUDIENCE = 'relais'

/** What a service is given on the folder of a territory. The keys are known to all: nobody in it exists. */
export function openTerritory(folder: string, store: EventStore, jwks: JSONWebKeySet = { keys: [] }) {
  return openAdapters({
    mode: 'demonstration',
    store,
    databaseUrl: databaseOf(folder),
    verifier: tokenVerifier({
      issuer: ISSUER,
      audience: AUDIENCE,
      keys: { jwks },
      now: () => new Date().toISOString(),
    }),
    siteKey: Buffer.alloc(32, 's'),
    masterKey: Buffer.alloc(32, 'm'),
    log: logger({ level: 'silent' }),
  })
}

export const databaseOf = (folder: string) => `sqlite:${join(folder, 'relais.sqlite')}`
/** The file of a view, as `openDatabase` names it. */
export const viewFileOf = (folder: string, schema: string) => join(folder, `relais.${schema}.sqlite`)
