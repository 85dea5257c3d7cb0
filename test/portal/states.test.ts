import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { insKeyOf } from '@relais/hl7v2/checks'
import type { Page } from 'playwright-core'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { inhabitant, WARD } from '../loops/town.fixture.ts'
import { misheard, violations, wrongIn } from './accessible.fixture.ts'
import { type Device, hasBrowser, openBrowser, signIn } from './browser.fixture.ts'
import { moving, unmarkedFocus } from './layout.fixture.ts'
import { cutFor, type Network, openNetwork } from './network.fixture.ts'
import { EHPAD, openPortal, people, type PortalTown, resident } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const patient = { ...inhabitant(1), familyName: 'TEST-NARCISSE', givenName: 'LUCIENNE' }
const elder = { ...inhabitant(2), familyName: 'TEST-SAUGE', givenName: 'SIMONE' }
const toTheGp = { primaryPhysicianRpps: people.gp.id.replace('rpps:', '') }
const ASKED = '**/app/api/**'

describe.skipIf(!hasBrowser)('a page that waits, fails, is refused, cut off or out of date', () => {
  let town: PortalTown
  let network: Network
  let gp: Device
  let nurse: Device
  let house: Device
  let english: Device
  let stayPath = ''

  beforeAll(async () => {
    network = await openNetwork()
    const [opened, browser] = await Promise.all([openPortal({ env: { PORTAL_URL: network.url } }), openBrowser()])
    town = opened
    network.leadTo(town.platform.url)
    const ins = `${elder.insBody}${insKeyOf(elder.insBody ?? '') ?? ''}`
    const { familyName: birthName, givenName: givenNames } = elder
    await resident(town, { room: '101', birthName, givenNames, birthDate: '1941-07-09', sex: 'F', ins })
    await town.sends({ ...patient, ...toTheGp, movement: 'M1' })
    await town.sends({ ...elder, ...toTheGp, movement: 'M2' })
    // axe is a script of its own, which the policy of the page would rightly not let in.
    const comes = async ({ name }: { name: string }, path: string, locale = 'fr-FR') => {
      const device = await browser.device({ bypassCSP: true, locale })
      await signIn(device.page, name, `${network.url}/app${path}`)
      return device
    }
    gp = await comes(people.gp, '/inbox')
    nurse = await comes(people.wardNurse, `/ward/${WARD}`)
    house = await comes(people.ehpad, `/ehpad/${EHPAD}`)
    english = await comes(people.homeNurse, '/preferences', 'en-GB')
    const link = nurse.page.getByRole('link', { name: /TEST-NARCISSE/ })
    stayPath = (await link.getAttribute('href')) ?? ''
  })

  afterEach(async () => {
    network.restore()
    await gp.context.setOffline(false)
    for (const { page } of [gp, nurse, house]) {
      await page.unrouteAll({ behavior: 'ignoreErrors' })
      await page.emulateMedia({ media: null, forcedColors: null })
    }
  })

  const open = (page: Page, path: string) => page.goto(`${network.url}/app${path}`)

  test('that waits for an answer says so, and does not flash where movement is not wanted', async () => {
    for (const [{ page }, path, arrives] of [
      [gp, '/inbox', 'À traiter'],
      [nurse, `/ward/${WARD}`, 'Cardiologie'],
      [nurse, stayPath.replace('/app', ''), /^TEST-NARCISSE/],
      [house, `/ehpad/${EHPAD}`, 'Résidents'],
      [house, `/ehpad/${EHPAD}/wall`, 'EHPAD Les Bruyères'],
    ] as const) {
      const { promise: mayGo, resolve: letGo } = Promise.withResolvers<undefined>()
      // What the page has given up meanwhile goes nowhere.
      await page.route(ASKED, (route) => mayGo.then(() => route.continue()).catch(() => undefined))
      await open(page, path)
      expect(await wrongIn(page, 'main\n  status\n    StaticText "Chargement…"')).toEqual([])
      expect(await moving(page)).toEqual([])
      letGo(undefined)
      await page.getByRole('heading', { level: 1, name: arrives }).waitFor()
      await page.unroute(ASKED)
    }
  })

  test('whose own code is long in coming says so as well', async () => {
    const { page } = gp
    const code = /\/absences-page-[^/]+\.js$/
    const { promise: mayGo, resolve: letGo } = Promise.withResolvers<undefined>()
    await page.route(code, (route) => mayGo.then(() => route.continue()))
    await page.goto(`${network.url}/app/absences`, { waitUntil: 'commit' })
    expect(await misheard(page, 'main\n  status\n    heading 1 "Chargement…"')).toEqual([])
    letGo(undefined)
    await page.getByRole('heading', { level: 1, name: 'Absences' }).waitFor()
    await page.unroute(code)
  })

  test('that gets no answer says what to do, and is there after it', async () => {
    const failed = 'main\n  alert\n    StaticText /^Pas de réponse de la plateforme/\n    button "Réessayer"'
    const failing = [
      { page: gp.page, path: '/inbox', arrives: /TEST-SAUGE/ },
      { page: nurse.page, path: `/ward/${WARD}`, arrives: /TEST-SAUGE/ },
      { page: house.page, path: `/ehpad/${EHPAD}/night`, arrives: 'Cette nuit' },
    ]
    await Promise.all(
      failing.map(async ({ page, path }) => {
        await page.route(ASKED, (route) => route.fulfill({ status: 500 }))
        await open(page, path)
        await page.getByRole('alert').first().waitFor()
      }),
    )
    for (const { page, arrives } of failing) {
      expect(await wrongIn(page, failed)).toEqual([])
      await page.unroute(ASKED)
      await page.getByRole('button', { name: 'Réessayer' }).first().click()
      await page.getByText(arrives).first().waitFor()
      await page.getByRole('alert').waitFor({ state: 'detached' })
    }
  })

  test('that is not for this person says so, and leads on', async () => {
    for (const [path, told] of [
      [`/patients/${crypto.randomUUID()}`, 'main\n  alert\n    heading 1\n    link "Retour à l’accueil"'],
      ['/nowhere', 'main\n  alert\n    heading 1 /n’existe pas/\n    link "Retour à l’accueil"'],
    ] as const) {
      await open(gp.page, path)
      expect(await wrongIn(gp.page, told)).toEqual([])
    }
  })

  test('that has lost its network keeps what is done, and says when it is back', async () => {
    const { page, context } = gp
    await town.sends({ ...patient, ...toTheGp, trigger: 'A03', movement: 'M4', exitMode: '8' })
    await open(page, '/inbox')
    await page
      .getByRole('link', { name: /TEST-NARCISSE/ })
      .first()
      .click()
    const act = page.getByRole('button', { name: /^Prendre connaissance/ })
    await act.waitFor()
    const restore = await cutFor(context, network)
    await page.getByText(/Connexion perdue/).waitFor()
    await act.click()
    expect(
      await wrongIn(
        page,
        'status\n  StaticText /^Connexion perdue à \\d\\d:\\d\\d/\n  StaticText "1 action en attente d’envoi"\n  button "Réessayer maintenant"',
        'region "Détail"\n  status\n    StaticText /En attente d’envoi$/',
        'log "Ce qui vient de se passer"\n  StaticText /en attente d’envoi/\n  button "Fermer"',
      ),
    ).toEqual([])
    await restore()
    await page.getByText(/Connexion rétablie/).waitFor()
    expect(await misheard(page, 'status\n  StaticText /^Connexion rétablie/')).toEqual([])
    expect(await violations(page)).toEqual([])
    await page.getByText('1 action en attente d’envoi').waitFor({ state: 'detached' })
  })

  test('of the wall that is out of date says since when', async () => {
    const { page } = house
    await page.clock.install()
    await open(page, `/ehpad/${EHPAD}/wall`)
    await page.getByRole('heading', { level: 1, name: 'EHPAD Les Bruyères' }).waitFor()
    await page.route(ASKED, (route) => route.abort())
    await page.clock.fastForward('05:00')
    expect(
      await wrongIn(page, 'main\n  heading 1 "EHPAD Les Bruyères"\n  alert\n    StaticText /\\d\\d:\\d\\d/'),
    ).toEqual([])
  })

  test('that just did something says so, and lets it be taken back', async () => {
    const { page } = nurse
    await open(page, `/ward/${WARD}`)
    await page.getByRole('link', { name: /TEST-SAUGE/ }).click()
    await page.getByRole('button', { name: 'Permission' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click()
    expect(
      await wrongIn(
        page,
        'log "Ce qui vient de se passer"\n  StaticText /Permission|permission/\n  button "Annuler"; button "Fermer"',
      ),
    ).toEqual([])
  })

  test('that is printed is what was read, without what is there to be pressed', async () => {
    const { page } = nurse
    for (const [path, told] of [
      [`/ward/${WARD}`, 'main\n  heading 1 "Cardiologie"\n  heading 3 /^TEST-/'],
      [stayPath.replace('/app', ''), 'main\n  heading 1 /^TEST-NARCISSE/\n  region "Mouvements"'],
    ] as const) {
      await open(page, path)
      await page.emulateMedia({ media: 'print' })
      expect(await wrongIn(page, told)).toEqual([])
      for (const role of ['banner', 'navigation', 'button'] as const) expect(await page.getByRole(role).count()).toBe(0)
      await page.emulateMedia({ media: null })
    }
  })

  test('in the colours of a device says the same, and where the focus is', async () => {
    const { page } = gp
    await page.emulateMedia({ forcedColors: 'active' })
    await open(page, '/inbox')
    expect(await wrongIn(page, 'region "Éléments"\n  heading 1 "À traiter"\n  link /TEST-SAUGE/')).toEqual([])
    expect(await unmarkedFocus(page, 12)).toEqual([])
  })

  test('in English is English aloud, too', async () => {
    const { page } = english
    for (const [path, told] of [
      ['/inbox', 'main\n  heading 1 "To do"\n  button "Keyboard shortcuts"'],
      ['/preferences', 'main\n  heading 1 "Preferences"\n  radio "Français"; radio "English"'],
      ['/nowhere', 'main\n  alert\n    heading 1 /does not exist/\n    link "Back to the first page"'],
    ] as const) {
      await open(page, path)
      expect(
        await wrongIn(
          page,
          'link "Go to the content"\nbanner\n  navigation "Main navigation"\n    link "To do"\n  button /^You : /',
          told,
        ),
      ).toEqual([])
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    }
  })

  test('of which the form is not filled in names each field, in the field and beside the button', async () => {
    const { page } = nurse
    await open(page, `/ward/${WARD}/admit`)
    await page.getByRole('button', { name: 'Enregistrer l’entrée' }).click()
    expect(
      await wrongIn(
        page,
        `main
        textbox "Numéro du patient dans l’établissement (IPP)" invalid
        textbox "Nom de naissance" invalid
        textbox "Premier prénom de naissance" invalid
        Date "Date de naissance" invalid
        combobox "Sexe" invalid
        alert
          StaticText /^À remplir : Numéro du patient/
        button "Enregistrer l’entrée"`,
      ),
    ).toEqual([])
  })

  test('whose session ends in the middle of a form says that what was typed is kept', async () => {
    const { page } = nurse
    await page.getByLabel('Nom de naissance', { exact: true }).fill('TEST-AMARYLLIS')
    const database = new DatabaseSync(join(town.platform.folder, 'data/relais.portal.sqlite'))
    database.exec('PRAGMA busy_timeout = 5000')
    database.exec("UPDATE portal_session SET seen_at = '2020-01-01T00:00:00.000Z'")
    database.close()
    await page.getByRole('navigation').getByRole('link', { name: 'Cardiologie' }).click()
    expect(
      await wrongIn(
        page,
        'main\n  heading 1 "Votre session est terminée"\n  StaticText /est gardé dans cet onglet/\n  button "Se reconnecter"',
      ),
    ).toEqual([])
  })
})
