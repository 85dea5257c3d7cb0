import { person } from '@relais/runtime/adapters.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { FROM_PORTAL, openPortal, ORIGIN, sessionOf, signIn } from './portal.fixture.ts'

eachDatabase('sessions', (openViews) => {
  async function signedIn() {
    const portal = await openPortal({ openViews })
    const device = portal.browser()
    await signIn(device, portal.issuer)
    return { ...portal, device }
  }

  test('nobody is signed in without a cookie, or with one that was made up', async () => {
    const { browser } = await openPortal({ openViews })
    const device = browser()
    expect(await sessionOf(device)).toMatchObject({ status: 401, body: { type: 'urn:relais:problem:signedOut' } })
    const inventive = await device.ask('/app/session', { headers: { cookie: `__Host-relais=${'A'.repeat(43)}` } })
    expect(inventive.status).toBe(401)
  })

  test('half an hour without anything ends a session; anything before keeps it', async () => {
    const { device, passed } = await signedIn()
    passed(1799)
    expect((await sessionOf(device)).body).toMatchObject({ expiresAt: '2026-11-03T08:59:59.000Z' })
    passed(1799)
    expect((await device.ask('/app/api/inbox')).status).toBe(201)
    passed(1799)
    expect((await sessionOf(device)).status).toBe(200)
    passed(1800)
    expect((await sessionOf(device)).status).toBe(401)
  })

  test('twelve hours end a session, however busy', async () => {
    const { device, passed } = await signedIn()
    for (let asked = 0; asked < 47; asked += 1) {
      passed(900)
      expect((await sessionOf(device)).status).toBe(200)
    }
    expect((await sessionOf(device)).body).toMatchObject({ expiresAt: '2026-11-03T20:00:00.000Z' })
    passed(900)
    expect((await sessionOf(device)).status).toBe(401)
  })

  test('an access token is renewed before its end, once, however many ask', async () => {
    const { device, issuer, asked, passed } = await signedIn()
    const tokenOf = () => asked.at(-1)?.headers.get('authorization')
    await device.ask('/app/api/inbox')
    const first = tokenOf()
    passed(539)
    await device.ask('/app/api/inbox')
    expect(tokenOf()).toBe(first)
    passed(1)
    await Promise.all(Array.from({ length: 10 }, () => device.ask('/app/api/inbox')))
    expect(issuer.asked('/token').map((body) => body.get('grant_type'))).toEqual([
      'authorization_code',
      'refresh_token',
    ])
    expect(new Set(asked.slice(2).map(({ headers }) => headers.get('authorization')))).toHaveProperty('size', 1)
    expect(tokenOf()).not.toBe(first)
    passed(540)
    await device.ask('/app/api/inbox')
    expect(issuer.asked('/token').at(-1)?.get('refresh_token')).toBe('refresh-2')
  })

  test('an issuer that is in trouble is not asked by everybody at once', async () => {
    const { device, issuer, passed } = await signedIn()
    issuer.says.renewals = 'broken'
    passed(545)
    await Promise.all(Array.from({ length: 10 }, () => device.ask('/app/api/inbox')))
    // Who comes once it has failed asks again.
    expect(issuer.asked('/token').length).toBeLessThan(11)
  })

  test('two processes on one database renew a token once', async () => {
    const { device, issuer, passed, start } = await signedIn()
    const elsewhere = (await start())(device)
    passed(545)
    const answers = await Promise.all([device, elsewhere, device, elsewhere].map((each) => each.ask('/app/api/inbox')))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(issuer.asked('/token')).toHaveLength(2)
  })

  test('an issuer that takes a person back ends the session', async () => {
    const { device, issuer, passed } = await signedIn()
    issuer.says.renewals = 'refused'
    passed(545)
    expect((await sessionOf(device)).status).toBe(401)
    issuer.says.renewals = 'given'
    expect((await sessionOf(device)).status).toBe(401)
  })

  test('while the issuer cannot be reached, what is left of a token serves, and the session waits', async () => {
    const { device, issuer, passed } = await signedIn()
    issuer.says.renewals = 'broken'
    passed(599)
    expect((await sessionOf(device)).status).toBe(200)
    passed(2)
    const waiting = await device.ask('/app/session')
    expect(waiting.status).toBe(503)
    expect(await waiting.text()).toContain('urn:relais:problem:issuerUnavailable')
    issuer.says.renewals = 'given'
    expect((await sessionOf(device)).status).toBe(200)
  })

  test('an issuer that answers for somebody else ends the session', async () => {
    const { device, issuer, passed, tokenFor } = await signedIn()
    issuer.says.access = () => tokenFor(person({ id: 'ch-essai:4102' }), 600)
    passed(545)
    expect((await sessionOf(device)).status).toBe(401)
  })

  test('a restart keeps who is signed in', async () => {
    const { device, start } = await signedIn()
    const afterwards = (await start())(device)
    expect((await sessionOf(afterwards)).status).toBe(200)
  })

  test('what is kept opens with the key of the site only', async () => {
    const { device, start, adapters } = await signedIn()
    const moved = { adapters: { ...adapters, siteKey: Buffer.alloc(32, 'x') } }
    const afterwards = (await start({}, { ...(await openPortal({ openViews })), ...moved }))(device)
    expect((await sessionOf(afterwards)).status).toBe(401)
  })

  test('signing out ends the session here, its sockets, and what the issuer knows', async () => {
    const { device, issuer, asked, browser } = await signedIn()
    const copied = browser(device)
    const response = await device.ask('/app/sign-out', { method: 'POST', headers: FROM_PORTAL })
    expect(response.status).toBe(200)
    const { continueAt } = JSON.parse(await response.text())
    const end = new URL(continueAt)
    expect(`${end.origin}${end.pathname}`).toBe(`${issuer.url}/end`)
    expect(end.searchParams.get('post_logout_redirect_uri')).toBe(`${ORIGIN}/app/`)
    expect(end.searchParams.get('id_token_hint')).toMatch(/^eyJ/)
    expect(device.cookie('__Host-relais')).toBeUndefined()
    expect((await sessionOf(copied)).status).toBe(401)
    expect(issuer.asked('/revoke')[0]?.get('token')).toBe('refresh-1')
    expect(asked.map(({ url, method }) => `${method} ${new URL(url).pathname}`)).toEqual(['POST /channels/sign-out'])
    expect(asked[0]?.headers.get('authorization')).toMatch(/^Bearer eyJ/)
  })

  test('signing out twice, or of nothing, is signing out', async () => {
    const { browser } = await openPortal({ openViews })
    const response = await browser().ask('/app/sign-out', { method: 'POST', headers: FROM_PORTAL })
    expect(JSON.parse(await response.text())).toEqual({ continueAt: `${ORIGIN}/app/` })
  })

  test('an issuer without a page to sign out leads back to the portal', async () => {
    const portal = await openPortal({ openViews })
    portal.issuer.says.hasEndSession = false
    const device = portal.browser()
    await signIn(device, portal.issuer)
    const response = await device.ask('/app/sign-out', { method: 'POST', headers: FROM_PORTAL })
    expect(JSON.parse(await response.text())).toEqual({ continueAt: `${ORIGIN}/app/` })
  })
})
