import type { KeyObject } from 'node:crypto'
import type { OutsideIdentifier } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { OwnerForgotten } from '@relais/events/sealing'
import type { Transaction } from 'kysely'
import { groupCommit } from './group-commit.ts'
import { keyedHash } from './keyed-hash.ts'
import type { VaultTables } from './migrations.ts'

export type AliasKind = 'patient' | 'stay' | 'resident'
type Row = VaultTables['alias']

export type Aliases = {
  /** The id that Relais gave to an outside identifier, if it has one. */
  resolve(kind: AliasKind, outside: OutsideIdentifier): Promise<string | undefined>
  /**
   * The id of an outside identifier, created on first sight: whoever asks, at once or later, is given the same one.
   * `owner` is the patient whose forgetting takes the alias along: required for a stay; a patient or a resident owns its own.
   * @throws OwnerForgotten
   */
  resolveOrCreate(kind: AliasKind, outside: OutsideIdentifier, options?: { owner?: string }): Promise<string>
  /** That an assigning authority is known by this namespace (CX-4.1) and this universal id (CX-4.2). */
  rememberAuthority(namespace: string, universalId: string): Promise<void>
  /** The universal ids seen with a namespace: more than one makes the namespace alone ambiguous. */
  authoritiesNamed(namespace: string): Promise<string[]>
}

/** The table of aliases: keyed hashes of outside identifiers, never the identifiers. */
export function aliasTable(deps: {
  database: Database<VaultTables>
  siteKey: KeyObject
  newId: () => string
}): Aliases {
  const { database, siteKey, newId } = deps
  const knownAuthorities = new Set<string>()
  const create = groupCommit((rows: readonly Row[]) => createAliases(database, rows))
  const lookUp = (kind: AliasKind, { authority, number }: OutsideIdentifier) =>
    keyedHash(siteKey, 'alias', kind, authority, number)

  async function find(lookup: string): Promise<string | undefined> {
    const row = await database.db.selectFrom('alias').select('id').where('lookup', '=', lookup).executeTakeFirst()
    return row?.id
  }

  return {
    resolve: (kind, outside) => find(lookUp(kind, outside)),
    async resolveOrCreate(kind, outside, { owner } = {}) {
      const lookup = lookUp(kind, outside)
      const known = await find(lookup)
      if (known !== undefined) return known
      if (kind === 'stay' && owner === undefined) throw new Error('The alias of a stay needs the patient who owns it')
      const id = newId()
      const created = await create({ lookup, kind, id, owner: owner ?? id })
      if (created === undefined) throw new OwnerForgotten()
      return created
    },
    async rememberAuthority(namespace, universalId) {
      const name = JSON.stringify([namespace, universalId])
      if (knownAuthorities.has(name)) return
      await database.db
        .insertInto('authority')
        .values({ namespace, universal_id: universalId })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      knownAuthorities.add(name)
    },
    async authoritiesNamed(namespace) {
      const query = database.db.selectFrom('authority').select('universal_id').where('namespace', '=', namespace)
      const rows = await query.orderBy('universal_id').execute()
      return rows.map((row) => row.universal_id)
    },
  }
}

/** `undefined` for an owner that is forgotten: nothing would ever take its alias away. */
async function createAliases(
  database: Database<VaultTables>,
  asked: readonly Row[],
): Promise<readonly (string | undefined)[]> {
  // In one order everywhere, so that two processes that create the same aliases never wait for each other.
  const rows = asked.toSorted((one, other) => (one.lookup < other.lookup ? -1 : 1))
  const lookups = rows.map(({ lookup }) => lookup)
  const kept = await database.db.transaction().execute(async (transaction) => {
    const forgotten = await forgottenOwners(transaction, database.kind, rows)
    const lasting = rows.filter(({ owner }) => !forgotten.has(owner))
    if (lasting.length > 0)
      await transaction
        .insertInto('alias')
        .values(lasting)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    return transaction.selectFrom('alias').select(['lookup', 'id']).where('lookup', 'in', lookups).execute()
  })
  const ids = new Map(kept.map(({ lookup, id }) => [lookup, id]))
  return asked.map(({ lookup }) => ids.get(lookup))
}

/** On PostgreSQL, whoever forgets one of the others waits until these aliases are there to be taken along. */
async function forgottenOwners(
  transaction: Transaction<VaultTables>,
  kind: Database<VaultTables>['kind'],
  rows: readonly Row[],
): Promise<Set<string>> {
  const owners = [...new Set(rows.map(({ owner }) => owner))]
  const query = transaction.selectFrom('data_key').select(['owner', 'wrapped']).where('owner', 'in', owners)
  const known = await (kind === 'sqlite' ? query : query.forShare()).execute()
  return new Set(known.filter(({ wrapped }) => wrapped === null).map(({ owner }) => owner))
}
