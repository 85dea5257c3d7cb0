import { randomUUID } from 'node:crypto'
import { startCheckpointer } from '@relais/database/checkpointer'
import { type Database, openDatabase } from '@relais/database/database'
import { logEpoch } from '@relais/event-store/epoch'
import type { EventStore } from '@relais/event-store/port'
import { type CodecOf, codecsWith } from '@relais/events/codec'
import type { TokenVerifier } from '@relais/identity/tokens'
import type { Logger } from '@relais/telemetry/logger'
import type { VaultTables } from '@relais/vault/migrations'
import { openVault, type Vault } from '@relais/vault/vault'
import { requireBornAs } from './born-mode.ts'
import { type Clock, steadyClock } from './clock.ts'
import type { Mode } from './settings.ts'

/** Everything a service touches of the world, handed to it at its composition root. */
export type Adapters = {
  mode: Mode
  store: EventStore
  /** The identity of the log: positions of another log are unknown here. */
  epoch: string
  vault: Vault
  /** The codec of a family of events, sealed with the keys of the vault; one for all the services of this process. */
  codecOf: CodecOf
  /** Opens a service's own read models; they can be rebuilt, so that their commits need no flush. */
  openViews: <Tables>(schema: string) => Promise<Database<Tables>>
  verifier: TokenVerifier
  siteKey: Buffer
  /** The clock of `now`. Timers listen to it, because that of a demonstration jumps. */
  clock: Clock
  now: () => string
  newId: () => string
  log: Logger
}

export type AdapterSources = {
  mode: Mode
  store: EventStore
  databaseUrl: string
  verifier: TokenVerifier
  siteKey: Buffer
  masterKey: Buffer
  log: Logger
  /** That of the machine unless given; `now` stands for one that is never moved. */
  clock?: Clock
  now?: () => string
}

/**
 * Opens the vault and says where read models go. `close` ends what was opened here, the store included; when opening
 * fails, all of it is closed already.
 * @throws InvalidSettings for a log born in the other mode; SiteKeyMismatch, MasterKeyMismatch, UnreadableDatabase,
 * DatabaseUnavailable, StoreUnavailable
 */
export async function openAdapters(
  sources: AdapterSources,
): Promise<{ adapters: Adapters; close: () => Promise<void> }> {
  const opened: { close(): Promise<void> }[] = [sources.store]
  const close = async () => {
    for (const resource of opened.splice(0)) await resource.close()
  }
  try {
    return { adapters: await open(sources, opened), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function open(sources: AdapterSources, opened: { close(): Promise<void> }[]): Promise<Adapters> {
  const { mode, store, databaseUrl, verifier, siteKey, masterKey, log } = sources
  const clock = sources.clock ?? steadyClock(sources.now)
  const { now } = clock
  const newId = randomUUID
  const checkpointer = databaseUrl.startsWith('sqlite:') ? startCheckpointer() : undefined
  // First, so that whoever closes a file is the last one to use it.
  if (checkpointer) opened.unshift(checkpointer)
  const vaultDatabase = await openDatabase<VaultTables>(databaseUrl, {
    schema: 'vault',
    durability: 'full',
    secureDelete: true,
    checkpointer,
  })
  opened.push(vaultDatabase)
  const vault = await openVault({ database: vaultDatabase, masterKey, siteKey, now, newId })
  await requireBornAs(mode, { store, database: vaultDatabase, newId })
  const epoch = await logEpoch(store)
  const openViews = async <Tables>(schema: string) => {
    const database = await openDatabase<Tables>(databaseUrl, { schema, durability: 'normal', checkpointer })
    opened.push(database)
    return database
  }
  return { mode, store, epoch, vault, codecOf: codecsWith(vault), openViews, verifier, siteKey, clock, now, newId, log }
}
