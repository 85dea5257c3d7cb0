import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EventStoreDBClient, persistentSubscriptionToStreamSettingsFromDefaults } from '@eventstore/db-client'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { describe, expect, test } from 'vitest'
import { appendCalls, followed, idsOf, notes, readAllOf, servedLog } from '../../test/served-log.ts'

const connect = (connectionString: string) => EventStoreDBClient.connectionString(connectionString)
const fresh = { expectedRevision: 'no_stream' as const }

test.each(['esdb+discover://127.0.0.1:PORT?tls=false', 'esdb://127.0.0.1:PORT,127.0.0.1:PORT?tls=false'])(
  'a client that discovers its server finds this one: %s',
  async (template) => {
    const { server } = await servedLog(connect)
    const client = EventStoreDBClient.connectionString(template.replaceAll('PORT', String(server.port)))
    afterTestFile(() => client.dispose())
    await expect(client.appendToStream('note-1', notes(1), fresh)).resolves.toMatchObject({ success: true })
  },
)

test('a client that discovers its server goes to the advertised address', async () => {
  const reached = await servedLog(connect)
  const { server } = await servedLog(connect, { advertise: { host: 'localhost', port: reached.server.port } })
  const client = EventStoreDBClient.connectionString(`esdb+discover://127.0.0.1:${server.port}?tls=false`)
  afterTestFile(() => client.dispose())
  await client.appendToStream('note-1', notes(2), fresh)
  expect(reached.log.lastPosition()).toBe(2)
})

test('what is not served answers UNIMPLEMENTED', async () => {
  const { client } = await servedLog(connect)
  const unimplemented = /UNIMPLEMENTED|requires server version/
  await expect(client.deleteStream('note-1')).rejects.toThrow(unimplemented)
  await expect(client.tombstoneStream('note-1')).rejects.toThrow(unimplemented)
  const settings = persistentSubscriptionToStreamSettingsFromDefaults()
  await expect(client.createPersistentSubscriptionToStream('note-1', 'group', settings)).rejects.toThrow(unimplemented)
  await expect(client.enableProjection('$by_category')).rejects.toThrow(unimplemented)
})

test('a connection may be limited to a number of calls: the next one waits', async () => {
  const { client } = await servedLog(connect, { callsPerConnection: 100 })
  const subscriptions = Array.from({ length: 101 }, () => client.subscribeToAll())
  const seen = subscriptions.map(followed)
  await waitUntil(() => seen.slice(0, 100).every(({ caughtUp }) => caughtUp === 1), 'a hundred subscriptions')
  expect(seen[100]?.confirmed).toBe(false)
  await subscriptions[0]?.unsubscribe()
  await waitUntil(() => seen[100]?.confirmed || seen[100]?.error, 'the last subscription, or its refusal')
  await Promise.all(subscriptions.map((subscription) => subscription.unsubscribe()))
})

test('without a limit a connection carries more than a hundred calls', async () => {
  const { client } = await servedLog(connect)
  const subscriptions = Array.from({ length: 110 }, () => client.subscribeToAll())
  const seen = subscriptions.map(followed)
  await waitUntil(() => seen.every(({ caughtUp }) => caughtUp === 1), 'every subscription')
  const events = notes(2)
  await client.appendToStream('note-1', events, fresh)
  await waitUntil(() => seen.every(({ ids }) => ids.length === 2), 'two events for each')
  expect(seen.map(({ ids }) => ids)).toEqual(Array(110).fill(idsOf(events)))
  await Promise.all(subscriptions.map((subscription) => subscription.unsubscribe()))
})

