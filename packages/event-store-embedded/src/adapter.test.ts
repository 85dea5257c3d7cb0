import { eventStoreContract } from '@relais/event-store/contract'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { embeddedEventStore } from './adapter.ts'
import { openEmbeddedLog } from './open-log.ts'

eventStoreContract('on the embedded log in process', async () => ({
  store: embeddedEventStore(await openEmbeddedLog({ folder: temporaryFolder() })),
}))
