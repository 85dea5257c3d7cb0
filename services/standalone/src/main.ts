import closeWithGrace from 'close-with-grace'
import { banner } from './banner.ts'
import { loadConfig } from './config.ts'
import { start } from './start.ts'

const GRACE_MILLISECONDS = 2500

try {
  const started = await start(loadConfig(process.env, process.argv.slice(2)), process.env)
  closeWithGrace({ delay: GRACE_MILLISECONDS, logger: false }, () => started.close())
  process.stdout.write(banner(started))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'Relais could not start'}\n`)
  process.exit(error instanceof Error && 'code' in error && error.code === 'invalidSettings' ? 2 : 1)
}
