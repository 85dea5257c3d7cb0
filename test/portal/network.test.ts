import { insKeyOf } from '@relais/hl7v2/checks'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { inhabitant, localTime, WARD } from '../loops/town.fixture.ts'
import { type Device, hasBrowser, openBrowser, openPersonMenu, signIn, socketsOf, TABLET } from './browser.fixture.ts'
import { cutFor, type Network, openNetwork } from './network.fixture.ts'
import { EHPAD, openPortal, people, type PortalTown, resident } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const lost = /Connexion perdue à \d\d:\d\d/
const back = /Connexion rétablie/

/** Lives in the EHPAD, and is known to the hospital by the same INS. */
function elder(n: number, familyName: string, room: string) {
  const { ipp, visit = '', insBody = '' } = inhabitant(n)
  const said = { ipp, visit, insBody, familyName, givenName: 'SIMONE', ward: WARD }
  const ins = `${insBody}${insKeyOf(insBody) ?? ''}`
  return {
    said,
    entry: { room, birthName: familyName, givenNames: 'SIMONE', birthDate: '1941-07-09', sex: 'F' as const, ins },
  }
}
const toTheEhpad = { exitMode: '8', destinationKind: '7', destinationFacility: EHPAD }
const acted = (action: string) => JSON.stringify({ receipt: 'acted', action })
const coming = elder(1, 'TEST-SAUGE', '101')
const other = elder(2, 'TEST-THYM', '102')

describe.skipIf(!hasBrowser)('a network that is cut, and comes back', () => {
  let town: PortalTown
  let network: Network
  let tablet: Device
  let page: Page
  /** What reached the platform of this tablet, and was taken. */
  const taken: string[] = []

  beforeAll(async () => {
    network = await openNetwork()
    const [opened, browser] = await Promise.all([openPortal({ env: { PORTAL_URL: network.url } }), openBrowser()])
    town = opened
    network.leadTo(town.platform.url)
    await resident(town, coming.entry)
    await resident(town, other.entry)
    // The Friday that comes, at half past five in the afternoon in Essai-sur-Fiction.
    const friday = new Date(await town.now())
    friday.setUTCDate(friday.getUTCDate() + ((5 - friday.getUTCDay() + 7) % 7 || 7))
    friday.setUTCHours(16, 30, 0, 0)
    await town.moveTo(friday.toISOString())
    await town.sends({ ...coming.said, movement: 'S1' })
    tablet = await browser.device({ viewport: TABLET, hasTouch: true })
    page = tablet.page
    page.on('response', (response) => {
      if (response.request().method() === 'POST' && response.url().includes('/receipts') && response.ok())
        taken.push(`${response.request().postData()}`)
    })
    await signIn(page, people.ehpad.name, `${network.url}/app/ehpad/${EHPAD}`)
    await cardOf(coming).waitFor()
  })

  const cardOf = ({ entry }: typeof coming) => page.getByRole('listitem').filter({ hasText: entry.birthName })
  const inSection = (name: string, who: typeof coming) =>
    page.getByRole('region', { name }).getByRole('heading', { name: new RegExp(who.entry.birthName) })
  const line = (text: RegExp | string) => page.getByRole('status').getByText(text)
  const oneWaits = () => line('1 action en attente d’envoi')

  test('on a Friday evening, a return that is prepared while there is no network is said once, and nothing is missed', async () => {
    const tonight = localTime(await town.now()).slice(0, 8) + '190000'
    await town.sends({ ...coming.said, trigger: 'A16', movement: 'S2', planned: tonight, expectedDischarge: tonight })
    const ready = cardOf(coming).getByRole('button', { name: /^Le retour est prêt/ })
    await ready.waitFor()

    const restore = await cutFor(tablet.context, network)
    await line(lost).waitFor()
    await ready.tap()
    await cardOf(coming).getByText('En attente d’envoi').waitFor()
    await oneWaits().waitFor()
    expect(taken).toEqual([])
    // Meanwhile, at the hospital.
    await town.sends({ ...other.said, movement: 'T1' })
    await town.sends({ ...coming.said, trigger: 'A03', movement: 'S3', ...toTheEhpad })

    await restore()
    await line(back).waitFor()
    await oneWaits().waitFor({ state: 'detached' })
    await inSection('Sortis de l’hôpital', coming).waitFor()
    await inSection('Absents', other).waitFor()
    expect(await cardOf(other).count()).toBe(1)
    expect(taken).toEqual([acted('handled')])

    await cardOf(coming)
      .getByRole('button', { name: /^Le résident est de retour/ })
      .tap()
    await cardOf(coming)
      .getByText(/Traité par l’équipe/)
      .waitFor()
    expect(taken).toEqual([acted('handled'), acted('handled')])
    const sockets = await socketsOf(page)
    expect(sockets.length).toBeGreaterThan(1)
    expect(sockets.filter(({ code }) => code === undefined)).toHaveLength(1)
  })

  test('what waits to be sent outlives a reload of the page', async () => {
    taken.splice(0)
    const acting = '**/notices/*/receipts'
    await page.route(acting, (route) => route.abort())
    await cardOf(other)
      .getByRole('button', { name: /^J’en ai pris connaissance/ })
      .tap()
    await oneWaits().waitFor()
    const asked: string[] = []
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void dialog.accept()
    })
    await page.reload()
    await oneWaits().waitFor()
    expect(asked).toEqual(['beforeunload'])
    expect(taken).toEqual([])
    const menu = await openPersonMenu(page)
    await menu.getByRole('button', { name: 'Se déconnecter', exact: true }).tap()
    await menu.getByRole('status').getByText('elle serait perdue').waitFor()
    await menu.getByRole('button', { name: 'Se déconnecter quand même' }).waitFor()
    await page.keyboard.press('Escape')
    await page.unroute(acting)
    // It goes by itself: nobody has to press anything.
    await cardOf(other)
      .getByText(/Traité par l’équipe/)
      .waitFor()
    expect(taken).toEqual([acted('acknowledged')])
  })

  test('a post whose sign-out did not arrive says that somebody is still signed in', async () => {
    await page.route('**/app/sign-out', (route) => route.abort())
    const menu = await openPersonMenu(page)
    await menu.getByRole('button', { name: 'Se déconnecter' }).tap()
    await menu.getByRole('alert').getByText('Vous êtes encore connecté').waitFor()
    await page.unroute('**/app/sign-out')
    await page.keyboard.press('Escape')
    await menu.waitFor({ state: 'detached' })
    expect(await page.context().cookies()).toContainEqual(expect.objectContaining({ name: '__Host-relais' }))
  })

  test('without a network, a page that was never opened says so, and comes by itself; those that were are there', async () => {
    const restore = await cutFor(tablet.context, network)
    await line(lost).waitFor()
    await page.getByRole('link', { name: 'Retours attendus' }).tap()
    await page.getByRole('alert').getByText('Pas de réponse de la plateforme').waitFor()
    await page.goBack()
    await inSection('Absents', other).waitFor()
    await page.goForward()
    await page.getByRole('button', { name: 'Réessayer' }).tap()
    await page.getByRole('alert').getByText('Pas de réponse de la plateforme').waitFor()
    await restore()
    await page.getByRole('heading', { level: 1, name: 'Retours attendus' }).waitFor()
    await line(back).waitFor()
    expect(tablet.faults).toEqual([])
  })
})
