import type { AccessFacts } from '@relais/access/decide'
import { loadFactsOf } from '@relais/access/facts'
import type { Kysely } from 'kysely'
import { loopChannelOf, patientsIn } from '../domain/entry-channels.ts'
import type { FeedTables } from '../projections/channel-feed.ts'
import type { FeedReader } from './feed-reader.ts'
import type { Heard } from './heard.ts'
import { type KnownLoop, loopsIn, partiesIn, type Party } from './loop-reader.ts'
import { type Changes, changesOf, type PersonOf } from './persons.ts'
import { statesOf } from './states.ts'
import { type OpenText, type Texts, textsOf } from './texts.ts'
import { type KnownThread, threadsIn } from './thread-reader.ts'

/** What is known around a few entries, to decide who is sent which: read once for all of them. */
export type Context = {
  now: string
  /** By any id of a person. */
  facts: ReadonlyMap<string, AccessFacts>
  /**
   * Of all ids of a person, by any of them. `undefined` when who is a member now is all that counts: what came before a
   * joining is then shown too.
   */
  changes: Changes | undefined
  /** By `stateKey`: the JSON text of what comes with an entry on a channel. */
  states: ReadonlyMap<string, string>
  /** By `hushKey`, what recipients are not sent, or no longer. */
  hushed: ReadonlySet<string>
  /** Whom the threads of these entries are for, and those that are looked at beside, by their ids. */
  threads: ReadonlyMap<string, KnownThread>
  texts: Texts
  /** By channel, who takes part in the referrals and runs of these entries, and of which stay they are. */
  parties: ReadonlyMap<string, readonly Party[]>
  loops: ReadonlyMap<string, KnownLoop>
}

export type ContextDeps = { db: Kysely<FeedTables>; feed: FeedReader; openText: OpenText; now: () => string }
/** What a kind of channel has no use for is not read. */
export type Needs = {
  circles: boolean
  listens: (channel: string) => boolean
  /** Threads that have nothing new in them, while who may follow them may have changed. */
  threads?: readonly string[]
}

/** MUST be read after the entries are committed because a decision is never older than the entry it covers. */
export async function loadContext(
  deps: ContextDeps,
  entries: readonly Heard[],
  { circles, listens, personOf, threads = [] }: Needs & { personOf: PersonOf },
): Promise<Context> {
  const { db, feed, now } = deps
  const persons = new Set(entries.flatMap(({ entry }) => patientsIn(entry).map(personOf)))
  const facts = await Promise.all(
    [...persons].map(async ({ ids }) => {
      const known = await loadFactsOf(db, ids)
      return ids.map((id) => [id, known] as const)
    }),
  )
  const changes = circles ? await changesOf(feed, persons) : undefined
  const loops = [...new Set(entries.flatMap(({ entry }) => loopChannelOf(entry) ?? []))]
  return {
    now: now(),
    facts: new Map(facts.flat()),
    changes,
    states: await statesOf(deps, entries, { listens, personOf, changes: changes ?? new Map() }),
    hushed: await feed.hushed(entries),
    threads: await threadsIn(db, [...new Set([...threads, ...entries.flatMap(threadOf)])]),
    texts: await textsOf(deps, entries),
    parties: await partiesIn(db, loops.filter(listens)),
    loops: await loopsIn(db, loops),
  }
}

function threadOf({ entry }: Heard): string[] {
  return 'threadId' in entry ? [entry.threadId] : []
}
