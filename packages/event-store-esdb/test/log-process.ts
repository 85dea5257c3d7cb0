import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterTestFile } from '@relais/testkit/cleanup'

const program = fileURLToPath(new URL('serve-log.ts', import.meta.url))

export type LogProcess = { port: number; kill(): Promise<void> }

/** Serves the log of a folder from a process of its own, which can be killed. */
export async function startLogProcess(folder: string, port = 0): Promise<LogProcess> {
  const args = ['--disable-warning=ExperimentalWarning', program, folder, String(port)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  async function kill() {
    child.kill('SIGKILL')
    await exited
  }
  afterTestFile(kill)
  const lines = createInterface({ input: child.stdout })
  const [line] = await Promise.race([once(lines, 'line'), exited.then(() => [''])])
  if (line === '') throw new Error('The process that serves the log has ended')
  return { port: Number(line), kill }
}
