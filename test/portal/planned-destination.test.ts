import { insKeyOf } from '@relais/hl7v2/checks'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { inhabitant, WARD } from '../loops/town.fixture.ts'
import { type Device, hasBrowser, openBrowser, signIn } from './browser.fixture.ts'
import { EHPAD, openPortal, people, type PortalTown, resident } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const [known, stranger] = [inhabitant(1), inhabitant(2)]
const ofTheHouse = { birthName: 'TEST-1', givenNames: 'ZOÉ', birthDate: '1941-07-09', sex: 'F', room: '12' } as const

describe.skipIf(!hasBrowser)('where to a discharge goes is said when it is planned', () => {
  let town: PortalTown
  let nurse: Device
  let house: Device

  beforeAll(async () => {
    const [opened, browser] = await Promise.all([openPortal(), openBrowser()])
    town = opened
    await resident(town, { ...ofTheHouse, ins: `${known.insBody}${insKeyOf(known.insBody ?? '') ?? ''}` })
    await town.sends({ ...known, movement: 'P1' })
    await town.sends({ ...stranger, movement: 'P2' })
    ;[nurse, house] = await Promise.all([browser.device(), browser.device()])
    await Promise.all([
      signIn(nurse.page, people.wardNurse.name, `${town.url}/app/ward/${WARD}`),
      signIn(house.page, people.ehpad.name, `${town.url}/app/ehpad/${EHPAD}`),
    ])
  })

  const button = (on: Page, name: string) => on.getByRole('button', { name })
  const choose = (on: Page, name: string) => on.getByRole('radio', { name, exact: true }).check()

  /** On the page of the discharge of one of the ward. */
  async function discharging(name: string): Promise<Page> {
    const { page } = nurse
    await page.goto(`${town.url}/app/ward/${WARD}`)
    const row = page.getByRole('listitem').or(page.getByRole('row')).filter({ hasText: name })
    await row.getByRole('link', { name: 'Sortie', exact: true }).first().click()
    return page
  }
  async function plans(page: Page, at: string) {
    await choose(page, 'Prévue')
    await page.getByLabel('Sortie prévue le').fill(at)
  }
  async function choosesHouse(page: Page) {
    await choose(page, 'EHPAD')
    await page.getByLabel('EHPAD de destination').fill('Bruyères')
    await page
      .getByRole('button', { name: /EHPAD Les Bruyères/ })
      .first()
      .click()
  }
  const card = () => house.page.getByRole('listitem').filter({ hasText: 'TEST-1' })

  test('a way home to the EHPAD, which then expects its resident; no death is planned', async () => {
    const tomorrow = new Date(Date.parse(await town.now()) + 86_400_000)
    const at = `${tomorrow.toISOString().slice(0, 10)}T11:00`
    const page = await discharging('TEST-1')
    await plans(page, at)
    expect(await page.getByRole('radio', { name: 'Décès' }).count()).toBe(0)
    await choosesHouse(page)
    await button(page, 'Annoncer la sortie prévue').click()
    await page
      .getByText(/vers EHPAD Les Bruyères/)
      .first()
      .waitFor()
    await card().getByText('Retour attendu').waitFor()
    await card().getByText('Sortie prévue vers').waitFor({ state: 'detached' })
  })

  test('changed, it begins with what was said, and the house reads that its resident goes elsewhere', async () => {
    const page = await discharging('TEST-1')
    expect(await page.getByRole('radio', { name: 'EHPAD', exact: true }).isChecked()).toBe(true)
    await plans(page, '2099-01-01T11:00')
    await choose(page, 'Autre établissement')
    await page.getByLabel('Établissement de destination').fill('Conte')
    await page
      .getByRole('button', { name: /Maison de santé du Conte/ })
      .first()
      .click()
    await button(page, 'Annoncer la sortie prévue').click()
    await card().getByText('Sortie prévue vers').waitFor()
    await card().getByText('Maison de santé du Conte').waitFor()
  })

  test('an EHPAD that does not know the patient joins the circle with it, and reads where he or she is to go', async () => {
    const page = await discharging('TEST-2')
    await plans(page, '2099-01-01T11:00')
    await choosesHouse(page)
    await page.getByText(/L’ajouter au cercle de soins/).waitFor()
    await button(page, 'Annoncer la sortie prévue').click()
    await house.page.goto(`${town.url}/app/inbox`)
    await house.page
      .getByRole('link', { name: /TEST-2/ })
      .first()
      .click()
    await house.page.getByRole('heading', { level: 2, name: /TEST-2/ }).waitFor()
    const whereTo = house.page.getByRole('definition').filter({ hasText: /^EHPAD Les Bruyères$/ })
    await whereTo.waitFor()
    expect([...nurse.faults, ...house.faults]).toEqual([])
  })
})
