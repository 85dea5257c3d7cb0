import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { serveLog } from '@relais/event-store-embedded/server/serve'
import { eventStoreContract } from '@relais/event-store/contract'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
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
