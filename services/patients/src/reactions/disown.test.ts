import { NoticeEvent, noticeEvents } from '@relais/contracts/notices'
import { ProfessionalId } from '@relais/contracts/primitives'
import { recorder } from '@relais/runtime/adapters.fixture'
import { FACILITY, newStay, participantsReported, type Stay } from '@relais/runtime/stay-facts.fixture'
import { expect, test } from 'vitest'
import { clerk, openPatients, type Patients } from '../patients.fixture.ts'

const gp = ProfessionalId.parse('rpps:10002909371')
const physician = { id: gp, role: 'medecin' }

function returned(stay: Stay, returnedAt: string): NoticeEvent {
  const noticeId = crypto.randomUUID()
  const notice = { ...stay, noticeId, recipient: gp, role: 'medecin-traitant', facility: FACILITY, wards: [] }
  return NoticeEvent.parse({ type: 'NoticeReturned', data: { ...notice, by: gp, alsoOf: [], returnedAt } })
}

async function record({ store, adapters, clock }: Patients, event: NoticeEvent): Promise<string> {
  const write = recorder({ store, keyring: adapters.vault, now: () => clock.now })
  return `${adapters.epoch}:${await write(noticeEvents, event, { owner: event.data.noticeId })}`
}

test('who says “not my patient” leaves the circle, and comes back only when a person says so', async () => {
  const patients = await openPatients()
  const { clock } = patients
  const stay = await patients.admit()
  const circle = `/patients/${stay.patientId}/circle`
  const clerking = await patients.as(clerk)
  const names = async () => {
    await patients.settled()
    const { members } = (await clerking(circle)).body
    return members.map(({ source, leftAt }: Record<string, string>) => [source, leftAt ?? 'present'])
  }
  await patients.report(participantsReported(stay, [['primaryPhysician', gp]]))
  await patients.settled()
  expect(await names()).toEqual([['reported', 'present']])

  clock.now = '2026-11-03T08:10:00.000Z'
  const position = await record(patients, returned(stay, clock.now))
  const ask = await patients.as(physician)
  expect((await ask(circle, { headers: { 'relais-position': position } })).status).toBe(404)
  await expect.poll(names).toEqual([['reported', clock.now]])

  clock.now = '2026-11-03T08:20:00.000Z'
  const again = newStay(stay.patientId)
  await patients.report(participantsReported(again, [['primaryPhysician', gp]]))
  expect(await names()).toEqual([['reported', '2026-11-03T08:10:00.000Z']])
  await clerking(circle, { body: { memberId: gp, role: 'medecin-traitant' } })
  expect(await names()).toEqual([
    ['reported', '2026-11-03T08:10:00.000Z'],
    ['declared', 'present'],
  ])
})
