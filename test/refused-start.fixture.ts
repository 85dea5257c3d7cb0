import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { repository } from './command-line.fixture.ts'

const MAIN = fileURLToPath(new URL('../services/standalone/src/main.ts', import.meta.url))
const LONGEST_MILLISECONDS = 25_000

/** Starts the platform as `startRelais` does, where it is expected to refuse. One that starts is killed: no exit code. */
export function refusedStart(folder: string, env: Readonly<Record<string, string>> = {}) {
  const inherited = Object.fromEntries(['PATH', 'HOME'].map((name) => [name, process.env[name]]))
  const options = {
    cwd: repository,
    env: { ...inherited, RELAIS_FOLDER: folder, PORT: '0', MLLP_PORT: '0', ...env },
    timeout: LONGEST_MILLISECONDS,
  }
  return new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) => {
    const args = ['--disable-warning=ExperimentalWarning', MAIN]
    const child = execFile(process.execPath, args, options, (_, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    )
  })
}
