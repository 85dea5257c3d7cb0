import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { type Connection, repeated, type Repeated, type Run, runner } from '@relais/database/statements'
import { recentlyUsed } from '@relais/events/recently-used'
import { type DataKey, DataKeyMissing, type Keyring, OwnerForgotten, seal, unseal } from '@relais/events/sealing'
import { askedTogether } from './asked-together.ts'
import type { GroupCommit } from './group-commit.ts'
import type { VaultTables } from './migrations.ts'

/** How long a key is used before the database is asked whether it still exists: another process may have forgotten it. */
export const RECHECK_MILLISECONDS = 60_000

const KEPT_KEYS = 10_000
const KEY_LENGTH = 32

type Known = { key: DataKey; checkedAt: number } | 'forgotten'
type Row = Pick<VaultTables['data_key'], 'owner' | 'wrapped'>
type Deps = {
  database: Database<VaultTables>
  together: GroupCommit
  masterKey: KeyObject
  now: () => Instant
}

/** A key that nobody has yet. MUST be kept only once its row is committed: what it seals could never be opened. */
export type NewKey = { row: { owner: string; wrapped: Uint8Array; created_at: Instant }; keep(): void }

export type DataKeys = Keyring & {
  newKey(owner: string): NewKey
  /** From now on this owner has no key here. Forgetting is for ever, so this is never asked again. */
  markForgotten(owner: string): void
}

/**
 * The data keys, each wrapped by the master key in the database and kept in memory once used. A key at hand is answered
 * without a promise; an owner known to be forgotten too.
 */
export function dataKeys({ database, together, masterKey, now }: Deps): DataKeys {
  const run = runner(database.kind)
  const { remember, atHand } = keyCache(now)

  function unwrapped({ owner, wrapped }: Row): Known {
    const key = wrapped && createSecretKey(unseal(masterKey, wrapped, wrapContext(owner)))
    return remember(owner, key ? { key, checkedAt: Date.parse(now()) } : 'forgotten')
  }

  const find = askedTogether(async (owners) => {
    const { rows } = await run(database.db, rowsOf(owners.length), owners)
    return new Map(rows.map((row) => [row.owner, unwrapped(row)]))
  })

  function newKey(owner: string): NewKey {
    const clear = randomBytes(KEY_LENGTH)
    const created_at = now()
    return {
      row: { owner, wrapped: seal(masterKey, clear, wrapContext(owner)), created_at },
      keep: () => void remember(owner, { key: createSecretKey(clear), checkedAt: Date.parse(created_at) }),
    }
  }

  const create = together(async (transaction, asked: readonly string[]): Promise<Row[]> => {
    const owners = [...new Set(asked)]
    const created = owners.map((owner) => newKey(owner))
    const isAllNew = (await insertKeys(run, transaction, created)) === owners.length
    const rows = isAllNew ? created.map(({ row }) => row) : (await run(transaction, rowsOf(owners.length), owners)).rows
    const byOwner = new Map(rows.map((row) => [row.owner, row]))
    return asked.map((owner) => byOwner.get(owner) ?? { owner, wrapped: null })
  })

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
    newKey,
    markForgotten(owner) {
      remember(owner, 'forgotten')
    },
  }
}

const rowsOf: Repeated<Row> = repeated('select owner, wrapped from data_key where owner in (', '?', ')')
const insertRows = repeated(
  'insert into data_key (owner, wrapped, created_at) values ',
  '(?, ?, ?)',
  ' on conflict do nothing',
)

/** Answers how many of them are new: the others have a key already. */
export async function insertKeys(run: Run, transaction: Connection, keys: readonly NewKey[]): Promise<number> {
  if (keys.length === 0) return 0
  // In one order everywhere, so that two processes that create the same keys never wait for each other.
  const rows = keys.map(({ row }) => row).toSorted((one, other) => (one.owner < other.owner ? -1 : 1))
  const values = rows.flatMap(({ owner, wrapped, created_at }) => [owner, wrapped, created_at])
  return (await run(transaction, insertRows(rows.length), values)).changes
}

/** The most recently used keys, each until it has to be checked again. */
function keyCache(now: () => Instant) {
  const cache = recentlyUsed<string, Known>(KEPT_KEYS)
  const instant = instantOfTurn(now)

  function remember(owner: string, found: Known): Known {
    // A row read before its owner was forgotten MUST NOT bring the key back.
    const known = cache.get(owner) === 'forgotten' ? 'forgotten' : found
    cache.set(owner, known)
    return known
  }

  function atHand(owner: string): Known | undefined {
    const known = cache.get(owner)
    if (known === undefined || known === 'forgotten') return known
    return Math.abs(instant() - known.checkedAt) > RECHECK_MILLISECONDS ? undefined : known
  }

  return { remember, atHand }
}

/** The time, asked once for all that is done before the current work yields. */
function instantOfTurn(now: () => Instant): () => number {
  let known: number | undefined
  return () => {
    if (known === undefined) {
      known = Date.parse(now())
      queueMicrotask(() => (known = undefined))
    }
    return known
  }
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
