import module from 'node:module'
import { join } from 'node:path'
import { CommanderError } from 'commander'
import { CommandFailed, ExitCode } from './failures.ts'
import { output } from './output.ts'

const stopping = new AbortController()
process.once('SIGINT', () => stopping.abort())
process.once('SIGTERM', () => stopping.abort())

// Sources compiled by an earlier command are not compiled again.
module.enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/relais'))

try {
  const { program } = await import('./program.ts')
  await program(stopping.signal).parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage
  output(false).notice(error instanceof Error ? error.message : 'The command failed')
  return error instanceof CommandFailed ? error.exitCode : ExitCode.refused
}
