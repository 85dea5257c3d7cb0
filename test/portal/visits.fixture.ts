import { waitUntil } from '@relais/testkit/wait-until'
import type { Page } from 'playwright-core'

/** A page by its address, or by what leads to it: a link of another page, as a person would find it. */
export type Place = string | { from: string; through: readonly RegExp[] }

/** Who naturally opens which pages. */
export const visits: readonly { name: string; places: readonly Place[] }[] = [
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

/** Under which a page is known to the tests: its address, and what leads to it. */
export function titleOf(name: string, place: Place): string {
  const way = typeof place === 'string' ? [place] : [place.from, ...place.through.map(({ source }) => source)]
  return `${name}: ${way.join(' → ')}`
}

/** Opens a page, and follows what leads on from it. */
export async function visit(page: Page, application: string, place: Place): Promise<void> {
  const { from, through } = typeof place === 'string' ? { from: place, through: [] } : place
  await page.goto(`${application}${from}`)
  for (const leading of through) {
    const links = page.getByRole('link')
    const addresses = () => links.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
    const isThere = async () => (await addresses()).find((href) => leading.test(href))
    const found = await waitUntil(isThere, `a link like ${leading.source} on ${from}`)
    await page.goto(new URL(found, application).href)
  }
  await settled(page)
}

/** What was asked for has come. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page
    .getByText(/^(Chargement…|Loading…)$/)
    .first()
    .waitFor({ state: 'detached' })
  await page.waitForLoadState('networkidle')
}
