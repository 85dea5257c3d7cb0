import type { Page } from 'playwright-core'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { inhabitant, WARD } from '../loops/town.fixture.ts'
import { type Device, hasBrowser, openBrowser, signIn, whenShown } from './browser.fixture.ts'
import { openPortal, people, type PortalTown, report } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })
const patience = { timeout: 15_000 }

/** On the screen of the ward. */
const ACTED = /(pris connaissance|traité) \S+ par Dr Bruno TEST-DAPHNÉ/
const rppsOf = ({ id }: { id: string }) => id.replace('rpps:', '')

/** Says how long it took, which is no matter of a test on a machine that has other things to do. */
async function tookTime(what: string, since: number, shown: Promise<number>): Promise<number> {
  const milliseconds = (await shown) - since
  report(`${milliseconds} ms for ${what}`)
  return milliseconds
}

describe.skipIf(!hasBrowser)('what one does, the other sees', () => {
  let town: PortalTown
  let nurse: Device
  let gp: Device
  let otherGp: Device
  let number = 0
  /** The one whom a story is about, just admitted: its GP and its ward see the patient. */
  let familyName = ''
  let patientId = ''

  beforeAll(async () => {
    const [opened, browser] = await Promise.all([openPortal(), openBrowser()])
    town = opened
    ;[nurse, gp, otherGp] = await Promise.all([browser.device(), browser.device(), browser.device()])
    // One after the other: three sign-ins at once take longer on two processors.
    await signIn(nurse.page, people.wardNurse.name, `${town.url}/app/`)
    await signIn(gp.page, people.gp.name, `${town.url}/app/`)
    await signIn(otherGp.page, people.otherGp.name, `${town.url}/app/`)
  })

  beforeEach(async () => {
    number += 1
    const patient = inhabitant(number)
    familyName = `TEST-${['ASTER', 'BRUGMANSIA', 'CRESSON', 'DAHLIA', 'ERICA', 'FREESIA'][number]}`
    await town.sends({ ...patient, familyName, movement: `T${number}`, primaryPhysicianRpps: rppsOf(people.gp) })
    patientId = await town.idOf(patient.ipp)
    await nurse.page.goto(`${town.url}/app/ward/${WARD}`)
    await gp.page.goto(`${town.url}/app/inbox`)
    await itemOf(gp.page).waitFor()
    await itemOf(nurse.page).waitFor()
  })

  const itemOf = (page: Page) => page.getByRole('link', { name: new RegExp(familyName) })
  /** How many requests of a page did something, by the way they were answered. */
  function countActs(page: Page, path: RegExp) {
    const statuses: number[] = []
    page.on('response', (response) => {
      if (response.request().method() === 'POST' && path.test(response.url())) statuses.push(response.status())
    })
    return statuses
  }

  test('a message of the hospital is on the board of the ward and in the inbox of the GP at once', async () => {
    const [arrived, heard] = [whenShown(nurse.page, /TEST-ICI/), whenShown(gp.page, /TEST-ICI/)]
    const sentAt = Date.now()
    await town.sends({
      ...inhabitant(100),
      familyName: 'TEST-ICI',
      movement: 'T100',
      primaryPhysicianRpps: rppsOf(people.gp),
    })
    expect(await tookTime('an admission to be on the board of the ward', sentAt, arrived)).toBeGreaterThan(0)
    expect(await tookTime('an admission to be in the inbox of the GP', sentAt, heard)).toBeGreaterThan(0)
  })

  test('a discharge that the ward confirms is on the screen of the GP, who takes note: the ward sees that', async () => {
    await itemOf(gp.page).click()
    await gp.page.getByRole('heading', { name: new RegExp(familyName) }).waitFor()
    await itemOf(nurse.page).click()
    await nurse.page.getByRole('region', { name: 'Dire ce qui change' }).getByRole('link', { name: 'Sortie' }).click()
    await nurse.page.getByRole('radio', { name: 'Domicile' }).check()
    await nurse.page.getByRole('listitem').filter({ hasText: 'Bruno TEST-DAPHNÉ' }).waitFor()

    const heard = whenShown(gp.page, /Organiser la suite/)
    const confirmedAt = Date.now()
    await nurse.page.getByRole('button', { name: 'Confirmer la sortie' }).click()
    expect(await tookTime('a discharge confirmed on the ward to be with the GP', confirmedAt, heard)).toBeGreaterThan(0)
    await nurse.page
      .getByRole('listitem')
      .filter({ hasText: /Sortie/ })
      .first()
      .waitFor()

    const known = whenShown(nurse.page, ACTED)
    const actedAt = Date.now()
    await gp.page.getByRole('button', { name: /Suite organisée/ }).click()
    expect(await tookTime('what the GP did to be on the screen of the ward', actedAt, known)).toBeGreaterThan(0)
  })

  test('a discharge that the ward hears of before it is answered leads to who was told, all the same', async () => {
    const { page } = nurse
    const answered = '**/stays/*/movements'
    await page.route(answered, async (route) => {
      const response = await route.fetch()
      await page.getByText('Ce patient est déjà sorti').waitFor()
      await route.fulfill({ response })
    })
    await itemOf(page).click()
    await page.getByRole('region', { name: 'Dire ce qui change' }).getByRole('link', { name: 'Sortie' }).click()
    await page.getByRole('radio', { name: 'Domicile' }).check()
    await page.getByRole('button', { name: 'Confirmer la sortie' }).click()
    const told = page.getByRole('region', { name: 'Qui a été informé' })
    await told.getByRole('listitem').filter({ hasText: people.gp.name }).getByText('Sortie').waitFor()
    expect(new URL(page.url()).pathname).toMatch(/\/stays\/[^/]+$/)
    await page.unroute(answered)
  })

  test('a double click does a thing once', async () => {
    const acts = countActs(gp.page, /\/notices\/[^/]+\/receipts$/)
    await itemOf(gp.page).click()
    await expect.poll(() => acts.length, patience).toBe(1)
    await gp.page.getByRole('button', { name: /Prendre connaissance/ }).dblclick()
    await itemOf(nurse.page).click()
    await nurse.page.getByText(ACTED).waitFor()
    // That it was read, and that it was taken note of.
    expect(acts).toEqual([204, 204])
  })

  test('of two GPs who accept at the same time, the one who comes second is told by whom and why not', async () => {
    const asker = await town.as(people.wardNurse)
    await asker.says('POST', `/referrals/${crypto.randomUUID()}`, {
      patientId,
      kind: 'takeOver',
      urgency: 'soon',
      title: `Suivi de ${familyName}`,
      question: 'Qui peut suivre ce pansement ?',
      receivers: [people.gp, people.otherGp].map(({ id: recipient }) => ({ recipient, role: 'medecin' })),
      mode: 'firstAcceptance',
      answerBy: new Date(Date.parse(await town.now()) + 86_400_000).toISOString(),
    })
    const screens = [gp.page, otherGp.page]
    for (const page of screens) {
      await page.goto(`${town.url}/app/inbox`)
      await page.getByRole('link', { name: new RegExp(`Suivi de ${familyName}`) }).click()
      await page.getByRole('button', { name: /^Accepter/ }).waitFor()
    }
    const answers = screens.map((page) => countActs(page, /\/referrals\/[^/]+\/accept$/))
    await Promise.all(screens.map((page) => page.getByRole('button', { name: /^Accepter/ }).click()))
    await expect.poll(() => answers.flat().toSorted((one, other) => one - other), patience).toEqual([204, 409])
    const second = screens[answers.findIndex(([status]) => status === 409)]
    await second
      ?.getByText(/un confrère a accepté avant vous/)
      .first()
      .waitFor()
    await expect.poll(() => second?.getByRole('button', { name: /^Accepter/ }).count(), patience).toBe(0)
  })

  test('nothing went wrong on any of the screens', () =>
    expect([nurse, gp, otherGp].flatMap(({ faults }) => faults)).toEqual([]))
})
