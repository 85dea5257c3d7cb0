import type { KeyObject } from 'node:crypto'
import type { OutsideIdentifier } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { repeated, type Repeated, runner } from '@relais/database/statements'
import { OwnerForgotten } from '@relais/events/sealing'
import type { GroupCommit } from './group-commit.ts'
import { keyedHash } from './keyed-hash.ts'
import type { DataKeys } from './keys.ts'
import type { VaultTables } from './migrations.ts'
import { stayGiver } from './stay-owners.ts'
import { type OwnerKind, subjectWriter } from './subjects.ts'

export type AliasKind = OwnerKind | 'stay'

export type Aliases = {
  /** The id that Relais gave to an outside identifier, if it has one. */
  resolve(kind: AliasKind, outside: OutsideIdentifier): Promise<string | undefined>
  /**
   * The ids of a patient and of a stay, created on first sight: whoever asks, at once or later, is given the same ones.
   * A new stay belongs to the patient, whose forgetting takes both along. A visit number that is known already keeps its
   * stay, even when that is another patient's: whoever asks has to look.
   * @throws OwnerForgotten when the patient is forgotten while this is asked
   */
  resolveSubject(patient: OutsideIdentifier, visit: OutsideIdentifier): Promise<{ patientId: string; stayId: string }>
  /**
   * The id of a patient or of a resident alone, created on first sight as above.
   * @throws OwnerForgotten when it is forgotten while this is asked
   */
  resolveOwner(kind: OwnerKind, outside: OutsideIdentifier): Promise<string>
  /**
   * That a stay, of one of `from` until now, is the patient's `to`, whose forgetting takes its number along from now on.
   * Where `to` is forgotten already, the number is forgotten too.
   */
  giveStay(stayId: string, owners: { from: readonly string[]; to: string }): Promise<void>
  /** That an assigning authority is known by this namespace (CX-4.1) and this universal id (CX-4.2). */
  rememberAuthority(namespace: string, universalId: string): Promise<void>
  /** The universal ids seen with a namespace: more than one makes the namespace alone ambiguous. */
  authoritiesNamed(namespace: string): Promise<string[]>
}

type Deps = {
  database: Database<VaultTables>
  together: GroupCommit
  keys: DataKeys
  siteKey: KeyObject
  newId: () => string
}

const findAliases: Repeated<{ lookup: string; id: string }> = repeated(
  'select lookup, id from alias where lookup in (',
  '?',
  ')',
)

/** The table of aliases: keyed hashes of outside identifiers, never the identifiers. */
export function aliasTable({ database, together, keys, siteKey, newId }: Deps): Aliases {
  const run = runner(database.kind)
  const knownAuthorities = new Set<string>()
  const create = together(subjectWriter({ kind: database.kind, keys, newId }))
  const lookUp = (kind: AliasKind, { authority, number }: OutsideIdentifier) =>
    keyedHash(siteKey, 'alias', kind, authority, number)

  async function find(...lookups: readonly string[]): Promise<Map<string, string>> {
    const { rows } = await run(database.db, findAliases(lookups.length), lookups)
    return new Map(rows.map(({ lookup, id }) => [lookup, id]))
  }

  async function created(asked: Parameters<typeof create>[0]) {
    const subject = await create(asked)
    if (subject === undefined) throw new OwnerForgotten()
    subject.newKey?.keep()
    return subject
  }

  return {
    async resolve(kind, outside) {
      const lookup = lookUp(kind, outside)
      return (await find(lookup)).get(lookup)
    },
    async resolveSubject(patient, visit) {
      const asked = { owner: lookUp('patient', patient), visit: lookUp('stay', visit) }
      const known = await find(asked.owner, asked.visit)
      const [patientId, stayId] = [known.get(asked.owner), known.get(asked.visit)]
      if (patientId !== undefined && stayId !== undefined) return { patientId, stayId }
      const subject = await created({ kind: 'patient', ...asked, ownerId: patientId, stayId })
      if (subject.stayId === undefined) throw new OwnerForgotten()
      return { patientId: subject.ownerId, stayId: subject.stayId }
    },
    async resolveOwner(kind, outside) {
      const owner = lookUp(kind, outside)
      const known = (await find(owner)).get(owner)
      if (known !== undefined) return known
      const asked = { kind, owner, visit: undefined, ownerId: undefined, stayId: undefined }
      return (await created(asked)).ownerId
    },
    giveStay: stayGiver(database),
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
