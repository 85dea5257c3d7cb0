import { pamMessage, withField } from '@relais/hl7v2/fixtures'
import { mllpClient } from '@relais/hl7v2/mllp/client'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { inhabitant, PARIS, WARD } from '../loops/town.fixture.ts'
import { hasBrowser } from './browser.fixture.ts'
import { openMorning } from './mornings.fixture.ts'
import { people } from './portal.fixture.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** As a field holds it. */
const inField = (instant: number) =>
  new Date(instant).toLocaleString('sv-SE', { timeZone: PARIS }).slice(0, 16).replace(' ', 'T')

describe.skipIf(!hasBrowser)('a morning at the hospital, by the keyboard alone', () => {
  let morning: Awaited<ReturnType<typeof openMorning>>
  beforeAll(async () => {
    morning = await openMorning()
  })

  test('of a ward nurse: who is there, who leaves tomorrow, and who was told of it', async () => {
    const { town, comes } = morning
    const { page, faults, keyboard } = await comes(people.wardNurse)
    await page.getByRole('heading', { level: 1, name: 'Cardiologie' }).waitFor()
    await town.sends({ ...inhabitant(3), familyName: 'TEST-TULIPE', movement: 'M3', room: '14' })
    await page.getByRole('link', { name: /TEST-TULIPE/ }).waitFor()
    await keyboard.activates(page.getByRole('link', { name: /TEST-NARCISSE/ }))
    const says = page.getByRole('region', { name: 'Dire ce qui change' })
    await keyboard.activates(says.getByRole('link', { name: 'Sortie' }))
    await keyboard.chooses(page.getByRole('radio', { name: 'Prévue' }))
    const tomorrow = Date.parse(await town.now()) + 86_400_000
    await keyboard.writesMoment(page.getByLabel('Sortie prévue le'), inField(tomorrow))
    await page.getByRole('listitem').filter({ hasText: people.gp.name }).waitFor()
    await keyboard.activates(page.getByRole('button', { name: 'Annoncer la sortie prévue' }))
    await page.getByRole('log').getByText('Sortie prévue annoncée').waitFor()
    const told = page.getByRole('region', { name: 'Qui a été informé' })
    await told.getByText(people.gp.name).first().waitFor()
    await keyboard.ends('a ward nurse, a discharge planned')
    expect(faults).toEqual([])
  })

  test('of a ward nurse: somebody goes home with nurses, and the GP who sees to it is seen to do so', async () => {
    const { comes } = morning
    const { page, faults, keyboard } = await comes(people.wardNurse)
    const row = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /TEST-NARCISSE/ }) })
    await keyboard.activates(row.getByRole('link', { name: 'Sortie' }))
    await keyboard.activates(page.getByRole('button', { name: 'Confirmer la sortie' }))
    await page.getByRole('alert').getByText('Choisissez la destination.').waitFor()
    await keyboard.chooses(page.getByRole('radio', { name: 'Domicile' }))
    await keyboard.picks(page.getByLabel('À domicile avec'), /infirmiers|SSIAD/i)
    await keyboard.activates(page.getByRole('button', { name: 'Confirmer la sortie' }))
    await page.getByRole('log').getByText('Sortie enregistrée').waitFor()
    const told = page.getByRole('region', { name: 'Qui a été informé' })
    const ofTheGp = told.getByRole('listitem').filter({ hasText: people.gp.name })
    await ofTheGp.waitFor()

    const gp = await comes(people.gp)
    await gp.page.getByText('Organiser la suite').first().waitFor()
    await gp.keyboard.press('j')
    await gp.keyboard.press('Enter')
    await gp.page.getByRole('button', { name: /^Prendre connaissance/ }).waitFor()
    await ofTheGp.getByText('lu, sans suite encore').waitFor()
    await gp.keyboard.press('c')
    await ofTheGp.getByText('pris connaissance', { exact: true }).waitFor()
    await gp.keyboard.ends('a GP, a discharge acknowledged')
    await keyboard.ends('a ward nurse, a discharge said')
    expect([...faults, ...gp.faults]).toEqual([])
  })

  test('of the admissions office: a message that nobody understood is repaired field by field, and is an admission', async () => {
    const { town, comes } = morning
    const software = mllpClient({ ...town.platform.mllp, timeoutMilliseconds: 20_000 })
    const admission = pamMessage({ ...inhabitant(4), familyName: 'TEST-VIOLETTE', movement: 'M9' })
    await software.send(Buffer.from(withField(admission, 'ZBE-4', 'INSSERT')))
    software.close()
    const { page, faults, keyboard } = await comes(people.admissions)
    await keyboard.activates(page.getByRole('main').getByRole('link', { name: /Admission/ }))
    await keyboard.activates(page.getByRole('button', { name: 'Remplacer ZBE-4' }))
    const dialog = page.getByRole('dialog')
    await keyboard.writes(dialog.getByRole('textbox'), 'INSERT')
    await keyboard.press('Enter')
    await page.getByText('ZBE-4 devient « INSERT »').waitFor()
    await keyboard.isLeftIn(page.getByRole('row', { name: /^ZBE-4 / }))
    await keyboard.activates(page.getByRole('button', { name: 'Réparer', exact: true }), { back: true })
    await keyboard.activates(page.getByRole('button', { name: 'Rejouer le message' }))
    await page.getByRole('log').getByText(/rejou/i).waitFor()
    await keyboard.ends('the admissions office')
    const ward = await comes(people.wardNurse, `/ward/${WARD}`)
    await ward.page.getByRole('link', { name: /TEST-VIOLETTE/ }).waitFor()
    expect([...faults, ...ward.faults]).toEqual([])
  })
})
