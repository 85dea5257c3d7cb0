import { loadConfig } from './config.ts'
import { start } from './start.ts'

/** Says why it could not start, and ends by itself once nothing is left open. */
await start(loadConfig(process.env, []), process.env, new AbortController().signal).catch((error: unknown) =>
  process.stdout.write(error instanceof Error && 'code' in error ? String(error.code) : 'no code'),
)
