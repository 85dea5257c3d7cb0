import { expect, test } from 'vitest'
import { startRelais } from './relais.ts'

test('Relais starts on free ports, says where it is, and starts again on the same folder', async () => {
  const first = await startRelais()
  expect((await fetch(`${first.url}/livez`)).status).toBe(200)
  expect(first.mllp.port).toBeGreaterThan(0)
  expect(first.logs()).toContain(first.url)
  expect(await first.stop()).toBe(0)

  const second = await startRelais({ folder: first.folder })
  expect(second.pid).not.toBe(first.pid)
  await second.kill()
  await expect(fetch(`${second.url}/livez`)).rejects.toThrow('fetch failed')
})

test('a start that is refused says why', async () => {
  await expect(startRelais({ env: { LOG_LEVEL: 'loud' } })).rejects.toThrow(/did not start[\s\S]*LOG_LEVEL/)
})
