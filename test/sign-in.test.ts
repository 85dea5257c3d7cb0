import { once } from 'node:events'
import { type CookieJar, cookieJar } from '@relais/testkit/cookie-jar'
import { type RunningRelais, startRelais } from '@relais/testkit/relais'
import { beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'

// Each step starts processes: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let platform: RunningRelais
beforeAll(async () => {
  platform = await startRelais()
})

const FROM_PORTAL = { 'x-relais': 'portal', 'sec-fetch-site': 'same-origin' }
const NURSE = 'ch-essai:4101'
const PHYSICIAN = 'rpps:99700000013'

/** Signs in as a browser does that runs no script; answers where it is led. */
async function signIn(browser: CookieJar, person: string, query = ''): Promise<string> {
  const { url: page } = await browser.follow(`/app/sign-in${query}`)
  expect(page.pathname).toMatch(/^\/oidc\/sign-in\//)
  const chosen = await browser.ask(page.href, { method: 'POST', body: new URLSearchParams({ person }) })
  const isThere = ({ pathname }: URL) => pathname.startsWith('/app/') && pathname !== '/app/signed-in'
  return (await browser.follow(chosen.headers.get('location') ?? '', isThere)).url.href
}

async function asked(browser: CookieJar, path: string, init: RequestInit = {}) {
  const response = await browser.ask(path, init)
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text }
}

const act = (browser: CookieJar, path: string, body?: object) =>
  asked(browser, path, {
    method: 'POST',
    headers: { ...FROM_PORTAL, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })

/** A page's socket, opened with a ticket. */
async function openSocket(browser: CookieJar) {
  const { body } = await act(browser, '/app/api/channels/tickets')
  const socket = new WebSocket(`${platform.url.replace('http', 'ws')}/channels`, 'relais.v1')
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'hello', ticket: z.object({ ticket: z.string() }).parse(body).ticket }))
  const [welcome] = await once(socket, 'message')
  expect(JSON.parse(String(welcome))).toMatchObject({ type: 'welcome' })
  return { closed: once(socket, 'close').then(([code]) => Number(code)) }
}

test('a nurse signs in by name, works as herself, and is signed out everywhere at once', async () => {
  const browser = cookieJar(platform.url)
  expect(await signIn(browser, NURSE, '?return=/app/ward/4101')).toBe(`${platform.url}/app/ward/4101`)
  expect(await asked(browser, '/app/session')).toMatchObject({
    status: 200,
    body: {
      person: {
        id: NURSE,
        role: 'infirmier',
        organisation: '990000010',
        organisationName: 'CH d’Essai',
        wards: ['4101'],
      },
      mode: 'demonstration',
    },
  })
  expect((await asked(browser, '/app/api/boards/ward/4101')).status).toBe(200)
  const { closed } = await openSocket(browser)
  const { status, body } = await act(browser, '/app/sign-out')
  expect(status).toBe(200)
  expect(await closed).toBe(4403)
  expect((await asked(browser, '/app/session')).status).toBe(401)
  const { url, response } = await browser.follow(body.continueAt, ({ pathname }) => pathname === '/app/')
  expect([url.href, response.status]).toEqual([`${platform.url}/app/`, 303])
  // The issuer has forgotten her too: it asks.
  expect((await browser.follow('/app/sign-in')).url.pathname).toMatch(/^\/oidc\/sign-in\//)
})

test('on a shared post the next person takes over, and the first one’s page hears of it', async () => {
  const browser = cookieJar(platform.url)
  await signIn(browser, NURSE)
  const { closed } = await openSocket(browser)
  await signIn(browser, PHYSICIAN, '?change=1')
  expect(await closed).toBe(4403)
  expect((await asked(browser, '/app/session')).body.person).toMatchObject({ id: PHYSICIAN, role: 'medecin' })
})

test('what a person may not do, the portal does not make possible', async () => {
  const browser = cookieJar(platform.url)
  await signIn(browser, NURSE)
  expect(await asked(browser, '/app/api/operations/stays/projections')).toMatchObject({ status: 403 })
  expect((await asked(browser, '/app/api/app/session')).status).toBe(404)
  expect((await asked(browser, '/app/api/oidc/jwks')).status).toBe(404)
  expect(await act(browser, '/app/api/tokens', { id: PHYSICIAN, role: 'medecin' })).toMatchObject({ status: 401 })
})

test('a restart keeps who is signed in, until the issuer, who has forgotten, is asked', async () => {
  const browser = cookieJar(platform.url)
  await signIn(browser, PHYSICIAN)
  const port = new URL(platform.url).port
  await platform.stop()
  platform = await startRelais({ folder: platform.folder, env: { PORT: port } })
  expect((await asked(browser, '/app/session')).body.person).toMatchObject({ id: PHYSICIAN })
  expect((await asked(browser, '/app/api/inbox')).status).toBe(200)
  const { body } = await act(browser, '/app/sign-out')
  expect((await browser.follow(body.continueAt, ({ pathname }) => pathname === '/app/')).url.pathname).toBe('/app/')
})

test('a sign-in that was under way when the process ended says so, and can begin again', async () => {
  const browser = cookieJar(platform.url)
  const { url: page } = await browser.follow('/app/sign-in')
  const port = new URL(platform.url).port
  await platform.kill()
  platform = await startRelais({ folder: platform.folder, env: { PORT: port } })
  const chosen = await asked(browser, page.pathname, { method: 'POST', body: new URLSearchParams({ person: NURSE }) })
  expect(chosen.status).toBe(400)
  expect(chosen.body).toContain('Cette page a expiré')
  await signIn(browser, NURSE)
  expect((await asked(browser, '/app/session')).status).toBe(200)
})
