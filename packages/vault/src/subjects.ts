import { type Connection, type Kind, repeated, type Repeated, type Run, runner } from '@relais/database/statements'
import { type DataKeys, insertKeys, type NewKey } from './keys.ts'
import type { VaultTables } from './migrations.ts'

type Alias = VaultTables['alias']
/** Who owns a data key, and is known by a number outside. */
export type OwnerKind = 'patient' | 'resident'
/** The keyed hashes of the numbers, and the ids that they are known to have; a stay is not always asked for. */
type Asked = {
  kind: OwnerKind
  owner: string
  visit: string | undefined
  ownerId: string | undefined
  stayId: string | undefined
}
/** With the data key of an owner who is new. */
type Subject = { ownerId: string; stayId: string | undefined; newKey: NewKey | undefined }
type Deps = { kind: Kind; keys: DataKeys; newId: () => string }

const aliasesOf: Repeated<Pick<Alias, 'lookup' | 'id'>> = repeated(
  'select lookup, id from alias where lookup in (',
  '?',
  ')',
)
const insertAliases = repeated(
  'insert into alias (lookup, kind, id, owner) values ',
  '(?, ?, ?, ?)',
  ' on conflict do nothing',
)
const ownersAmong = 'select owner, wrapped is null as forgotten from data_key where owner in ('
const owners: Record<Kind, Repeated<{ owner: string; forgotten: boolean | number }>> = {
  sqlite: repeated(ownersAmong, '?', ')'),
  // Whoever forgets one of the others waits until the aliases are there to be taken along.
  postgres: repeated(ownersAmong, '?', ') for share'),
}

/**
 * Gives owners and stays their ids, and new owners their data keys. Answers `undefined` for an owner who is forgotten:
 * nothing would ever take the alias of the stay away.
 */
export function subjectWriter({ kind, keys, newId }: Deps) {
  const run = runner(kind)

  async function createOwners(transaction: Connection, asked: readonly Asked[]) {
    const kinds = new Map(asked.map((one) => [one.owner, one.kind]))
    const aliases = new Map(
      [...kinds].map(([lookup, kindOf]) => {
        const id = newId()
        return [lookup, { lookup, kind: kindOf, id, owner: id }]
      }),
    )
    const ids = await createAliases(run, transaction, aliases)
    const created = [...aliases.values()].filter(({ lookup, id }) => ids.get(lookup) === id)
    const newKeys = new Map(created.map(({ id }) => [id, keys.newKey(id)]))
    await insertKeys(run, transaction, [...newKeys.values()])
    return { ids, newKeys }
  }

  async function forgottenAmong(transaction: Connection, ownerIds: ReadonlySet<string>): Promise<Set<string>> {
    if (ownerIds.size === 0) return new Set()
    const text = owners[kind](ownerIds.size)
    const { rows } = await run(transaction, text, [...ownerIds])
    return new Set(rows.filter(({ forgotten }) => Boolean(forgotten)).map(({ owner }) => owner))
  }

  return async (transaction: Connection, asked: readonly Asked[]): Promise<(Subject | undefined)[]> => {
    const strangers = asked.filter(({ ownerId }) => ownerId === undefined)
    const { ids, newKeys } = await createOwners(transaction, strangers)
    const ownerOf = (one: Asked) => one.ownerId ?? ids.get(one.owner)

    const newStays = asked.flatMap((one) => {
      const owner = ownerOf(one)
      if (one.visit === undefined || one.stayId !== undefined || owner === undefined) return []
      return [{ lookup: one.visit, owner }]
    })
    const known = newStays.map(({ owner }) => owner).filter((owner) => !newKeys.has(owner))
    const forgotten = await forgottenAmong(transaction, new Set(known))
    const aliases = new Map<string, Alias>()
    for (const { lookup, owner } of newStays)
      if (!forgotten.has(owner) && !aliases.has(lookup))
        aliases.set(lookup, { lookup, kind: 'stay', id: newId(), owner })
    const stays = await createAliases(run, transaction, aliases)

    return asked.map((one) => {
      const ownerId = ownerOf(one)
      const stayId = one.stayId ?? (one.visit === undefined ? undefined : stays.get(one.visit))
      if (ownerId === undefined || (one.visit !== undefined && stayId === undefined)) return undefined
      return { ownerId, stayId, newKey: newKeys.get(ownerId) }
    })
  }
}

/** The id of each lookup: a new one, or the one that somebody else has given it meanwhile. */
async function createAliases(
  run: Run,
  transaction: Connection,
  aliases: ReadonlyMap<string, Alias>,
): Promise<Map<string, string>> {
  if (aliases.size === 0) return new Map()
  // In one order everywhere, so that two processes that create the same aliases never wait for each other.
  const rows = [...aliases.values()].toSorted((one, other) => (one.lookup < other.lookup ? -1 : 1))
  const values = rows.flatMap(({ lookup, kind, id, owner }) => [lookup, kind, id, owner])
  const { changes } = await run(transaction, insertAliases(rows.length), values)
  const isAllNew = changes === rows.length
  const kept = isAllNew ? rows : (await run(transaction, aliasesOf(rows.length), [...aliases.keys()])).rows
  return new Map(kept.map(({ lookup, id }) => [lookup, id]))
}
