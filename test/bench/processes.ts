import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { afterTestFile } from '@relais/testkit/cleanup'
import { type RunningRelais, startRelais } from '@relais/testkit/relais'
import type { Options } from './options.ts'

type Measured = Pick<Options, 'slowFlush' | 'profile'>

const slowFlushModule = new URL('./slow-flush.ts', import.meta.url).href

/** What Node is told besides the program: the same for what is measured and for what it is compared with. */
function nodeFlags({ slowFlush, profile }: Measured): string[] {
  return [
    ...(slowFlush ? [`--import=${slowFlushModule}`] : []),
    ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
  ]
}

/** The platform as `pnpm start` runs it, in a process of its own. */
export function startPlatform(options: Measured, folder?: string): Promise<RunningRelais> {
  const env = { NODE_OPTIONS: nodeFlags(options).join(' ') }
  return startRelais({ env, ...(folder === undefined ? {} : { folder }) })
}

/** A program of this folder in a process of its own, once it has said (by `process.send`) that it is ready. */
export async function startProgram<Ready>(module: URL, settings: object, options: Measured) {
  const execArgv = ['--disable-warning=ExperimentalWarning', ...nodeFlags(options)]
  const child = fork(module, [JSON.stringify(settings)], { execArgv })
  afterTestFile(() => void child.kill('SIGKILL'))
  const [ready] = await once(child, 'message')
  // What the program sends first is what its caller asks for.
  return { child, pid: child.pid ?? 0, ready: ready as Ready, stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.disconnect()
  await ended
}
