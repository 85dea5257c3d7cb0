import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventStoreContract } from '@relais/event-store/contract'
import { embeddedEventStore } from './adapter.ts'
import { openEmbeddedLog } from './open-log.ts'

eventStoreContract('on the embedded log in process', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'relais-log-'))
  const store = embeddedEventStore(await openEmbeddedLog({ folder }))
  return { store, close: () => rm(folder, { recursive: true }) }
})
