import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { afterTestFile } from '@relais/testkit/cleanup'
import { type RunningRelais, startRelais } from '@relais/testkit/relais'
import { z } from 'zod'
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

const Ready = z.object({ port: z.int() })

/** A program of this folder in a process of its own, once it has told its port. */
export async function startProgram(module: URL, settings: object, options: Measured) {
  const execArgv = ['--disable-warning=ExperimentalWarning', ...nodeFlags(options)]
  const child = fork(module, [JSON.stringify(settings)], { execArgv })
  afterTestFile(() => void child.kill('SIGKILL'))
  const { port } = await answer(child, Ready)
  return { child, pid: child.pid ?? 0, port, stop: () => stop(child) }
}

/** The next message of a program. */
export async function answer<Schema extends z.ZodType>(child: ChildProcess, schema: Schema): Promise<z.infer<Schema>> {
  const messages: unknown[] = await once(child, 'message')
  return schema.parse(messages[0])
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.disconnect()
  await ended
}
