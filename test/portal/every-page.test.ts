import { AxeBuilder } from '@axe-core/playwright'
import { waitUntil } from '@relais/testkit/wait-until'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
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
} from './browser.fixture.ts'
import { openTerritory, type PortalTown } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** A page by its address, or by what leads to it: a link of another page, as a person would find it. */
type Place = string | { from: string; through: readonly RegExp[] }

/** Who naturally opens which pages. */
const visits: readonly { name: string; places: readonly Place[] }[] = [
  {
    name: 'Camille TEST-AUBÉPINE',
    places: [
      '/inbox',
      { from: '/inbox', through: [/item=stay/] },
      { from: '/inbox', through: [/item=(referral|step)/] },
      '/inbox?view=done',
      '/referrals',
      { from: '/referrals', through: [/\/referrals\/[0-9a-f-]{36}/] },
      '/threads',
      '/absences',
      '/preferences',
      '/open',
    ],
  },
  {
    name: 'Ismaël TEST-BADIANE',
    places: [
      '/ward/4102',
      '/ward/4102/admit',
      { from: '/ward/4102', through: [/\/stays\/[0-9a-f-]{36}$/] },
      { from: '/ward/4102', through: [/\/discharge$/] },
      { from: '/ward/4102', through: [/\/stays\/[0-9a-f-]{36}$/, /\/patients\/[0-9a-f-]{36}/] },
      { from: '/threads', through: [/\/threads\/[0-9a-f-]{36}/] },
    ],
  },
  {
    name: 'Solène TEST-LISERON',
    places: ['', '/returns', '/night', '/wall', '/register'].map((view) => `/ehpad/990000028${view}`),
  },
  {
    name: 'Nadia TEST-IMPÉRATOIRE',
    places: ['/quarantine', { from: '/quarantine', through: [/\/quarantine\/[0-9a-f-]{36}/] }, '/patients/link-doubts'],
  },
  {
    name: 'Estelle TEST-PALOMBE',
    places: [
      '/protocols',
      '/protocols/new',
      { from: '/protocols', through: [/\/protocols\/(?!new)[^/]+$/] },
      { from: '/protocols', through: [/\/protocols\/(?!new)[^/]+$/, /\/edit$/] },
      '/late',
      '/statistics',
    ],
  },
  { name: 'Alix TEST-JONC', places: ['/inbox', '/referrals'] },
  // Nothing happens to these two: what their pages say of that.
  { name: 'Nour TEST-LAVANDE', places: ['/inbox', '/inbox?view=done', '/threads', '/referrals'] },
  { name: 'Gaël TEST-ROSEAU', places: ['/quarantine'] },
]

describe.skipIf(!hasBrowser)('every page', () => {
  let town: PortalTown
  const devices = new Map<string, Device>()
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
      test(`${name}: ${typeof place === 'string' ? place : [place.from, ...place.through.map(({ source }) => source)].join(' → ')}`, async () => {
        const { page, faults } = deviceOf(name)
        await page.setViewportSize(DESK)
        await page.emulateMedia({ colorScheme: 'light' })
        await open(page, place)
        await settled(page)
        expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
        expect(await page.title()).toMatch(/\S+ · Relais$/)
        expect(await page.getByRole('alert').allTextContents()).toEqual([])
        expect(await violations(page)).toEqual([])
        await page.emulateMedia({ colorScheme: 'dark' })
        expect(await violations(page, ['color-contrast'])).toEqual([])
        for (const size of [SMALLEST, WALL]) {
          await page.setViewportSize(size)
          expect(await widerThanWindow(page)).toEqual([])
        }
        expect(faults.splice(0)).toEqual([])
      })

  async function open(page: Page, place: Place): Promise<void> {
    const { from, through } = typeof place === 'string' ? { from: place, through: [] } : place
    await page.goto(`${town.url}/app${from}`)
    for (const leading of through) {
      const links = page.getByRole('link')
      const addresses = () => links.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
      const isThere = async () => (await addresses()).find((href) => leading.test(href))
      await page.goto(`${town.url}${await waitUntil(isThere, `a link like ${leading.source} on ${from}`)}`)
    }
  }

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

/** What was asked for has come. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page
    .getByText(/^(Chargement…|Loading…)$/)
    .first()
    .waitFor({ state: 'detached' })
  await page.waitForLoadState('networkidle')
}

async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page })
  const { violations: found } = await (rules ? axe.withRules([...rules]) : axe.withTags(TAGS)).analyze()
  return found.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(
        ({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary?.split('\n')[1]?.trim() ?? ''}`,
      ),
  )
}
