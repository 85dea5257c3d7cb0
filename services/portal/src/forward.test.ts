import { expect, test } from 'vitest'
import { FROM_PORTAL, openPortal, ORIGIN, sessionOf, signIn } from './portal.fixture.ts'

const portal = await openPortal()
const device = portal.browser()
await signIn(device, portal.issuer)

test('the platform is asked as whoever is signed in, and hears nothing of the browser', async () => {
  const response = await device.ask('/app/api/referrals/1/accept?why=not', {
    method: 'POST',
    headers: {
      ...FROM_PORTAL,
      'content-type': 'application/json',
      'relais-position': 'e:7',
      'x-forwarded-for': '10.0.0.1',
      authorization: 'Bearer mine',
    },
    body: '{"a":1}',
  })
  expect(response.status).toBe(201)
  expect(JSON.parse(await response.text())).toEqual({ path: '/referrals/1/accept', body: '{"a":1}' })
  const asked = portal.asked.at(-1)
  expect(asked?.url).toBe(`${ORIGIN}/referrals/1/accept?why=not`)
  expect(Object.keys(Object.fromEntries(asked?.headers ?? [])).toSorted()).toEqual(
    ['accept-encoding', 'authorization', 'content-type', 'relais-position', 'x-correlation-id'].toSorted(),
  )
  expect(asked?.headers.get('authorization')).toMatch(/^Bearer eyJ/)
})

test('the browser hears what the platform says, and nothing of what is behind', async () => {
  const response = await device.ask('/app/api/file')
  expect(await response.text()).toBe('bytes')
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': 'attachment; filename="a.pdf"',
    etag: '"1"',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-relais-now': '2026-11-03T08:00:00.000Z',
  })
  for (const name of ['set-cookie', 'server', 'x-powered-by', 'www-authenticate'])
    expect(response.headers.has(name)).toBe(false)
})

test('a position goes both ways', async () => {
  expect((await device.ask('/app/api/inbox')).headers.get('relais-position')).toBe('e:1')
})

test.each(['//evil.example/inbox', '/\\evil.example/inbox', '/..//evil.example/inbox', '/%2f%2fevil.example/inbox'])(
  'a token goes to the platform and nowhere else, whatever the path: %s',
  async (path) => {
    const before = portal.asked.length
    await device.ask(`/app/api${path}`, { headers: FROM_PORTAL })
    for (const { url } of portal.asked.slice(before)) expect(new URL(url).origin).toBe(ORIGIN)
  },
)

test('nobody asks the platform without a session', async () => {
  const before = portal.asked.length
  const response = await portal.browser().ask('/app/api/inbox')
  expect(response.status).toBe(401)
  expect(await response.text()).toContain('urn:relais:problem:signedOut')
  expect(portal.asked).toHaveLength(before)
})

const act = (headers: Record<string, string>) =>
  device.ask('/app/api/notices/1/receipts', { method: 'POST', headers, body: '{}' })

test.each<[string, Record<string, string>]>([
  ['without the header of the portal', { 'sec-fetch-site': 'same-origin', origin: ORIGIN }],
  ['with another word in it', { ...FROM_PORTAL, 'x-relais': 'other' }],
  ['from another site', { ...FROM_PORTAL, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  ['from a neighbour', { ...FROM_PORTAL, 'sec-fetch-site': 'same-site' }],
  ['from another port', { ...FROM_PORTAL, origin: 'http://localhost:8081' }],
  ['from nowhere', { ...FROM_PORTAL, 'sec-fetch-site': 'none' }],
  ['from a sandbox', { ...FROM_PORTAL, origin: 'null' }],
  ['of an old browser, from another origin', { 'x-relais': 'portal', origin: 'https://evil.example' }],
])('what is asked %s changes nothing', async (_, headers) => {
  const before = portal.asked.length
  const response = await act(headers)
  expect(response.status).toBe(403)
  expect(await response.text()).toContain('urn:relais:problem:notFromPortal')
  expect(portal.asked).toHaveLength(before)
})

test('another site can neither sign somebody out, nor look at what is here', async () => {
  const headers = { 'sec-fetch-site': 'cross-site' }
  expect((await device.ask('/app/sign-out', { method: 'POST', headers })).status).toBe(403)
  expect((await device.ask('/app/api/inbox', { headers })).status).toBe(403)
  expect((await device.ask('/app/session', { headers })).status).toBe(403)
  expect((await sessionOf(device)).status).toBe(200)
})

test('a file that is opened by its address is given', async () => {
  expect((await device.ask('/app/api/file', { headers: { 'sec-fetch-site': 'none' } })).status).toBe(200)
})

test('a file goes through as it comes, whatever its size', async () => {
  const chunk = new Uint8Array(1_000_000).fill(97)
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1
      if (sent > 3) controller.close()
      else controller.enqueue(chunk)
    },
  })
  const init: RequestInit = { method: 'POST', headers: FROM_PORTAL, body, duplex: 'half' }
  const response = await device.ask('/app/api/attachments', init)
  expect(JSON.parse(await response.text()).body).toHaveLength(3_000_000)
})

test('a token that the platform does not believe any more ends the session', async () => {
  const other = portal.browser()
  await signIn(other, portal.issuer)
  expect((await other.ask('/app/api/refused')).status).toBe(401)
  expect((await sessionOf(other)).status).toBe(401)
})
