import { linksAround, type LinkTables, personIn } from '@relais/access/links'
import type { Kysely } from 'kysely'
import { stayOf } from '../domain/entry-channels.ts'
import type { FeedReader } from './feed-reader.ts'
import type { Heard } from './heard.ts'
import { type Changes, patientsOf, type PersonOf } from './persons.ts'

/** An entry on a channel. */
export const stateKey = (position: number, channel: string) => `${position} ${channel}`

type StateDeps = { db: Kysely<LinkTables>; feed: Pick<FeedReader, 'history' | 'stay'> }
type Around = { listens: (channel: string) => boolean; personOf: PersonOf; changes: Changes }

/**
 * What some entries come with, so that nobody is left without what came before: whoever joins a circle is given the open
 * stays, and whoever follows one of two patients who are found to be one person, those of the other. As they were at that
 * moment, so that a replay tells what the live push told.
 */
export async function statesOf(
  deps: StateDeps,
  entries: readonly Heard[],
  around: Around,
): Promise<ReadonlyMap<string, string>> {
  const states = new Map<string, string>()
  for (const heard of entries)
    for (const [channel, state] of await statesWith(deps, heard, around))
      states.set(stateKey(heard.position, channel), `[${state.map(({ text }) => text).join(',')}]`)
  return states
}

type State = [channel: string, entries: readonly Heard[]]

async function statesWith(deps: StateDeps, heard: Heard, around: Around): Promise<State[]> {
  const { entry, position } = heard
  if (entry.kind === 'link') return entry.linked ? statesOfLink(deps, heard, around) : []
  if (entry.kind === 'released' || entry.kind === 'movedHere') return statesOfStay(deps, heard, around)
  const channel = entry.kind === 'circleJoined' ? `circle/${entry.member?.memberId}` : undefined
  if (channel === undefined || !around.listens(channel) || entry.patientId === undefined) return []
  const { ids } = around.personOf(entry.patientId)
  return [[channel, await deps.feed.history(ids, { before: position, choose: 'open' })]]
}

/** A stay that is no longer confidential, or that was somebody else's: whoever may see it has not heard of it. */
async function statesOfStay(
  { feed }: StateDeps,
  { entry, position }: Heard,
  { listens, personOf, changes }: Around,
): Promise<State[]> {
  const stayId = stayOf(entry)
  if (stayId === undefined || entry.patientId === undefined) return []
  const patients = personOf(entry.patientId).ids.map((id) => `patient/${id}`)
  const circles = (changes.get(entry.patientId) ?? []).map(({ memberId }) => `circle/${memberId}`)
  const followed = [...new Set([...patients, ...circles])].filter(listens)
  if (followed.length === 0) return []
  const history = await feed.stay(stayId, position)
  return followed.map((channel) => [channel, history])
}

/** For each channel, what the link made visible there: other links may have done so before, or not stand any longer. */
async function statesOfLink(
  { db, feed }: StateDeps,
  { entry, position }: Heard,
  { listens, personOf, changes }: Around,
): Promise<State[]> {
  if (entry.kind !== 'link') return []
  const { ids } = personOf(entry.patientId)
  const circles = changes.get(entry.patientId) ?? []
  const followed = [
    ...ids.map((id) => ({ channel: `patient/${id}`, own: [id], choose: 'present' as const })),
    ...[...new Set(circles.map(({ memberId }) => memberId))].map((memberId) => ({
      channel: `circle/${memberId}`,
      own: patientsOf(memberId, { changes: circles, before: position }),
      choose: 'open' as const,
    })),
  ].filter(({ channel }) => listens(channel))
  if (followed.length === 0) return []
  const isThis = (link: { patientId: string; otherId: string }) =>
    [link.patientId, link.otherId].every((id) => id === entry.patientId || id === entry.otherId)
  const others = (await linksAround(db, ids)).filter((link) => !isThis(link))
  const states: State[] = []
  for (const { channel, own, choose } of followed) {
    const before = new Set(own.flatMap((id) => personIn(others, id).ids))
    const added = ids.filter((id) => !before.has(id))
    if (added.length > 0) states.push([channel, await feed.history(added, { before: position, choose })])
  }
  return states
}
