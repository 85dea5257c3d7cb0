import { person } from '@relais/runtime/adapters.fixture'
import { expect, test } from 'vitest'
import { nurse, openPortal, ORIGIN, sessionOf, signIn } from './portal.fixture.ts'

test('a person is sent to the issuer with a proof, and comes back signed in where she was', async () => {
  const { browser, issuer } = await openPortal()
  const device = browser()
  const sent = await device.ask('/app/sign-in?return=/app/patients/1%3Ftab%3Dcircle')
  expect(sent.status).toBe(303)
  const authorization = new URL(sent.headers.get('location') ?? '')
  expect(authorization.origin).toBe(issuer.url)
  expect(Object.fromEntries(authorization.searchParams)).toMatchObject({
    response_type: 'code',
    client_id: 'relais-portal',
    redirect_uri: `${ORIGIN}/app/signed-in`,
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  })
  expect(authorization.searchParams.has('prompt')).toBe(false)
  const state = authorization.searchParams.get('state') ?? ''
  const code = issuer.codeFor(authorization)
  const back = await device.ask(`/app/signed-in?code=${code}&state=${state}`)
  expect([back.status, back.headers.get('location')]).toEqual([303, '/app/patients/1?tab=circle'])
  expect(issuer.asked('/token')[0]?.get('code_verifier')).toMatch(/^[\w-]{43}$/)
  const { status, body } = await sessionOf(device)
  expect(status).toBe(200)
  expect(body).toEqual({
    person: {
      id: nurse.id,
      name: 'Agathe TEST-ACHILLÉE',
      role: nurse.role,
      organisation: '990000010',
      organisationName: 'CH d’Essai',
      wards: ['4101'],
      scopes: nurse.scopes,
    },
    expiresAt: '2026-11-03T08:30:00.000Z',
    mode: 'demonstration',
  })
})

test('the cookie is for this host, over TLS or on this machine, and for no script', async () => {
  const { browser, issuer } = await openPortal()
  const device = browser()
  await signIn(device, issuer)
  expect(device.cookie('__Host-relais')).toMatchObject({
    value: expect.stringMatching(/^[\w-]{43}$/),
    attributes: expect.arrayContaining(['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax']),
  })
})

test('nothing that opens a session is in the database or in the log', async () => {
  const { browser, issuer, adapters, lines } = await openPortal()
  const device = browser()
  await signIn(device, issuer)
  const { db } = await adapters.openViews<{ portal_session: Record<string, Uint8Array | string> }>('portal')
  const rows = await db.selectFrom('portal_session').selectAll().execute()
  expect(rows).toHaveLength(1)
  const all = `${Object.values(rows[0] ?? {})
    .map((value) => Buffer.from(value).toString('latin1'))
    .join(' ')} ${lines.join('')}`
  const secrets = [device.cookie('__Host-relais')?.value, 'refresh-1', 'ACHILL', 'eyJ']
  for (const secret of secrets) expect(all).not.toContain(secret)
})

test.each(['https://evil.example/', '//evil.example', '/app/../x'])('nobody is led to %s', async (elsewhere) => {
  const { browser, issuer } = await openPortal()
  const back = await signIn(browser(), issuer, `?return=${encodeURIComponent(elsewhere)}`)
  expect(back.headers.get('location')).toBe('/app/')
})

test('what comes back counts once, and in the browser that was sent only', async () => {
  const { browser, issuer } = await openPortal()
  const device = browser()
  const sent = await device.ask('/app/sign-in')
  const authorization = new URL(sent.headers.get('location') ?? '')
  const back = `/app/signed-in?code=${issuer.codeFor(authorization)}&state=${authorization.searchParams.get('state')}`
  const stranger = browser()
  await stranger.ask('/app/sign-in')
  expect((await stranger.ask(back)).status).toBe(400)
  expect(stranger.cookie('__Host-relais')).toBeUndefined()
  expect((await device.ask(back)).status).toBe(303)
  const again = await device.ask(back)
  expect(again.status).toBe(400)
  expect(await again.text()).toContain('Cette connexion a expiré')
})

test('a sign-in that takes longer than an hour has expired', async () => {
  const { browser, issuer, passed } = await openPortal()
  const device = browser()
  const authorization = new URL((await device.ask('/app/sign-in')).headers.get('location') ?? '')
  passed(3601)
  const back = `/app/signed-in?code=${issuer.codeFor(authorization)}&state=${authorization.searchParams.get('state')}`
  expect((await device.ask(back)).status).toBe(400)
})

