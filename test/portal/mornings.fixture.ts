import { insKeyOf } from '@relais/hl7v2/checks'
import { inhabitant } from '../loops/town.fixture.ts'
import { openBrowser } from './browser.fixture.ts'
import { type Keyboard, keyboardOf } from './keyboard.fixture.ts'
import { openPortal, people, resident } from './portal.fixture.ts'

export const patient = { ...inhabitant(1), familyName: 'TEST-NARCISSE', givenName: 'LUCIENNE' }
export const elder = { ...inhabitant(2), familyName: 'TEST-SAUGE', givenName: 'SIMONE' }
export const question = 'Pansement à refaire : qui peut passer demain ?'
export const toTheGp = { primaryPhysicianRpps: people.gp.id.replace('rpps:', '') }

type Visit = Parameters<Awaited<ReturnType<typeof openBrowser>>['device']>[0]

/** A town in the morning: two people in hospital, and those around them. */
export async function openMorning() {
  const [town, browser] = await Promise.all([openPortal(), openBrowser()])
  const ins = `${elder.insBody}${insKeyOf(elder.insBody ?? '') ?? ''}`
  const { familyName: birthName, givenName: givenNames } = elder
  await resident(town, { room: '101', birthName, givenNames, birthDate: '1941-07-09', sex: 'F', ins })
  await town.sends({ ...patient, ...toTheGp, movement: 'M1' })
  await town.sends({ ...elder, movement: 'M2' })
  const patientId = await town.idOf(patient.ipp)
  await town.joins(patientId, people.homeNurse, 'infirmier')
  await town.joins(patientId, people.pharmacist, 'pharmacien')

  /** Somebody sits down, signs in and has no mouse. */
  async function comes({ name }: { name: string }, path = '/', visit: Visit = {}) {
    const { page, faults } = await browser.device(visit)
    const keyboard = keyboardOf(page)
    await page.goto(`${town.url}/app${path}`)
    await keyboard.activates(page.getByRole('button', { name: /^(Se connecter|Sign in)$/ }))
    await choosesSelf(keyboard, name)
    return { page, faults, keyboard }
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

  return { town, patientId, comes, asks }
}

/** On the page of the issuer: among so many, one is looked for. */
async function choosesSelf(keyboard: Keyboard, name: string): Promise<void> {
  const { page, writes, press, activates } = keyboard
  await writes(page.getByRole('searchbox'), name)
  await press('Enter')
  await page.getByRole('link', { name: /^(Tout le monde|Everybody)$/ }).waitFor()
  await activates(page.getByRole('button', { name }))
  await page.getByRole('button', { name: /^(Vous|You) : / }).waitFor()
}
