import { listLinkDoubts, readLinks } from '@relais/contracts/link-routes'
import { readAck } from '@relais/hl7v2/ack'
import { identityMessage } from '@relais/hl7v2/identity-fixtures'
import { mllpClient } from '@relais/hl7v2/mllp/client'
import { afterTestFile } from '@relais/testkit/cleanup'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { inhabitant, localTime } from '../loops/town.fixture.ts'
import { FACILITY } from '../people.fixture.ts'
import { announced, button, dialogOf, openStage, patience, type Stage, undo } from './acts.fixture.ts'
import { chooseSelf, hasBrowser } from './browser.fixture.ts'
import { people } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const doubtsOf = listLinkDoubts.responses[200].content['application/json'].schema
const linksOf = readLinks.responses[200].content['application/json'].schema
const patient = {
  ...inhabitant(60),
  familyName: 'TEST-GLAÏEUL',
  givenName: 'ROSE',
  primaryPhysicianRpps: people.gp.id.replace('rpps:', ''),
}

describe.skipIf(!hasBrowser)('a patient', () => {
  let stage: Stage
  let gp: Page
  let ward: Page
  let patientId = ''

  beforeAll(async () => {
    stage = await openStage()
    const { town } = stage
    await town.sends({ ...patient, movement: 'G1', room: '12' })
    await town.passes(2)
    await town.sends({ ...patient, trigger: 'Z99', movement: 'G1', controlId: 'G1-corrected', room: '14' })
    patientId = await town.idOf(patient.ipp)
    gp = await stage.comes(people.gp, `/patients/${patientId}`, { permissions: ['clipboard-read', 'clipboard-write'] })
    ward = await stage.comes(people.wardNurse, `/patients/${patientId}?tab=circle`)
  })

  const lines = (page: Page) => page.getByRole('region', { name: 'Parcours' }).getByRole('listitem')
  const pasted = () => gp.evaluate(() => navigator.clipboard.readText())

  test('has a pathway of which a part is shown: of one kind, of one stay, of one person, and then all of it again', async () => {
    await gp.getByText('Choisir ce qui est affiché').click()
    await lines(gp).filter({ hasText: 'Admission' }).first().waitFor()
    const all = await lines(gp).count()
    await gp.getByLabel('Nature').selectOption({ label: 'Cercle de soins' })
    await gp.getByText(/^Une partie est affichée : 1 ligne\./).waitFor()
    await lines(gp).filter({ hasText: 'Entrée dans le cercle de soins' }).waitFor()
    expect(await lines(gp).filter({ hasText: 'Admission' }).count()).toBe(0)
    await button(gp, 'Tout afficher').click()
    await expect.poll(() => lines(gp).count(), patience).toBe(all)
    await gp.getByLabel('Séjour').selectOption({ index: 1 })
    await expect.poll(() => lines(gp).filter({ hasText: 'cercle de soins' }).count(), patience).toBe(0)
    await gp.getByLabel('Séjour').selectOption({ label: 'Tout' })
    await gp.getByLabel('Qui est nommé').selectOption({ label: 'Dr Bruno TEST-DAPHNÉ' })
    await expect.poll(() => lines(gp).filter({ hasText: 'Admission' }).count(), patience).toBe(0)
    await gp.getByLabel('Regrouper les permissions qui se suivent').uncheck()
    await button(gp, 'Tout afficher').click()
    await expect.poll(() => lines(gp).count(), patience).toBe(all)
    expect(await gp.getByLabel('Regrouper les permissions qui se suivent').isChecked()).toBe(true)
  })

  test('was believed to be in room 12: what was known then is shown as it was known, and what was put right since is said', async () => {
    const admission = lines(gp).filter({ hasText: 'Admission' }).filter({ hasText: 'chambre 12' })
    await admission.getByText('Corrigé depuis').waitFor()
    await admission.getByRole('button', { name: 'Voir ce qui l’a remplacé' }).click()
    await lines(gp).filter({ hasText: 'chambre 14' }).first().waitFor()
    await gp.getByText('Ce qui était su à un instant').click()
    const cursor = gp.getByLabel('Reculer dans le temps')
    await cursor.focus()
    await gp.keyboard.press('ArrowLeft')
    await gp.getByText(/^Ce qui était su le /).waitFor()
    await expect.poll(() => gp.getByText('Corrigé depuis').count(), patience).toBe(0)
    expect(await lines(gp).filter({ hasText: 'chambre 12' }).locator('del').count()).toBe(0)
    expect(await lines(gp).filter({ hasText: 'chambre 14' }).count()).toBe(0)
    await gp.getByLabel('Instant').fill('2031-01-01T12:00')
    await gp.getByText('Rien n’était encore connu à cet instant.').waitFor()
    await button(gp, 'Revenir à maintenant').click()
    await gp.getByText('Corrigé depuis').first().waitFor()
  })

  test('is seen by a physician who may ask why, and who pastes what the page says into another program', async () => {
    const admission = lines(gp).filter({ has: gp.getByText('Pourquoi : Admission', { exact: true }) })
    await admission.getByText('Pourquoi : Admission', { exact: true }).locator('..').click()
    const reasons = [
      /^un message du logiciel d/,
      'Tout le cercle de soins du patient est informé de ce qui change dans un séjour.',
      'Vous êtes dans le cercle de soins du patient comme médecin traitant.',
    ]
    for (const reason of reasons) await admission.getByText(reason).waitFor()
    await admission.getByRole('row').filter({ hasText: 'Dr Bruno TEST-DAPHNÉ' }).waitFor()

    await button(gp, 'Copier en texte').click()
    await announced(gp, /copié/i)
    expect(await pasted()).toMatch(/TEST-GLAÏEUL ROSE[\s\S]*09\/07\/1941[\s\S]*chambre 14/)
    await gp.getByText('Identité complète').click()
    await gp.getByText(patient.ipp, { exact: true }).waitFor()

    await stage.goTo(gp, '/inbox')
    await gp.getByRole('link', { name: /TEST-GLAÏEUL/ }).click()
    await button(gp, 'Copier en texte').click()
    await announced(gp, /copié/i)
    const text = await pasted()
    expect(text.split('\n')[0]).toMatch(/: TEST-GLAÏEUL ROSE, née le 09\/07\/1941$/)
    expect(text).toMatch(/^De : Médecine A, CH d’Essai|^De : Cardiologie, CH d’Essai/m)
    expect(text).not.toMatch(/\t|\n\n/)
  })

  test('has a care circle, to which the ward adds a nurse, and from which it takes her: her page opens, and goes away', async () => {
    const nurse = await stage.comes(people.homeNurse, `/patients/${patientId}`)
    await nurse.getByRole('heading', { name: 'Ce parcours n’est pas à vous' }).waitFor()

    await button(ward, 'Ajouter quelqu’un').click()
    const adding = dialogOf(ward, 'Ajouter au cercle de soins')
    await button(ward, 'Ajouter au cercle').click()
    await adding.getByText('Choisissez quelqu’un dans l’annuaire.').waitFor()
    await adding.getByLabel('Professionnel ou établissement').fill('fenouil')
    await adding.getByRole('button', { name: /TEST-FENOUIL/ }).click()
    await expect.poll(() => adding.getByLabel('Rôle').inputValue(), patience).toBe('infirmier')
    await adding.getByLabel('Fondement').selectOption({ label: 'Accord du patient' })
    await button(ward, 'Ajouter au cercle').click()
    await announced(ward, 'Ajout de Sofia TEST-FENOUIL au cercle de soins')
    await nurse.reload()
    await nurse.getByRole('heading', { level: 1, name: 'TEST-GLAÏEUL ROSE' }).waitFor()

    await undo(ward, 'Ajout de Sofia TEST-FENOUIL au cercle de soins')
    await nurse.getByRole('heading', { name: 'Vous n’avez plus accès à ce parcours' }).waitFor()
    expect(await nurse.locator('body').innerText()).not.toContain('TEST-GLAÏEUL')

    await stage.town.joins(patientId, people.homeNurse, 'infirmier')
    await nurse.reload()
    await nurse.getByRole('heading', { level: 1, name: 'TEST-GLAÏEUL ROSE' }).waitFor()
    await button(ward, 'Mettre fin à la participation de Sofia TEST-FENOUIL').click()
    const ending = dialogOf(ward, 'Mettre fin à cette participation ?')
    await ending.getByRole('button', { name: 'Ne rien changer' }).click()
    await button(ward, 'Mettre fin à la participation de Sofia TEST-FENOUIL').click()
    await ending.getByRole('button', { name: 'Mettre fin à la participation de Sofia TEST-FENOUIL' }).click()
    await nurse.getByRole('heading', { name: 'Vous n’avez plus accès à ce parcours' }).waitFor()
    await ward.getByText(/^Auparavant \(\d\)/).click()
    await ward.getByRole('listitem').filter({ hasText: 'Sofia TEST-FENOUIL' }).first().waitFor()
    await undo(ward, 'Fin de la participation de Sofia TEST-FENOUIL')
    await button(ward, 'Mettre fin à la participation de Sofia TEST-FENOUIL').waitFor()

    await stage.goTo(nurse, `/patients/${patientId}?tab=circle`)
    await button(nurse, 'Ajouter quelqu’un').click()
    await nurse.getByLabel('Professionnel ou établissement').fill('fenouil')
    await dialogOf(nurse, 'Ajouter au cercle de soins')
      .getByRole('button', { name: /TEST-FENOUIL/ })
      .click()
    await nurse.getByText(/^Personne ne s’ajoute soi-même/).waitFor()
    await dialogOf(nurse, 'Ajouter au cercle de soins').getByRole('button', { name: 'Ne rien changer' }).click()
    await button(nurse, 'Mettre fin à la participation de Sofia TEST-FENOUIL').click()
    await dialogOf(nurse, 'Mettre fin à cette participation ?')
      .getByRole('button', { name: /^Mettre fin à la/ })
      .click()
    await nurse
      .getByRole('heading', { name: /^(Vous n’avez plus accès à ce parcours|Ce parcours n’est pas à vous)$/ })
      .waitFor()
    expect((await (await stage.town.as(people.homeNurse)).asked({ path: `/pathways/${patientId}` })).status).toBe(404)
  })

  test('is opened by a link of another program in two clicks, signed out as one is, and the number is in no address', async () => {
    const { page } = await stage.browser.device()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await stage.goTo(page, `/open#authority=${FACILITY}&number=${patient.ipp}`)
    await button(page, 'Se connecter').click()
    await chooseSelf(page, people.gp.name)
    await page.getByRole('heading', { level: 1, name: 'TEST-GLAÏEUL ROSE' }).waitFor()
    expect(page.url()).toBe(`${stage.town.url}/app/patients/${patientId}`)
    // Only the page itself was ever told the number: behind a #, it is not sent.
    expect(asked.filter((url) => url.replace(/#.*/, '').includes(patient.ipp))).toEqual([])
    await page.goBack()
    expect(page.url()).not.toContain(patient.ipp)
  })

  test('is found by a number that somebody types; a number that opens nobody does not say why', async () => {
    await stage.goTo(gp, '/open')
    await button(gp, 'Ouvrir').click()
    for (const missing of ['Choisissez l’établissement.', 'Écrivez le numéro.']) await gp.getByText(missing).waitFor()
    await gp.getByLabel('Établissement qui a donné le numéro').fill('essai')
    await gp.getByRole('button', { name: /^CH d’Essai/ }).click()
    await gp.getByLabel('Numéro du patient').fill('000000')
    await button(gp, 'Ouvrir').click()
    await gp.getByRole('heading', { name: 'Ce numéro n’ouvre aucun patient' }).waitFor()
    await gp.getByLabel('Numéro du patient').fill(patient.ipp)
    await button(gp, 'Ouvrir').click()
    await gp.getByRole('heading', { level: 1, name: 'TEST-GLAÏEUL ROSE' }).waitFor()
    expect(new URL(gp.url()).pathname).toBe(`/app/patients/${patientId}`)
  })

  test('whom the hospital contradicts itself about is decided by the admissions office: put aside, or done all the same', async () => {
    const { town } = stage
    const [kept, other] = [61, 62].map((n) => ({ ...inhabitant(n), familyName: 'TEST-HOUX', insBody: '' }))
    if (!kept || !other) throw new Error('Two are needed')
    for (const one of [kept, other]) await town.sends({ ...one, movement: `L${one.ipp}` })
    const ids = [await town.idOf(kept.ipp), await town.idOf(other.ipp)]
    const software = mllpClient({ ...town.platform.mllp, timeoutMilliseconds: 20_000 })
    afterTestFile(() => software.close())
    const merges = async (ipp: string, otherIpp: string) => {
      await town.passes(1)
      const recorded = localTime(await town.now())
      const message = identityMessage({ trigger: 'A40', ipp, otherIpp, familyName: 'TEST-HOUX', insBody: '', recorded })
      expect(readAck(await software.send(new TextEncoder().encode(message)))).toMatchObject({ code: 'AA' })
    }
    const admissions = await stage.comes(people.admissions, '/patients/link-doubts')
    await admissions.getByText('Aucune identité à décider').waitFor()
    await merges(kept.ipp, other.ipp)
    await merges(other.ipp, kept.ipp)
    await merges(other.ipp, kept.ipp)
    const office = await town.as(people.admissions)
    const waiting = async () => (await office.reads(doubtsOf, '/patients/link-doubts')).doubts.length
    await expect.poll(waiting, patience).toBe(2)
    await admissions.reload()
    const cards = admissions.getByRole('listitem').filter({ hasText: 'Fusion demandée' })
    await cards.first().getByText('la fusion inverse est enregistrée').waitFor()
    for (const { ipp } of [kept, other]) await cards.first().getByText(`IPP : ${ipp}`).waitFor()
    const canonical = async () => (await office.reads(linksOf, `/patients/${ids[0]}/links`)).canonicalId
    await cards.first().getByRole('button', { name: 'Laisser de côté' }).click()
    await announced(admissions, 'Identités : demande laissée de côté')
    await expect.poll(() => cards.count(), patience).toBe(1)
    expect(await canonical()).toBe(ids[0])
    await cards.first().getByRole('button', { name: 'Fusionner quand même' }).click()
    await announced(admissions, 'Identités : demande appliquée')
    await admissions.getByText('Aucune identité à décider').waitFor()
    await expect.poll(canonical, patience).toBe(ids[1])
  })

  test('nothing went wrong on any of the screens', () => expect(stage.faults()).toEqual([]))
})
