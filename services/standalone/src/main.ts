import module from 'node:module'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import type { Started } from './start.ts'

const GRACE_MILLISECONDS = 2500
/** After which a start that is no longer wanted, and waits for a database or a log, is left as it is. */
const LONGEST_STEP_MILLISECONDS = 1500

// Sources compiled by an earlier start are not compiled again, which halves the time; threads learn of it by the variable,
// and have no compiler in memory.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '../../../node_modules/.cache/relais')
module.enableCompileCache()

const stopping = new AbortController()
closeWithGrace({ delay: GRACE_MILLISECONDS, logger: false }, async () => {
  stopping.abort()
  const started = await Promise.race([starting, pause(LONGEST_STEP_MILLISECONDS)])
  await started?.close()
})
const starting = launch(stopping.signal)

/** MUST load the rest by itself because that takes a while, and a signal may come meanwhile. */
async function launch(signal: AbortSignal): Promise<Started | undefined> {
  try {
    const [{ banner }, { loadConfig }, { start }] = await Promise.all([
      import('./banner.ts'),
      import('./config.ts'),
      import('./start.ts'),
    ])
    const started = await start(loadConfig(process.env, process.argv.slice(2)), process.env, signal)
    process.stdout.write(banner(started))
    module.flushCompileCache()
    return started
  } catch (error) {
    if (signal.aborted) return undefined
    process.stderr.write(`${error instanceof Error ? error.message : 'Relais could not start'}\n`)
    process.exit(error instanceof Error && 'code' in error && error.code === 'invalidSettings' ? 2 : 1)
  }
}
