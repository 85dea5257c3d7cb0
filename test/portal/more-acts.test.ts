import { InboxItem } from '@relais/contracts/boards'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { announced, button, dialogOf, patience } from './acts.fixture.ts'
import { hasBrowser } from './browser.fixture.ts'
import { people } from './portal.fixture.ts'
import { choose, openWard, type WardStage } from './ward.fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const Inbox = z.object({ items: z.array(InboxItem) })

describe.skipIf(!hasBrowser)('what is said more rarely', () => {
  let stage: WardStage
  let nurse: Page
  let gp: Page

  beforeAll(async () => {
    stage = await openWard()
    ;({ nurse, gp } = stage)
  })

  beforeEach(() => Promise.all([stage.goTo(nurse, '/ward/4101'), stage.goTo(gp, '/inbox')]))

  const detail = () => gp.getByRole('region', { name: 'Détail' })
  async function discharging(familyName: string) {
    const { patientId } = await stage.admits(familyName)
    await stage.opens(familyName)
    await nurse.getByRole('link', { name: 'Sortie', exact: true }).click()
    return patientId
  }
  async function confirms() {
    await button(nurse, 'Confirmer la sortie').click()
    await announced(nurse, 'Sortie enregistrée')
  }
  const lineOfDischarge = () => gp.getByRole('listitem').filter({ hasText: /^\S*\s*Sortie/ })

  test('a patient goes on to another establishment: the GP reads which one, and for what care', async () => {
    const patientId = await discharging('TEST-PIVOINE')
    await nurse.getByRole('radio', { name: 'Autre établissement' }).check()
    await button(nurse, 'Confirmer la sortie').click()
    await nurse.getByRole('alert').getByText('Choisissez l’établissement.').waitFor()
    await choose(nurse, 'Établissement de destination', 'Pharmacie du Nord')
    await button(nurse, 'Choisir un autre').click()
    await choose(nurse, 'Établissement de destination', 'Maison de santé du Conte')
    await nurse.getByLabel('Type de soins').selectOption({ label: 'soins médicaux et de réadaptation (SMR)' })
    await confirms()
    await stage.inInbox('TEST-PIVOINE', 'Sortie').click()
    await detail()
      .getByRole('definition')
      .filter({ hasText: /^Maison de santé du Conte$/ })
      .waitFor()
    await stage.goTo(gp, `/patients/${patientId}`)
    await gp
      .getByRole('region', { name: 'Où en est-on' })
      .getByText(/^Maison de santé du Conte \(transfert, soins médicaux et de réadaptation \(SMR\)\)$/)
      .waitFor()
    await lineOfDischarge()
      .filter({ hasText: /transfert, soins médicaux et de réadaptation \(SMR\) → Maison de santé du Conte/ })
      .first()
      .waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('a patient leaves against medical advice: no place is made up, and the GP reads how it was', async () => {
    const patientId = await discharging('TEST-RÉSÉDA')
    await nurse.getByRole('radio', { name: 'Autre', exact: true }).check()
    await nurse.getByLabel('Circonstances').selectOption('contre avis médical')
    await confirms()
    await stage.inInbox('TEST-RÉSÉDA', 'Sortie').click()
    await detail()
      .getByRole('definition')
      .filter({ hasText: /^Contre avis médical$/ })
      .waitFor()
    expect(
      await detail()
        .getByRole('term')
        .filter({ hasText: /^Vers$/ })
        .count(),
    ).toBe(0)
    await stage.goTo(gp, `/patients/${patientId}`)
    await lineOfDischarge()
      .filter({ hasText: /contre avis médical/ })
      .first()
      .waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('of two who were “not my patient”, one is after all, and sees her again; of the other nobody is to be told', async () => {
    const physician = await stage.town.as(people.gp)
    async function isReturned(familyName: string) {
      const { patientId } = await stage.admits(familyName)
      await stage.inInbox(familyName).waitFor()
      const { items } = await physician.reads(Inbox, '/inbox')
      const noticeId = items.find((item) => item.patientId === patientId)?.noticeId
      await physician.says('POST', `/notices/${noticeId}/return`, { reason: 'notMyPatient' })
      return patientId
    }
    const patientId = await isReturned('TEST-SALICAIRE')
    await isReturned('TEST-TANAISIE')
    const wrong = nurse.getByRole('region', { name: /^Envois à la mauvaise personne/ })
    const one = (familyName: string) => wrong.getByRole('listitem').filter({ hasText: familyName })
    async function settles(familyName: string, outcome: string) {
      await one(familyName).getByLabel('Ce qu’il en est').selectOption(outcome)
      await one(familyName).getByRole('button', { name: 'Régler' }).click()
      await announced(nurse, `Envoi réglé : ${outcome}`)
    }
    await settles('TEST-TANAISIE', 'personne n’est à informer')
    await one('TEST-SALICAIRE').getByRole('link', { name: 'Voir et corriger le cercle de soins' }).click()
    await button(nurse, 'Ajouter quelqu’un').click()
    const adding = dialogOf(nurse, 'Ajouter au cercle de soins')
    await choose(adding, 'Professionnel ou établissement', people.gp.name)
    await adding.getByLabel('Rôle').selectOption('medecin-traitant')
    await adding.getByLabel('Fondement').selectOption({ label: 'Accord du patient' })
    await button(nurse, 'Ajouter au cercle').click()
    await announced(nurse, /^Ajout de .*TEST-DAPHNÉ au cercle de soins/)
    await stage.goTo(nurse, '/ward/4101')
    await settles('TEST-SALICAIRE', 'c’est bien son patient')
    await nurse.getByText('Aucun envoi à corriger.').waitFor()
    await nurse.getByText('Envois réglés', { exact: true }).click()
    for (const [familyName, outcome] of [
      ['TEST-TANAISIE', /personne n’est à informer, réglé par/],
      ['TEST-SALICAIRE', /c’est bien son patient, réglé par/],
    ] as const)
      await one(familyName).getByText(outcome).waitFor()
    await stage.goTo(gp, `/patients/${patientId}`)
    await gp.getByRole('heading', { level: 1, name: /TEST-SALICAIRE/ }).waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('a protocol with every kind of condition and of due date is published, and read as it was chosen', async () => {
    const coordination = await stage.comes(people.coordination, '/protocols')
    await coordination.getByRole('link', { name: 'Nouveau protocole' }).click()
    await coordination.getByLabel('Titre').fill('Retour préparé')
    await coordination.getByLabel('Territoire', { exact: true }).fill('cpts:essai')
    await coordination.getByLabel('Département', { exact: true }).fill('44')
    await coordination.getByLabel('Le protocole démarre à').selectOption('Retour, dès qu’une date est annoncée')
    const trigger = coordination.getByRole('region', { name: 'Déclenchement' })
    const conditions: readonly (readonly [fact: string, said: string, fill?: (of: Locator) => Promise<unknown>])[] = [
      ['âge d’au moins', 'Âge d’au moins 81 ans', (of) => of.getByLabel('Âge (années)').fill('81')],
      [
        'type de prise en charge',
        'Prise en charge : hospitalisation, urgences',
        (of) => of.getByLabel('urgences').check(),
      ],
      [
        'établissement du séjour',
        'Établissement : 990000010',
        (of) => of.getByLabel('Établissements').fill('990000010'),
      ],
      [
        'service du séjour',
        'Service 4101, 4102 de l’établissement 990000010',
        async (of) => {
          await of.getByLabel('Établissement (FINESS)').fill('990000010')
          await of.getByLabel('Codes des services').fill('4101 4102')
        },
      ],
      ['mode de sortie', 'Mode de sortie : transfert, domicile', (of) => of.getByLabel('Modes de sortie').fill('7 8')],
      ['destination', 'Destination : EHPAD', (of) => of.getByLabel('Destinations').fill('7')],
      [
        'présence dans le cercle de soins',
        'Dans le cercle de soins : pharmacien·ne',
        (of) => of.getByLabel('Rôle').selectOption('pharmacien·ne'),
      ],
      ['le patient est sorti', 'Le patient est sorti'],
      ['durée du séjour d’au moins', 'Séjour d’au moins 36 h', (of) => of.getByLabel('Durée (heures)').fill('36')],
      [
        'jour fermé, ou sa veille après une heure',
        'Un jour fermé, ou sa veille après 13:30',
        (of) => of.getByLabel('Heure', { exact: true }).fill('13:30'),
      ],
    ]
    for (const [index, [fact, , fill]] of conditions.entries()) {
      await trigger.getByRole('button', { name: 'Ajouter une condition' }).click()
      const condition = trigger.getByRole('group', { name: `Condition ${index + 1}`, exact: true })
      await condition.getByLabel('Sur', { exact: true }).selectOption(fact)
      await fill?.(condition)
    }
    await trigger.getByRole('button', { name: 'Ajouter une condition' }).click()
    const contrary = trigger.getByRole('group', { name: 'Condition 11' })
    await contrary.getByLabel('Cette condition').selectOption('n’est pas vrai')
    await contrary.getByLabel('Sur', { exact: true }).selectOption('le patient est sorti')
    await trigger.getByRole('button', { name: 'Ajouter une condition' }).click()
    const either = trigger.getByRole('group', { name: 'Condition 12' })
    await either.getByLabel('Cette condition').selectOption('l’un au moins est vrai')
    await either.getByRole('button', { name: 'Ajouter une possibilité' }).click()
    await either.getByLabel('Sur', { exact: true }).last().selectOption('durée du séjour d’au moins')

    const dues: readonly (readonly [kind: string, said: RegExp, fill: (of: Locator) => Promise<unknown>])[] = [
      [
        'en heures',
        /^Sous 6 h d’ouverture, à partir du déclenchement$/,
        async (of) => {
          await of.getByLabel('Heures', { exact: true }).fill('6')
          await of.getByLabel('Horloge').selectOption('heures d’ouverture des soins non programmés')
        },
      ],
      [
        'en jours',
        /^Sous 3 jours, à partir de la dernière étape faite avant$/,
        async (of) => {
          await of.getByLabel('Jours', { exact: true }).fill('3')
          await of.getByLabel('À partir de').selectOption('à partir de la dernière étape faite avant')
        },
      ],
      [
        'en jours ouvrés',
        /^Sous 2 jours ouvrés, à partir du déclenchement$/,
        (of) => of.getByLabel('Jours ouvrés').fill('2'),
      ],
      ['avant l’arrivée', /^5 h avant l’arrivée$/, (of) => of.getByLabel('Heures avant l’arrivée').fill('5')],
      [
        'le dernier jour ouvré avant',
        /^À 14:15 le dernier jour ouvré avant$/,
        (of) => of.getByLabel('À', { exact: true }).fill('14:15'),
      ],
    ]
    for (const [index, [kind, , fill]] of dues.entries()) {
      if (index > 0) await button(coordination, 'Ajouter une étape').click()
      const heading = coordination.getByRole('heading', { name: new RegExp(`^Étape ${index + 1}`) })
      const step = coordination.getByRole('listitem').filter({ has: heading })
      await step.getByLabel('Ce qu’il y a à faire, en quelques mots').fill(`Préparer ${kind}`)
      if (kind === 'en jours') await step.getByLabel('Étape 1 : Préparer en heures').check()
      const due = step.getByRole('group', { name: 'Échéance' })
      await due.getByLabel('L’échéance se compte').selectOption(kind)
      await fill(due)
    }
    await coordination.getByText('Rien à corriger : le protocole tient debout.').waitFor()
    await button(coordination, 'Publier la version 1').click()
    const said = coordination.getByRole('region', { name: 'Ce que dit la version 1' })
    await said.getByText('Retour, dès qu’une date est annoncée').waitFor()
    const read = await said.getByRole('definition').getByRole('listitem').allInnerTexts()
    expect(read).toEqual([
      ...conditions.map(([, text]) => text),
      'Sauf si : le patient est sorti',
      'Âge d’au moins 75 ans ou séjour d’au moins 24 h',
    ])
    for (const [kind, text] of dues) {
      const heading = coordination.getByRole('heading', { name: `Préparer ${kind}`, exact: true })
      await said.getByRole('listitem').filter({ has: heading }).getByText(text).waitFor()
    }
    // Written again, the form holds what was read.
    await coordination.getByRole('link', { name: 'Modifier' }).click()
    await expect
      .poll(() => coordination.getByLabel('L’échéance se compte').evaluateAll(chosenOf), patience)
      .toEqual(dues.map(([kind]) => kind))
    expect(await coordination.getByLabel('Sur', { exact: true }).evaluateAll(chosenOf)).toEqual([
      ...conditions.map(([fact]) => fact),
      'le patient est sorti',
      'âge d’au moins',
      'durée du séjour d’au moins',
    ])
    expect(stage.faults()).toEqual([])
  })
})

/** Runs in pages: what lists that stay closed show. */
function chosenOf(lists: Element[]): string[] {
  return lists.map((list) => (list instanceof HTMLSelectElement ? (list.selectedOptions[0]?.text ?? '') : ''))
}
