import { EventStoreDBClient } from '@eventstore/db-client'

/** EventStoreDB serves 100 calls on one connection; the next one waits, silently. The rest is left to short calls. */
const SUBSCRIPTIONS_PER_CONNECTION = 80

export type Lease = { client: EventStoreDBClient; release(): void }
export type Connections = {
  /** A connection for a read or an append, the next one at each call. */
  next(): EventStoreDBClient
  /** A connection with room for one more subscription, opened when there is none. */
  lease(): Lease
  close(): Promise<void>
}

/** One client is one connection: short calls go round `count` of them, subscriptions fill others one by one. */
export function openConnections(connectionString: string, count: number): Connections {
  const open = () => EventStoreDBClient.connectionString(connectionString)
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
