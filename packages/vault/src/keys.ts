import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { type DataKey, DataKeyMissing, type Keyring, OwnerForgotten, seal, unseal } from '@relais/events/sealing'
import { groupCommit } from './group-commit.ts'
import type { VaultTables } from './migrations.ts'

/** How long a key is used before the database is asked whether it still exists: another process may have forgotten it. */
export const RECHECK_MILLISECONDS = 60_000

const KEPT_KEYS = 10_000
const KEY_LENGTH = 32

type Known = { key: DataKey; checkedAt: number } | 'forgotten'
type Row = Pick<VaultTables['data_key'], 'owner' | 'wrapped'>
type Deps = { database: Database<VaultTables>; masterKey: KeyObject; now: () => Instant }

export type DataKeys = Keyring & {
  /** From now on this owner has no key here. Forgetting is for ever, so this is never asked again. */
  markForgotten(owner: string): void
}

/**
 * The data keys, each wrapped by the master key in the database and kept in memory once used. A key at hand is answered
 * without a promise; an owner known to be forgotten too.
 */
export function dataKeys({ database, masterKey, now }: Deps): DataKeys {
  const { remember, atHand } = keyCache(now)

  function unwrapped({ owner, wrapped }: Row): Known {
    const key = wrapped && createSecretKey(unseal(masterKey, wrapped, wrapContext(owner)))
    return remember(owner, key ? { key, checkedAt: Date.parse(now()) } : 'forgotten')
  }

  async function find(owner: string): Promise<Known | undefined> {
    const query = database.db.selectFrom('data_key').select(['owner', 'wrapped']).where('owner', '=', owner)
    const row = await query.executeTakeFirst()
    return row && unwrapped(row)
  }

  const create = groupCommit((owners: readonly string[]) => createKeys({ database, masterKey, now }, owners))

  return {
    sealingKey(owner) {
      const known = atHand(owner)
      if (known) return usable(known)
      return find(owner).then(async (found) => usable(found ?? unwrapped(await create(owner))))
    },
    openingKey(owner) {
      const known = atHand(owner)
      return known ? readable(known) : find(owner).then(readable)
    },
    markForgotten(owner) {
      remember(owner, 'forgotten')
    },
  }
}

/** The most recently used keys, each until it has to be checked again. */
function keyCache(now: () => Instant) {
  const cache = new Map<string, Known>()

  function remember(owner: string, found: Known): Known {
    // A row read before its owner was forgotten MUST NOT bring the key back.
    const known = cache.get(owner) === 'forgotten' ? 'forgotten' : found
    cache.delete(owner)
    cache.set(owner, known)
    const [oldest] = cache.keys()
    if (cache.size > KEPT_KEYS && oldest !== undefined) cache.delete(oldest)
    return known
  }

  function atHand(owner: string): Known | undefined {
    const known = cache.get(owner)
    if (known === undefined) return undefined
    const isOld = known !== 'forgotten' && Math.abs(Date.parse(now()) - known.checkedAt) > RECHECK_MILLISECONDS
    return isOld ? undefined : remember(owner, known)
  }

  return { remember, atHand }
}

async function createKeys({ database, masterKey, now }: Deps, asked: readonly string[]): Promise<Row[]> {
  // In one order everywhere, so that two processes that create the same keys never wait for each other.
  const owners = [...new Set(asked)].toSorted()
  const created = owners.map((owner) => ({
    owner,
    wrapped: seal(masterKey, randomBytes(KEY_LENGTH), wrapContext(owner)),
    created_at: now(),
    forgotten_at: null,
  }))
  const rows = await database.db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('data_key')
      .values(created)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    return transaction.selectFrom('data_key').select(['owner', 'wrapped']).where('owner', 'in', owners).execute()
  })
  const byOwner = new Map(rows.map((row) => [row.owner, row]))
  return asked.map((owner) => byOwner.get(owner) ?? { owner, wrapped: null })
}

function usable(known: Known): DataKey {
  if (known === 'forgotten') throw new OwnerForgotten()
  return known.key
}

function readable(known: Known | undefined): DataKey | undefined {
  if (known === undefined) throw new DataKeyMissing()
  return known === 'forgotten' ? undefined : known.key
}

/** A wrapped key copied to another owner's row does not open. */
const wrapContext = (owner: string) => JSON.stringify(['data key', owner])
