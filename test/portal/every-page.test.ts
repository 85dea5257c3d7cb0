import { beforeAll, describe, expect, test, vi } from 'vitest'
import { misheard, violations, wrongIn } from './accessible.fixture.ts'
import {
  type Device,
  DESK,
  hasBrowser,
  openBrowser,
  openPersonMenu,
  signIn,
  SMALLEST,
  WALL,
  widerThanWindow,
  ZOOMED,
} from './browser.fixture.ts'
import { questions } from './dialogs.fixture.ts'
import { cutWhenSpaced, smallTargets } from './layout.fixture.ts'
import { frameOf, said } from './names-and-roles.fixture.ts'
import { openTerritory, type PortalTown } from './portal.fixture.ts'
import { type Place, titleOf, visit, visits } from './visits.fixture.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

describe.skipIf(!hasBrowser)('every page', () => {
  let town: PortalTown
  const devices = new Map<string, Device>()
  /** Where the last question was asked. */
  let at: { who: string; place: Place } = { who: '', place: '' }
  beforeAll(async () => {
    const [opened, browser] = await Promise.all([openTerritory(), openBrowser()])
    town = opened
    for (const { name } of visits) {
      // axe is a script of its own, which the policy of the page would rightly not let in.
      const device = await browser.device({ bypassCSP: true })
      await signIn(device.page, name, `${town.url}/app/preferences`)
      devices.set(name, device)
    }
  })

  function deviceOf(name: string): Device {
    const device = devices.get(name)
    if (!device) throw new Error(`${name} is not signed in`)
    return device
  }

  for (const { name, places } of visits)
    for (const place of places)
      test(`${titleOf(name, place)}, seen and aloud`, async () => {
        const { page, faults } = deviceOf(name)
        await page.setViewportSize(DESK)
        await page.emulateMedia({ colorScheme: 'light' })
        await visit(page, `${town.url}/app`, place)
        expect(
          await misheard(page, titleOf(name, place).endsWith('/wall') ? '' : frameOf(name), said[titleOf(name, place)]),
        ).toEqual([])
        expect(await page.evaluate(() => document.documentElement.lang)).toBe('fr')
        expect(await page.title()).toMatch(/\S+ · Relais$/)
        expect(await page.getByRole('alert').allTextContents()).toEqual([])
        expect(await violations(page)).toEqual([])
        await page.emulateMedia({ colorScheme: 'dark' })
        expect(await violations(page, ['color-contrast'])).toEqual([])
        for (const size of [WALL, ZOOMED, SMALLEST]) {
          await page.setViewportSize(size)
          expect(await widerThanWindow(page)).toEqual([])
        }
        expect(await smallTargets(page)).toEqual([])
        expect(await cutWhenSpaced(page)).toEqual([])
        expect(await page.locator('[draggable="true"]').count()).toBe(0)
        expect(faults.splice(0)).toEqual([])
      })

  for (const { who, place, press, says: expected } of questions)
    test(`${titleOf(who, place)}: ${String(press)}`, async () => {
      const { page, faults } = deviceOf(who)
      await page.setViewportSize(DESK)
      await page.emulateMedia({ colorScheme: 'light' })
      if (who !== at.who || place !== at.place) await visit(page, `${town.url}/app`, place)
      at = { who, place }
      const opener = page.getByRole('button', { name: press, exact: true }).first()
      await opener.click()
      expect(await wrongIn(page, `dialog${expected}`)).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await expect.poll(() => opener.evaluate((element) => element === document.activeElement)).toBe(true)
      expect(faults.splice(0)).toEqual([])
    })

  test('whoever may not see a page, or asks for one that is not there, is told so in words', async () => {
    const { page } = deviceOf('Camille TEST-AUBÉPINE')
    for (const [path, said] of [
      ['/ward/4105', /n’avez pas accès|n’est pas le vôtre|n’est plus à vous/],
      [`/patients/${crypto.randomUUID()}`, /n’est plus à vous|n’est pas à vous|pas accès/],
      ['/nowhere', /n’existe pas, ou n’est plus à vous/],
    ] as const) {
      await page.goto(`${town.url}/app${path}`)
      await page.getByText(said).first().waitFor()
      expect(await violations(page)).toEqual([])
    }
  })

  test('before somebody signs in, and in the menu of who did, nothing is wrong either', async () => {
    const { page } = deviceOf('Camille TEST-AUBÉPINE')
    await page.goto(`${town.url}/app/preferences`)
    await openPersonMenu(page)
    expect(await violations(page)).toEqual([])
    await page.getByRole('dialog').getByRole('radio', { name: 'English' }).check()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await violations(page)).toEqual([])
    expect(await widerThanWindow(page)).toEqual([])
  })
})
