import { beforeAll, describe, expect, test, vi } from 'vitest'
import { inhabitant, localTime } from '../loops/town.fixture.ts'
import { hasBrowser } from './browser.fixture.ts'
import { elder, openMorning, patient, question, toTheGp } from './mornings.fixture.ts'
import { people } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

describe.skipIf(!hasBrowser)('a morning in town, by the keyboard alone', () => {
  let morning: Awaited<ReturnType<typeof openMorning>>
  beforeAll(async () => {
    morning = await openMorning()
  })

  test('of a GP: a discharge to follow up, a request to accept, and a patient who is not his', async () => {
    const { town, comes, asks } = morning
    const { page, faults, keyboard } = await comes(people.gp)
    await page.getByRole('heading', { level: 1, name: 'À traiter' }).waitFor()
    await town.sends({ ...patient, trigger: 'A03', movement: 'M4', exitMode: '8' })
    await page.getByText('Organiser la suite').first().waitFor()
    await keyboard.press('j')
    await keyboard.press('Enter')
    await page.getByRole('heading', { level: 2, name: /TEST-NARCISSE/ }).waitFor()
    const detail = page.getByRole('region', { name: 'Détail' })
    await detail.getByText('Cardiologie').or(detail.getByText('Médecine A')).first().waitFor()
    await keyboard.press('n')
    const dialog = page.getByRole('dialog', { name: 'Ce n’est pas votre patient ?' })
    await dialog.waitFor()
    await keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await keyboard.isLeftIn(page.getByRole('link', { name: /TEST-NARCISSE/ }).first())
    await keyboard.press('f')
    await page
      .getByRole('log')
      .getByText(/^Trait/)
      .waitFor()

    await asks(people.gp.id, 'takeOver', 'Suivi du pansement')
    const request = page.getByRole('link', { name: /Suivi du pansement/ })
    const update = page.getByRole('button', { name: /^(Afficher \d+ nouve|Mettre la liste à jour)/ })
    await request.or(update).first().waitFor()
    if ((await request.count()) === 0) await keyboard.press('u')
    await request.waitFor()
    await keyboard.opens(request)
    await page.getByText(question).waitFor()
    await keyboard.press('a')
    await page
      .getByRole('log')
      .getByText(/accept/i)
      .waitFor()
    await keyboard.ends('a GP')
    expect(faults).toEqual([])
  })

  test('of a nurse in an EHPAD: who is away, since when, and that the house knows', async () => {
    const { town, comes } = morning
    const { page, faults, keyboard } = await comes(people.ehpad)
    const away = page.getByRole('region', { name: 'Absents' })
    await away.getByRole('heading', { name: /TEST-SAUGE/ }).waitFor()
    const tomorrow = localTime(new Date(Date.parse(await town.now()) + 86_400_000).toISOString())
    await town.sends({ ...elder, trigger: 'A16', movement: 'M5', planned: tomorrow, expectedDischarge: tomorrow })
    await keyboard.activates(away.getByRole('button', { name: /^Le retour est prêt/ }))
    await away.getByText(/Traité par l’équipe/).waitFor()
    await keyboard.activates(page.getByRole('link', { name: 'Retours attendus' }), { back: true })
    await page.getByRole('heading', { level: 1, name: 'Retours attendus' }).waitFor()
    await page.getByRole('main').getByText('TEST-SAUGE').first().waitFor()
    await keyboard.ends('a nurse in an EHPAD')
    expect(faults).toEqual([])
  })

  test('of a home nurse, in English: the same discharge, in her words', async () => {
    const { page, faults, keyboard } = await morning.comes(people.homeNurse, '/', { locale: 'en-GB' })
    await page.getByRole('heading', { level: 1, name: 'To do' }).waitFor()
    await keyboard.opens(page.getByRole('link', { name: /TEST-NARCISSE/ }).first())
    await page.getByRole('heading', { level: 2, name: /TEST-NARCISSE/ }).waitFor()
    expect(await page.getByRole('main').textContent()).not.toMatch(/Prendre|Attendu|Sortie/)
    const detail = page.getByRole('region', { name: 'Detail' })
    await keyboard.activates(detail.getByRole('button', { name: /^(Acknowledge|Follow-up arranged|Done)/ }).first())
    await page
      .getByRole('log')
      .getByText(/^(Acknowledg|Deal)/)
      .waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    await keyboard.ends('a home nurse')
    expect(faults).toEqual([])
  })

  test('of a pharmacist: a question of the ward, answered, and the ward has the answer', async () => {
    const { comes, asks } = morning
    const referralId = await asks(people.pharmacist.id, 'advice', 'Bilan médicamenteux')
    const { page, faults, keyboard } = await comes(people.pharmacist)
    await keyboard.opens(page.getByRole('link', { name: /Bilan médicamenteux/ }))
    await keyboard.activates(page.getByRole('button', { name: /^Répondre/ }))
    const dialog = page.getByRole('dialog', { name: 'Répondre' })
    await keyboard.writes(dialog.getByRole('textbox'), 'Sept traitements sur neuf sont délivrés.')
    await keyboard.activates(dialog.getByRole('button', { name: 'Envoyer la réponse' }))
    await dialog.waitFor({ state: 'detached' })
    await keyboard.isLeftIn(page.getByRole('region', { name: 'Détail' }))
    await keyboard.ends('a pharmacist')
    const ward = await comes(people.wardNurse, `/referrals/${referralId}`)
    await ward.page.getByText('Sept traitements sur neuf sont délivrés.').waitFor()
    expect([...faults, ...ward.faults]).toEqual([])
  })

  test('of a secretary: what came for the practice goes to a colleague, without who it is about nor what is asked', async () => {
    const { comes, asks } = morning
    await asks('finess:990000051', 'takeOver', 'Nouveau patient')
    const { page, faults, keyboard } = await comes(people.secretary)
    await keyboard.opens(page.getByRole('link', { name: /Nouveau patient/ }))
    await page.getByText('Le contenu n’est montré qu’à ceux qui soignent.').waitFor()
    const read = await page.content()
    expect(read).not.toContain(patient.familyName)
    expect(read).not.toContain(question)
    await keyboard.activates(page.getByRole('button', { name: /Confier à un collègue/ }))
    const dialog = page.getByRole('dialog', { name: 'Confier à un collègue' })
    await keyboard.writes(dialog.getByRole('searchbox', { name: 'Qui doit s’en occuper' }), 'AUBÉP')
    await keyboard.activates(dialog.getByRole('list').getByRole('button', { name: /TEST-AUBÉPINE/ }))
    await keyboard.activates(dialog.getByRole('button', { name: 'Confier', exact: true }))
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('log').getByText('Remise à un collègue').waitFor()
    const detail = page.getByRole('region', { name: 'Détail' })
    await detail.getByText(people.clinicGp.name).first().waitFor()
    await keyboard.isLeftIn(detail)
    await keyboard.ends('a secretary')

    const colleague = await comes(people.clinicGp)
    await colleague.page.getByRole('link', { name: /Nouveau patient/ }).waitFor()
    expect([...faults, ...colleague.faults]).toEqual([])
  })

  test('of the coordination: a protocol is written, and what it asks is in the inbox of the GP at the next discharge', async () => {
    const { town, comes } = morning
    const { page, faults, keyboard } = await comes(people.coordination)
    await keyboard.activates(page.getByRole('link', { name: 'Protocoles', exact: true }), { back: true })
    await keyboard.activates(page.getByRole('link', { name: 'Nouveau protocole' }))
    await keyboard.writes(page.getByRole('textbox', { name: 'Titre' }), 'Rappel après la sortie')
    await keyboard.writes(page.getByRole('textbox', { name: 'Territoire' }), 'cpts:essai')
    await keyboard.writes(page.getByRole('textbox', { name: 'Département' }), '44')
    await keyboard.writes(
      page.getByRole('textbox', { name: 'Ce qu’il y a à faire, en quelques mots' }),
      'Appeler le patient',
    )
    await keyboard.activates(page.getByRole('button', { name: 'Publier la version 1' }))
    await page.getByRole('heading', { level: 1, name: 'Rappel après la sortie' }).waitFor()
    await keyboard.ends('the coordination')
    await town.passes(1)
    const another = { ...inhabitant(6), familyName: 'TEST-ZINNIA', ...toTheGp }
    await town.sends({ ...another, movement: 'M11' })
    await town.sends({ ...another, trigger: 'A03', movement: 'M12', exitMode: '8' })
    const gp = await comes(people.gp, '/inbox')
    await gp.page.getByRole('link', { name: /TEST-ZINNIA.*Appeler le patient/ }).waitFor()
    expect([...faults, ...gp.faults]).toEqual([])
  })
})
