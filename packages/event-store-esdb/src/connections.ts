import { EventStoreDBClient } from '@eventstore/db-client'

/** EventStoreDB serves 100 calls on one connection; the next one waits, silently. The rest is left to short calls. */
const SUBSCRIPTIONS_PER_CONNECTION = 80

/** The client's default, in milliseconds. */
const KEEPALIVE_TIMEOUT = 10_000
/** More than eleven days. */
const NEVER = 1_000_000_000

export type Lease = { client: EventStoreDBClient; release(): void }
export type Connections = {
  /** A connection for a read or an append, the next one at each call. */
  next(): EventStoreDBClient
  /** A connection with room for one more subscription, opened when there is none. */
  lease(): Lease
  close(): Promise<void>
}

/** Short calls go round `count` connections; subscriptions fill others one by one. */
export function openConnections(connectionString: string, count: number): Connections {
  let opened = 0
  const open = () => EventStoreDBClient.connectionString(distinct(connectionString, opened++))
  const shared = Array.from({ length: count }, open)
  const leased: { client: EventStoreDBClient; subscriptions: number }[] = []
  let calls = 0

  function lease(): Lease {
    let connection = leased.find(({ subscriptions }) => subscriptions < SUBSCRIPTIONS_PER_CONNECTION)
    if (!connection) leased.push((connection = { client: open(), subscriptions: 0 }))
    const { client } = connection
    connection.subscriptions += 1
    const release = () => {
      connection.subscriptions -= 1
    }
    return { client, release }
  }

  return {
    next() {
      const client = shared[calls % shared.length] ?? open()
      calls += 1
      return client
    },
    lease,
    async close() {
      await Promise.allSettled([...shared, ...leased.map(({ client }) => client)].map((client) => client.dispose()))
    },
  }
}

/**
 * Clients with the same settings share one connection, and its limit, inside gRPC. A keepalive timeout that differs by
 * a millisecond is what tells them apart.
 */
export function distinct(connectionString: string, index: number): string {
  const setting = /([?&]keep[-_]?alive[-_]?timeout=)(-?\d+)/i
  const given = setting.exec(connectionString)?.[2]
  if (given === undefined) {
    const separator = connectionString.includes('?') ? '&' : '?'
    return `${connectionString}${separator}keepAliveTimeout=${KEEPALIVE_TIMEOUT + index}`
  }
  // Switched off, that is -1, is the same for all: a time that never passes is not.
  const timeout = Number(given) < 0 ? NEVER : Number(given)
  return connectionString.replace(setting, `$1${timeout + index}`)
}
