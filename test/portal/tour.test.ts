import { Buffer } from 'node:buffer'
import { WardBoardRow } from '@relais/contracts/boards'
import { waitUntil } from '@relais/testkit/wait-until'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { inhabitant, openTown, type Town } from '../loops/town.fixture.ts'
import { announced, button, dialogOf, isGone, patience, undo } from './acts.fixture.ts'
import { chooseSelf, type Device, hasBrowser, openBrowser, signIn } from './browser.fixture.ts'
import { cutFor, type Network, openNetwork } from './network.fixture.ts'
import { FACILITY } from '../people.fixture.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

/** To come: the clock of a demonstration never goes back. The day that is played is the one after, and always the same. */
const EVE = '2031-03-12T05:00:00.000Z'
const State = z.object({ state: z.string() })
const Board = z.object({ rows: z.array(WardBoardRow) })
/** Who is in Gériatrie that evening, comes from the EHPAD, and whose médecin traitant is Camille. */
const elder = 'TEST-GUIMAUVE JACQUELINE'
const gp = 'Camille TEST-AUBÉPINE'
const nurse = 'Ismaël TEST-BADIANE'

describe.skipIf(!hasBrowser)('the guided tour', () => {
  let town: Town
  let network: Network
  let visitor: Device
  let page: Page
  /** Another window: the ward, all the time. */
  let other: Device
  let ward: Page

  beforeAll(async () => {
    network = await openNetwork()
    const env = { DEMONSTRATION_TERRITORY: 'true', PORTAL_BUILD: 'true', PORTAL_URL: network.url }
    const [opened, browser] = await Promise.all([openTown({ env }), openBrowser()])
    town = opened
    network.leadTo(town.platform.url)
    await waitUntil(() => isAt('/demonstration/territory', 'present'), 'the territory', 90)
    const isBuilt = async () => (await (await fetch(`${network.url}/app/`)).text()).includes('id="application"')
    await waitUntil(isBuilt, 'the browser application to be built', 60)
    await town.moveTo(EVE)
    visitor = await browser.device({ permissions: ['clipboard-read', 'clipboard-write'] })
    other = await browser.device()
    page = visitor.page
    ward = other.page
    await signIn(page, 'Solène TEST-LISERON', `${network.url}/app/tour`)
  })

  const isAt = async (path: string, wanted: string) =>
    State.parse((await town.operator.asked({ path })).body).state === wanted
  const cardOf = (title: RegExp) =>
    page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) })
  async function becomes(name: string, press: () => Promise<void>) {
    await press()
    await page.waitForURL((url) => !url.pathname.startsWith('/app/'))
    await chooseSelf(page, name)
    await page.getByRole('heading', { level: 1, name: 'Visite guidée' }).waitFor()
  }
  /** As the card says: be that person, and go there. */
  async function begins(title: RegExp, name: string) {
    await page.goto(`${network.url}/app/tour`)
    const card = cardOf(title)
    const go = card.getByRole('link', { name: /^Y aller/ })
    const become = card.getByRole('button', { name: `Devenir ${name}` })
    await go.or(become).waitFor()
    if (await become.isVisible()) await becomes(name, () => become.click())
    await card.getByText('c’est vous').waitFor()
    await go.click()
  }
  async function ends(title: RegExp, said: string) {
    await page.goto(`${network.url}/app/tour`)
    await cardOf(title).getByRole('checkbox', { name: /^Fait/ }).check()
    await page.getByRole('status').getByText(said).waitFor()
  }
  const told = () =>
    ward.getByRole('region', { name: 'Qui a été informé' }).getByRole('listitem').filter({ hasText: gp })

  test('has nine steps, and a day that whoever operates the platform plays and stops', async () => {
    expect(await page.getByRole('heading', { level: 3 }).count()).toBe(9)
    await page.getByText('C’est à l’exploitation de la lancer, ici ou par cette commande :').waitFor()
    await becomes('Gaël TEST-ROSEAU', () => button(page, 'Devenir Gaël TEST-ROSEAU').click())
    await button(page, 'Plus vite : dix heures par minute').click()
    await announced(page, 'Lancement de la journée')
    await page.getByText(/^La journée se joue/).waitFor()
    await button(page, 'Arrêter').click()
    await announced(page, 'Arrêt de la journée')
    await page.getByText(/^La journée est arrêtée/).waitFor()
    // The rest of it in no time.
    await town.operator.asked({ method: 'POST', path: '/demonstration/day', body: { speed: 86_400 } })
    await waitUntil(() => isAt('/demonstration/day', 'done'), 'the end of the day', 120)
    await page.reload()
    await page.getByText(/^La journée est finie/).waitFor()
    await page.getByText('76 messages sur 76').waitFor()
  })

  test('a ward: a stay arrives by itself, a discharge says who will be told, and then who was', async () => {
    await begins(/^1\. /, nurse)
    await page.getByRole('heading', { level: 1, name: 'Gériatrie' }).waitFor()
    await town.sends({ ...inhabitant(80), familyName: 'TEST-NÉNUPHAR', ward: '4102', movement: 'V1' })
    await page.getByRole('link', { name: /TEST-NÉNUPHAR/ }).waitFor()
    await page.getByRole('link', { name: new RegExp(elder) }).click()
    await page.getByRole('region', { name: 'Dire ce qui change' }).getByRole('link', { name: 'Sortie' }).click()
    await page.getByRole('radio', { name: 'Domicile' }).check()
    await page.getByRole('listitem').filter({ hasText: gp }).first().waitFor()
    await button(page, 'Confirmer la sortie').click()
    await announced(page, /^Sortie/)
    await signIn(ward, nurse, `${network.url}/app/ward/4102`)
    await ward.getByRole('link', { name: new RegExp(elder) }).click()
    await told().first().waitFor()
    expect(await told().first().innerText()).toMatch(/remis|envoyé|lu/)
    await ends(/^1\. /, '1 étape sur 9')
  })

  test('a médecin traitant: one key acknowledges, the stay is text in another program, and the ward sees it', async () => {
    await begins(/^2\. /, gp)
    await page.getByRole('link', { name: new RegExp(`${elder}.*Organiser la suite`) }).press('Enter')
    await page.getByRole('heading', { level: 2, name: new RegExp(elder) }).waitFor()
    await button(page, 'Copier en texte').click()
    await announced(page, /copié/i)
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(elder)
    await page.keyboard.press('c')
    await announced(page, 'Prise de connaissance')
    await told().getByText('pris connaissance', { exact: true }).first().waitFor()
    await ends(/^2\. /, '2 étapes sur 9')
  })

  test('a pathway: what happened, what was known before, and why each line is there', async () => {
    await begins(/^3\. /, gp)
    await page
      .getByRole('link', { name: new RegExp(elder) })
      .first()
      .click()
    await page.getByRole('link', { name: 'Ouvrir le dossier du parcours' }).click()
    await page.getByRole('heading', { level: 1, name: elder }).waitFor()
    const lines = page.getByRole('region', { name: 'Parcours' }).getByRole('listitem')
    const discharge = lines.filter({ has: page.getByText('Pourquoi : Sortie', { exact: true }) }).first()
    await discharge.waitFor()
    await discharge.getByText('Pourquoi : Sortie', { exact: true }).locator('..').click()
    for (const part of ['D’où cela vient', 'Pourquoi c’est transmis', 'Qui a été informé', 'Pourquoi je le vois'])
      await discharge.getByText(part, { exact: true }).waitFor()
    await page.getByText('Ce qui était su à un instant').click()
    await page.getByLabel('Reculer dans le temps').fill('0')
    await page.getByText(/^Ce qui était su le /).waitFor()
    await expect
      .poll(() => lines.filter({ has: page.getByText('Pourquoi : Sortie', { exact: true }) }).count(), patience)
      .toBe(0)
    await ends(/^3\. /, '3 étapes sur 9')
  })

  test('an EHPAD: who is where, a return to prepare, and a wall that names nobody', async () => {
    await begins(/^4\. /, 'Solène TEST-LISERON')
    const away = page.getByRole('region', { name: 'Absents' }).getByRole('listitem')
    const returning = away.filter({ has: page.getByRole('button', { name: /^Le retour est prêt/ }) }).first()
    await returning.getByText(/^Préparation du retour/).waitFor()
    await returning.getByText(/\d sur \d fait/).waitFor()
    const name = await returning.getByRole('heading', { level: 3 }).innerText()
    await returning.getByRole('button', { name: /^Le retour est prêt/ }).click()
    await away
      .filter({ hasText: name.split(' ').at(-2) ?? name })
      .getByText(/Traité par l’équipe/)
      .waitFor()
    await page.getByRole('link', { name: 'Écran mural' }).click()
    await page.getByRole('region', { name: 'Résidents absents' }).getByRole('listitem').first().waitFor()
    expect(await page.locator('body').innerText()).not.toMatch(/TEST-|Gériatrie|CH d’Essai/)
    await ends(/^4\. /, '4 étapes sur 9')
  })

  test('a conversation in two windows: a message, a quoted line and a file, changed and then withdrawn', async () => {
    await begins(/^5\. /, gp)
    const [messages, others] = [page, ward].map((one) => one.getByRole('log', { name: 'Messages' }))
    if (!messages || !others) throw new Error('Two windows are needed')
    await ward.goto(`${network.url}/app/threads`)
    for (const one of [page, ward]) await one.getByRole('link', { name: /Nouvelles du service/ }).click()
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button(page, 'Joindre un fichier').click()])
    await chooser.setFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('Deux comprimés.') })
    await button(page, 'Citer le parcours').click()
    const quoting = dialogOf(page, 'Citer une ligne du parcours')
    await quoting.getByRole('checkbox').first().check()
    await quoting.getByRole('button', { name: 'Citer le parcours' }).click()
    await page.getByLabel('Votre message').fill('Je passe demain matin.')
    await button(page, 'Envoyer').click()
    const received = others.getByRole('listitem').filter({ hasText: 'Je passe demain matin.' }).first()
    for (const part of ['Parcours cité', 'Pièces jointes']) await received.getByRole('list', { name: part }).waitFor()
    const mine = messages.getByRole('listitem').filter({ hasText: 'Je passe demain matin.' }).first()
    await mine
      .getByText(/^Lu jusqu’ici par/)
      .getByText(nurse)
      .waitFor()
    await mine.getByRole('button', { name: 'Modifier' }).click()
    await page.getByLabel('Texte du message').fill('Je passe demain soir.')
    await button(page, 'Enregistrer').click()
    await others.getByText('Je passe demain soir.').waitFor()
    await messages
      .getByRole('listitem')
      .filter({ hasText: 'Je passe demain soir.' })
      .first()
      .getByRole('button', { name: 'Retirer', exact: true })
      .click()
    await dialogOf(page, 'Retirer ce message ?').getByRole('button', { name: 'Retirer' }).click()
    await others.getByText(/^Message retiré/).waitFor()
    expect(await others.innerText()).not.toContain('demain soir')
    await ends(/^5\. /, '5 étapes sur 9')
  })

  test('an absence: what is expected goes to who stands in, until it is undone with one press', async () => {
    await begins(/^6\. /, gp)
    await button(page, 'Déclarer une absence').click()
    const form = dialogOf(page, 'Déclarer une absence')
    const at = async (minutes: number) =>
      new Date(Date.parse(await town.now()) + minutes * 60_000)
        .toLocaleString('sv-SE', { timeZone: 'Europe/Paris' })
        .slice(0, 16)
        .replace(' ', 'T')
    await form.getByLabel('Début').fill(await at(0))
    await form.getByLabel('Fin').fill(await at(60))
    await form.getByLabel('Chercher qui remplace (facultatif)').fill('daphne')
    await form.getByRole('button', { name: /TEST-DAPHNÉ/ }).click()
    await button(page, 'Enregistrer').click()
    await page.getByRole('listitem').filter({ hasText: 'TEST-DAPHNÉ' }).getByText('en cours').waitFor()
    await undo(page, 'Déclaration d’absence')
    await page.getByText('Aucune absence prévue.').waitFor()
    expect(await page.getByRole('listitem').filter({ hasText: 'TEST-DAPHNÉ' }).count()).toBe(0)
    await ends(/^6\. /, '6 étapes sur 9')
  })

  test('a malformed message: the field that is too many is removed, and it is the movement that a ward sees', async () => {
    const rehabilitation = await town.as({
      id: 'ch-essai:4104',
      role: 'infirmier',
      organisation: FACILITY,
      wards: ['4104'],
    })
    const present = async () =>
      (await rehabilitation.reads(Board, '/boards/ward/4104')).rows.filter(({ group }) => group === 'present').length
    const before = await present()
    await begins(/^7\. /, 'Nadia TEST-IMPÉRATOIRE')
    await page
      .getByRole('main')
      .getByRole('link', { name: /Changement de service|Mutation|Transfert/i })
      .first()
      .click()
    await button(page, 'Retirer le champ ZBE-3').click()
    await page.getByText('ZBE-3 est retiré, les suivants se décalent').waitFor()
    await button(page, 'Réparer').click()
    await button(page, 'Rejouer le message').click()
    await announced(page, 'Message rejoué')
    await expect.poll(present, patience).toBe(before + 1)
    await ends(/^7\. /, '7 étapes sur 9')
  })

  test('the coordination: what is late and with whom, a protocol tried before it is published, figures and their facts', async () => {
    await begins(/^8\. /, 'Estelle TEST-PALOMBE')
    await page
      .getByRole('status')
      .getByText(/étapes en retard, chez \d+ destinataires/)
      .waitFor()
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Résident d’EHPAD aux urgences' })
      .first()
      .getByText(/En retard depuis/)
      .waitFor()
    await page.getByRole('link', { name: 'Protocoles' }).click()
    await page.getByRole('link', { name: 'Retour en EHPAD' }).click()
    await page.getByRole('link', { name: 'Modifier' }).click()
    await button(page, 'Ajouter une étape').click()
    await page.getByLabel('Ce qu’il y a à faire, en quelques mots').last().fill('Prévenir la famille')
    const trial = page.getByRole('region', { name: 'Essai à blanc' })
    await trial.getByRole('button', { name: 'Lancer l’essai' }).click()
    await trial.getByText('Essai terminé').waitFor()
    expect(await trial.getByRole('row').filter({ hasText: 'Étapes demandées' }).innerText()).toMatch(/\+ [1-9]\d*$/)
    await page.getByRole('link', { name: 'Chiffres' }).click()
    await page
      .getByRole('region', { name: 'En bref' })
      .getByRole('button', { name: /voir les évènements, Demandées$/ })
      .click()
    await dialogOf(page, 'Évènements : Demandées').getByRole('listitem').first().waitFor()
    await ends(/^8\. /, '8 étapes sur 9')
  })

  test('when things go wrong: what is done without a network leaves once it is back, and a sentence survives a reload', async () => {
    await begins(/^9\. /, gp)
    await page.getByRole('link', { name: /Conversations/ }).click()
    await page.getByRole('link', { name: /Nouvelles du service/ }).click()
    await page.getByLabel('Votre message').waitFor()
    await ward.goto(`${network.url}/app/threads`)
    await ward.getByRole('link', { name: /Nouvelles du service/ }).click()
    const written = ward.getByRole('log', { name: 'Messages' }).getByText('Écrit sans réseau.')
    const restore = await cutFor(visitor.context, network)
    await page
      .getByRole('status')
      .getByText(/Connexion perdue/)
      .waitFor()
    await page.getByLabel('Votre message').fill('Écrit sans réseau.')
    await button(page, 'Envoyer').click()
    await page.getByRole('status').getByText('1 action en attente d’envoi').waitFor()
    await restore()
    await page
      .getByRole('status')
      .getByText('Connexion rétablie : tout ce qui s’est passé entre-temps est affiché.')
      .waitFor()
    await written.first().waitFor()
    await isGone(page, /en attente d’envoi/)
    expect(await written.count()).toBe(1)
    await page.getByLabel('Votre message').fill('Une phrase à moitié')
    await page.reload()
    await expect.poll(() => page.getByLabel('Votre message').inputValue(), patience).toBe('Une phrase à moitié')
    await ends(/^9\. /, 'Tout est essayé : la visite est finie.')
    await button(page, 'Recommencer la visite').click()
    await page.getByRole('status').getByText('0 étape sur 9').waitFor()
  })

  test('nothing went wrong in either window', () => expect([...visitor.faults, ...other.faults]).toEqual([]))
})
