import { EventStoreDBClient, jsonEvent, type AllStreamSubscription, type ResolvedEvent } from '@eventstore/db-client'
import type { EmbeddedLog } from '@relais/event-store-embedded/log'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { serveLog, type LogServer, type ServeOptions } from '@relais/event-store-embedded/server/serve'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'

export type ServedLog = {
  log: EmbeddedLog
  server: LogServer
  client: EventStoreDBClient
  connect(): EventStoreDBClient
}

/** A log of its own, served over an insecure connection, and a client of it. All are closed after the test file. */
export async function servedLog(
  options: ServeOptions & { folder?: string; maxPages?: number } = {},
): Promise<ServedLog> {
  const { folder = temporaryFolder(), maxPages, ...serving } = options
  const log = await openEmbeddedLog({ folder, ...(maxPages !== undefined && { maxPages }) })
  const server = await serveLog(log, serving)
  const connect = () => {
    const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${server.port}?tls=false`)
    afterTestFile(() => client.dispose())
    return client
  }
  afterTestFile(() => log.close())
  afterTestFile(() => server.close())
  return { log, server, client: connect(), connect }
}

/** Both ways in which the client appends: with credentials in a call of its own, without in the shared batch. */
export const appendCalls = [
  { call: 'BatchAppend', options: {} },
  { call: 'Append', options: { credentials: { username: 'nobody', password: 'nobody' } } },
]

export const notes = (count: number) =>
  Array.from({ length: count }, (_, n) => jsonEvent({ type: 'Noted', data: { n } }))

export const idsOf = (events: readonly { id: string }[]) => events.map(({ id }) => id)

export async function readAllOf<Resolved extends Pick<ResolvedEvent, 'event'>>(read: AsyncIterable<Resolved>) {
  const events: NonNullable<Resolved['event']>[] = []
  for await (const { event } of read) if (event) events.push(event)
  return events
}

type Followed = { ids: string[]; positions: bigint[]; caughtUp: number; confirmed: boolean; error: Error | undefined }

/** Keeps what a subscription of the client brings. */
export function followed(subscription: AllStreamSubscription): Followed {
  const seen: Followed = { ids: [], positions: [], caughtUp: 0, confirmed: false, error: undefined }
  subscription.on('confirmation', () => {
    seen.confirmed = true
  })
  subscription.on('caughtUp', () => {
    seen.caughtUp += 1
  })
  subscription.on('error', (error) => {
    seen.error = error
  })
  subscription.on('data', ({ event }) => {
    if (!event) return
    seen.ids.push(event.id)
    seen.positions.push(event.position.commit)
  })
  return seen
}
