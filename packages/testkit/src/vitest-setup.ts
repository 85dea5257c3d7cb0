import { format } from 'node:util'
import { afterAll, afterEach } from 'vitest'
import { runCleanups } from './cleanup.ts'
import { takeUnconcluded } from './specification.ts'

const unexpected: string[] = []
for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'table', 'dir'] as const)
  globalThis.console[method] = (...parts: unknown[]) => void unexpected.push(format(...parts))

function failOnConsoleOutput() {
  const output = unexpected.splice(0)
  if (output.length > 0) throw new Error(`Unexpected console output:\n${output.join('\n')}`)
}

function failOnUnconcluded() {
  const examples = takeUnconcluded()
  if (examples > 0) throw new Error(`${examples} example(s) without thenEvents, thenNothing or thenRejected`)
}

afterEach(failOnConsoleOutput)
afterEach(failOnUnconcluded)

// Registered first, so run last: after what the test file closes itself.
afterAll(async () => {
  await runCleanups()
  failOnConsoleOutput()
})
