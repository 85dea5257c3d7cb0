import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { serveLog } from '@relais/event-store-embedded/server/serve'
import { eventStoreContract } from '@relais/event-store/contract'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { describe } from 'vitest'
import { esdbEventStore } from './store.ts'

eventStoreContract('through the client on the embedded server', async () => {
  const log = await openEmbeddedLog({ folder: temporaryFolder() })
  const server = await serveLog(log, { callsPerConnection: 100 })
  const store = esdbEventStore({ connectionString: `esdb://127.0.0.1:${server.port}?tls=false` })
  async function close() {
    await server.close()
    await log.close()
  }
  return { store, close }
})

const connectionString = process.env['TEST_EVENTSTORE_URL'] ?? ''
if (connectionString === '')
  process.stderr.write('the contract is not tested on a real EventStoreDB: TEST_EVENTSTORE_URL is not set\n')

describe.skipIf(connectionString === '')('with TEST_EVENTSTORE_URL', () => {
  eventStoreContract('through the client on that server', async () => ({ store: esdbEventStore({ connectionString }) }))
})
