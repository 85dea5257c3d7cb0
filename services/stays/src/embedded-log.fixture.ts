import { join } from 'node:path'
import { embeddedEventStore } from '@relais/event-store-embedded/adapter'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { afterTestFile } from '@relais/testkit/cleanup'

/** The durable log of a folder. It is closed after the test file, or by the test that opens it again. */
export async function openLogIn(folder: string, limits: { maxPages?: number } = {}) {
  const log = await openEmbeddedLog({ folder: join(folder, 'log'), ...limits })
  afterTestFile(() => log.close())
  return { store: embeddedEventStore(log), close: () => log.close() }
}
