import { expect, test } from 'vitest'
import { containerRuntime } from './container-runtime.ts'

test('asking for a container runtime answers yes, or why not', async () => {
  const runtime = await containerRuntime()
  const expected = runtime.available ? { available: true } : { available: false, why: expect.stringMatching(/./) }
  expect(runtime).toEqual(expected)
})
