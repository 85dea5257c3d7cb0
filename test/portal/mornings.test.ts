import { insKeyOf } from '@relais/hl7v2/checks'
import { pamMessage, withField } from '@relais/hl7v2/fixtures'
import { mllpClient } from '@relais/hl7v2/mllp/client'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { inhabitant, localTime, WARD } from '../loops/town.fixture.ts'
import { type Device, hasBrowser, openBrowser, signIn } from './browser.fixture.ts'
import { openPortal, people, type PortalTown, resident } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const patient = { ...inhabitant(1), familyName: 'TEST-NARCISSE', givenName: 'LUCIENNE' }
const elder = { ...inhabitant(2), familyName: 'TEST-SAUGE', givenName: 'SIMONE' }
const question = 'Pansement à refaire : qui peut passer demain ?'
const toTheGp = { primaryPhysicianRpps: people.gp.id.replace('rpps:', '') }

/** As somebody does who has no mouse: from here to there by the tabulator. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor()
  for (let presses = 0; presses < 120; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`The tabulator does not lead to ${wanted.toString()}`)
}

describe.skipIf(!hasBrowser)('a morning', () => {
  let town: PortalTown
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let patientId = ''

  beforeAll(async () => {
    ;[town, browser] = await Promise.all([openPortal(), openBrowser()])
    const ins = `${elder.insBody}${insKeyOf(elder.insBody ?? '') ?? ''}`
    const { familyName: birthName, givenName: givenNames } = elder
    await resident(town, { room: '101', birthName, givenNames, birthDate: '1941-07-09', sex: 'F', ins })
    await town.sends({ ...patient, ...toTheGp, movement: 'M1' })
    await town.sends({ ...elder, movement: 'M2' })
    patientId = await town.idOf(patient.ipp)
    await town.joins(patientId, people.homeNurse, 'infirmier')
    await town.joins(patientId, people.pharmacist, 'pharmacien')
  })

  async function comes(
    person: { name: string },
    path = '/',
    visit: Parameters<typeof browser.device>[0] = {},
  ): Promise<Device> {
    const device = await browser.device(visit)
    await signIn(device.page, person.name, `${town.url}/app${path}`)
    return device
  }
  async function asks(whom: string, kind: 'advice' | 'takeOver', title: string) {
    const ward = await town.as(people.wardNurse)
    const referralId = crypto.randomUUID()
    await ward.says('POST', `/referrals/${referralId}`, {
      patientId,
      kind,
      urgency: 'soon',
      title,
      question,
      receivers: [{ recipient: whom, role: 'medecin' }],
      mode: 'firstAcceptance',
      answerBy: new Date(Date.parse(await town.now()) + 86_400_000).toISOString(),
    })
    return referralId
  }

  test('of a ward nurse: who is there, who leaves tomorrow, and who was told of it', async () => {
    const { page, faults } = await comes(people.wardNurse)
    await page.getByRole('heading', { level: 1, name: 'Cardiologie' }).waitFor()
    await town.sends({ ...inhabitant(3), familyName: 'TEST-TULIPE', movement: 'M3', room: '14' })
    await page.getByRole('link', { name: /TEST-TULIPE/ }).waitFor()
    await page.getByRole('link', { name: /TEST-NARCISSE/ }).click()
    await page.getByRole('region', { name: 'Dire ce qui change' }).getByRole('link', { name: 'Sortie' }).click()
    await page.getByRole('radio', { name: 'Prévue' }).check()
    const tomorrow = new Date(Date.parse(await town.now()) + 86_400_000)
    await page
      .getByLabel('Sortie prévue le')
      .fill(tomorrow.toLocaleString('sv-SE', { timeZone: 'Europe/Paris' }).slice(0, 16).replace(' ', 'T'))
    await page.getByRole('listitem').filter({ hasText: 'Bruno TEST-DAPHNÉ' }).waitFor()
    await page.getByRole('button', { name: 'Annoncer la sortie prévue' }).click()
    await page.getByRole('log').getByText('Sortie prévue annoncée').waitFor()
    await page
      .getByRole('region', { name: 'Qui a été informé' })
      .getByText(/Bruno TEST-DAPHNÉ/)
      .first()
      .waitFor()
    expect(faults).toEqual([])
  })

  test('of a GP, by the keyboard alone: a discharge to follow up, a request to accept, and a patient who is not his', async () => {
    const { page, faults } = await comes(people.gp)
    await page.getByRole('heading', { level: 1, name: 'À traiter' }).waitFor()
    await town.sends({ ...patient, trigger: 'A03', movement: 'M4', exitMode: '8' })
    await page.getByText('Organiser la suite').first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 2, name: /TEST-NARCISSE/ }).waitFor()
    await page
      .getByRole('region', { name: 'Détail' })
      .getByText('Cardiologie', { exact: false })
      .or(page.getByText('Médecine A'))
      .first()
      .waitFor()
    await page.keyboard.press('n')
    const dialog = page.getByRole('dialog', { name: 'Ce n’est pas votre patient ?' })
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.keyboard.press('f')
    await page
      .getByRole('log')
      .getByText(/^Trait/)
      .waitFor()

    await asks(people.gp.id, 'takeOver', 'Suivi du pansement')
    const request = page.getByRole('link', { name: /Suivi du pansement/ })
    const update = page.getByRole('button', { name: /^(Afficher \d+ nouve|Mettre la liste à jour)/ })
    await request.or(update).first().waitFor()
    if ((await request.count()) === 0) await page.keyboard.press('u')
    await tabTo(page, request)
    await page.keyboard.press('Enter')
    await page.getByText(question).waitFor()
    await page.keyboard.press('a')
    await page
      .getByRole('log')
      .getByText(/accept/i)
      .waitFor()
    expect(faults).toEqual([])
  })

  test('of a nurse in an EHPAD, by the keyboard alone: who is away, since when, and that the house knows', async () => {
    const { page, faults } = await comes(people.ehpad)
    const away = page.getByRole('region', { name: 'Absents' })
    await away.getByRole('heading', { name: /TEST-SAUGE/ }).waitFor()
    const tomorrow = localTime(new Date(Date.parse(await town.now()) + 86_400_000).toISOString())
    await town.sends({ ...elder, trigger: 'A16', movement: 'M5', planned: tomorrow, expectedDischarge: tomorrow })
    await tabTo(page, away.getByRole('button', { name: /^Le retour est prêt/ }))
    await page.keyboard.press('Enter')
    await away.getByText(/Traité par l’équipe/).waitFor()
    await tabTo(page, page.getByRole('link', { name: 'Retours attendus' }))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Retours attendus' }).waitFor()
    await page.getByRole('main').getByText('TEST-SAUGE').first().waitFor()
    expect(faults).toEqual([])
  })

  test('of a home nurse, in English: the same discharge, in her words', async () => {
    const { page, faults } = await comes(people.homeNurse, '/', { locale: 'en-GB' })
    await page.getByRole('heading', { level: 1, name: 'To do' }).waitFor()
    await page
      .getByRole('link', { name: /TEST-NARCISSE/ })
      .first()
      .click()
    await page.getByRole('heading', { level: 2, name: /TEST-NARCISSE/ }).waitFor()
    expect(await page.getByRole('main').textContent()).not.toMatch(/Prendre|Attendu|Sortie/)
    await page
      .getByRole('button', { name: /^(Acknowledge|Follow-up arranged|Done)/ })
      .first()
      .click()
    await page
      .getByRole('log')
      .getByText(/^(Acknowledg|Deal)/)
      .waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    expect(faults).toEqual([])
  })

  test('of a pharmacist: a question of the ward, answered, and the ward has the answer', async () => {
    const referralId = await asks(people.pharmacist.id, 'advice', 'Bilan médicamenteux')
    const { page, faults } = await comes(people.pharmacist)
    await page.getByRole('link', { name: /Bilan médicamenteux/ }).click()
    await page.getByRole('button', { name: /^Répondre/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Répondre' })
    await dialog.getByRole('textbox').first().fill('Sept traitements sur neuf sont délivrés.')
    await dialog.getByRole('button', { name: 'Envoyer la réponse' }).click()
    await dialog.waitFor({ state: 'detached' })
    const ward = await comes(people.wardNurse, `/referrals/${referralId}`)
    await ward.page.getByText('Sept traitements sur neuf sont délivrés.').waitFor()
    expect([...faults, ...ward.faults]).toEqual([])
  })

  test('of a secretary: what came for the practice, without who it is about nor what is asked', async () => {
    await asks('finess:990000051', 'takeOver', 'Nouveau patient')
    const { page, faults } = await comes(people.secretary)
    await page.getByRole('link', { name: /Nouveau patient/ }).click()
    await page.getByText('Le contenu n’est montré qu’à ceux qui soignent.').waitFor()
    const read = await page.content()
    expect(read).not.toContain(patient.familyName)
    expect(read).not.toContain(question)
    await page.getByRole('button', { name: /Confier à un collègue/ }).click()
    await page.getByRole('dialog', { name: 'Confier à un collègue' }).waitFor()
    expect(faults).toEqual([])
  })

  test('of the admissions office: a message that nobody understood is repaired field by field, and is an admission', async () => {
    const software = mllpClient({ ...town.platform.mllp, timeoutMilliseconds: 20_000 })
    const shifted = withField(
      pamMessage({ ...inhabitant(4), familyName: 'TEST-VIOLETTE', movement: 'M9' }),
      'ZBE-4',
      'INSSERT',
    )
    await software.send(Buffer.from(shifted))
    software.close()
    const { page, faults } = await comes(people.admissions)
    await page
      .getByRole('main')
      .getByRole('link', { name: /Admission/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Remplacer ZBE-4' }).click()
    await page.getByRole('textbox').first().fill('INSERT')
    await page.keyboard.press('Enter')
    await page.getByText('ZBE-4 devient « INSERT »').waitFor()
    await page.getByRole('button', { name: 'Réparer', exact: true }).click()
    await page.getByRole('button', { name: 'Rejouer le message' }).click()
    const ward = await comes(people.wardNurse, `/ward/${WARD}`)
    await ward.page.getByRole('link', { name: /TEST-VIOLETTE/ }).waitFor()
    expect([...faults, ...ward.faults]).toEqual([])
  })

  test('of the coordination: a protocol is written, and what it asks is in the inbox of the GP at the next discharge', async () => {
    const { page, faults } = await comes(people.coordination, '/protocols/new')
    await page.getByRole('textbox', { name: 'Titre' }).fill('Rappel après la sortie')
    await page.getByRole('textbox', { name: 'Territoire' }).fill('cpts:essai')
    await page.getByRole('textbox', { name: 'Département' }).fill('44')
    await page.getByRole('textbox', { name: 'Ce qu’il y a à faire, en quelques mots' }).fill('Appeler le patient')
    await page.getByRole('button', { name: 'Publier la version 1' }).click()
    await page.getByRole('heading', { level: 1, name: 'Rappel après la sortie' }).waitFor()
    await town.passes(1)
    await town.sends({ ...inhabitant(6), familyName: 'TEST-ZINNIA', movement: 'M11', ...toTheGp })
    await town.sends({
      ...inhabitant(6),
      familyName: 'TEST-ZINNIA',
      trigger: 'A03',
      movement: 'M12',
      exitMode: '8',
      ...toTheGp,
    })
    const gp = await comes(people.gp, '/inbox')
    await gp.page.getByRole('link', { name: /TEST-ZINNIA.*Appeler le patient/ }).waitFor()
    expect([...faults, ...gp.faults]).toEqual([])
  })
})
