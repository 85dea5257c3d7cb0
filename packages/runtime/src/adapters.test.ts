import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { StoreUnavailable } from '@relais/event-store/port'
import { logger } from '@relais/telemetry/logger'
import { postgresServer } from '@relais/testkit/databases'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { describe, expect, test } from 'vitest'
import { type AdapterSources, openAdapters } from './adapters.ts'

function sources(given: Partial<AdapterSources>): AdapterSources {
  return {
    mode: 'demonstration',
    store: inMemoryEventStore(),
    databaseUrl: `sqlite:${temporaryFolder()}/relais.sqlite`,
    verifier: { verify: () => Promise.reject(new Error('nobody asks')) },
    siteKey: Buffer.alloc(32, 's'),
    masterKey: Buffer.alloc(32, 'm'),
    log: logger({ level: 'silent' }),
    ...given,
  }
}

const event = () => ({ id: crypto.randomUUID(), type: 'Noted.v1', data: {}, metadata: {} })
type Notes = { note: { text: string } }

function opensOn(name: string, urlOf: () => string) {
  describe(`adapters on ${name}`, () => {
    test('give a vault, read models and a log whose positions are its own', async () => {
      const databaseUrl = urlOf()
      const store = inMemoryEventStore()
      const { adapters, close } = await openAdapters(sources({ databaseUrl, store }))
      const outside = { authority: 'CH-ESSAI', number: '900001' }
      const { patientId } = await adapters.vault.resolveSubject(outside, { ...outside, number: '24000001' })
      const again = await openAdapters(sources({ databaseUrl, store }))
      expect(await again.adapters.vault.resolve('patient', outside)).toBe(patientId)
      expect(again.adapters.epoch).toBe(adapters.epoch)
      const views = await adapters.openViews<Notes>(`notes_${process.pid}`)
      await views.migrate({ '0001': { up: (db) => db.schema.createTable('note').addColumn('text', 'text').execute() } })
      await views.db.insertInto('note').values({ text: 'été' }).execute()
      expect(await views.db.selectFrom('note').selectAll().execute()).toEqual([{ text: 'été' }])
      await close()
      await again.close()
    })

    test('are refused with another site key, and nothing stays open', async () => {
      const databaseUrl = urlOf()
      const { close } = await openAdapters(sources({ databaseUrl }))
      await close()
      const store = inMemoryEventStore()
      const other = openAdapters(sources({ databaseUrl, store, siteKey: Buffer.alloc(32, 'o') }))
      await expect(other).rejects.toMatchObject({ code: 'siteKeyMismatch' })
      await expect(store.append('note-1', 'noStream', [event()])).rejects.toBeInstanceOf(StoreUnavailable)
    })
  })
}

const server = postgresServer()
opensOn('PostgreSQL', () => server.url())
const folder = temporaryFolder()
opensOn('SQLite', () => `sqlite:${folder}/relais.sqlite`)

test('closing them closes the log', async () => {
  const store = inMemoryEventStore()
  const { close } = await openAdapters(sources({ store }))
  await close()
  await close()
  await expect(store.append('note-1', 'noStream', [event()])).rejects.toBeInstanceOf(StoreUnavailable)
})

test('the clock is the system’s, unless another is given', async () => {
  const system = await openAdapters(sources({}))
  expect(system.adapters.now()).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  await system.close()
  const given = await openAdapters(sources({ now: () => '2026-11-02T09:00:00.000Z' }))
  expect(given.adapters.now()).toBe('2026-11-02T09:00:00.000Z')
  await given.close()
})

const reopened = () => {
  const store = inMemoryEventStore()
  return { ...store, close: async () => {} }
}

test.each([
  ['demonstration', 'production'],
  ['production', 'demonstration'],
] as const)('a log born in %s is never opened for %s', async (born, asked) => {
  const store = reopened()
  for (const mode of [born, born]) await (await openAdapters(sources({ store, mode }))).close()
  const other = openAdapters(sources({ store, mode: asked }))
  await expect(other).rejects.toMatchObject({ code: 'invalidSettings', message: expect.stringContaining(born) })
})

test('of two that open a new log at once in different modes, one has its way', async () => {
  const store = reopened()
  const modes = ['demonstration', 'production'] as const
  const opened = await Promise.allSettled(modes.map((mode) => openAdapters(sources({ store, mode }))))
  expect(opened.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  for (const one of opened) if (one.status === 'fulfilled') await one.value.close()
})
