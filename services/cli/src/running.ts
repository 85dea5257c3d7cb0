import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { unreachable } from './failures.ts'

const Running = z.object({
  pid: z.int(),
  http: z.url(),
  mllp: z.object({ host: z.string(), port: z.int() }),
})
export type Running = z.infer<typeof Running>

/** Where the process that uses this data folder is to be found. @throws CommandFailed when none runs */
export function findRunning(folder: string): Running {
  const file = join(folder, 'run.json')
  const running = Running.safeParse(parsed(file))
  if (!running.success || !isAlive(running.data.pid))
    throw unreachable(
      `No running Relais in ${folder}: start it (npx -y pnpm@12 start), or name its folder with --folder`,
    )
  return running.data
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** A crash leaves the file behind; whoever listens there now is not to be trusted with the folder's key. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** The key that lets whoever owns the data folder ask for demonstration tokens; `undefined` where it cannot be read. */
export function operatorKey(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'secrets', 'operator.key'), 'utf8').trim()
  } catch {
    return undefined
  }
}