test('an answer with the nonce of another sign-in is refused', async () => {
  const { browser, issuer } = await openPortal()
  const device = browser()
  const first = new URL((await device.ask('/app/sign-in')).headers.get('location') ?? '')
  const second = new URL((await device.ask('/app/sign-in')).headers.get('location') ?? '')
  const state = second.searchParams.get('state')
  const back = await device.ask(`/app/signed-in?code=${issuer.codeFor(first)}&state=${state}`)
  expect(back.status).toBe(503)
  expect(device.cookie('__Host-relais')).toBeUndefined()
})

test.each([
  ['access_denied', 403, 'Vous n’êtes pas connecté'],
  ['server_error', 403, 'La connexion n’a pas abouti'],
])('the issuer that says %s leads to a page that says what to do', async (error, status, said) => {
  const { browser } = await openPortal()
  const device = browser()
  const authorization = new URL((await device.ask('/app/sign-in?return=/app/inbox')).headers.get('location') ?? '')
  const asked = new URLSearchParams({
    error,
    error_description: '<script>alert(1)</script>',
    state: authorization.searchParams.get('state') ?? '',
  })
  const back = await device.ask(`/app/signed-in?${asked.toString()}`)
  expect(back.status).toBe(status)
  const page = await back.text()
  expect(page).toContain(said)
  expect(page).toContain('/app/sign-in?return=%2Fapp%2Finbox')
  expect(page).not.toMatch(/<script|error|denied/)
  expect(back.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('an account without a role opens nothing, and its holder is told', async () => {
  const { browser, issuer, tokenFor } = await openPortal()
  issuer.says.access = () => tokenFor({ ...nurse, role: 'Not a role' })
  const back = await signIn(browser(), issuer)
  expect(back.status).toBe(403)
  expect(await back.text()).toContain('Votre compte n’ouvre pas Relais')
})

test('an issuer that cannot be reached is said to be so, in the language of the browser', async () => {
  const { start } = await openPortal()
  const device = (await start({ issuer: 'http://localhost:9' }))()
  const sent = await device.ask('/app/sign-in', { headers: { 'accept-language': 'en' } })
  expect(sent.status).toBe(503)
  expect(await sent.text()).toContain('The identity service does not answer')
})

test('whoever is signed in already goes on, unless somebody else takes over', async () => {
  const { browser, issuer } = await openPortal()
  const device = browser()
  await signIn(device, issuer)
  expect((await device.ask('/app/sign-in?return=/app/inbox')).headers.get('location')).toBe('/app/inbox')
  const changing = await device.ask('/app/sign-in?change=1')
  expect(new URL(changing.headers.get('location') ?? '').searchParams.get('prompt')).toBe('login')
})

test('whoever takes over a shared post ends the session of who was there, sockets included', async () => {
  const { browser, issuer, asked, tokenFor } = await openPortal()
  const device = browser()
  await signIn(device, issuer)
  const before = browser(device)
  const other = person({ id: 'ch-essai:4102', organisation: '990000010' })
  issuer.says.access = () => tokenFor(other, 600)
  issuer.says.subject = other.id
  await signIn(device, issuer, '?change=1')
  expect((await sessionOf(device)).body).toMatchObject({ person: { id: other.id } })
  expect((await sessionOf(before)).status).toBe(401)
  expect(asked.map(({ url }) => new URL(url).pathname)).toEqual(['/channels/sign-out'])
  expect(issuer.asked('/revoke')[0]?.get('token')).toBe('refresh-1')
})

test('who was signed in and is not any more is asked for, and not taken for granted', async () => {
  const { browser, issuer, passed } = await openPortal()
  const device = browser()
  await signIn(device, issuer)
  passed(1801)
  const sent = await device.ask('/app/sign-in')
  expect(new URL(sent.headers.get('location') ?? '').searchParams.get('prompt')).toBe('login')
})

test('a professional whom the issuer calls by first and family name has a name', async () => {
  const { browser, issuer } = await openPortal()
  issuer.says.claims = { given_name: 'Camille', family_name: 'TEST-AUBÉPINE' }
  const device = browser()
  await signIn(device, issuer)
  expect((await sessionOf(device)).body.person).toMatchObject({ name: 'Camille TEST-AUBÉPINE' })
  expect((await sessionOf(device)).body.person).not.toHaveProperty('organisationName')
})
