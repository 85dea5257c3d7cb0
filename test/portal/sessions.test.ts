import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { WARD } from '../loops/town.fixture.ts'
import { chooseSelf, hasBrowser, openBrowser, openPersonMenu, signInByHand, socketsOf } from './browser.fixture.ts'
import { EHPAD, openPortal, people, type PortalTown } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })
const patience = { timeout: 15_000 }

/** What a gateway closes a socket with when its person has signed out. */
const SIGNED_OUT = 4403
const ended = 'Votre session est terminée'

describe.skipIf(!hasBrowser)('a session', () => {
  let town: PortalTown
  let browser: Awaited<ReturnType<typeof openBrowser>>
  beforeAll(async () => {
    ;[town, browser] = await Promise.all([openPortal(), openBrowser()])
    await town.sends({ familyName: 'TEST-NARCISSE', givenName: 'LUCIEN' })
  })

  const boardOf = (page: Page) => page.getByRole('link', { name: /TEST-NARCISSE/ })
  const isLive = (page: Page) =>
    expect.poll(async () => (await socketsOf(page)).filter(({ code }) => code === undefined).length, patience).toBe(1)
  /** What the passing of the time does to a session that nobody uses. */
  const expire = () => {
    const database = new DatabaseSync(join(town.platform.folder, 'data/relais.portal.sqlite'))
    database.exec('PRAGMA busy_timeout = 5000')
    const { changes } = database.prepare("UPDATE portal_session SET seen_at = '2020-01-01T00:00:00.000Z'").run()
    database.close()
    expect(Number(changes)).toBeGreaterThan(0)
  }

  test('begins where the link led, and not at the first page', async () => {
    const { page, faults } = await browser.device()
    const path = `/app/ehpad/${EHPAD}/night`
    await signInByHand(page, people.ehpad.name, `${town.url}${path}`)
    expect(new URL(page.url()).pathname).toBe(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(faults).toEqual([])
  })

  test('that somebody gives up on the way is none, and says what to do', async () => {
    const { page } = await browser.device()
    await page.goto(`${town.url}/app/`)
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await page.getByRole('button', { name: 'Renoncer' }).click()
    await page.getByRole('link', { name: /Recommencer|Réessayer|connexion/ }).waitFor()
    expect((await page.context().cookies()).map(({ name }) => name)).not.toContain('__Host-relais')
  })

  test('that is signed out closes the sockets of every tab at once, and nothing stays on the screen', async () => {
    const { page, newPage, context } = await browser.device()
    await signInByHand(page, people.wardNurse.name, `${town.url}/app/`)
    const other = await newPage()
    await other.goto(`${town.url}/app/`)
    for (const tab of [page, other]) {
      await boardOf(tab).waitFor()
      await isLive(tab)
    }
    const menu = await openPersonMenu(page)
    await menu.getByRole('button', { name: 'Se déconnecter' }).click()
    await other.getByRole('heading', { name: ended }).waitFor()
    expect(await boardOf(other).count()).toBe(0)
    const codes = async (tab: Page) => (await socketsOf(tab)).map(({ code }) => code)
    expect(await codes(other)).toContain(SIGNED_OUT)
    await page.getByRole('button', { name: 'Se connecter' }).waitFor()
    expect(await codes(page)).toContain(SIGNED_OUT)
    expect((await context.cookies()).map(({ name }) => name)).not.toContain('__Host-relais')
    // The way back of the browser leads to no page of hers.
    await page.goBack()
    await page.getByRole('button', { name: /Se connecter|Se déconnecter/ }).waitFor()
    expect(await boardOf(page).count()).toBe(0)
  })

  test('of somebody else on a shared post finds nothing of the one before, in no tab', async () => {
    const { page, newPage } = await browser.device()
    await signInByHand(page, people.wardNurse.name, `${town.url}/app/ward/${WARD}/admit`)
    await page.getByLabel('Nom de naissance', { exact: true }).fill('TEST-SECRET')
    const other = await newPage()
    await other.goto(`${town.url}/app/`)
    await boardOf(other).waitFor()
    await isLive(other)
    const keptOf = (tab: Page) =>
      tab.evaluate(() =>
        [sessionStorage, localStorage].map((storage) => JSON.stringify(Object.entries(storage))).join(''),
      )
    expect(await keptOf(page)).toContain('TEST-SECRET')

    const menu = await openPersonMenu(page)
    await menu.getByRole('button', { name: 'Changer de personne' }).click()
    await chooseSelf(page, people.ehpad.name)
    await expect.poll(() => keptOf(page), patience).not.toContain('TEST-SECRET')
    expect(await keptOf(page)).not.toContain(people.wardNurse.id)
    await expect.poll(() => boardOf(other).count(), patience).toBe(0)
    expect((await socketsOf(other)).map(({ code }) => code)).toContain(SIGNED_OUT)
    await page.goto(`${town.url}/app/ward/${WARD}/admit`)
    await page.getByRole('main').waitFor()
    expect(await page.content()).not.toContain('TEST-SECRET')
  })

  test('that ends in the middle of a form loses no word of it', async () => {
    const { page } = await browser.device()
    await signInByHand(page, people.wardNurse.name, `${town.url}/app/ward/${WARD}/admit`)
    await page.getByLabel('Nom de naissance', { exact: true }).fill('TEST-AMARYLLIS')
    await page.getByLabel('Numéro du patient dans l’établissement (IPP)').fill('900777')
    expire()
    // Whatever asks next learns of it: here, the board of the ward.
    await page.getByRole('navigation').getByRole('link', { name: 'Cardiologie' }).click()
    await page.getByRole('heading', { name: ended }).waitFor()
    await page.getByRole('button', { name: 'Se reconnecter' }).click()
    await chooseSelf(page, people.wardNurse.name)
    await page.getByRole('link', { name: 'Nouvelle entrée' }).click()
    expect(await page.getByLabel('Nom de naissance', { exact: true }).inputValue()).toBe('TEST-AMARYLLIS')
    expect(await page.getByLabel('Numéro du patient dans l’établissement (IPP)').inputValue()).toBe('900777')
  })

  test('that ends before a form is sent sends it once its person is back, once', async () => {
    const { page } = await browser.device()
    await signInByHand(page, people.wardNurse.name, `${town.url}/app/ward/${WARD}/admit`)
    await page.getByLabel('Numéro du patient dans l’établissement (IPP)').fill('900778')
    await page.getByLabel('Nom de naissance', { exact: true }).fill('TEST-AMARANTE')
    await page.getByLabel('Premier prénom de naissance').fill('ROSE')
    await page.getByLabel('Date de naissance').fill('1950-03-02')
    await page.getByLabel('Sexe').selectOption('F')
    expire()
    await page.getByRole('button', { name: 'Enregistrer l’entrée' }).click()
    await page.getByRole('heading', { name: ended }).waitFor()
    await page.getByRole('button', { name: 'Se reconnecter' }).click()
    await chooseSelf(page, people.wardNurse.name)
    await page.goto(`${town.url}/app/ward/${WARD}`)
    await page.getByRole('link', { name: /TEST-AMARANTE/ }).waitFor()
    expect(await page.getByRole('link', { name: /TEST-AMARANTE/ }).count()).toBe(1)
  })

  test('is renewed by a ticket on the same socket, and goes on hearing', async () => {
    const { page, context } = await browser.device()
    let renewals = 0
    // Everything is the gateway's, but how long the session lasts: so that its end is near at once, and then far.
    await context.routeWebSocket(/\/channels$/, (near) => {
      const far = near.connectToServer()
      near.onMessage((frame) => {
        if (String(frame).includes('"renew"')) renewals += 1
        far.send(frame)
      })
      far.onMessage((frame) => {
        const told = JSON.parse(String(frame)) as { type: string; expiresInSeconds?: number }
        near.send(told.type === 'welcome' ? JSON.stringify({ ...told, expiresInSeconds: 2 }) : frame)
      })
    })
    await signInByHand(page, people.wardNurse.name, `${town.url}/app/`)
    await boardOf(page).waitFor()
    await expect.poll(() => renewals, patience).toBe(1)
    await town.sends({
      ipp: '900222',
      visit: 'V900222',
      movement: 'M900222',
      familyName: 'TEST-NARCISSE',
      givenName: 'RENÉ',
      insBody: '2410799000222',
    })
    await page.getByRole('link', { name: /TEST-NARCISSE.*René/i }).waitFor()
    expect(await socketsOf(page)).toHaveLength(1)
    expect(
      await page
        .getByRole('status')
        .getByText(/Connexion perdue/)
        .count(),
    ).toBe(0)
  })
})
