import type { LinkEvent, LinkReason } from '@relais/contracts/patients'
import { DataKeyMissing, type Keyring } from '@relais/events/sealing'
import { repeated, type Repeated, runnerFor } from '@relais/database/statements'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'
import type { Kysely, OperandValueExpressionOrList } from 'kysely'

/**
 * Which ids are of one person: each link that stands, from both its ends, so that it is found from either. Rows about a
 * patient keep the id they were written with; who reads asks `personOf` first. Undoing a link restores both patients,
 * because nothing else was changed.
 */
export const linkTables = {
  patient_link: {
    columns: { link_id: 'text', patient_id: 'text', other_id: 'text', survives: 'integer', reason: 'text' },
    key: ['link_id', 'patient_id'],
    indexes: [['patient_id']],
  },
} satisfies Record<string, Table>

/** `survives` is 1 in the row whose `patient_id` is the one to keep. */
export type LinkTables = {
  patient_link: { link_id: string; patient_id: string; other_id: string; survives: number; reason: string }
}

/** A link that stands: `patientId` is the one to keep. */
export type Link = { linkId: string; patientId: string; otherId: string; reason: LinkReason }
/** All ids of one person, and the one that stands for them. */
export type Person = { canonicalId: string; ids: readonly string[] }

/** What an event changes in `linkTables`, from the event alone. */
export function linkRows({ type, data }: LinkEvent): readonly RowOperation[] {
  switch (type) {
    case 'PatientsLinked': {
      const { linkId: link_id, patientId, otherId, reason } = data
      const row = { link_id, reason }
      return [
        upsert('patient_link', { ...row, patient_id: patientId, other_id: otherId, survives: 1 }),
        upsert('patient_link', { ...row, patient_id: otherId, other_id: patientId, survives: 0 }),
      ]
    }
    case 'PatientsUnlinked':
      return [data.patientId, data.otherId].map((patient_id) =>
        remove('patient_link', { link_id: data.linkId, patient_id }),
      )
    case 'LinkDoubted':
    case 'LinkDoubtSettled':
      return []
  }
}

/** Ids, or a query for them. */
type Starts = OperandValueExpressionOrList<LinkTables, 'patient_link', 'patient_id'>

/** The ids of one person each with one of these, these themselves included, where there is a link at all. */
export async function idsLinkedWith(db: Kysely<LinkTables>, starts: Starts): Promise<string[]> {
  const linked = db.withRecursive('same(id)', (query) =>
    query
      .selectFrom('patient_link')
      .where('patient_id', 'in', starts)
      .select('other_id as id')
      .union(
        query
          .selectFrom('patient_link as link')
          .innerJoin('same', 'same.id', 'link.patient_id')
          .select('link.other_id as id'),
      ),
  )
  const rows = await linked.selectFrom('same').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}

/** The links of the persons whom these ids are of, near or far, each once. One query, empty for who was never linked. */
export async function linksAround(db: Kysely<LinkTables>, patientIds: readonly string[]): Promise<Link[]> {
  if (patientIds.length === 0) return []
  const { rows } = await runnerFor(db)(db, linksOf(patientIds.length), patientIds)
  return rows.map(({ link_id, patient_id, other_id, reason }) => ({
    linkId: link_id,
    patientId: patient_id,
    otherId: other_id,
    reason,
  }))
}

// `linkRows` wrote the reason.
const linksOf: Repeated<Omit<LinkTables['patient_link'], 'reason' | 'survives'> & { reason: LinkReason }> = repeated(
  `select link_id, patient_id, other_id, reason
  from patient_link
  where survives = 1 and patient_id in (
    with recursive same(id) as (
      select other_id from patient_link where patient_id in (`,
  '?',
  `) union
      select link.other_id from patient_link as link join same on same.id = link.patient_id)
    select id from same)
  order by link_id`,
)

/** Everybody whom the links make one with this patient; alone where there is no link. */
export async function personOf(db: Kysely<LinkTables>, patientId: string): Promise<Person> {
  return personIn(await linksAround(db, [patientId]), patientId)
}

/** The persons whom these ids are of, by each id. */
export async function peopleOf(
  db: Kysely<LinkTables>,
  patientIds: readonly string[],
): Promise<(patientId: string) => Person> {
  const links = await linksAround(db, patientIds)
  const known = new Map<string, Person>()
  return (patientId) => {
    const person = known.get(patientId) ?? personIn(links, patientId)
    for (const id of person.ids) known.set(id, person)
    return person
  }
}

/**
 * The person of a patient, given the links around. Whoever was given up for nobody stands for the others. Two such, or
 * none when links were made in a circle at once, leave it to the order of their ids: the same everywhere.
 */
export function personIn(links: readonly Pick<Link, 'patientId' | 'otherId'>[], patientId: string): Person {
  const ids = new Set([patientId])
  // A set grows while it is walked.
  for (const id of ids)
    for (const link of links) {
      if (link.patientId === id) ids.add(link.otherId)
      if (link.otherId === id) ids.add(link.patientId)
    }
  const sorted = [...ids].toSorted()
  const kept = sorted.find((id) => !links.some(({ otherId }) => otherId === id))
  return { canonicalId: kept ?? sorted[0] ?? patientId, ids: sorted }
}

/**
 * The person of a patient without the ids that were forgotten, whose rows stay in a view until it is built again;
 * `undefined` when the patient asked for was.
 */
export async function rememberedPersonOf(
  { db, keyring }: { db: Kysely<LinkTables>; keyring: Pick<Keyring, 'openingKey'> },
  patientId: string,
): Promise<Person | undefined> {
  const { canonicalId, ids } = await personOf(db, patientId)
  const known: string[] = []
  for (const id of ids) if (!(await isForgotten(keyring, id))) known.push(id)
  if (!known.includes(patientId)) return undefined
  return { canonicalId: known.includes(canonicalId) ? canonicalId : patientId, ids: known }
}

/** Whether a patient was forgotten. A number that was only ever given up has no key: nothing was ever sealed for it. */
export async function isForgotten(keyring: Pick<Keyring, 'openingKey'>, patientId: string): Promise<boolean> {
  try {
    return (await keyring.openingKey(patientId)) === undefined
  } catch (error) {
    if (error instanceof DataKeyMissing) return false
    throw error
  }
}
