import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { protocol, publish, step } from '../loops/protocol.fixture.ts'
import { inhabitant, type Inhabitant } from '../loops/town.fixture.ts'
import { announced, button, dialogOf, openStage, patience, savedText, type Stage } from './acts.fixture.ts'
import { hasBrowser } from './browser.fixture.ts'
import { people } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const CARE = 'Suivi infirmier'
const definition = protocol(
  'discharge',
  [
    step('appel', ['infirmier'], { hours: 24, title: 'Appeler à domicile' }),
    step('pansement', ['infirmier'], { hours: 24, title: 'Refaire le pansement' }),
    step('visite', ['infirmier'], { hours: 24, title: 'Visiter le patient' }),
    step('bilan', ['pharmacien'], { hours: 240, title: 'Revoir les traitements', after: ['appel'] }),
  ],
  { title: CARE },
)

describe.skipIf(!hasBrowser)('a protocol', () => {
  let stage: Stage
  let coordination: Page
  let nurse: Page
  let asNurse: Inhabitant
  let number = 40

  beforeAll(async () => {
    stage = await openStage()
    const { town } = stage
    await publish(town, await town.as(people.coordination), { protocolId: crypto.randomUUID(), version: 1, definition })
    asNurse = await town.as(people.homeNurse)
    coordination = await stage.comes(people.coordination, '/protocols')
    nurse = await stage.comes(people.homeNurse, '/inbox')
  })

  /** Somebody who goes home, to the same nurse and pharmacist. */
  async function goesHome(familyName: string) {
    number += 1
    const { town } = stage
    const person = { ...inhabitant(number), familyName, givenName: 'ROSE' }
    await town.sends({ ...person, movement: `P${number}` })
    const patientId = await town.idOf(person.ipp)
    await town.joins(patientId, people.homeNurse, 'infirmier')
    await town.joins(patientId, people.pharmacist, 'pharmacien')
    await town.sends({ ...person, trigger: 'A03', exitMode: '8', movement: `Q${number}` })
    const runs = await town.runsOnce(asNurse, patientId, (all) => all.some(({ title }) => title === CARE))
    return { patientId, run: runs.find(({ title }) => title === CARE) }
  }
  const runsOf = async (patientId: string) =>
    (await stage.town.runsOnce(asNurse, patientId, () => true)).filter(({ title }) => title === CARE)
  const stepsOf = async (patientId: string) => {
    const [run] = await runsOf(patientId)
    return run?.steps.map(({ title, status, owner }) => ({ title, status, owner })) ?? []
  }
  const stepOf = (page: Page, title: string) => page.getByRole('listitem').filter({ hasText: title })
  const isFocused = (field: Locator) =>
    expect.poll(() => field.evaluate((element) => element === document.activeElement), patience).toBe(true)
  const problems = () => coordination.getByRole('region', { name: 'À corriger' })

  test('is written as a form: what is wrong is said at its field, and nothing is published before it is put right', async () => {
    await coordination.getByRole('link', { name: 'Nouveau protocole' }).click()
    const first = coordination
      .getByRole('listitem')
      .filter({ has: coordination.getByRole('heading', { name: /^Étape 1/ }) })
    await problems().getByText('2 points à corriger').waitFor()
    expect(await button(coordination, 'Publier la version 1').isDisabled()).toBe(true)
    await problems()
      .getByRole('button', { name: /^Aller au champ : Le protocole/ })
      .click()
    await isFocused(coordination.getByLabel('Titre'))
    await coordination.getByLabel('Titre').fill('Rappel du patient')
    await first.getByLabel('Ce qu’il y a à faire, en quelques mots').fill('Appeler le patient')
    await problems().getByText('Rien à corriger : le protocole tient debout.').waitFor()

    await first.getByLabel('Heures', { exact: true }).fill('0')
    await problems().getByText('1 point à corriger').waitFor()
    await problems()
      .getByRole('button', { name: /^Aller au champ : Étape 1 : Appeler le patient/ })
      .click()
    await isFocused(first.getByLabel('Heures', { exact: true }))
    expect(await first.getByLabel('Heures', { exact: true }).getAttribute('aria-invalid')).toBe('true')
    await first.getByLabel('Heures', { exact: true }).fill('48')

    await button(coordination, 'Ajouter une étape').click()
    const second = coordination
      .getByRole('listitem')
      .filter({ has: coordination.getByRole('heading', { name: /^Étape 2/ }) })
    await second.getByLabel('Ce qu’il y a à faire, en quelques mots').fill('Voir le patient')
    await second.getByLabel('Étape 1 : Appeler le patient').check()
    await first.getByLabel('Étape 2 : Voir le patient').check()
    await problems()
      .getByText(/Ces étapes s’attendent l’une l’autre/)
      .first()
      .waitFor()
    await first.getByLabel('Étape 2 : Voir le patient').uncheck()
    await button(coordination, 'Monter : Étape 2 : Voir le patient').click()
    await announced(coordination, 'Voir le patient : maintenant en position 1')
    await button(coordination, 'Supprimer : Étape 1 : Voir le patient').click()
    await announced(coordination, 'Voir le patient : supprimé')

    await first.getByRole('button', { name: 'Ajouter un rôle de repli' }).click()
    await first.getByLabel('Rôle 2', { exact: true }).selectOption('medecin-traitant')
    await problems()
      .getByText(/est déjà dans la liste/)
      .waitFor()
    await first.getByLabel('Rôle 2', { exact: true }).selectOption('infirmier')
    await first.getByText('Si c’est en retard, prévenir aussi (0)').click()
    await first.getByRole('button', { name: 'Ajouter un palier' }).click()
    const trigger = coordination.getByRole('region', { name: 'Déclenchement' })
    await trigger.getByRole('button', { name: 'Ajouter une condition' }).click()
    await trigger.getByLabel('Sur', { exact: true }).selectOption('ageAtLeast')
    await trigger.getByLabel('Âge (années)').fill('80')
    await problems().getByText('Rien à corriger : le protocole tient debout.').waitFor()
    await button(coordination, 'Publier la version 1').click()
    await coordination.getByRole('heading', { level: 1, name: 'Rappel du patient' }).waitFor()
    await announced(coordination, 'Publication de la version 1 : Rappel du patient')
    const said = coordination.getByRole('region', { name: 'Ce que dit la version 1' })
    for (const text of [/âge d’au moins 80 ans/i, /24 h après l’échéance : aussi/])
      await said.getByText(text).first().waitFor()
  })

  test('is tried on what happened before its second version is published; the first one can still be read', async () => {
    // A message says the second, and what happened in that of the publication was before it.
    await stage.town.passes(1)
    const { patientId } = await goesHome('TEST-ALISIER')
    await stage.town.runsOnce(asNurse, patientId, (all) => all.some(({ title }) => title === 'Rappel du patient'))
    await stage.town.passes(1)
    await coordination.reload()
    await coordination.getByRole('link', { name: 'Modifier' }).click()
    await coordination.getByRole('heading', { level: 1, name: 'Modifier : Rappel du patient' }).waitFor()
    await coordination.getByLabel('Titre').fill('Brouillon')
    await button(coordination, 'Repartir de la version publiée').click()
    await expect.poll(() => coordination.getByLabel('Titre').inputValue(), patience).toBe('Rappel du patient')
    await button(coordination, 'Ajouter une étape').click()
    await coordination.getByLabel('Ce qu’il y a à faire, en quelques mots').last().fill('Prévenir la famille')
    await coordination.getByLabel('Âge (années)').fill('120')
    const trial = coordination.getByRole('region', { name: 'Essai à blanc' })
    await trial.getByRole('button', { name: 'Lancer l’essai' }).click()
    await trial.getByText('Parcours en moins (1)').waitFor()
    await coordination.getByLabel('Âge (années)').fill('60')
    await trial.getByText('La version a changé depuis cet essai.').waitFor()
    await trial.getByRole('button', { name: 'Relancer l’essai' }).click()
    await trial.getByText('Parcours dans les deux cas (1)').waitFor()
    const line = (name: string) => trial.getByRole('row').filter({ hasText: name }).first().innerText()
    expect(await line('Parcours')).toBe('Parcours\t1\t1\tpareil')
    expect(await line('Étapes demandées')).toBe('Étapes demandées\t1\t2\t+ 1')
    expect(await trial.innerText()).not.toContain('TEST-ALISIER')

    await coordination.getByLabel('Âge (années)').fill('70')
    await button(coordination, 'Publier la version 2').click()
    await announced(coordination, 'Publication de la version 2 : Rappel du patient')
    await coordination
      .getByRole('region', { name: 'Ce que dit la version 2' })
      .getByText('Prévenir la famille')
      .waitFor()
    await button(coordination, 'Lire la version 1').click()
    const first = coordination.getByRole('region', { name: 'Ce que dit la version 1' })
    await first.getByText(/âge d’au moins 80 ans/i).waitFor()
    expect(await first.getByText('Prévenir la famille').count()).toBe(0)
  })

  test('starts nothing any more once it is retired, and what it says stays on the page', async () => {
    await button(coordination, 'Retirer…').click()
    await button(coordination, 'Annuler').click()
    await button(coordination, 'Retirer…').click()
    await dialogOf(coordination, 'Retirer ce protocole').getByRole('button', { name: 'Confirmer' }).click()
    await announced(coordination, 'Retrait : Rappel du patient')
    await coordination.getByText('ne démarre plus à partir du').waitFor()
    await stage.town.passes(1)
    const { patientId } = await goesHome('TEST-BOULEAU')
    expect(await stage.town.runsOnce(asNurse, patientId, () => true)).toMatchObject([{ title: CARE }])
    await stage.goTo(coordination, '/protocols')
    await coordination.getByRole('listitem').filter({ hasText: 'Rappel du patient' }).getByText('Retiré').waitFor()
  })

  test('asks three things of a nurse: one is done with a note, one is not done and says why, one goes to the coordination', async () => {
    const { patientId } = await goesHome('TEST-CHARME')
    await stage.goTo(nurse, `/patients/${patientId}?tab=steps`)
    await button(nurse, 'Fait, avec une note : Appeler à domicile').click()
    await dialogOf(nurse, 'Fait : Appeler à domicile')
      .getByLabel(/^Note pour ceux/)
      .fill('Va bien, mange peu.')
    await button(nurse, 'Enregistrer comme fait').click()
    await announced(nurse, 'Appeler à domicile : fait')
    await stepOf(nurse, 'Appeler à domicile').getByText('Fait', { exact: true }).first().waitFor()

    await button(nurse, 'Ne pas faire : Refaire le pansement').click()
    const skipping = dialogOf(nurse, 'Ne pas faire : Refaire le pansement')
    await button(nurse, 'Enregistrer comme non fait').click()
    await skipping.getByText('Choisissez un motif.').waitFor()
    await skipping.getByLabel('Motif').selectOption('other')
    await button(nurse, 'Enregistrer comme non fait').click()
    await skipping.getByText('Un autre motif s’écrit.').waitFor()
    await skipping.getByLabel('Précision').fill('La plaie est fermée.')
    await button(nurse, 'Enregistrer comme non fait').click()
    await announced(nurse, 'Refaire le pansement : non fait')

    await stage.goTo(nurse, '/inbox')
    await nurse.getByRole('link', { name: /TEST-CHARME.*Visiter le patient/ }).click()
    await button(nurse, 'Confier à quelqu’un d’autre…').click()
    await nurse.getByLabel('À qui').selectOption({ label: 'CPTS d’Essai (coordination)' })
    await button(nurse, 'Confier').click()
    await announced(nurse, 'Étape à confier')
    await expect
      .poll(() => stepsOf(patientId), patience)
      .toMatchObject([{ status: 'done' }, { status: 'skipped' }, { owner: 'finess:990000085' }, { status: 'open' }])

    const pharmacist = await stage.comes(people.pharmacist, `/patients/${patientId}?tab=steps`)
    for (const [title, note] of [
      ['Appeler à domicile', 'Va bien, mange peu.'],
      ['Refaire le pansement', 'La plaie est fermée.'],
    ] as const) {
      await stepOf(pharmacist, title).getByText('Notes').click()
      await stepOf(pharmacist, title).getByText(note).waitFor()
    }
    await button(pharmacist, 'Fait : Revoir les traitements').click()
    await announced(pharmacist, 'Revoir les traitements : fait')
    await expect.poll(async () => (await stepsOf(patientId))[3], patience).toMatchObject({ status: 'done' })
  })

  test('whose steps are late is on the page of the coordination, which takes one, gives it back, gives one up and ends a run', async () => {
    const { patientId } = await goesHome('TEST-ÉRABLE')
    await stage.town.passes(30)
    await stage.goTo(coordination, '/late')
    await coordination.getByLabel('Chez qui').selectOption({ label: 'Sofia TEST-FENOUIL' })
    await coordination.getByLabel('Protocole').selectOption({ label: CARE })
    const mine = (title: string) => coordination.getByRole('listitem').filter({ hasText: title }).first()
    expect(await coordination.getByRole('main').innerText()).not.toContain('TEST-ÉRABLE')
    const late = async () =>
      (await stepsOf(patientId))
        .filter(({ status }) => status === 'open')
        .map(({ title, owner }) => `${title}: ${owner}`)

    // The last ones in the list are those of the run that began last.
    const lastOf = (title: string, act: string) =>
      coordination.getByRole('button', { name: `${act} ${title}`, exact: true }).last()
    await lastOf('Appeler à domicile', 'Voir le parcours :').click()
    await dialogOf(coordination, CARE).getByText('Revoir les traitements').waitFor()
    await coordination.keyboard.press('Escape')

    await lastOf('Appeler à domicile', 'Confier à…').click()
    await button(coordination, 'La coordination s’en charge').click()
    await button(coordination, 'Confirmer').click()
    await announced(coordination, 'Étape confiée : Appeler à domicile')
    await expect.poll(late, patience).toContain('Appeler à domicile: finess:990000085')
    await coordination.getByLabel('Chez qui').selectOption({ label: 'CPTS d’Essai' })
    await lastOf('Appeler à domicile', 'Confier à…').click()
    await coordination.getByLabel('Chercher dans l’annuaire').fill('fenouil')
    await coordination.getByRole('button', { name: /Sofia TEST-FENOUIL|TEST-FENOUIL Sofia/ }).click()
    await button(coordination, 'Confirmer').click()
    await expect.poll(late, patience).toContain(`Appeler à domicile: ${people.homeNurse.id}`)

    await coordination.getByLabel('Chez qui').selectOption({ label: 'Sofia TEST-FENOUIL' })
    await lastOf('Refaire le pansement', 'Ne sera pas faite…').click()
    const skipping = dialogOf(coordination, 'Ne sera pas faite : Refaire le pansement')
    await skipping.getByLabel('Motif').selectOption('other')
    await button(coordination, 'Confirmer').click()
    await skipping.getByText('Un autre motif s’écrit en commentaire').waitFor()
    await skipping.getByLabel('Motif').selectOption('doneElsewhere')
    await button(coordination, 'Confirmer').click()
    await announced(coordination, 'Étape non faite, avec motif : Refaire le pansement')
    await expect.poll(async () => (await stepsOf(patientId))[1], patience).toMatchObject({ status: 'skipped' })
    await mine('Visiter le patient').waitFor()

    await stage.goTo(nurse, `/patients/${patientId}?tab=steps`)
    // A line that says "avant hier" says the day before yesterday.
    await stepOf(nurse, 'Visiter le patient')
      .getByText(/^échéance/)
      .waitFor()
    await stage.goTo(nurse, '/inbox')
    await nurse.getByRole('link', { name: /TEST-ÉRABLE.*Visiter le patient/ }).waitFor()
    await lastOf('Visiter le patient', 'Terminer le parcours…').click()
    await button(coordination, 'Annuler').click()
    await lastOf('Visiter le patient', 'Terminer le parcours…').click()
    await button(coordination, 'Confirmer').click()
    await announced(coordination, 'Fin du parcours')
    await expect.poll(async () => (await runsOf(patientId)).map(({ status }) => status), patience).toEqual(['ended'])
    const asked = nurse.getByRole('link', { name: /TEST-ÉRABLE.*(Visiter le patient|Appeler à domicile)/ })
    await expect.poll(() => asked.allInnerTexts(), patience).toEqual([])
    await stage.goTo(nurse, `/patients/${patientId}?tab=steps`)
    await nurse.getByText('terminé', { exact: true }).waitFor()
  })

  test('of which a run moves to the next version from the page of the protocol, and is ended there', async () => {
    const { patientId, run } = await goesHome('TEST-FRÊNE')
    const { protocolId = '' } = run ?? {}
    const shorter = { ...definition, steps: definition.steps.slice(0, 2) }
    await publish(stage.town, await stage.town.as(people.coordination), { protocolId, version: 2, definition: shorter })
    await stage.goTo(coordination, `/protocols/${protocolId}`)
    // The run that began last comes first.
    const card = coordination.getByRole('region', { name: 'Parcours en cours' }).locator('details').first()
    await card.getByText(/version 1/).click()
    await card.getByRole('button', { name: /^Passer à une autre version…/ }).click()
    await button(coordination, 'Confirmer').click()
    await announced(coordination, 'Passage du parcours à la version 2')
    const versions = async () => (await runsOf(patientId)).map((one) => [one.version, one.status])
    await expect.poll(versions, patience).toEqual([[2, 'running']])
    await card.getByRole('button', { name: /^Terminer…/ }).click()
    await button(coordination, 'Confirmer').click()
    await expect.poll(versions, patience).toEqual([[2, 'ended']])
  })

  test('and what is asked of others are figures: each leads to the events behind it, which name nobody', async () => {
    const { town } = stage
    const patientId = await town.idOf(inhabitant(41).ipp)
    await town.joins(patientId, people.gp, 'medecin-traitant')
    const ask = async (recipient: string, title: string) => {
      const referralId = crypto.randomUUID()
      await asNurse.says('POST', `/referrals/${referralId}`, {
        patientId,
        kind: 'takeOver',
        urgency: 'soon',
        title,
        question: 'Pouvez-vous passer ?',
        receivers: [{ recipient, role: recipient === people.gp.id ? 'medecin' : 'pharmacien' }],
        mode: 'independent',
        answerBy: new Date(Date.parse(await town.now()) + 86_400_000).toISOString(),
      })
      return referralId
    }
    const accepted = await ask(people.gp.id, 'Une visite')
    await (await town.as(people.gp)).says('POST', `/referrals/${accepted}/accept`, { recipient: people.gp.id })
    const declined = await ask(people.pharmacist.id, 'Un pilulier')
    await (
      await town.as(people.pharmacist)
    ).says('POST', `/referrals/${declined}/decline`, {
      recipient: people.pharmacist.id,
      reason: 'full',
    })
    await stage.goTo(coordination, '/statistics')
    await button(coordination, 'Ce mois').click()
    await button(coordination, '2 : voir les évènements, Demandées').first().click()
    const events = dialogOf(coordination, 'Évènements : Demandées')
    await events.getByText(accepted).waitFor()
    await events.getByText(declined).waitFor()
    expect(await events.innerText()).not.toMatch(/TEST-ALISIER|Pouvez-vous/)
    const exported = await savedText(coordination, events.getByRole('button', { name: 'Exporter (CSV)' }))
    expect(exported).toContain(declined)
    await events.getByRole('button', { name: 'Fermer' }).last().click()

    const reasons = coordination.getByRole('region', { name: 'Refus, par motif' })
    await reasons.getByRole('button', { name: /^1 : voir les évènements/ }).click()
    await dialogOf(coordination, 'Évènements : plus de place').getByText(declined).waitFor()
    expect(
      await dialogOf(coordination, /^Évènements/)
        .getByText(accepted)
        .count(),
    ).toBe(0)
    await coordination.keyboard.press('Escape')
    expect(await savedText(coordination, reasons.getByRole('button', { name: /^Exporter/ }))).toMatch(/plus de place;1/)

    await button(coordination, 'Voir celui-ci : Dr Bruno TEST-DAPHNÉ').click()
    await coordination
      .getByRole('region', { name: 'En bref' })
      .getByRole('button', { name: '1 : voir les évènements, Demandées' })
      .waitFor()
    await button(coordination, 'Tous les destinataires').click()
    await coordination.getByLabel('De', { exact: true }).selectOption({ index: 1 })
    await coordination.getByRole('region', { name: 'Demandes par mois' }).waitFor()
  })

  test('nothing went wrong on any of the screens', () => expect(stage.faults()).toEqual([]))
})
