import { connectChannels } from '@relais/channels/client'
import { IssuedTicket } from '@relais/contracts/channel-routes'
import { ChannelName } from '@relais/contracts/channels'
import { sessionEvents, type SessionEvent } from '@relais/contracts/sessions'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { eventCodec } from '@relais/events/codec'
import { afterTestFile } from '@relais/testkit/cleanup'
import { startPostgres } from '@relais/testkit/postgres'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { moved, newStay } from './facts.fixture.ts'
import { connect, type Gateway, knock, nurse, openGateway, person, signedIn } from './gateway.fixture.ts'

/** Of its own because the vaults of other tests have other keys. */
const postgres = await startPostgres()
afterTestFile(() => postgres.stop())

/** The nurse of 3620, each time with a sign-in of her own. */
const atWork = () => signedIn(nurse, crypto.randomUUID())

const ticketOf = async ({ as }: Gateway, token: string) => {
  const { status, body } = await as(token)('/channels/tickets', { method: 'POST' })
  expect(status).toBe(201)
  return IssuedTicket.parse(body).ticket
}
const signOut = ({ as }: Gateway, token: string) => as(token)('/channels/sign-out', { method: 'POST' })

const onSqlite = () => `sqlite:${temporaryFolder()}/shared.sqlite`
const onPostgres = () => postgres.url

/** Two gateways, of these names, on one log and one database. */
async function pair(databaseUrl: string, schemas: readonly [string, string]): Promise<[Gateway, Gateway]> {
  const ground = { store: inMemoryEventStore(), databaseUrl }
  const [here, there] = [
    await openGateway({ ...ground, schema: schemas[0] }),
    await openGateway({ ...ground, schema: schemas[1] }),
  ]
  for (const { close } of [here, there]) onTestFinished(close)
  return [here, there]
}

test.each([
  { kind: 'SQLite', databaseUrl: onSqlite, prefix: 'channels' },
  { kind: 'PostgreSQL', databaseUrl: onPostgres, prefix: 'channels_out' },
])(
  'who signs out at one gateway is cut at both, and comes back with nothing ($kind)',
  async ({ databaseUrl, prefix }) => {
    const [here, there] = await pair(databaseUrl(), [`${prefix}_a`, `${prefix}_b`])
    const [token, elsewhere] = [atWork(), atWork()]
    const sockets = [
      await knock(here, { ticket: await ticketOf(there, token) }),
      await knock(there, { ticket: await ticketOf(here, token) }),
      await knock(there, { token }),
    ]
    const others = [await knock(there, { ticket: await ticketOf(here, elsewhere) }), await connect(there, nurse)]
    const outstanding = await ticketOf(here, token)
    expect((await signOut(here, token)).status).toBe(204)
    expect(await Promise.all(sockets.map(({ closed }) => closed))).toEqual([4403, 4403, 4403])

    const refused = [await knock(there, { ticket: outstanding }), await knock(there, { token })]
    expect(await Promise.all(refused.map(({ closed }) => closed))).toEqual([4401, 4401])
    const asked = await there.as(token)('/channels/tickets', { method: 'POST' })
    expect(asked).toMatchObject({ status: 401, body: { type: 'urn:relais:problem:signedOut' } })
    for (const { socket } of others) expect(socket.readyState).toBe(WebSocket.OPEN)
  },
)

test.each([
  { kind: 'SQLite', databaseUrl: onSqlite },
  { kind: 'PostgreSQL', databaseUrl: onPostgres },
])('under one name, too, both gateways cut, also a socket that follows nothing ($kind)', async ({ databaseUrl }) => {
  const [here, there] = await pair(databaseUrl(), ['channels_same', 'channels_same'])
  const token = atWork()
  const sockets = [await connect(here, token), await connect(there, token)]
  await signOut(there, token)
  expect(await Promise.all(sockets.map(({ closed }) => closed))).toEqual([4403, 4403])
})

test('of two sockets with one ticket, at two gateways, exactly one is welcome', async () => {
  const gateways = await pair(onSqlite(), ['channels_a', 'channels_b'])
  const ticket = await ticketOf(gateways[0], atWork())
  const sockets = await Promise.all(gateways.map((gateway) => knock(gateway, { ticket })))
  const refused = sockets.filter(({ isWelcome }) => !isWelcome)
  expect(refused).toHaveLength(1)
  expect(await refused[0]?.closed).toBe(4401)
})

test('a page follows its ward across a renewal without a cut, and stays away once its nurse has signed out', async () => {
  const gateway = await openGateway()
  onTestFinished(gateway.close)
  const token = atWork()
  const firstEnd = Date.now() + 1500
  const endsSoon = JSON.stringify({ ...JSON.parse(token), expiresAt: new Date(firstEnd).toISOString() })
  const states: unknown[] = []
  const entries: string[] = []
  const asked: string[] = []
  const caughtUp = Promise.withResolvers<void>()
  const client = connectChannels({
    url: gateway.url,
    ticket: async () => {
      const ticket = await ticketOf(gateway, asked.length === 0 ? endsSoon : token)
      asked.push(ticket)
      return ticket
    },
    webSocket: WebSocket,
    onState: (...state) => void states.push(state),
  })
  onTestFinished(() => client.close())
  client.subscribe(ChannelName.parse('ward/3620'), {
    onEntry: ({ entry }) => void entries.push(entry.kind),
    onCaughtUp: () => caughtUp.resolve(),
  })
  await caughtUp.promise
  await waitUntil(() => asked.length === 2, 'the renewal')
  await waitUntil(() => Date.now() > firstEnd, 'the end of the first token')
  await gateway.record(moved('PatientAdmitted', newStay(), { ward: '3620' }))
  await waitUntil(() => entries.length === 1, 'the admission')
  expect(states).toEqual([['connecting'], ['open']])
  await signOut(gateway, token)
  await waitUntil(() => states.length === 3, 'the end')
  expect(states[2]).toEqual(['closed', 4403])
})

test('signing out is for whoever has a token that names the sign-in; it is a fact, which does not say its name', async () => {
  const gateway = await openGateway()
  onTestFinished(gateway.close)
  const sid = crypto.randomUUID()
  const secretary = signedIn(person({ scopes: [] }), sid)
  expect(await gateway.as(secretary)('/channels/tickets', { method: 'POST' })).toMatchObject({ status: 403 })
  const unnamed = await signOut(gateway, nurse)
  expect(unnamed).toMatchObject({ status: 422, body: { type: 'urn:relais:problem:signInUnnamed' } })
  for (let time = 0; time < 2; time += 1) {
    const answer = await signOut(gateway, secretary)
    expect(answer).toMatchObject({ status: 204 })
    expect(answer.headers.get('relais-position')).toMatch(/:\d+$/)
  }
  const codec = eventCodec<SessionEvent>(sessionEvents, gateway.vault)
  const told: SessionEvent[] = []
  for await (const recorded of gateway.store.readAll()) {
    expect(JSON.stringify(recorded)).not.toContain(sid)
    const event = (await codec.decode(recorded))?.event
    if (event) told.push(event)
  }
  expect(told).toMatchObject([{ type: 'SessionEnded', data: { endedAt: expect.any(String) } }])
})
