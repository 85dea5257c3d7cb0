import { expect, test } from 'vitest'
import { containerRuntime } from './container-runtime.ts'

test('asking for a container runtime answers yes, or why not', async () => {
  const runtime = await containerRuntime()
  const saysWhy = 'why' in runtime && runtime.why !== ''
  expect(saysWhy).toBe(!runtime.available)
})
