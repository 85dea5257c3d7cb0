import { deathsOf } from '@relais/access/deaths'
import { decideAccess, decisionInstant } from '@relais/access/decide'
import { loadFactsOfEach } from '@relais/access/facts'
import { isForgotten, peopleOf } from '@relais/access/links'
import type { Actor } from '@relais/contracts/actor'
import type { Instant, PatientId } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import type { Run } from '@relais/database/statements'
import type { Keyring } from '@relais/events/sealing'
import type { KnownDeath, KnownStay } from '../domain/whereabouts.ts'
import type { BoardTables } from '../projections/boards.ts'
import { readStaysOf, type Residents } from '../projections/residents.ts'

/** What may be said of a number, of none where the people of this EHPAD may not see the person: stays, and a death. */
export type Known = ReadonlyMap<PatientId, { stays: readonly KnownStay[]; death?: KnownDeath | undefined }>

type Deps = { database: Database<BoardTables>; keyring: Keyring; now: () => Instant; run: Run }

/**
 * By number, those that were not forgotten, each with the stays of its person that are known now, and whether he or she is said to have died. Access is decided person
 * by person, on facts that are asked for together: a page takes the same few statements whoever lives there.
 */
export async function visibleStays(
  { database: { db }, keyring, now, run }: Deps,
  actor: Actor,
  { residents, linked, stays: ownStays }: Residents,
): Promise<Known> {
  const numbers = residents.flatMap(({ patientIds }) => patientIds)
  const matched: ReadonlySet<string> = new Set(numbers)
  const personOf = await peopleOf(db, linked)
  const everyId = new Set([...matched].flatMap((id) => personOf(id).ids))
  const remembered = await rememberedAmong(keyring, everyId)
  const others = [...remembered].filter((id) => !matched.has(id))
  const staysOf = Map.groupBy<string, KnownStay>(
    [...ownStays, ...(await readStaysOf(run, db, others))],
    ({ patientId }) => patientId,
  )
  const deaths = new Map(
    (await deathsOf(db, [...remembered])).map(({ patient_id, died_at }) => [
      patient_id,
      { diedAt: died_at ?? undefined },
    ]),
  )
  const persons = numbers
    .filter((id) => remembered.has(id))
    .map((id) => {
      const ids = personOf(id).ids.filter((each) => remembered.has(each))
      const death = ids.map((each) => deaths.get(each)).find((said) => said !== undefined)
      return { id, ids, death, stays: ids.flatMap((each) => staysOf.get(each) ?? []) }
    })
  const told = persons.filter(({ stays, death }) => stays.length > 0 || death !== undefined)
  const factsOf = await loadFactsOfEach(
    db,
    told.map(({ ids }) => ids),
  )
  const at = now()
  const maySee = (ids: readonly string[]) => {
    const facts = factsOf(ids)
    return decideAccess({ actor, facts, purpose: 'care', at: decisionInstant(facts, at) }).granted
  }
  const isTold = new Set(told.filter(({ ids }) => maySee(ids)).map(({ id }) => id))
  return new Map(persons.map(({ id, stays, death }) => [id, isTold.has(id) ? { stays, death } : { stays: [] }]))
}

/** A number of which nothing was ever said has no key: there is nothing to forget. */
async function rememberedAmong(keyring: Keyring, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const known = await Promise.all([...ids].map(async (id) => ((await isForgotten(keyring, id)) ? [] : [id])))
  return new Set(known.flat())
}
