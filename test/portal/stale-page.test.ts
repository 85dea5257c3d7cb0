import type { Page } from 'playwright-core'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { WARD } from '../loops/town.fixture.ts'
import { type Device, hasBrowser, openBrowser, signIn } from './browser.fixture.ts'
import { cutFor, type Network, openNetwork } from './network.fixture.ts'
import { EHPAD, openPortal, people, type PortalTown } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const stale = /^Cette page n’est plus en direct depuis \d\d:\d\d : elle montre ce qui était connu alors/
const newer = /Une nouvelle version de Relais est là/

describe.skipIf(!hasBrowser)('a page that is not live any more says so', () => {
  let town: PortalTown
  let network: Network
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let patientId = ''

  beforeAll(async () => {
    network = await openNetwork()
    ;[town, browser] = await Promise.all([openPortal({ env: { PORTAL_URL: network.url } }), openBrowser()])
    network.leadTo(town.url)
    await town.sends({ familyName: 'TEST-NARCISSE', givenName: 'LUCIEN', primaryPhysicianRpps: '99700000047' })
    patientId = await town.idOf('900001')
  })

  // What failed while the network was cut is not what fails the next one.
  afterEach(() => network.restore())

  const noteOn = (page: Page) => page.getByRole('main').getByText(stale)
  const openedBy = async ({ name }: { name: string }, path: string): Promise<Device> => {
    const device = await browser.device()
    await signIn(device.page, name, `${network.url}${path}`)
    await device.page.getByRole('heading', { level: 1 }).waitFor()
    return device
  }

  test.each([
    ['a GP', people.gp, () => ['/app/inbox', `/app/patients/${patientId}`, '/app/threads', '/app/referrals']],
    ['a nurse of a ward', people.wardNurse, () => [`/app/ward/${WARD}`]],
    ['an EHPAD', people.ehpad, () => [`/app/ehpad/${EHPAD}`, `/app/ehpad/${EHPAD}/night`]],
    ['the coordination', people.coordination, () => ['/app/late']],
    ['the admissions', people.admissions, () => ['/app/quarantine']],
  ])('to %s: since when, and no more once it has caught up', async (_, who, paths) => {
    const { page, context, faults } = await openedBy(who, paths()[0] ?? '')
    for (const path of paths()) {
      await page.goto(`${network.url}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await noteOn(page).count()).toBe(0)
      const restore = await cutFor(context, network)
      await noteOn(page).waitFor()
      await restore()
      await noteOn(page).waitFor({ state: 'detached' })
    }
    // That a socket was cut on its way is said by the browser itself.
    expect(faults.filter((fault) => !fault.startsWith('console: WebSocket connection'))).toEqual([])
    await context.close()
  })

  test('so does one whose channels never said that they are open', async () => {
    const device = await browser.device()
    await device.page.routeWebSocket(/\/channels$/, () => {})
    await signIn(device.page, people.wardNurse.name, `${network.url}/app/ward/${WARD}`)
    await device.page.getByRole('link', { name: /TEST-NARCISSE/ }).waitFor()
    await noteOn(device.page).waitFor()
    expect(await noteOn(device.page).count()).toBe(1)
    await device.context.close()
  })

  test('a device that slept says so until what it shows was asked for again', async () => {
    const { page, context } = await openedBy(people.wardNurse, `/app/ward/${WARD}`)
    await page.getByRole('link', { name: /TEST-NARCISSE/ }).waitFor()
    await page.clock.install()
    await page.reload()
    await page.getByRole('link', { name: /TEST-NARCISSE/ }).waitFor()
    const held = Promise.withResolvers<void>()
    await page.route('**/app/api/boards/**', async (route) => {
      await held.promise
      await route.continue()
    })
    await page.clock.fastForward('20:00')
    await noteOn(page).waitFor()
    held.resolve()
    await noteOn(page).waitFor({ state: 'detached' })
    expect(await page.getByRole('link', { name: /TEST-NARCISSE/ }).count()).toBe(1)
    await context.close()
  })

  test('a tab that was open while the platform was renewed says so, and takes the new version without losing a word', async () => {
    const { page, context, faults } = await openedBy(people.wardNurse, `/app/ward/${WARD}/admit`)
    await page.getByLabel('Nom de naissance', { exact: true }).fill('TEST-AMARYLLIS')
    // What the platform answers once another build is in place.
    await page.route(`${network.url}/app/`, async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: (await response.text()).replace(/index-[\w-]+\.js/, 'index-Another1.js') })
    })
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await page.getByRole('main').getByText(newer).waitFor()
    const reloaded = page.waitForEvent('load')
    await page.getByRole('navigation').getByRole('link', { name: 'Cardiologie' }).click()
    await reloaded
    await page.getByRole('link', { name: /TEST-NARCISSE/ }).waitFor()
    await page.getByRole('link', { name: 'Nouvelle entrée' }).click()
    expect(await page.getByLabel('Nom de naissance', { exact: true }).inputValue()).toBe('TEST-AMARYLLIS')
    expect(faults).toEqual([])
    await context.close()
  })
})
