import { type LinkTables, peopleOf, type Person } from '@relais/access/links'
import type { Kysely } from 'kysely'
import { patientsIn } from '../domain/entry-channels.ts'
import type { CircleChange, FeedReader } from './feed-reader.ts'
import type { Heard } from './heard.ts'

/** The person whom an id is of. */
export type PersonOf = (patientId: string) => Person
/** Who joined and left the circles of a person, under any id, by any of the ids. */
export type Changes = ReadonlyMap<string, readonly CircleChange[]>

/** Whom these entries are about. */
export function personsIn({ db }: { db: Kysely<LinkTables> }, entries: readonly Heard[]): Promise<PersonOf> {
  return peopleOf(db, [...new Set(entries.flatMap(({ entry }) => patientsIn(entry)))])
}

export async function changesOf(feed: Pick<FeedReader, 'circleChanges'>, persons: Iterable<Person>): Promise<Changes> {
  const all = [...persons]
  const byPatient = await feed.circleChanges(all.flatMap(({ ids }) => ids))
  return new Map(
    all.flatMap(({ ids }) => {
      const ofPerson = ids.flatMap((id) => byPatient.get(id) ?? [])
      const inOrder = ids.length === 1 ? ofPerson : ofPerson.toSorted((one, other) => one.position - other.position)
      return ids.map((id) => [id, inOrder] as const)
    }),
  )
}

/** The ids in whose circle someone was, in any role, when the log stood just before a position. */
export function patientsOf(
  member: string,
  { changes, before }: { changes: readonly CircleChange[]; before: number },
): string[] {
  const roles = new Map<string, Set<string>>()
  for (const { patientId, memberId, role, position, joined } of changes) {
    if (memberId !== member || position >= before) continue
    const held = roles.get(patientId) ?? new Set()
    roles.set(patientId, held)
    if (joined) held.add(role)
    else held.delete(role)
  }
  return [...roles].filter(([, held]) => held.size > 0).map(([patientId]) => patientId)
}
