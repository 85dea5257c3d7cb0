import { connectChannels } from '@relais/channels/client'
import { ChannelName } from '@relais/contracts/channels'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { afterTestFile } from '@relais/testkit/cleanup'
import { startPostgres } from '@relais/testkit/postgres'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { moved, newStay, stayOf } from './facts.fixture.ts'
import { type Gateway, nurse, openGateway } from './gateway.fixture.ts'

/** Of its own because the vaults of other tests have other keys. */
const postgres = await startPostgres()
afterTestFile(() => postgres.stop())

/** The stays that a client of this gateway has heard of, on the channel of a ward. */
async function boardOf({ url }: Gateway) {
  const stays: (string | undefined)[] = []
  const began = Promise.withResolvers<void>()
  const client = connectChannels({ url, token: async () => nurse, webSocket: WebSocket, random: () => 0 })
  onTestFinished(() => client.close())
  client.subscribe(ChannelName.parse('ward/3620'), {
    onEntry: ({ entry }) => void stays.push(stayOf(entry)),
    onCaughtUp: () => began.resolve(),
  })
  await began.promise
  return stays
}

test.each([
  { kind: 'one SQLite file', databaseUrl: () => `sqlite:${temporaryFolder()}/shared.sqlite` },
  { kind: 'one PostgreSQL schema', databaseUrl: () => postgres.url },
])('two gateways on $kind: the clients of both get every entry, once and in order', async ({ databaseUrl }) => {
  const ground = { store: inMemoryEventStore(), databaseUrl: databaseUrl(), schema: 'channels_shared' }
  const gateways = [await openGateway(ground), await openGateway(ground)]
  for (const { close } of gateways) onTestFinished(close)
  const boards = await Promise.all(gateways.map(boardOf))
  const expected: string[] = []
  for (let number = 0; number < 12; number += 1) {
    const stay = newStay()
    expected.push(stay.stayId)
    await gateways[0]?.record(moved('PatientAdmitted', stay, { ward: '3620' }))
  }
  await waitUntil(() => boards.every(({ length }) => length >= expected.length), 'every entry on both boards')
  expect(boards).toEqual([expected, expected])
})

test('what a gateway tells is on the disk of the PostgreSQL server, so that a crash takes nothing of it back', async () => {
  const gateway = await openGateway({ databaseUrl: postgres.url, schema: 'channels_flushed' })
  onTestFinished(gateway.close)
  const { db, record } = gateway
  await sql`create table commit_noted (setting text)`.execute(db)
  await sql`create function note_commit() returns trigger language plpgsql as $$
    begin
      insert into commit_noted values (current_setting('synchronous_commit'));
      return new;
    end $$`.execute(db)
  await sql`create trigger note_commit after update on projection_checkpoint
    for each row execute function note_commit()`.execute(db)
  await record(moved('PatientAdmitted', newStay(), { ward: '3620' }))
  expect((await sql`select distinct setting from commit_noted`.execute(db)).rows).toEqual([{ setting: 'on' }])
})