describe('stopping', () => {
  test.each(appendCalls)('settles every append that is under way: $call', async ({ options }) => {
    const { client, server, log } = await servedLog(connect)
    const streams = Array.from({ length: 200 }, () => ({ name: `note-${randomUUID()}`, events: notes(2) }))
    const appends = streams.map(({ name, events }) => client.appendToStream(name, events, { ...fresh, ...options }))
    await Promise.any(appends)
    const closed = server.close()
    const settled = await Promise.allSettled(appends)
    await closed
    const refusals = settled.filter((result) => result.status === 'rejected').map(({ reason }) => String(reason.type))
    expect(refusals.filter((type) => type !== 'unavailable' && type !== 'cancelled')).toEqual([])
    const written = streams.filter((_, index) => settled[index]?.status === 'fulfilled')
    const stored = written.map(({ name }) => idsOf(log.readStream(name, { direction: 'forwards', limit: 9 })))
    expect(stored).toEqual(written.map(({ events }) => idsOf(events)))
  })

  test('ends subscriptions with an error, never in silence', async () => {
    const { client, server } = await servedLog(connect)
    const seen = followed(client.subscribeToAll())
    await waitUntil(() => seen.caughtUp, 'caughtUp')
    await server.close()
    await waitUntil(() => seen.error, 'the end of the subscription')
    expect(seen.error).toMatchObject({ type: 'unavailable' })
  })

  test('does not wait for a reader that has stopped reading', async () => {
    const { client, server } = await servedLog(connect)
    const large = notes(900).map((event) => ({ ...event, data: { text: 'x'.repeat(1000) } }))
    for (const name of ['note-1', 'note-2', 'note-3']) await client.appendToStream(name, large, fresh)
    const seen = followed(client.subscribeToAll().pause())
    await waitUntil(() => seen.confirmed, 'the confirmation')
    await expect(server.close()).resolves.toBeUndefined()
    await expect(server.close()).resolves.toBeUndefined()
  })

  test('happens by itself when the log closes', async () => {
    const { client, log } = await servedLog(connect)
    const seen = followed(client.subscribeToAll())
    await waitUntil(() => seen.caughtUp, 'caughtUp')
    await log.close()
    await waitUntil(() => seen.error, 'the end of the subscription')
    await expect(client.appendToStream('note-1', notes(1), fresh)).rejects.toMatchObject({ type: 'unavailable' })
  })
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) process.stderr.write('credentials over TLS are not tested: there is no openssl here\n')

/** A self-signed certificate for localhost, made by openssl. */
function selfSigned() {
  const folder = temporaryFolder()
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const files = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', certificate]
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...files, ...subject], { stdio: 'ignore' })
  return { file: certificate, tls: { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') } }
}

describe.skipIf(!hasOpenssl)('with credentials, over TLS', () => {
  const credentials = { user: 'relais', password: 'caduceus:42' }

  test('only who knows them reads and writes; discovery is open to all', async () => {
    const { file, tls } = selfSigned()
    const { server } = await servedLog(connect, { credentials, tls, advertise: { host: 'localhost' } })
    const connectAs = (who: string) => {
      const client = EventStoreDBClient.connectionString(
        `esdb+discover://${who}localhost:${server.port}?tlsCAFile=${file}&maxDiscoverAttempts=2`,
      )
      afterTestFile(() => client.dispose())
      return client
    }
    const denied = { type: 'access-denied' }
    for (const stranger of [connectAs(''), connectAs('relais:wrong@'), connectAs('other:caduceus%3A42@')]) {
      await expect(stranger.appendToStream('note-1', notes(1), fresh)).rejects.toMatchObject(denied)
      await expect(readAllOf(stranger.readAll())).rejects.toMatchObject(denied)
      const seen = followed(stranger.subscribeToAll())
      await waitUntil(() => seen.error, 'the refusal')
      expect(seen.error).toMatchObject(denied)
    }
    const known = connectAs('relais:caduceus%3A42@')
    const events = notes(2)
    await known.appendToStream('note-1', events, fresh)
    expect(idsOf(await readAllOf(known.readAll()))).toEqual(idsOf(events))
    const own = { credentials: { username: 'relais', password: 'wrong' } }
    await expect(known.appendToStream('note-2', notes(1), { ...fresh, ...own })).rejects.toMatchObject(denied)
  })
})
