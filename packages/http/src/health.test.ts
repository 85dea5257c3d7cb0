import { expect, test } from 'vitest'
import { type Check, healthRoutes } from './health.ts'

test('a process that runs is alive, whatever its checks say', async () => {
  const response = await healthRoutes({ checks: () => [{ name: 'view', ready: false }] }).request('/livez')
  expect(response.status).toBe(200)
})

test('it is ready once every check is, and names those that are not', async () => {
  let checks: Check[] = [
    { name: 'timeline', ready: true },
    { name: 'circle', ready: false, detail: 'catchingUp' },
  ]
  const routes = healthRoutes({ checks: () => checks })
  const before = await routes.request('/readyz')
  expect(before.status).toBe(503)
  expect(await before.json()).toEqual({ ready: false, checks })
  checks = [{ name: 'timeline', ready: true }]
  const after = await routes.request('/readyz')
  expect(after.status).toBe(200)
  expect(after.headers.get('cache-control')).toBe('no-store')
  expect(await after.json()).toEqual({ ready: true, checks })
})
