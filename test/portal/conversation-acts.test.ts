import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { getInbox } from '@relais/contracts/http'
import { readPreference } from '@relais/contracts/conversation-routes'
import { listAbsences } from '@relais/contracts/absence-routes'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { inhabitant } from '../loops/town.fixture.ts'
import { announced, button, dialogOf, openStage, patience, type Stage, undo } from './acts.fixture.ts'
import { hasBrowser } from './browser.fixture.ts'
import { people } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const preferences = readPreference.responses[200].content['application/json'].schema
const absencesOf = listAbsences.responses[200].content['application/json'].schema
const inboxOf = getInbox.responses[200].content['application/json'].schema
const letter = 'Ordonnance de sortie.\n'
const toTheGp = { primaryPhysicianRpps: people.gp.id.replace('rpps:', '') }

describe.skipIf(!hasBrowser)('people who talk to each other', () => {
  let stage: Stage
  let gp: Page
  let nurse: Page
  let patientId = ''

  beforeAll(async () => {
    stage = await openStage()
    const { town } = stage
    await town.sends({ ...inhabitant(70), familyName: 'TEST-JASMIN', givenName: 'ROSE', movement: 'J1', ...toTheGp })
    patientId = await town.idOf(inhabitant(70).ipp)
    await town.joins(patientId, people.homeNurse, 'infirmier')
    gp = await stage.comes(people.gp, `/patients/${patientId}?tab=thread`)
    nurse = await stage.comes(people.homeNurse, '/threads')
  })

  const messageOf = (page: Page, text: string) =>
    page.getByRole('log', { name: 'Messages' }).getByRole('listitem').filter({ hasText: text }).first()
  async function writes(page: Page, text: string) {
    await page.getByLabel('Votre message').fill(text)
    await page.getByRole('button', { name: /^Envoyer/ }).click()
    await messageOf(page, text).waitFor()
  }

  /** A device so slow that nothing is drawn, until what is answered is called. */
  async function holdsFrames(page: Page) {
    const held = await page.evaluateHandle(() => {
      const { requestAnimationFrame, cancelAnimationFrame } = globalThis
      const asked = new Map<number, FrameRequestCallback>()
      let last = 0
      globalThis.requestAnimationFrame = (callback) => {
        last -= 1
        asked.set(last, callback)
        return last
      }
      globalThis.cancelAnimationFrame = (frame) => asked.delete(frame) || cancelAnimationFrame(frame)
      return { asked, before: { requestAnimationFrame, cancelAnimationFrame } }
    })
    return () =>
      held.evaluate(({ asked, before }) => {
        Object.assign(globalThis, before)
        for (const callback of asked.values()) requestAnimationFrame(callback)
      })
  }

  test('open a conversation about a patient: a file, a quoted line, somebody mentioned, an urgent word, and who has read', async () => {
    await button(gp, 'Nouvelle conversation').click()
    const opening = dialogOf(gp, 'Nouvelle conversation')
    await button(gp, 'Ouvrir la conversation').click()
    await opening.getByText('Donnez un titre.').waitFor()
    await opening.getByLabel('Titre').fill('Retour à la maison')
    await button(gp, 'Ouvrir la conversation').click()
    await gp.getByRole('heading', { level: 2, name: 'Retour à la maison' }).waitFor()

    const [chooser] = await Promise.all([gp.waitForEvent('filechooser'), button(gp, 'Joindre un fichier').click()])
    await chooser.setFiles({ name: 'ordonnance.txt', mimeType: 'text/plain', buffer: Buffer.from(letter) })
    await button(gp, 'Retirer ordonnance.txt').waitFor()
    await button(gp, 'Citer le parcours').click()
    const quoting = dialogOf(gp, 'Citer une ligne du parcours')
    await quoting.getByRole('checkbox', { name: /Admission/ }).check()
    await quoting.getByRole('button', { name: 'Citer le parcours' }).click()
    await gp.getByText('Mentionner', { exact: true }).click()
    await gp.getByRole('checkbox', { name: 'Sofia TEST-FENOUIL' }).check()
    await gp.getByRole('checkbox', { name: 'Urgent : alerter tout de suite' }).check()
    await writes(gp, 'Peut-elle rentrer demain ?')

    await nurse.getByRole('link', { name: /Retour à la maison.*1 non lu.*urgent/ }).click()
    const received = messageOf(nurse, 'Peut-elle rentrer demain ?')
    for (const text of ['urgent', 'Sofia TEST-FENOUIL', 'Admission']) await received.getByText(text).first().waitFor()
    const [file] = await Promise.all([
      nurse.waitForEvent('download'),
      received.getByRole('link', { name: /^ordonnance.txt/ }).click(),
    ])
    expect(await readFile(await file.path(), 'utf8')).toBe(letter)
    await messageOf(gp, 'Peut-elle rentrer demain ?')
      .getByText(/^Lu jusqu’ici par/)
      .getByText('Sofia TEST-FENOUIL')
      .waitFor()

    await button(nurse, 'Répondre à Dr Bruno TEST-DAPHNÉ').click()
    await nurse
      .getByText(/^En réponse à/)
      .first()
      .waitFor()
    await writes(nurse, 'Oui, je passe à 9 h.')
    await messageOf(gp, 'Oui, je passe à 9 h.')
      .getByText(/^En réponse à/)
      .waitFor()
  })

  test('put right what they wrote, or take it back: the other sees that there was a message, and not what it said', async () => {
    await writes(gp, 'Elle pèse 25 kg.')
    await messageOf(nurse, 'Elle pèse 25 kg.').waitFor()
    await messageOf(gp, 'Elle pèse 25 kg.').getByRole('button', { name: 'Modifier' }).click()
    await gp.getByLabel('Texte du message').fill('Elle pèse 52 kg.')
    await button(gp, 'Enregistrer').click()
    await messageOf(nurse, 'Elle pèse 52 kg.')
      .getByText(/^modifié/)
      .waitFor()
    await undo(gp, 'Modification du message')
    await messageOf(nurse, 'Elle pèse 25 kg.').waitFor()
    await messageOf(gp, 'Elle pèse 25 kg.').getByRole('button', { name: 'Retirer', exact: true }).click()
    const taking = dialogOf(gp, 'Retirer ce message ?')
    await taking.getByLabel('Motif').selectOption('wrongPatient')
    await taking.getByRole('button', { name: 'Retirer' }).click()
    await messageOf(nurse, 'Message retiré').waitFor()
    expect(await nurse.locator('body').innerText()).not.toContain('25 kg')
  })

  test('make a group: its members come and go, it is renamed, muted, left, searched and closed', async () => {
    await stage.goTo(gp, '/threads')
    await button(gp, 'Nouvelle conversation').click()
    const opening = dialogOf(gp, 'Nouvelle conversation')
    await opening.getByRole('radio', { name: 'Un groupe privé' }).check()
    await opening.getByLabel('Titre').fill('Tournées')
    await button(gp, 'Ouvrir la conversation').click()
    await opening.getByText('Ajoutez au moins un participant.').waitFor()
    await opening.getByLabel('Ajouter un participant').fill('fenouil')
    await opening
      .getByRole('button', { name: /TEST-FENOUIL/ })
      .first()
      .click()
    await button(gp, 'Ouvrir la conversation').click()
    await gp.getByRole('heading', { level: 2, name: 'Tournées' }).waitFor()
    await writes(gp, 'Qui passe rue de la Fiction ?')
    await stage.goTo(nurse, '/threads')
    await nurse.getByRole('link', { name: /Tournées/ }).click()
    await messageOf(nurse, 'Qui passe rue de la Fiction ?').waitFor()

    await button(gp, 'Participants (2)').click()
    const members = dialogOf(gp, 'Participants')
    await members.getByLabel('Ajouter un participant').fill('iris')
    await members.getByRole('button', { name: /TEST-IRIS/ }).click()
    await members.getByText(/Il lira toute la conversation/).waitFor()
    await members.getByRole('button', { name: 'Ajouter un participant' }).click()
    await announced(gp, 'Ajout de Paul TEST-IRIS à la conversation')
    const pharmacist = await stage.comes(people.pharmacist, '/threads')
    await pharmacist.getByRole('link', { name: /Tournées/ }).click()
    await messageOf(pharmacist, 'Qui passe rue de la Fiction ?').waitFor()
    await members.getByText('Qui a lu jusqu’où').waitFor()
    const removing = members.getByRole('button', { name: 'Retirer Paul TEST-IRIS' })
    const draw = await holdsFrames(gp)
    await removing.click()
    await removing.waitFor({ state: 'detached' })
    await gp.keyboard.press('Escape')
    await draw()
    await members.waitFor({ state: 'detached' })
    await pharmacist.getByText('Cette conversation n’est plus à vous').waitFor()

    await button(gp, 'Réglages').click()
    const settings = dialogOf(gp, 'Réglages')
    await settings.getByLabel('Titre').fill('Tournées du matin')
    await button(gp, 'Renommer').click()
    await nurse.getByRole('heading', { level: 2, name: 'Tournées du matin' }).waitFor()
    await undo(gp, 'Changement de titre')
    await nurse.getByRole('heading', { level: 2, name: 'Tournées', exact: true }).waitFor()

    await button(nurse, 'Réglages').click()
    await nurse.getByRole('checkbox', { name: 'Mettre en sourdine' }).click()
    await announced(nurse, 'Mise en sourdine')
    await nurse.keyboard.press('Escape')
    await nurse.getByRole('link', { name: /Tournées.*en sourdine/ }).waitFor()

    await nurse.getByLabel('Chercher dans mes conversations').fill('rue fiction')
    await nurse.getByText('1 message', { exact: true }).waitFor()
    await nurse.getByRole('link', { name: /Qui passe rue de la Fiction/ }).click()
    await button(nurse, 'Revenir aux conversations').click()
    await button(nurse, /^Participants/).click()
    await button(nurse, 'Quitter la conversation').click()
    await nurse.getByText('Cette conversation n’est plus à vous').waitFor()

    await button(gp, 'Réglages').click()
    await button(gp, 'Clore la conversation').click()
    await gp.getByText('Cette conversation est close : elle se lit encore.').waitFor()
    expect(await gp.getByLabel('Votre message').count()).toBe(0)
  })

  test('write to a ward, whose team answers; and to everybody in the territory', async () => {
    await stage.goTo(gp, '/threads')
    const opening = dialogOf(gp, 'Nouvelle conversation')
    await button(gp, 'Nouvelle conversation').click()
    await opening.getByRole('radio', { name: /^Des services, des professionnels/ }).check()
    await opening.getByLabel('Titre').fill('Lettres de sortie')
    await opening.getByLabel('Ajouter un participant').fill('essai')
    await opening.getByRole('button', { name: /^CH d’Essai/ }).click()
    await opening.getByRole('button', { name: 'Cardiologie', exact: true }).click()
    await button(gp, 'Ouvrir la conversation').click()
    await gp.getByRole('heading', { level: 2, name: 'Lettres de sortie' }).waitFor()
    await writes(gp, 'Elles arrivent après le patient.')
    const ward = await stage.comes(people.wardNurse, '/threads')
    await ward.getByRole('link', { name: /Lettres de sortie.*1 non lu/ }).click()
    await messageOf(ward, 'Elles arrivent après le patient.').waitFor()
    await messageOf(gp, 'Elles arrivent après le patient.')
      .getByText(/^Lu jusqu’ici par/)
      .waitFor()
    await writes(ward, 'Nous les enverrons la veille.')
    await messageOf(gp, 'Nous les enverrons la veille.').waitFor()

    await button(gp, 'Nouvelle conversation').click()
    await opening.getByRole('radio', { name: 'Tous les professionnels du territoire' }).check()
    await opening.getByLabel('Titre').fill('Grippe')
    await button(gp, 'Ouvrir la conversation').click()
    await gp.getByRole('heading', { level: 2, name: 'Grippe' }).waitFor()
    await writes(gp, 'Les vaccins sont arrivés.')
    await button(gp, 'Participants').click()
    await dialogOf(gp, 'Participants').getByText('Tous les professionnels du territoire la voient.').waitFor()
    await gp.keyboard.press('Escape')
    for (const page of [nurse, ward]) {
      await stage.goTo(page, '/threads')
      await page.getByRole('link', { name: /Grippe/ }).click()
      await messageOf(page, 'Les vaccins sont arrivés.').waitFor()
    }
    await writes(nurse, 'Je commence demain.')
    await messageOf(gp, 'Je commence demain.').waitFor()
    expect(await ward.getByRole('link', { name: /Tournées/ }).count()).toBe(0)
    expect(await nurse.getByRole('link', { name: /Lettres de sortie/ }).count()).toBe(0)
  })

  test('say when they want to be left alone, in which language, and find it so when they come back', async () => {
    await stage.goTo(nurse, '/preferences')
    await nurse.getByRole('button', { name: /^Remettre le son/ }).click()
    await nurse.getByRole('checkbox', { name: 'Heures calmes, tous les jours' }).check()
    await nurse.getByLabel('De', { exact: true }).fill('21:00')
    await nurse.getByLabel('À', { exact: true }).fill('21:00')
    await nurse.getByText(/^Les heures calmes finissent quand elles commencent/).waitFor()
    await nurse.getByLabel('À', { exact: true }).fill('06:30')
    await nurse.getByRole('checkbox', { name: /^À la fin des heures calmes/ }).check()
    await nurse.getByText('Modifications non enregistrées').waitFor()
    await button(nurse, 'Enregistrer').click()
    await announced(nurse, 'Changement de préférences')
    await nurse.reload()
    expect(await nurse.getByLabel('À', { exact: true }).inputValue()).toBe('06:30')
    await nurse.getByText(/^Aucune. Une conversation se met en sourdine/).waitFor()
    expect(await (await stage.town.as(people.homeNurse)).reads(preferences, '/threads/preferences')).toMatchObject({
      quietHours: { from: '21:00', to: '06:30', zone: 'Europe/Paris' },
      digest: true,
      muted: [],
    })
    await nurse.getByRole('radio', { name: 'Sombre' }).check()
    await nurse.getByRole('radio', { name: 'English' }).check()
    await nurse.getByRole('heading', { level: 1, name: 'Preferences' }).waitFor()
    await nurse.reload()
    await nurse.getByRole('heading', { level: 1, name: 'Preferences' }).waitFor()
    expect(await nurse.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark')
    await nurse.getByRole('radio', { name: 'Français' }).check()
  })

  test('are away, and a colleague stands in: what is expected goes to that one, and comes back with the physician', async () => {
    const { town } = stage
    await stage.goTo(gp, '/absences')
    await button(gp, 'Déclarer une absence').click()
    const form = dialogOf(gp, 'Déclarer une absence')
    await button(gp, 'Enregistrer').click()
    await form.getByText('Dites quand l’absence commence.').waitFor()
    await form.getByText('Dites quand elle finit.').waitFor()
    const at = async (hours: number) => {
      const instant = new Date(Date.parse(await town.now()) + hours * 3_600_000)
      return instant.toLocaleString('sv-SE', { timeZone: 'Europe/Paris' }).slice(0, 16).replace(' ', 'T')
    }
    await form.getByLabel('Début').fill(await at(0))
    await form.getByLabel('Fin').fill(await at(-1))
    await form.getByText('La fin est avant le début.').waitFor()
    await form.getByLabel('Fin').fill(await at(24))
    await form.getByLabel('Chercher qui remplace (facultatif)').fill('daphne')
    await form.getByRole('button', { name: /TEST-DAPHNÉ/ }).click()
    await form.getByText('On ne se remplace pas soi-même.').waitFor()
    await form.getByRole('button', { name: /^Retirer/ }).click()
    await form.getByLabel('Chercher qui remplace (facultatif)').fill('erable')
    await form.getByRole('button', { name: /TEST-ÉRABLE/ }).click()
    await button(gp, 'Enregistrer').click()
    await announced(gp, 'Déclaration d’absence')
    const card = gp.getByRole('listitem').filter({ hasText: 'Dr Inès TEST-ÉRABLE' })
    await card.getByText('en cours').waitFor()
    await undo(gp, 'Déclaration d’absence')
    await gp.getByText('Aucune absence prévue.').waitFor()

    const standIn = await stage.comes(people.otherGp, '/inbox')
    await button(gp, 'Déclarer une absence').click()
    await form.getByLabel('Début').fill(await at(0))
    await form.getByLabel('Fin').fill(await at(24))
    await form.getByLabel('Chercher qui remplace (facultatif)').fill('erable')
    await form.getByRole('button', { name: /TEST-ÉRABLE/ }).click()
    await button(gp, 'Enregistrer').click()
    await card.getByText('en cours').waitFor()
    const leaving = { ...inhabitant(70), familyName: 'TEST-JASMIN', givenName: 'ROSE', ...toTheGp }
    await town.sends({ ...leaving, trigger: 'A03', exitMode: '8', movement: 'A1' })
    const colleague = await town.as(people.otherGp)
    const waiting = async () =>
      (await colleague.reads(inboxOf, '/inbox?status=open')).items.map((item) => item.patientId)
    await expect.poll(waiting, patience).toContain(patientId)
    await stage.goTo(standIn, '/inbox')
    await standIn.getByRole('link', { name: /TEST-JASMIN/ }).waitFor()

    await card.getByRole('button', { name: 'Modifier' }).click()
    await dialogOf(gp, 'Modifier l’absence')
      .getByLabel('Fin')
      .fill(await at(48))
    await button(gp, 'Enregistrer').click()
    await announced(gp, 'Changement d’absence')
    const self = await town.as(people.gp)
    const own = async () => (await self.reads(absencesOf, `/absences?professional=${people.gp.id}`)).absences
    expect(await own()).toMatchObject([{ replacement: people.otherGp.id }])
    await button(gp, 'Je suis de retour').click()
    await announced(gp, 'Fin de l’absence')
    await gp.getByText('Aucune absence prévue.').waitFor()
    expect(await own()).toEqual([])
    await town.sends({ ...inhabitant(72), familyName: 'TEST-MAUVE', movement: 'A2', ...toTheGp })
    await stage.goTo(gp, '/inbox')
    await gp.getByRole('link', { name: /TEST-MAUVE/ }).waitFor()
    await standIn.reload()
    await standIn.getByRole('heading', { level: 1 }).waitFor()
    expect(await standIn.getByRole('link', { name: /TEST-MAUVE/ }).count()).toBe(0)
  })

  test('nothing went wrong on any of the screens', () => expect(stage.faults()).toEqual([]))
})
