import { randomUUID } from 'node:crypto'
import type { EmbeddedLog } from '@relais/event-store-embedded/log'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { serveLog, type LogServer, type ServeOptions } from '@relais/event-store-embedded/server/serve'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'

type Disposable = { dispose(): Promise<void> }
export type ServedLog<Client> = { log: EmbeddedLog; server: LogServer; client: Client }

/**
 * A log of its own, served over an insecure connection, and a client of it, opened by `connect` from a connection
 * string. All are closed after the test file.
 */
export async function servedLog<Client extends Disposable>(
  connect: (connectionString: string) => Client,
  options: ServeOptions & { folder?: string; maxPages?: number } = {},
): Promise<ServedLog<Client>> {
  const { folder = temporaryFolder(), maxPages, ...serving } = options
  const log = await openEmbeddedLog({ folder, ...(maxPages !== undefined && { maxPages }) })
  const server = await serveLog(log, serving)
  const client = connect(`esdb://127.0.0.1:${server.port}?tls=false`)
  afterTestFile(() => log.close())
  afterTestFile(() => server.close())
  afterTestFile(() => client.dispose())
  return { log, server, client }
}

/** Both ways in which the client appends: with credentials in a call of its own, without in the shared batch. */
export const appendCalls = [
  { call: 'BatchAppend', options: {} },
  { call: 'Append', options: { credentials: { username: 'nobody', password: 'nobody' } } },
]

/** Events as the client takes them. */
export const notes = (count: number) =>
  Array.from({ length: count }, (_, n) => {
    return {
      id: randomUUID(),
      type: 'Noted',
      contentType: 'application/json' as const,
      data: { n },
      metadata: undefined,
    }
  })

export const idsOf = (events: readonly { id: string }[]) => events.map(({ id }) => id)

export async function readAllOf<Event>(read: AsyncIterable<{ event?: Event }>): Promise<NonNullable<Event>[]> {
  const events: NonNullable<Event>[] = []
  for await (const { event } of read) if (event) events.push(event)
  return events
}

type Resolved = { event?: { id: string; position: { commit: bigint } } }
type Subscription = {
  on(event: 'data', listener: (resolved: Resolved) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'confirmation' | 'caughtUp', listener: () => void): unknown
}
type Followed = { ids: string[]; positions: bigint[]; caughtUp: number; confirmed: boolean; error: Error | undefined }

/** Keeps what a subscription of the client brings. */
export function followed(subscription: Subscription): Followed {
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
