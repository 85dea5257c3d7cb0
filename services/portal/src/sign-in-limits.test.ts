import { expect, test } from 'vitest'
import { openPortal, sessionOf, signIn } from './portal.fixture.ts'

const MINUTE_SECONDS = 60
const HOUR_SECONDS = 3600

test('who begins to sign in too often from one address is told to wait, in French, and others are not', async () => {
  const { browser, passed } = await openPortal({ limits: { ofAddress: 2, inAll: 100 } })
  for (const _ of [1, 2]) expect((await browser().ask('/app/sign-in')).status).toBe(303)
  passed(20)
  const third = await browser().ask('/app/sign-in?return=/app/inbox')
  expect([third.status, third.headers.get('retry-after')]).toEqual([429, '40'])
  expect(third.headers.get('content-language')).toBe('fr')
  const page = await third.text()
  expect(page).toContain('Trop de connexions à la fois')
  expect(page).toContain('/app/sign-in?return=%2Fapp%2Finbox')
  expect((await browser(undefined, '10.0.0.2').ask('/app/sign-in')).status).toBe(303)
  passed(MINUTE_SECONDS)
  expect((await browser().ask('/app/sign-in')).status).toBe(303)
})

test('nor do more begin in all than may, from wherever they come', async () => {
  const { browser } = await openPortal({ limits: { ofAddress: 2, inAll: 3 } })
  const statuses = []
  for (const place of [1, 2, 3, 4])
    statuses.push((await browser(undefined, `10.0.0.${place}`).ask('/app/sign-in')).status)
  expect(statuses).toEqual([303, 303, 303, 429])
})

test('what comes back from the issuer is bounded too, and is still good after the wait', async () => {
  const { browser, issuer, passed } = await openPortal({ limits: { ofAddress: 2, inAll: 100 } })
  const device = browser()
  const sent = await device.ask('/app/sign-in')
  const authorization = new URL(sent.headers.get('location') ?? '')
  const back = `/app/signed-in?code=${issuer.codeFor(authorization)}&state=${authorization.searchParams.get('state')}`
  await browser().ask('/app/signed-in?code=x&state=x')
  expect((await device.ask(back)).status).toBe(429)
  passed(MINUTE_SECONDS)
  expect((await device.ask(back)).status).toBe(303)
  expect((await sessionOf(device)).status).toBe(200)
})

test('no more wait for the issuer than may, and who never comes back makes room after an hour', async () => {
  const { browser, issuer, passed, adapters } = await openPortal({ limits: { ofAddress: 100, inAll: 100, open: 2 } })
  for (const _ of [1, 2]) expect((await browser().ask('/app/sign-in')).status).toBe(303)
  const full = await browser().ask('/app/sign-in')
  expect([full.status, full.headers.get('retry-after')]).toEqual([429, '60'])
  passed(HOUR_SECONDS + 1)
  expect((await signIn(browser(), issuer)).status).toBe(303)
  const { db } = await adapters.openViews<{ portal_sign_in: { ends_at: string } }>('portal')
  expect(await db.selectFrom('portal_sign_in').selectAll().execute()).toEqual([])
})
