import { Buffer } from 'node:buffer'
import { listDoubts, listResidents } from '@relais/contracts/resident-routes'
import { insKeyOf } from '@relais/hl7v2/checks'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { protocol, publish, step } from '../loops/protocol.fixture.ts'
import { inhabitant, localTime, WARD } from '../loops/town.fixture.ts'
import { announced, button, dialogOf, isGone, openStage, patience, type Stage } from './acts.fixture.ts'
import { hasBrowser } from './browser.fixture.ts'
import { EHPAD, people, resident } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const HOUSE = `/ehpad/${EHPAD}`
const register = listResidents.responses[200].content['application/json'].schema
const worklist = listDoubts.responses[200].content['application/json'].schema
const matriculeOf = (insBody = '') => `${insBody}${insKeyOf(insBody) ?? ''}`
const born = { birthDate: '1941-07-09', sex: 'F' as const }
const toTheGp = { primaryPhysicianRpps: people.gp.id.replace('rpps:', '') }

describe.skipIf(!hasBrowser)('in the house', () => {
  let stage: Stage
  /** Who keeps the register, and a colleague at the board. */
  let keeper: Page
  let colleague: Page
  let number = 20

  beforeAll(async () => {
    stage = await openStage()
    keeper = await stage.comes(people.ehpad, `${HOUSE}/register`)
    colleague = await stage.comes(people.ehpad, HOUSE)
  })

  /** Somebody whom the house and the hospital know as one person, and who is in hospital as of now. */
  async function isAway(familyName: string, room: string, message: object = {}) {
    number += 1
    const person = { ...inhabitant(number), familyName, givenName: 'ROSE', ...toTheGp }
    const ins = matriculeOf(person.insBody)
    await resident(stage.town, { room, birthName: familyName, givenNames: 'ROSE', ...born, ins })
    await stage.town.sends({ ...person, movement: `H${number}`, ...message })
    return { ...person, patientId: await stage.town.idOf(person.ipp) }
  }
  const rowOf = (name: string) => keeper.getByRole('row').filter({ hasText: name })
  const onBoard = (section: string, name: string) =>
    colleague.getByRole('region', { name: section }).getByRole('listitem').filter({ hasText: name })
  const house = () => stage.town.as(people.ehpad)
  async function registered(birthName: string) {
    const { residents } = await (await house()).reads(register, '/residents?limit=200')
    return residents.filter(({ identity }) => identity.birthName === birthName)
  }

  test('a resident moves in, changes rooms and leaves for good, and the colleague at the board sees each of it', async () => {
    await button(keeper, 'Nouveau résident').click()
    const entry = dialogOf(keeper, 'Nouveau résident')
    await button(keeper, 'Enregistrer').click()
    await expect.poll(() => entry.getByText('À remplir').count(), patience).toBe(4)
    await entry.getByLabel('Chambre').fill('9')
    await entry.getByLabel('Nom de naissance').fill('TEST-ACANTHE')
    await entry.getByLabel('Prénoms de naissance').fill('LÉONTINE')
    await entry.getByLabel('Date de naissance').fill('1938-02-01')
    await entry.getByLabel('Sexe').selectOption('F')
    await button(keeper, 'Enregistrer').click()
    await announced(keeper, 'Entrée : TEST-ACANTHE LÉONTINE')
    await entry.waitFor({ state: 'detached' })
    await onBoard('Sur place', 'TEST-ACANTHE').getByText('Ch. 9').waitFor()
    await keeper.getByLabel('Chercher un résident').fill('acanthe')
    await rowOf('TEST-ACANTHE').getByText('pas encore reconnu').waitFor()
    await keeper.getByLabel('Chercher un résident').fill('')

    await button(keeper, 'Changer de chambre : TEST-ACANTHE LÉONTINE').click()
    const moving = dialogOf(keeper, /^Changer de chambre/)
    await button(keeper, 'Enregistrer').click()
    await moving.getByText('À remplir').waitFor()
    await moving.getByLabel('Nouvelle chambre').fill('12 bis')
    await button(keeper, 'Enregistrer').click()
    await announced(keeper, 'Changement de chambre : TEST-ACANTHE LÉONTINE')
    await onBoard('Sur place', 'TEST-ACANTHE').getByText('Ch. 12 bis').waitFor()

    await button(keeper, 'Départ : TEST-ACANTHE LÉONTINE').click()
    const leaving = dialogOf(keeper, /^Départ de l’EHPAD/)
    await button(keeper, 'Enregistrer').click()
    await leaving.getByText('À remplir').waitFor()
    await leaving.getByRole('radio', { name: 'Départ définitif' }).check()
    await button(keeper, 'Enregistrer').click()
    await announced(keeper, 'Départ : TEST-ACANTHE LÉONTINE')
    await isGone(colleague, /TEST-ACANTHE/)
    await isGone(keeper, /TEST-ACANTHE/)
    expect(await registered('TEST-ACANTHE')).toEqual([])
  })

  test('an identity that was typed wrongly is corrected, and where she is appears on the board', async () => {
    number += 1
    const person = { ...inhabitant(number), familyName: 'TEST-BALSAMINE', givenName: 'ROSE', movement: `H${number}` }
    await resident(stage.town, {
      room: '21',
      birthName: 'TEST-BALSAMINE',
      givenNames: 'ROSE',
      birthDate: '1914-07-09',
      sex: 'F',
      ins: matriculeOf(inhabitant(998).insBody),
    })
    await stage.town.sends(person)
    await onBoard('Sur place', 'TEST-BALSAMINE').waitFor()
    await button(keeper, 'Corriger : TEST-BALSAMINE ROSE').click()
    const correction = dialogOf(keeper, /^Corriger l’identité/)
    await correction.getByLabel('Date de naissance').fill('1941-07-09')
    await correction.getByLabel('Matricule INS').fill('123')
    await button(keeper, 'Enregistrer').click()
    await correction.getByText('15 caractères : 13, puis la clé').waitFor()
    await correction.getByLabel('Matricule INS').fill(matriculeOf(person.insBody))
    await button(keeper, 'Enregistrer').click()
    await announced(keeper, /^Correction de l’identité/)
    await rowOf('TEST-BALSAMINE').getByText('09/07/1941').waitFor()
    await rowOf('TEST-BALSAMINE').getByText('reconnu', { exact: true }).waitFor()
    await onBoard('Absents', 'TEST-BALSAMINE').waitFor()
    expect(await registered('TEST-BALSAMINE')).toMatchObject([{ identity: { birthDate: '1941-07-09' }, room: '21' }])
  })

  test('a death in the house is entered in the register: she is off the board, and her physician hears of it', async () => {
    const person = await isAway('TEST-CAPUCINE', '22')
    await onBoard('Absents', 'TEST-CAPUCINE').waitFor()
    await stage.town.sends({ ...person, trigger: 'A03', movement: `L${number}`, exitMode: '8' })
    await onBoard('Sortis de l’hôpital', 'TEST-CAPUCINE').waitFor()
    const gp = await stage.comes(people.gp, '/inbox')
    await gp.getByRole('link', { name: /TEST-CAPUCINE/ }).waitFor()
    await button(keeper, 'Départ : TEST-CAPUCINE ROSE').click()
    await dialogOf(keeper, /^Départ de l’EHPAD/)
      .getByRole('radio', { name: 'Décès' })
      .check()
    await button(keeper, 'Enregistrer').click()
    await announced(keeper, 'Décès : TEST-CAPUCINE ROSE')
    await isGone(colleague, /TEST-CAPUCINE/)
    await stage.goTo(gp, `/patients/${person.patientId}`)
    await gp
      .getByRole('listitem')
      .filter({ hasText: /^\S*\s*Décès/ })
      .first()
      .waitFor()
    expect(await registered('TEST-CAPUCINE')).toEqual([])
  })

  test('of two residents who resemble a patient, one is that patient and one is not: a person has said so', async () => {
    for (const [familyName, room] of [
      ['TEST-DATURA', '23'],
      ['TEST-ÉPHÉMÈRE', '24'],
    ] as const) {
      number += 1
      await stage.town.sends({ ...inhabitant(number), familyName, givenName: 'ROSE', movement: `H${number}` })
      await (
        await house()
      ).says('POST', '/residents', {
        residentId: crypto.randomUUID(),
        identity: { birthName: familyName, givenNames: 'ROSE', ...born, status: 'validated' },
        room,
        enteredAt: '2026-01-05T09:00:00.000Z',
      })
    }
    await colleague.getByRole('link', { name: '2 doutes sur des identités à régler' }).waitFor()
    const doubts = keeper.getByRole('region', { name: 'Identités à vérifier' })
    await doubts.getByText('Mêmes traits, mais pas d’INS qualifiée des deux côtés').first().waitFor()

    await button(keeper, 'C’est la même personne : TEST-DATURA ROSE').click()
    await button(keeper, 'Annuler').click()
    await button(keeper, 'C’est la même personne : TEST-DATURA ROSE').click()
    await dialogOf(keeper, /^C’est la même personne/)
      .getByText(/Ses séjours à l’hôpital seront visibles ici/)
      .waitFor()
    await button(keeper, 'Confirmer').click()
    await announced(keeper, 'Même personne : TEST-DATURA ROSE')
    await onBoard('Absents', 'TEST-DATURA').waitFor()

    await button(keeper, 'Ce n’est pas la même personne : TEST-ÉPHÉMÈRE ROSE').click()
    await button(keeper, 'Confirmer').click()
    await announced(keeper, 'Personne différente : TEST-ÉPHÉMÈRE ROSE')
    await doubts.waitFor({ state: 'detached' })
    await isGone(colleague, /à régler/)
    await onBoard('Sur place', 'TEST-ÉPHÉMÈRE').waitFor()
    expect(await (await house()).reads(worklist, '/residents/matches')).toMatchObject({ doubts: [] })
    expect(await registered('TEST-ÉPHÉMÈRE')).toMatchObject([{ matches: [] }])
  })

  test('the list of another program is imported: each refused line is named with its column and its reason', async () => {
    await button(keeper, 'Importer un fichier').click()
    const importing = dialogOf(keeper, 'Importer une liste de résidents')
    const [template] = await Promise.all([
      keeper.waitForEvent('download'),
      button(keeper, 'Télécharger un modèle vide').click(),
    ])
    expect(template.suggestedFilename()).toBe('residents.csv')
    const choose = (text: string) =>
      importing
        .getByLabel('Fichier CSV')
        .setInputFiles({ name: 'liste.csv', mimeType: 'text/plain', buffer: Buffer.from(text) })
    const send = () => importing.getByRole('button', { name: 'Importer', exact: true }).click()

    await choose('chambre;nom\n12;TEST-FUCHSIA\n')
    await send()
    await importing.getByText('La première ligne ne nomme pas les colonnes attendues.').waitFor()

    const list = [
      'numero;nom_naissance;prenoms;date_naissance;sexe;statut_identite;chambre;date_entree',
      'R1;TEST-FUCHSIA;ROSE;09/07/1931;F;provisoire;31;2026-03-01',
      'R2;;MAX;01/02/1938;M;provisoire;32;2026-03-02',
      'R3;TEST-GAILLET;MAX;31/02/1938;M;provisoire;33;2026-03-02',
      'R1;TEST-HELLÉBORE;ANNE;01/02/1938;F;provisoire;34;2026-03-02',
    ].join('\n')
    await choose(list)
    await send()
    await importing.getByText('1 résident enregistré · 0 inchangé · 3 lignes refusées').waitFor()
    expect(await importing.getByRole('row').allInnerTexts()).toEqual([
      'Ligne\tColonne\tRaison',
      '3\tnom_naissance\tla case est vide (refusée)',
      '4\tdate_naissance\tla valeur n’est pas comprise (refusée)',
      '5\tnumero\tce numéro est déjà sur une autre ligne (refusée)',
    ])
    await choose(list)
    await send()
    await importing.getByText('0 résident enregistré · 1 inchangé · 3 lignes refusées').waitFor()
    await importing.getByRole('button', { name: 'Fermer' }).last().click()
    await onBoard('Sur place', 'TEST-FUCHSIA').getByText('Ch. 31').waitFor()
    expect(await registered('TEST-HELLÉBORE')).toEqual([])
  })

  test('the screen on the wall shows rooms and initials, and neither a name nor where in the hospital', async () => {
    await isAway('TEST-IBÉRIS', '41', { class: 'E', trigger: 'A04', ward: '8782', wardLabel: 'Urgences' })
    await isAway('TEST-JULIENNE', '42')
    await stage.goTo(colleague, `${HOUSE}/wall`)
    const away = colleague.getByRole('region', { name: 'Résidents absents' })
    for (const who of ['41 R. I.', '42 R. J.']) await away.getByText(who).waitFor()
    const shown = await colleague.locator('body').innerText()
    expect(shown).not.toMatch(/TEST-|ROSE|Médecine A|Cardiologie|Urgences|CH d’Essai|8782|4101/i)
    await stage.town.sends({
      ...inhabitant(number),
      familyName: 'TEST-JULIENNE',
      trigger: 'A03',
      exitMode: '8',
      movement: 'W1',
    })
    await expect.poll(() => away.getByText('42 R. J.').count(), patience).toBe(0)
    await colleague.getByRole('link', { name: 'Quitter l’écran mural' }).click()
    await colleague.getByRole('heading', { level: 1, name: 'Résidents' }).waitFor()
  })

  test('at night: who comes back, what is to be done, whom to call; the ward sees that the house is ready', async () => {
    const person = await isAway('TEST-KETMIE', '51')
    const planned = localTime(new Date(Date.parse(await stage.town.now()) + 10 * 3_600_000).toISOString())
    await stage.town.operator.says('PUT', `/directory/on-call/${crypto.randomUUID()}`, {
      scope: `finess:${EHPAD}`,
      professionalId: people.homeNurse.id,
      phone: '09 99 00 77 77',
      from: '2031-03-13T18:00:00.000Z',
      to: '2031-03-14T07:00:00.000Z',
    })
    await stage.town.sends({ ...person, trigger: 'A16', movement: 'N1', planned, expectedDischarge: planned })
    await stage.goTo(colleague, `${HOUSE}/returns`)
    const card = colleague.getByRole('listitem').filter({ hasText: 'TEST-KETMIE' })
    await colleague
      .getByRole('region', { name: /^Demain, / })
      .getByText('TEST-KETMIE ROSE', { exact: true })
      .waitFor()
    await button(colleague, 'Le retour est prêt : TEST-KETMIE ROSE').click()
    await card.getByText(/Traité par l’équipe/).waitFor()
    const ward = await stage.comes(people.wardNurse, `/ward/${WARD}`)
    await ward.getByRole('link', { name: /TEST-KETMIE/ }).click()
    const told = ward.getByRole('region', { name: 'Qui a été informé' }).getByRole('listitem')
    await told.filter({ hasText: 'EHPAD Les Bruyères' }).getByText('traité', { exact: true }).waitFor()

    await stage.goTo(colleague, `${HOUSE}/night`)
    const returning = colleague.getByRole('region', { name: 'Retours avant 8 h' })
    await returning.getByText('TEST-KETMIE ROSE', { exact: true }).waitFor()
    expect(await returning.getByRole('link', { name: '09 99 00 41 01' }).getAttribute('href')).toBe('tel:0999004101')
    const numbers = colleague.getByRole('region', { name: 'Numéros' })
    await numbers.getByText(/Sofia TEST-FENOUIL/).waitFor()
    expect(await numbers.getByRole('link', { name: '09 99 00 77 77' }).getAttribute('href')).toBe('tel:0999007777')

    await stage.town.sends({ ...person, trigger: 'A03', exitMode: '8', movement: 'N2' })
    const task = colleague
      .getByRole('region', { name: 'À faire avant 8 h' })
      .getByRole('listitem')
      .filter({ hasText: 'TEST-KETMIE' })
    await task.getByText('Confirmer le retour').waitFor()
    // Somebody who is not back is asked after where he or she was.
    await task.getByRole('link', { name: '09 99 00 41 01' }).waitFor()
    await button(colleague, 'Le résident est de retour : TEST-KETMIE ROSE').click()
    await announced(colleague, 'Retour confirmé : TEST-KETMIE ROSE')
    await task.waitFor({ state: 'detached' })
    await colleague
      .getByRole('region', { name: /^Ce qui a changé depuis/ })
      .getByText(/TEST-KETMIE/)
      .first()
      .waitFor()
  })

  test('what a protocol asks of the house is done from the board, by night, or not done and why: the GP reads each of it', async () => {
    const { town } = stage
    const steps = [
      step('chambre', ['ehpad'], { hours: 2, title: 'Aérer la chambre' }),
      step('linge', ['ehpad'], { hours: 6, title: 'Préparer le linge' }),
      step('repas', ['ehpad'], { hours: 8, title: 'Commander le repas' }),
    ]
    const definition = protocol('hospitalisation', steps)
    await publish(town, await town.as(people.coordination), { protocolId: crypto.randomUUID(), version: 1, definition })
    const { patientId } = await isAway('TEST-LAVATÈRE', '52')
    const gp = await stage.comes(people.gp, `/patients/${patientId}?tab=steps`)
    const atTheGp = (title: string, status: string) =>
      gp.getByRole('listitem').filter({ hasText: title }).getByText(status, { exact: true }).first().waitFor()

    await stage.goTo(colleague, HOUSE)
    const card = onBoard('Absents', 'TEST-LAVATÈRE')
    await card.getByText('0 sur 3 fait').waitFor()
    await card.getByRole('button', { name: 'C’est fait : Aérer la chambre' }).click()
    await announced(colleague, 'Étape faite : Aérer la chambre')
    await card.getByText('1 sur 3 fait').waitFor()
    await atTheGp('Aérer la chambre', 'Fait')

    await stage.goTo(keeper, `${HOUSE}/night`)
    const toDo = keeper.getByRole('region', { name: 'À faire avant 8 h' }).getByRole('listitem')
    const task = toDo.filter({ hasText: 'Préparer le linge' })
    await task.getByText('TEST-LAVATÈRE ROSE', { exact: true }).waitFor()
    expect(await toDo.filter({ hasText: 'Aérer la chambre' }).count()).toBe(0)
    await task.getByRole('button', { name: 'C’est fait : Préparer le linge' }).click()
    await announced(keeper, 'Étape faite : Préparer le linge')
    await task.waitFor({ state: 'detached' })
    await card.getByText('2 sur 3 fait').waitFor()
    await atTheGp('Préparer le linge', 'Fait')

    await stage.goTo(keeper, '/inbox')
    await keeper.getByRole('link', { name: /TEST-LAVATÈRE.*Commander le repas/ }).click()
    await button(keeper, 'Ne pas faire…').click()
    await keeper.getByLabel('Motif').selectOption('other')
    await keeper.getByLabel('Précision').fill('Dînera à l’hôpital.')
    await button(keeper, 'Enregistrer comme non fait').click()
    await announced(keeper, 'Commander le repas : non fait')
    await card.getByText('3 sur 3 fait').waitFor()
    await card
      .getByRole('listitem')
      .filter({ hasText: 'Commander le repas' })
      .getByText('non fait', { exact: true })
      .waitFor()
    await atTheGp('Commander le repas', 'Non fait')
  })

  test('nothing went wrong on any of the screens', () => expect(stage.faults()).toEqual([]))
})
