import type { Database } from '@relais/database/database'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import type { OpenDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import { onTestFinished } from 'vitest'
import { callCentre, type CallTables, virtualTime } from './calls.fixture.ts'
import type { DeadlineOptions } from './scheduler.ts'

/** The database as the scheduler sees it. */
export type Seen = (database: Database<CallTables>) => DeadlineOptions['database']
type Options = Partial<DeadlineOptions> & { seen?: Seen }

/** Deadlines of an empty log, at the start of the virtual day, asleep. */
export async function started(open: OpenDatabase, schema: string, { seen, ...options }: Options = {}) {
  const time = virtualTime()
  const store = inMemoryEventStore()
  const database = await open<CallTables>(schema)
  const own = seen === undefined ? {} : { database: seen(database) }
  const centre = callCentre({ store, database, time, options: { ...own, ...options } })
  onTestFinished(() => centre.stop())
  /** Lets timers run that are due, without time passing. */
  const until = (look: () => boolean | Promise<boolean>, what: string) =>
    waitUntil(() => {
      time.pass(0)
      return look()
    }, what)
  await until(() => centre.view.status().state === 'live', 'the view to be live')
  time.pass(3_600_000)
  await until(() => centre.deadlines.status().hasCaughtUp, 'deadlines to be followed')
  return { time, store, database, centre, until }
}
