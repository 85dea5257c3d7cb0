import type { AccessFacts } from '@relais/access/decide'
import { loadFactsOf } from '@relais/access/facts'
import type { Kysely } from 'kysely'
import { patientsIn } from '../domain/entry-channels.ts'
import type { FeedTables } from '../projections/channel-feed.ts'
import type { FeedReader, Heard } from './feed-reader.ts'
import { type Changes, changesOf, type PersonOf } from './persons.ts'
import { statesOf } from './states.ts'
import { type OpenText, textsOf } from './texts.ts'
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
  /** Positions of what the recipients of notices are not sent, or no longer. */
  hushed: ReadonlySet<number>
  /** Whom the threads of these entries are for, by their ids. */
  threads: ReadonlyMap<string, KnownThread>
  /** By position, the texts of messages. */
  texts: ReadonlyMap<number, string>
}

export type ContextDeps = { db: Kysely<FeedTables>; feed: FeedReader; openText: OpenText; now: () => string }
/** What a kind of channel has no use for is not read. */
export type Needs = { circles: boolean; listens: (channel: string) => boolean }

/** MUST be read after the entries are committed because a decision is never older than the entry it covers. */
export async function loadContext(
  deps: ContextDeps,
  entries: readonly Heard[],
  { circles, listens, personOf }: Needs & { personOf: PersonOf },
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
  return {
    now: now(),
    facts: new Map(facts.flat()),
    changes,
    states: await statesOf(deps, entries, { listens, personOf, changes: changes ?? new Map() }),
    hushed: await feed.hushed(entries),
    threads: await threadsIn(db, [...new Set(entries.flatMap(threadOf))]),
    texts: await textsOf(deps, entries),
  }
}

function threadOf({ entry }: Heard): string[] {
  return 'threadId' in entry ? [entry.threadId] : []
}
