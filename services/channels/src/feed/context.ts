import type { AccessFacts } from '@relais/access/decide'
import { loadAccessFacts } from '@relais/access/facts'
import type { Kysely } from 'kysely'
import type { FeedTables } from '../projections/channel-feed.ts'
import { type CircleChange, type FeedReader, type Heard, ofStays, openStays } from './feed-reader.ts'

/** What is known around a few entries, to decide who is sent which: read once for all of them. */
export type Context = {
  now: string
  facts: ReadonlyMap<string, AccessFacts>
  /** `undefined` when who is a member now is all that counts: what came before a joining is then shown too. */
  changes: ReadonlyMap<string, readonly CircleChange[]> | undefined
  /** By the position of a joining: the JSON text of the entries that the joiner is given. */
  states: ReadonlyMap<number, string>
}

export type ContextDeps = { db: Kysely<FeedTables>; feed: FeedReader; now: () => string }
/** What a kind of channel has no use for is not read. */
export type Needs = { circles: boolean; joins: (memberId: string) => boolean }

/** MUST be read after the entries are committed because a decision is never older than the entry it covers. */
export async function loadContext(deps: ContextDeps, entries: readonly Heard[], needs: Needs): Promise<Context> {
  const { db, feed, now } = deps
  const patientIds = [...new Set(entries.map(({ entry }) => entry.patientId))]
  const joinings = entries.filter(({ entry }) => entry.kind === 'circleJoined' && needs.joins(joinerOf(entry)))
  const facts = await Promise.all(
    patientIds.map(async (patientId) => [patientId, await loadAccessFacts(db, patientId)] as const),
  )
  const states = joinings.map(async (joining) => [joining.position, await stateAt(feed, joining)] as const)
  return {
    now: now(),
    facts: new Map(facts),
    changes: needs.circles ? await feed.circleChanges(patientIds) : undefined,
    states: new Map(await Promise.all(states)),
  }
}

const joinerOf = ({ member }: Heard['entry']) => member?.memberId ?? ''

/** The open stays as they were at that moment, so that a replay tells what the live push told. */
async function stateAt(feed: FeedReader, { position, entry: { patientId } }: Heard): Promise<string> {
  const channel = { kind: 'patient', name: `patient/${patientId}`, patientId } as const
  const earlier = (await feed.after(channel, 0, Number.MAX_SAFE_INTEGER)).filter((heard) => heard.position < position)
  return `[${ofStays(openStays, earlier)
    .map(({ text }) => text)
    .join(',')}]`
}
