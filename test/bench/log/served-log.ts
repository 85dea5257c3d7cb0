import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { serveLog } from '@relais/event-store-embedded/server/serve'
import { temporaryFolder } from '@relais/testkit/temporary-folder'

/** An embedded log, served over EventStoreDB's protocol. Tells its statistics to whoever sends it a message. */
export type ServedLogSettings = { flushDelayMilliseconds: number }

// Written by startProgram.
const settings = JSON.parse(process.argv[2] ?? '{}') as ServedLogSettings
const log = await openEmbeddedLog({ folder: temporaryFolder(), ...settings })
const server = await serveLog(log)
process.on('message', () => process.send?.(log.statistics()))
process.once('disconnect', () => void server.close().then(() => log.close()))
process.send?.({ port: server.port })
