import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'

export const repository = fileURLToPath(new URL('..', import.meta.url))
const MAIN = fileURLToPath(new URL('../services/cli/src/main.ts', import.meta.url))

export type Ran = { exitCode: number | null; stdout: string; stderr: string }
export type Background = {
  /** Everything written so far, on one stream or on both in the order in which it came. */
  stdout(): string
  stderr(): string
  transcript(): string
  /** Interrupts it, as Ctrl-C does, and answers its exit code. */
  stop(): Promise<number | null>
}
export type CommandLine = {
  /** Runs `relais` with these arguments to its end. */
  run(...args: string[]): Promise<Ran>
  /** Starts `relais` with these arguments, for a command that lasts. Killed at the latest when the test file ends. */
  start(...args: string[]): Background
}

/** The `relais` command as a process of its own, on a data folder. Of the tests' environment only PATH and HOME pass. */
export function commandLine(folder: string, env: Readonly<Record<string, string>> = {}): CommandLine {
  const compiled = temporaryFolder()

  function launch(args: readonly string[]) {
    const inherited = Object.fromEntries(['PATH', 'HOME'].map((name) => [name, process.env[name]]))
    const child = spawn(process.execPath, [MAIN, '--folder', folder, ...args], {
      cwd: repository,
      env: { ...inherited, NODE_COMPILE_CACHE: compiled, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const closed = once(child, 'close')
    const written = { stdout: '', stderr: '', transcript: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        written[name] += text
        written.transcript += text
      })
    afterTestFile(() => void child.kill('SIGKILL'))
    return { child, closed, written }
  }

  return {
    async run(...args) {
      const { child, closed, written } = launch(args)
      await closed
      const { stdout, stderr } = written
      return { exitCode: child.exitCode, stdout, stderr }
    },
    start(...args) {
      const { child, closed, written } = launch(args)
      return {
        stdout: () => written.stdout,
        stderr: () => written.stderr,
        transcript: () => written.transcript,
        async stop() {
          child.kill('SIGINT')
          await closed
          return child.exitCode
        },
      }
    },
  }
}

/** What `--json` wrote: one value a line. The last line may still be on its way. */
export function jsonLines(stdout: string): unknown[] {
  const lines = stdout.slice(0, stdout.lastIndexOf('\n') + 1).split('\n')
  return lines.filter((line) => line !== '').map((line): unknown => JSON.parse(line))
}
