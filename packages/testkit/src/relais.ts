import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { afterTestFile } from './cleanup.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { waitUntil } from './wait-until.ts'

const repository = fileURLToPath(new URL('../../../', import.meta.url))
const MAIN = join(repository, 'services/standalone/src/main.ts')

/** `run.json` in the data folder: where a running Relais listens. */
const RunFile = z.object({
  pid: z.int(),
  http: z.string(),
  mllp: z.object({ host: z.string(), port: z.int() }),
})

export type StartOptions = {
  /** The data folder, kept from one start to the next; a temporary one by default. */
  folder?: string
  /** Added to the environment. Of the tests' own, only PATH and HOME are passed on. */
  env?: Readonly<Record<string, string>>
  args?: readonly string[]
}

export type RunningRelais = {
  /** Such as `http://localhost:41234`; `https` where a certificate was given. */
  url: string
  mllp: { host: string; port: number }
  folder: string
  pid: number
  /** Everything written so far: both outputs, then the log file of the folder where there is one. */
  logs(): string
  /** Asks it to stop and answers its exit code once it has ended; `null` when a signal ended it. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<number | null>
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>
}

/**
 * Starts the whole platform in one process on free ports and waits until it is ready. Whatever still runs when the test
 * file ends is killed.
 * @throws Error with the logs, when the process ends or does not become ready within 30 s.
 */
export async function startRelais({ folder = temporaryFolder(), env = {}, args = [] }: StartOptions = {}) {
  const { child, logs } = launch(folder, env, args)
  try {
    const url = await waitUntil(() => addressIn(child, logs()), 'the address of Relais', 30)
    await waitUntil(() => isReady(child, url), 'Relais to be ready', 30)
    return handleOn(child, { url, folder, logs })
  } catch (cause) {
    await kill(child)
    throw new Error(`Relais did not start\n${logs()}`, { cause })
  }
}

/** Free ports, nobody in the folder but those whom the test brings, and the browser application as it was last built. */
const quiet = {
  PORT: '0',
  MLLP_PORT: '0',
  LOG_LEVEL: 'info',
  DEMONSTRATION_TERRITORY: 'false',
  PORTAL_BUILD: 'false',
}

function launch(folder: string, env: StartOptions['env'], args: readonly string[]) {
  const inherited = Object.fromEntries(['PATH', 'HOME'].map((name) => [name, process.env[name]]))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    cwd: repository,
    env: { ...inherited, ...quiet, RELAIS_FOLDER: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  afterTestFile(() => kill(child))
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const logFile = join(folder, 'relais.log')
  return { child, logs: () => output + (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '') }
}

function handleOn(child: ChildProcess, { url, folder, logs }: Pick<RunningRelais, 'url' | 'folder' | 'logs'>) {
  const { pid, mllp } = RunFile.parse(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')))
  const handle: RunningRelais = {
    url,
    mllp,
    folder,
    pid,
    logs,
    stop: (signal = 'SIGTERM') => end(child, signal),
    kill: () => kill(child),
  }
  return handle
}

function addressIn(child: ChildProcess, output: string) {
  failIfEnded(child)
  // The portal may be found elsewhere.
  return /HTTP and channels +(https?:\/\/localhost:\d+)/.exec(output)?.[1]
}

/** Any certificate will do: this asks whether the process is ready, on the loopback interface. */
function isReady(child: ChildProcess, url: string): Promise<boolean> {
  failIfEnded(child)
  const ask = url.startsWith('https:') ? requestOverTls : request
  return new Promise((resolve) => {
    ask(`${url}/readyz`, { rejectUnauthorized: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
      .once('error', () => resolve(false))
      .end()
  })
}

function failIfEnded(child: ChildProcess) {
  if (hasEnded(child)) throw new Error(`The process ended: ${child.exitCode ?? child.signalCode}`)
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null

async function end(child: ChildProcess, signal: NodeJS.Signals) {
  if (!hasEnded(child)) {
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return child.exitCode
}

async function kill(child: ChildProcess) {
  await end(child, 'SIGKILL')
}
