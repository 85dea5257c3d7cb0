import { tokenVerifier } from '@relais/identity/tokens'
import { logger } from '@relais/telemetry/logger'
import { expect, test } from 'vitest'
import { httpApp } from './app.ts'
import { setPosition, waitForPosition } from './position.ts'

const EPOCH = '8c2f4ad0-4b5e-4a8e-9d28-0d8c1c1f1a11'

/** A view that has got to position 7. */
function view() {
  const verifier = tokenVerifier({ issuer: 'test', audience: 'test', keys: { jwks: { keys: [] } } })
  const app = httpApp({ verifier, log: logger({ level: 'silent' }) })
  app.get('/view', async (c) => {
    await waitForPosition(c, EPOCH, async (position, timeout) => {
      expect(timeout).toBe(2000)
      return position <= 7
    })
    return c.text('the view')
  })
  app.post('/written', (c) => {
    setPosition(c, EPOCH, 8)
    return c.body(null, 204)
  })
  app.post('/unchanged', (c) => {
    setPosition(c, EPOCH, undefined)
    return c.body(null, 204)
  })
  return app
}

test.each([
  { asked: undefined, status: 200, content: 'the view' },
  { asked: `${EPOCH}:7`, status: 200, content: 'the view' },
  { asked: `${EPOCH}:8`, status: 503, content: 'positionNotReached' },
  { asked: '00000000-0000-4000-8000-000000000000:1', status: 400, content: 'positionUnknown' },
])('a read that asks for position $asked is answered $status', async ({ asked, status, content }) => {
  const response = await view().request('/view', asked === undefined ? {} : { headers: { 'relais-position': asked } })
  expect(response.status).toBe(status)
  expect(await response.text()).toContain(content)
})

test('a command tells where what it wrote stands, and nothing when it wrote nothing', async () => {
  const written = await view().request('/written', { method: 'POST' })
  expect(written.headers.get('relais-position')).toBe(`${EPOCH}:8`)
  const unchanged = await view().request('/unchanged', { method: 'POST' })
  expect(unchanged.headers.get('relais-position')).toBeNull()
})
