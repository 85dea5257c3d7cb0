import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemTimers } from '@relais/channels/timers'
import { openDatabase } from '@relais/database/database'
import { embeddedEventStore } from '@relais/event-store-embedded/adapter'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import { callCentre, callCommands, callDeadlineId, type CallTables, toldBy } from './calls.fixture.ts'
import { eventIdsOf } from './deadline.ts'
import { addHours } from './local-date.ts'

const program = fileURLToPath(new URL('../test/die-firing.ts', import.meta.url))
const clock = { now: () => new Date().toISOString(), onAdvanced: () => () => {} }

test('a call is missed once, however often the process is killed after writing so and before knowing it', async () => {
  const folder = temporaryFolder()
  const dueAt = addHours(clock.now(), -1)
  const callIds = Array.from({ length: 30 }, (_, number) => `call ${number}`)
  await onLog(folder, async (store) => {
    const { planned } = callCommands(store, clock.now)
    for (const callId of callIds) await planned(callId, dueAt)
  })

  for (const _ of [1, 2]) expect(await dieFiring(folder)).toBe('SIGKILL')

  await onLog(folder, async (store) => {
    const open = () =>
      openDatabase<CallTables>(`sqlite:${folder}/views.sqlite`, { schema: 'calls', durability: 'normal' })
    const databases = [await open(), await open()]
    const before = await toldBy(store, callCommands(store, clock.now))
    expect(before.length).toBeGreaterThanOrEqual(2)
    expect(before.length).toBeLessThan(callIds.length)
    const sideBySide = databases.map((database) =>
      callCentre({ store, database, time: { clock, timers: systemTimers } }),
    )
    const [centre] = sideBySide
    if (centre === undefined) throw new Error('no call centre')
    const due = () => databases[0]?.db.selectFrom('deadline').selectAll().where('due_at', '<=', dueAt).execute()
    await waitUntil(() => centre.deadlines.status().hasCaughtUp, 'deadlines to be followed')
    await waitUntil(async () => (await due())?.length === 0, 'no deadline to be due')
    for (const one of sideBySide) await one.stop()
    const told = await toldBy(store, centre)
    expect(told.toSorted()).toEqual(callIds.map((callId) => `missed ${callId} ${dueAt.slice(0, 16)}`).toSorted())
    for (const callId of callIds) {
      const ids: string[] = []
      for await (const { id } of store.readStream(`call-${callId}`, { from: 1 })) ids.push(id)
      expect(ids).toEqual([eventIdsOf({ deadlineId: callDeadlineId(callId), dueAt })(0)])
    }
    for (const database of databases) await database.close()
  })
})

async function onLog(folder: string, work: (store: ReturnType<typeof embeddedEventStore>) => Promise<void>) {
  const store = embeddedEventStore(await openEmbeddedLog({ folder: join(folder, 'log') }))
  try {
    await work(store)
  } finally {
    await store.close()
  }
}

async function dieFiring(folder: string): Promise<unknown> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, folder], {
    stdio: 'inherit',
  })
  const [, signal] = await once(child, 'exit')
  return signal
}
