import { join } from 'node:path'
import { systemTimers } from '@relais/channels/timers'
import { openDatabase } from '@relais/database/database'
import { embeddedEventStore } from '@relais/event-store-embedded/adapter'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { callCentre, type CallTables } from '../src/calls.fixture.ts'

/** Follows the deadlines of a folder, and is killed as soon as an append is on disk: nobody learns that it was made. */
const [folder = ''] = process.argv.slice(2)
const store = embeddedEventStore(await openEmbeddedLog({ folder: join(folder, 'log') }))
const clock = { now: () => new Date().toISOString(), onAdvanced: () => () => {} }
const database = await openDatabase<CallTables>(`sqlite:${folder}/views.sqlite`, {
  schema: 'calls',
  durability: 'normal',
})
const killing: typeof store = {
  ...store,
  async append(...appended) {
    await store.append(...appended)
    process.kill(process.pid, 'SIGKILL')
    return new Promise(() => {})
  },
}
callCentre({ store: killing, database, time: { clock, timers: systemTimers } })
