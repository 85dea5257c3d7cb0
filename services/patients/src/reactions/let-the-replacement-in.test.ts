import { AbsenceEvent, absenceEvents } from '@relais/contracts/absences'
import { PatientId, ProfessionalId } from '@relais/contracts/primitives'
import { runEvents } from '@relais/contracts/protocol-runs'
import { StayEvent } from '@relais/contracts/stays'
import { hasReacted, recorder, START } from '@relais/runtime/adapters.fixture'
import { stood, type StandingDetails } from '@relais/runtime/standing-facts.fixture'
import { expect, test } from 'vitest'
import { clerk, openPatients, type Patients } from '../patients.fixture.ts'

const gp = ProfessionalId.parse('rpps:10002909371')
const locum = ProfessionalId.parse('rpps:10000023084')
const nurse = ProfessionalId.parse('rpps:10100000041')

/** What the directory says of an absence. */
async function away(patients: Patients, type: AbsenceEvent['type'], { of = gp, by = locum } = {}) {
  const write = recorder({ store: patients.store, keyring: patients.adapters.vault, now: () => patients.clock.now })
  const said = { keyOwner: 'directory', absenceId: absenceOf(of), professionalId: of, replacement: by }
  const event = AbsenceEvent.parse({
    type,
    data: { ...said, beganAt: patients.clock.now, endedAt: patients.clock.now },
  })
  await write(absenceEvents, event, { owner: absenceOf(of) })
}
const absenceOf = (of: string) => `00000000-0000-4000-8000-0${of.slice(-11)}`

/** What a protocol asks of somebody. */
async function asked(patients: Patients, patientId: string, recipient: string) {
  const write = recorder({ store: patients.store, keyring: patients.adapters.vault, now: () => patients.clock.now })
  const [runId, stayId, protocolId] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()]
  const work = {
    subject: { kind: 'step', runId, stepId: 'appel' },
    recipient,
    nature: 'stepReassigned',
    state: 'open',
    expected: { action: 'doStep' },
    urgency: 'routine',
    title: 'Appel à 48 h',
    withheld: false,
    from: { by: 'cpts:alix', wards: [] },
  }
  const data = { runId, stayId, protocolId, patientId, work, happenedAt: patients.clock.now }
  await write(runEvents, runEvents.schema.parse({ type: 'WorkGiven', data }), { owner: runId })
}

async function openCircle() {
  const patients = await openPatients()
  const stay = await patients.admit()
  const { patientId } = stay
  const office = await patients.as(clerk)
  const declare = (memberId: string, role: string) =>
    office(`/patients/${patientId}/circle`, { body: { memberId, role } })
  const members = async (): Promise<string[]> => {
    const { body } = await office(`/patients/${patientId}/circle`)
    const present = body.members.filter((member: { leftAt?: string }) => member.leftAt === undefined)
    return present.map((member: { memberId: string; role: string }) => `${member.memberId} ${member.role}`)
  }
  let minutes = 0
  /** Every act a minute after the one before. */
  const later = () => {
    minutes += 1
    patients.clock.now = new Date(Date.parse(START) + minutes * 60_000).toISOString()
  }
  const reacted = () => {
    const categories = ['absence', 'circle', 'stay', 'protocolRun']
    return hasReacted(patients, { schema: 'patients', categories, name: 'let-the-replacement-in-1' })
  }
  const settle = async (act: Promise<unknown>) => {
    await act
    await reacted()
    later()
  }
  await settle(declare(gp, 'medecin-traitant'))
  const happens = (details: StandingDetails = {}) => {
    const event = StayEvent.parse(stood(stay, { patientClass: 'I', ...details }))
    return patients.report(event)
  }
  const { stayId } = stay
  return { patients, stayId, patientId: PatientId.parse(patientId), office, declare, members, settle, happens }
}
const [withGp, withLocum] = [`${gp} medecin-traitant`, `${locum} remplacant`]

test('who stands in joins when something happens to a patient of the absent one, and leaves at the end', async () => {
  const { patients, stayId, members, settle, happens } = await openCircle()
  await settle(away(patients, 'AbsenceBegan'))
  expect(await members()).toEqual([withGp])
  await settle(happens())
  await expect.poll(members).toEqual([withGp, withLocum])
  const joining = (await patients.facts()).find(({ event }) => event?.type === 'MemberJoined' && event.data.stayId)
  expect(joining?.event?.data).toMatchObject({ memberId: locum, replaces: gp, stayId })
  await settle(away(patients, 'AbsenceEnded'))
  await expect.poll(members).toEqual([withGp])
})

test('somebody who is away, and comes to be around a patient, is stood in for at once', async () => {
  const { patients, members, settle, declare } = await openCircle()
  await settle(away(patients, 'AbsenceBegan', { of: nurse }))
  expect(await members()).toEqual([withGp])
  await settle(declare(nurse, 'infirmier'))
  await expect.poll(members).toEqual([withGp, `${nurse} infirmier`, withLocum])
  await settle(away(patients, 'AbsenceEnded', { of: nurse }))
  await expect.poll(members).toEqual([withGp, `${nurse} infirmier`])
})

test('nothing happens to a patient of whom nobody may learn, nor for who is not in the circle', async () => {
  const { patients, members, settle, happens } = await openCircle()
  await settle(away(patients, 'AbsenceBegan'))
  await settle(away(patients, 'AbsenceBegan', { of: nurse, by: nurse }))
  await settle(happens({ confidential: true }))
  await settle(happens({ patientClass: 'O' }))
  expect(await members()).toEqual([withGp])
})

test('a step that goes to who stands in lets him or her in; one that goes to others does not', async () => {
  const { patients, patientId, members, settle } = await openCircle()
  await settle(away(patients, 'AbsenceBegan'))
  await settle(asked(patients, patientId, nurse))
  expect(await members()).toEqual([withGp])
  await settle(asked(patients, patientId, locum))
  await expect.poll(members).toEqual([withGp, withLocum])
})

test('who was there for another reason stays', async () => {
  const { patients, members, settle, happens, declare } = await openCircle()
  await settle(declare(locum, 'medecin'))
  await settle(away(patients, 'AbsenceBegan'))
  await settle(happens())
  await settle(away(patients, 'AbsenceEnded'))
  await expect.poll(members).toEqual([withGp, `${locum} medecin`])
})

test('whom a person let in as the replacement stays when the absence ends', async () => {
  const { patients, members, settle, happens, declare } = await openCircle()
  await settle(away(patients, 'AbsenceBegan'))
  await settle(happens())
  await settle(declare(locum, 'remplacant'))
  await settle(away(patients, 'AbsenceEnded'))
  expect(await members()).toEqual([withGp, withLocum])
})

test('one who stands in for two stays until both are back, and leaves with who leaves the circle', async () => {
  const { patients, patientId, members, settle, happens, declare, office } = await openCircle()
  await settle(declare(nurse, 'infirmier'))
  await settle(away(patients, 'AbsenceBegan'))
  await settle(away(patients, 'AbsenceBegan', { of: nurse }))
  await settle(happens())
  const withNurse = `${nurse} infirmier`
  await settle(away(patients, 'AbsenceEnded', { of: nurse }))
  expect(await members()).toEqual([withGp, withNurse, withLocum])
  await settle(office(`/patients/${patientId}/circle/${gp}/medecin-traitant`, { method: 'DELETE' }))
  await expect.poll(members).toEqual([withNurse])
})
