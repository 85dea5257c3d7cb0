import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { serveLog } from '@relais/event-store-embedded/server/serve'

/** Serves the log of a folder on a port (0 for a free one), and prints that port once it listens. */
const [folder = '', port = '0'] = process.argv.slice(2)
const server = await serveLog(await openEmbeddedLog({ folder }), { port: Number(port) })
process.stdout.write(`${server.port}\n`)
