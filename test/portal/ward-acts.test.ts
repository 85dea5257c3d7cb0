import { InboxItem, WardBoardRow } from '@relais/contracts/boards'
import type { Page } from 'playwright-core'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { localTime } from '../loops/town.fixture.ts'
import { announced, button, dialogOf, patience, undo } from './acts.fixture.ts'
import { hasBrowser } from './browser.fixture.ts'
import { people } from './portal.fixture.ts'
import { choose, inField, openWard, type WardStage } from './ward.fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const Board = z.object({ rows: z.array(WardBoardRow) })
const Inbox = z.object({ items: z.array(InboxItem) })
const dayInWords = (field: string) => new Date(field).toLocaleDateString('fr-FR', { day: 'numeric', month: 'short' })
const geriatrics = { ...people.wardNurse, id: 'ch-essai:4102', wards: ['4102'] }

describe.skipIf(!hasBrowser)('what a ward says of its patients', () => {
  let stage: WardStage
  let nurse: Page
  let gp: Page

  beforeAll(async () => {
    stage = await openWard()
    ;({ nurse, gp } = stage)
  })

  beforeEach(() => Promise.all([stage.goTo(nurse, '/ward/4101'), stage.goTo(gp, '/inbox')]))

  const told = () => nurse.getByRole('region', { name: 'Qui a été informé' })
  const movement = (name: string) =>
    nurse
      .getByRole('region', { name: 'Mouvements' })
      .getByRole('listitem')
      .filter({ has: nurse.getByRole('heading', { name }) })
  const tomorrow = async (hours = 24) => inField(await stage.town.now(), hours)

  test('somebody of whom no software tells is admitted by hand, and was a mistake: the GP learns the one and the other', async () => {
    await nurse.getByRole('link', { name: 'Nouvelle entrée' }).click()
    await button(nurse, 'Enregistrer l’entrée').click()
    await nurse
      .getByRole('alert')
      .getByText(/À remplir : .*IPP.*Nom de naissance.*Sexe/)
      .waitFor()
    await nurse.getByLabel('Numéro du patient dans l’établissement (IPP)').fill('901900')
    await nurse.getByLabel('Nom de naissance', { exact: true }).fill('TEST-ABRICOT')
    await nurse.getByLabel('Premier prénom de naissance').fill('JEANNE')
    await nurse.getByLabel('Date de naissance').fill('1950-02-03')
    await nurse.getByLabel('Sexe').selectOption('féminin')
    await nurse.getByLabel('Identité').selectOption('VALI')
    await choose(nurse, /^Médecin traitant/, people.gp.name)
    await nurse.getByLabel('Chambre').fill('31')
    await button(nurse, 'Enregistrer l’entrée').click()
    await nurse.getByRole('heading', { level: 1, name: /TEST-ABRICOT/ }).waitFor()
    await stage.inInbox('TEST-ABRICOT', 'Cardiologie').waitFor()
    await undo(nurse, 'Entrée enregistrée')
    await announced(nurse, 'Entrée annulée')
    await stage.inInbox('TEST-ABRICOT', 'Séjour annulé').waitFor()
    await stage.board()
    await expect.poll(() => stage.onBoard('TEST-ABRICOT').count(), patience).toBe(0)
    expect(stage.faults()).toEqual([])
  })

  test('somebody is expected later than was said, comes, did not come after all, and then only passes through', async () => {
    const inTwoDays = localTime(new Date(Date.parse(await stage.town.now()) + 48 * 3_600_000).toISOString())
    await stage.admits('TEST-BLEUET', { trigger: 'A05', planned: inTwoDays })
    await stage.opens('TEST-BLEUET')
    await stage.inInbox('TEST-BLEUET').click()
    const inThreeDays = await tomorrow(72)
    await stage.says('Entrée prévue', 'entrée prévue', (form) => form.getByLabel('Prévu le').fill(inThreeDays))
    await gp.getByRole('region', { name: 'Détail' }).getByText(dayInWords(inThreeDays)).first().waitFor()
    await stage.says('Admettre', 'admission', (form) => form.getByLabel('Chambre').fill('7'))
    await stage.inInbox('TEST-BLEUET', 'Hospitalisation').waitFor()
    await stage.withdraws('Admission', /de nouveau attendu/)
    await nurse
      .getByRole('main')
      .getByText(/attendu/)
      .first()
      .waitFor()
    await stage.says('Enregistrer l’arrivée (sans hospitalisation)', 'enregistrement', (form) =>
      form.getByLabel('Type de prise en charge').selectOption('Urgences'),
    )
    await stage.inInbox('TEST-BLEUET', 'Arrivée').waitFor()
    await stage.says('Hospitaliser', 'passage en hospitalisation')
    await stage.inInbox('TEST-BLEUET', 'Passage en hospitalisation').waitFor()
    await stage.says('Passer en externe', 'passage en soins externes')
    await stage.inInbox('TEST-BLEUET', 'Passage en soins externes').waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('a patient goes to another ward: announced, under another physician, then there, where the other ward has a bed for her', async () => {
    await stage.admits('TEST-CAPUCINE')
    await stage.opens('TEST-CAPUCINE')
    await stage.says('Changer le médecin responsable', 'changement de médecin responsable', (form) =>
      choose(form, 'Médecin responsable', people.clinicGp.name),
    )
    await stage.inInbox('TEST-CAPUCINE', 'Changement de médecin responsable').waitFor()
    await stage.says('Prévoir un transfert', 'changement de service prévu', async (form) => {
      await form.getByLabel('Service prévu').selectOption('Gériatrie')
      await form.getByLabel('Prévu le').fill(await tomorrow())
    })
    await stage.inInbox('TEST-CAPUCINE', 'Changement de service prévu').waitFor()
    await nurse.getByText(/transfert prévu/).waitFor()
    await stage.says('Transférer', 'changement de service', async (form) => {
      await form.getByLabel('Service responsable').selectOption('Gériatrie')
      await form.getByLabel('Chambre').fill('22')
    })
    await stage.inInbox('TEST-CAPUCINE', 'Changement de service · Gériatrie').waitFor()
    const other = await stage.town.as(geriatrics)
    const { rows } = await other.reads(Board, '/boards/ward/4102')
    expect(rows.map(({ standing }) => standing.room)).toContain('22')
    await stage.board()
    await expect.poll(() => stage.onBoard('TEST-CAPUCINE').count(), patience).toBe(0)
    expect(stage.faults()).toEqual([])
  })

  test('a patient leaves for the week-end and is back, in another bed', async () => {
    await stage.admits('TEST-DIGITALE')
    await stage.opens('TEST-DIGITALE')
    await stage.says('Permission', 'départ en permission')
    await stage.inInbox('TEST-DIGITALE', 'Départ en permission').waitFor()
    await stage.board()
    await nurse
      .getByRole('region', { name: 'En permission' })
      .getByRole('link', { name: /TEST-DIGITALE/ })
      .click()
    await stage.says('Retour de permission', 'retour de permission', (form) => form.getByLabel('Lit').fill('9'))
    await nurse.getByText(/lit 9/).first().waitFor()
    await stage.inInbox('TEST-DIGITALE', 'Retour de permission').waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('a room that was written wrongly is corrected: the GP reads what changed, and the record what was said before', async () => {
    await stage.admits('TEST-EUPHORBE')
    await stage.opens('TEST-EUPHORBE')
    await movement('Admission').getByRole('button', { name: 'Corriger' }).click()
    const form = dialogOf(nurse, 'Corriger : admission')
    await form.getByLabel('Chambre').fill('44')
    await form.getByRole('button', { name: 'Enregistrer' }).click()
    await announced(nurse, 'Enregistré : admission')
    await nurse
      .getByText(/Ch. 44/)
      .first()
      .waitFor()
    await stage.inInbox('TEST-EUPHORBE', 'correction').click()
    const detail = gp.getByRole('region', { name: 'Détail' })
    await expect.poll(() => detail.textContent(), patience).toMatch(/A changé.*chambre/)
    expect(stage.faults()).toEqual([])
  })

  test('a patient asks that nobody know: the GP sees nothing of the stay any more, until the patient allows it again', async () => {
    const { patientId } = await stage.admits('TEST-FUSAIN')
    await stage.admits('TEST-GARANCE')
    const physician = await stage.town.as(people.gp)
    const knows = async () => {
      const { entries } = await stage.town.pathway(physician, patientId)
      return entries.some(({ kind }) => kind === 'admission')
    }
    await stage.inInbox('TEST-FUSAIN').waitFor()
    await expect.poll(knows, patience).toBe(true)
    await stage.opens('TEST-FUSAIN')
    await button(nurse, 'Rendre confidentiel').click()
    const form = dialogOf(nurse, 'Rendre confidentiel')
    await form.getByRole('radio', { name: /demande du patient/ }).check()
    await form.getByRole('button', { name: 'Rendre confidentiel' }).click()
    await nurse.getByText('Ce séjour est confidentiel').waitFor()
    await expect.poll(knows, patience).toBe(false)
    await stage.goTo(gp, '/inbox')
    await stage.inInbox('TEST-GARANCE').waitFor()
    expect(await stage.inInbox('TEST-FUSAIN').count()).toBe(0)
    await nurse.getByRole('link', { name: 'Sortie', exact: true }).click()
    await nurse.getByText('le séjour est confidentiel.').waitFor()
    await nurse.getByRole('link', { name: 'Ne rien changer' }).click()
    await button(nurse, 'Lever la confidentialité').click()
    await dialogOf(nurse, 'Lever la confidentialité').getByRole('button', { name: 'Lever la confidentialité' }).click()
    await announced(nurse, 'Confidentialité levée')
    await stage.inInbox('TEST-FUSAIN', 'Confidentialité levée').waitFor()
    await expect.poll(knows, patience).toBe(true)
    expect(stage.faults()).toEqual([])
  })

  test('a stay is made confidential by mistake, and taken back at once', async () => {
    await stage.admits('TEST-GENTIANE')
    await stage.opens('TEST-GENTIANE')
    await button(nurse, 'Rendre confidentiel').click()
    const form = dialogOf(nurse, 'Rendre confidentiel')
    await form.getByRole('radio', { name: 'unité sensible' }).check()
    await form.getByRole('button', { name: 'Rendre confidentiel' }).click()
    await undo(nurse, 'Séjour rendu confidentiel')
    await nurse.getByText('Les membres du cercle de soins sont informés de ce séjour.').waitFor()
    await stage.inInbox('TEST-GENTIANE').waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('a patient leaves for an EHPAD that was not in the circle: it is told because the ward says so, and told that it was too soon', async () => {
    await stage.admits('TEST-HORTENSIA')
    await stage.opens('TEST-HORTENSIA')
    await nurse.getByRole('link', { name: 'Sortie', exact: true }).click()
    await button(nurse, 'Confirmer la sortie').click()
    await nurse.getByRole('alert').getByText('Choisissez la destination.').waitFor()
    await nurse.getByRole('radio', { name: 'EHPAD' }).check()
    await choose(nurse, 'EHPAD de destination', 'EHPAD Les Bruyères')
    const list = nurse.getByRole('region', { name: 'Qui sera informé, et pourquoi' })
    await list
      .getByRole('listitem')
      .filter({ hasText: /Bruno TEST-DAPHNÉ, médecin traitant.*fondement/ })
      .waitFor()
    const house = list.getByRole('listitem').filter({ hasText: 'EHPAD Les Bruyères' })
    await house.waitFor()
    await list.getByRole('checkbox').uncheck()
    await list.getByText('il ne sera pas informé').waitFor()
    expect(await house.count()).toBe(0)
    await list.getByRole('checkbox').check()
    await button(nurse, 'Confirmer la sortie').click()
    await announced(nurse, 'Sortie enregistrée')
    await told().getByText('EHPAD Les Bruyères').waitFor()
    await stage.inInbox('TEST-HORTENSIA', 'Sortie').waitFor()
    const ehpad = await stage.town.as(people.ehpad)
    const natures = async () =>
      (await ehpad.reads(Inbox, '/inbox')).items.map((item) => item.kind === 'stay' && item.nature)
    await expect.poll(natures, patience).toEqual(['discharged'])

    await stage.withdraws('Sortie')
    await stage.inInbox('TEST-HORTENSIA', 'Annulation \\(sortie\\)').waitFor()
    await expect.poll(natures, patience).toEqual(['withdrawn'])
    await nurse.getByRole('link', { name: 'Sortie', exact: true }).waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('a patient goes home with nurses, an hour ago: that is said, and undone', async () => {
    const threeHoursAgo = localTime(new Date(Date.parse(await stage.town.now()) - 3 * 3_600_000).toISOString())
    await stage.admits('TEST-IRIS', { effective: threeHoursAgo })
    await stage.opens('TEST-IRIS')
    await nurse.getByRole('link', { name: 'Sortie', exact: true }).click()
    await nurse.getByRole('radio', { name: 'Plus tôt' }).check()
    await nurse.getByLabel('Heure de la sortie').fill(await tomorrow(2))
    await nurse.getByRole('radio', { name: 'Domicile' }).check()
    await nurse.getByLabel('À domicile avec').selectOption({ index: 1 })
    await button(nurse, 'Confirmer la sortie').click()
    await nurse.getByRole('alert').getByText('Cette heure est à venir').waitFor()
    await nurse.getByLabel('Heure de la sortie').fill(await tomorrow(-1))
    await button(nurse, 'Confirmer la sortie').click()
    await stage.inInbox('TEST-IRIS', 'Sortie').waitFor()
    await undo(nurse, 'Sortie enregistrée')
    await announced(nurse, 'Sortie annulée')
    await stage.inInbox('TEST-IRIS', 'Annulation \\(sortie\\)').waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('a patient has died: said once it is certified, the GP reads it in one word, and what was asked of others ends', async () => {
    const { patientId } = await stage.admits('TEST-JACINTHE')
    await stage.onBoard('TEST-JACINTHE').first().waitFor()
    const asker = await stage.town.as(people.wardNurse)
    const { rows } = await asker.reads(Board, '/boards/ward/4101')
    await asker.says('POST', `/referrals/${crypto.randomUUID()}`, {
      patientId,
      stayId: rows.find((row) => row.patientId === patientId)?.stayId,
      kind: 'advice',
      urgency: 'soon',
      title: 'Bilan médicamenteux',
      question: 'Peut-on alléger ce traitement ?',
      receivers: [{ recipient: people.gp.id }],
      mode: 'firstAcceptance',
      answerBy: new Date(Date.parse(await stage.town.now()) + 86_400_000).toISOString(),
    })
    await stage.opens('TEST-JACINTHE')
    const asked = nurse.getByRole('region', { name: 'Demandes envoyées pour ce séjour' })
    await asked.getByRole('link', { name: 'Bilan médicamenteux' }).waitFor()
    await nurse.getByRole('link', { name: 'Sortie', exact: true }).click()
    await nurse.getByRole('radio', { name: 'Décès' }).check()
    await button(nurse, 'Enregistrer le décès').click()
    await nurse.getByRole('alert').getByText('Confirmez que le décès est constaté.').waitFor()
    await nurse.getByLabel(/^Le décès est constaté/).check()
    await button(nurse, 'Enregistrer le décès').click()
    await announced(nurse, 'Décès enregistré')
    await nurse
      .getByText(/décédé/)
      .first()
      .waitFor()
    await asked.getByText('plus sollicité').waitFor()
    expect(await nurse.getByRole('region', { name: 'Dire ce qui change' }).count()).toBe(0)
    await stage.inInbox('TEST-JACINTHE', 'Décès').click()
    await gp.getByRole('button', { name: /^Prendre connaissance/ }).waitFor()
    expect(await gp.getByRole('button', { name: /^Suite organisée/ }).count()).toBe(0)
    await stage.withdraws('Sortie')
    await gp.getByRole('region', { name: 'Détail' }).getByText('Annulation (sortie)').waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('of two who were told, the ward sees at once which of them has it, has read it, and has done something', async () => {
    const { patientId } = await stage.admits('TEST-LUPIN')
    await stage.town.joins(patientId, people.homeNurse, 'infirmier')
    await stage.opens('TEST-LUPIN')
    const physician = told().getByRole('listitem').filter({ hasText: people.gp.name })
    const homeNurse = told().getByRole('listitem').filter({ hasText: people.homeNurse.name })
    await physician.getByText('remis, pas encore lu').waitFor()
    await homeNurse.getByText('envoyé, pas encore remis').waitFor()
    await stage.inInbox('TEST-LUPIN').click()
    await physician.getByText('lu, sans suite encore').waitFor()
    await gp.getByRole('button', { name: /^Prendre connaissance/ }).click()
    await physician.getByText('pris connaissance').first().waitFor()
    await homeNurse.getByText('envoyé, pas encore remis').waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('a GP says “not my patient”: it is nothing of his any more, and the ward says whom it looks for', async () => {
    const { patientId } = await stage.admits('TEST-MÉLISSE')
    await stage.board()
    await stage.inInbox('TEST-MÉLISSE').click()
    await gp.getByRole('button', { name: /^Pas mon patient/ }).click()
    const form = dialogOf(gp, 'Ce n’est pas votre patient ?')
    await form.getByRole('button', { name: 'Renvoyer : pas mon patient' }).click()
    await announced(gp, 'Renvoi : pas mon patient')
    const physician = await stage.town.as(people.gp)
    expect((await physician.asked({ path: `/pathways/${patientId}` })).status).toBe(404)

    const wrong = nurse.getByRole('region', { name: 'Envois à la mauvaise personne (1)' })
    const one = wrong.getByRole('listitem').filter({ hasText: 'TEST-MÉLISSE' })
    await one.getByText(people.gp.name).waitFor()
    const row = nurse.getByRole('listitem').filter({ has: nurse.getByRole('link', { name: /TEST-MÉLISSE/ }) })
    await row.getByText('un destinataire dit « pas mon patient »').first().waitFor()
    expect(await one.getByRole('button', { name: 'Régler' }).isDisabled()).toBe(true)
    await one.getByLabel('Ce qu’il en est').selectOption('un autre destinataire est informé')
    await one.getByRole('button', { name: 'Régler' }).click()
    await announced(nurse, 'Envoi réglé : un autre destinataire est informé')
    await nurse.getByText('Aucun envoi à corriger.').waitFor()
    await nurse.getByText('Envois réglés', { exact: true }).click()
    await nurse.getByText(/un autre destinataire est informé, réglé par/).waitFor()
    await expect.poll(() => nurse.getByText('un destinataire dit « pas mon patient »').count(), patience).toBe(0)
    expect(stage.faults()).toEqual([])
  })

  test('what is late is said in words, and found with one press', async () => {
    const inAnHour = localTime(new Date(Date.parse(await stage.town.now()) + 3_600_000).toISOString())
    const leaving = await stage.admits('TEST-NIGELLE')
    await stage.town.sends({
      ...leaving,
      trigger: 'A16',
      movement: 'W-N',
      planned: inAnHour,
      expectedDischarge: inAnHour,
    })
    await stage.admits('TEST-ORCHIS', { primaryPhysicianRpps: '99700000054' })
    const row = (name: string) =>
      nurse.getByRole('listitem').filter({ has: nurse.getByRole('link', { name: new RegExp(name) }) })
    await row('TEST-NIGELLE')
      .getByText(/sortie prévue/)
      .waitFor()
    await row('TEST-ORCHIS').getByText(people.otherGp.name).waitFor()
    await stage.town.passes(3)
    await nurse.reload()
    await row('TEST-NIGELLE').getByText('départ prévu dépassé').waitFor()
    await row('TEST-ORCHIS').getByText('personne n’a lu').waitFor()
    await button(nurse, /séjours? en retard$/).click()
    await expect.poll(() => stage.onBoard('TEST-EUPHORBE').count(), patience).toBe(0)
    await stage.onBoard('TEST-ORCHIS').waitFor()
    await button(nurse, /^Tous/).click()
    await nurse.getByLabel('Chercher un nom, une chambre').fill('orchis')
    await expect.poll(() => stage.onBoard('TEST-NIGELLE').count(), patience).toBe(0)
    await nurse.getByLabel('Présentation').selectOption('compacte')
    await row('TEST-ORCHIS')
      .getByText(/1 destinataire/)
      .click()
    await row('TEST-ORCHIS').getByText(people.otherGp.name).waitFor()
    await nurse.getByLabel('Chercher un nom, une chambre').fill('nobody')
    await button(nurse, 'Tout afficher').click()
    await nurse.getByLabel('Trier par').selectOption('nom')
    await nurse.getByRole('region', { name: 'Tableau du service' }).waitFor()
    await nurse.getByLabel('Trier par').selectOption('chambre')
    await stage.onBoard('TEST-NIGELLE').waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('on paper, the board has every bed of the ward, and nothing to press', async () => {
    const names = Array.from({ length: 14 }, (_, index) => `TEST-LIT-${index + 1}`)
    const physician = await stage.town.as(people.gp)
    for (const name of names) await stage.admits(name)
    // What is further down is drawn once it is scrolled to; on paper nobody scrolls.
    for (const name of names) await stage.onBoard(`${name} `).first().waitFor({ state: 'attached' })
    const [returned] = (await physician.reads(Inbox, '/inbox')).items
    await physician.says('POST', `/notices/${returned?.noticeId}/return`, { reason: 'notMyPatient' })
    await nurse.getByRole('button', { name: 'Régler' }).waitFor()
    await nurse.emulateMedia({ media: 'print' })
    for (const name of names) await stage.onBoard(`${name} `).first().waitFor()
    expect(await nurse.getByRole('navigation').filter({ visible: true }).count()).toBe(0)
    const pressed = nurse.locator('button, select, input').filter({ visible: true })
    expect(await pressed.allTextContents()).toEqual([])
    await nurse.emulateMedia({ media: null })
    expect(stage.faults()).toEqual([])
  })
})
