import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { type Keyring, seal, SealBroken, unseal } from '@relais/events/sealing'
import { type Aliases, aliasTable } from './aliases.ts'
import { type BlindIndex, blindIndexOf } from './blind-index.ts'
import { type Documents, sealedDocuments } from './documents.ts'
import { type Forgetting, forgetting } from './forgetting.ts'
import { groupCommit } from './group-commit.ts'
import { keyedHash } from './keyed-hash.ts'
import { dataKeys } from './keys.ts'
import { vaultMigrations, type VaultTables } from './migrations.ts'
import { sealedStreams, type Streams } from './streams.ts'

export type Vault = Keyring & Aliases & BlindIndex & Documents & Streams & Forgetting

export type VaultDeps = {
  /** Schema `vault`, durability `full`, `secureDelete`. */
  database: Database<VaultTables>
  /** 32 bytes that wrap the data keys. Without them nothing in the vault, or sealed in the log, can be read. */
  masterKey: Buffer
  /** 32 bytes that key every hash. With other ones no known patient would be recognised. */
  siteKey: Buffer
  now: () => Instant
  newId: () => string
}

/** This vault was made with another site key. */
export class SiteKeyMismatch extends Error {
  readonly code = 'siteKeyMismatch'
  constructor() {
    super('This vault was made with another site key: give the one that was kept with its backups')
  }
}

/** This vault was made with another master key. */
export class MasterKeyMismatch extends Error {
  readonly code = 'masterKeyMismatch'
  constructor() {
    super('This vault was made with another master key: give the one that was kept apart from its backups')
  }
}

const KEY_LENGTH = 32
const MASTER_KEY_CONTEXT = 'master key check'

/**
 * Opens the vault: data keys, documents, aliases. Several processes may open the same one.
 * @throws SiteKeyMismatch, MasterKeyMismatch, and what the database throws.
 */
export async function openVault({ database, masterKey, siteKey, now, newId }: VaultDeps): Promise<Vault> {
  const master = secret('master', masterKey)
  const site = secret('site', siteKey)
  await database.migrate(vaultMigrations(database.kind))
  await checkKeys(database, { master, site })

  const together = groupCommit(database.db)
  const keys = dataKeys({ database, together, masterKey: master, now })
  return {
    sealingKey: keys.sealingKey,
    openingKey: keys.openingKey,
    ...blindIndexOf(site),
    ...aliasTable({ database, together, keys, siteKey: site, newId }),
    ...sealedDocuments({ database, together, keys, siteKey: site, now, newId }),
    ...sealedStreams({ database, together, keys, now, newId }),
    ...forgetting({ database, keys, now }),
  }
}

function secret(name: string, bytes: Buffer): KeyObject {
  if (bytes.length !== KEY_LENGTH) throw new Error(`The ${name} key has ${bytes.length} bytes, not ${KEY_LENGTH}`)
  return createSecretKey(bytes)
}

/** The first to open a vault leaves what later ones are checked against. */
async function checkKeys(
  { db }: Database<VaultTables>,
  { master, site }: { master: KeyObject; site: KeyObject },
): Promise<void> {
  const fingerprint = keyedHash(site, 'site key')
  const check = seal(master, Buffer.from(fingerprint), MASTER_KEY_CONTEXT).toString('base64url')
  await db
    .insertInto('vault_setting')
    .values([
      { name: 'siteKeyFingerprint', value: fingerprint },
      { name: 'masterKeyCheck', value: check },
    ])
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const settings = await db.selectFrom('vault_setting').selectAll().execute()
  const valueOf = (name: string) => settings.find((setting) => setting.name === name)?.value
  if (valueOf('siteKeyFingerprint') !== fingerprint) throw new SiteKeyMismatch()
  try {
    unseal(master, Buffer.from(valueOf('masterKeyCheck') ?? '', 'base64url'), MASTER_KEY_CONTEXT)
  } catch (error) {
    throw error instanceof SealBroken ? new MasterKeyMismatch() : error
  }
}
