import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ProfessionalId } from '@relais/contracts/primitives'
import { newStay, participantsReported } from '@relais/runtime/stay-facts.fixture'
import { expect, test } from 'vitest'
import { clerk, nurse, openPatients, type Patients } from '../patients.fixture.ts'

const [one, two, three] = [1, 2, 3].map((n) => ProfessionalId.parse(`rpps:1000000000${n}`)) as [
  ProfessionalId,
  ProfessionalId,
  ProfessionalId,
]

let minute = 0
/** Each step a minute after the one before. */
function laterIn({ clock }: Patients) {
  minute += 1
  clock.now = new Date(Date.parse('2026-11-03T08:00:00.000Z') + minute * 60_000).toISOString()
}

/** Reports, corrections, declarations and removals, in an order in which each of them bears on what came before. */
async function busyDay(patients: Patients): Promise<void> {
  const stay = await patients.admit()
  const again = newStay(stay.patientId)
  const ask = await patients.as(clerk)
  const circle = `/patients/${stay.patientId}/circle`
  const steps = [
    () => patients.reportIdentity(stay, { birthName: 'TEST-UN' }),
    () => patients.reportIdentity(again, { birthName: 'TEST-UN' }),
    () => patients.reportIdentity(stay, { birthName: 'TEST-DEUX' }),
    () => patients.reportIdentity(again, { birthName: 'TEST-UN' }),
    () =>
      patients.report(
        participantsReported(stay, [
          ['primaryPhysician', one],
          ['correspondent', three],
        ]),
      ),
    () => patients.report(participantsReported(again, [['primaryPhysician', one]])),
    () => patients.report(participantsReported(stay, [['primaryPhysician', two]])),
    () => ask(`${circle}/${two}/medecin-traitant`, { method: 'DELETE' }),
    () => ask(circle, { body: { memberId: three, role: 'medecin-traitant' } }),
    () =>
      patients.report(
        participantsReported(again, [
          ['primaryPhysician', two],
          ['correspondent', one],
        ]),
      ),
    () => ask(`${circle}/${three}/medecin-traitant`, { method: 'DELETE' }),
  ]
  for (const step of steps) {
    laterIn(patients)
    await step()
    await patients.settled()
  }
}

const namesIn = async (patients: Patients) =>
  (await patients.facts()).map(({ event }) =>
    event && 'role' in event.data ? `${event.type} ${event.data.memberId} ${event.data.role}` : event?.type,
  )

test('what was reported is recorded in its order, as far as nothing stronger stands against it', async () => {
  const patients = await openPatients()
  await busyDay(patients)
  expect(await namesIn(patients)).toEqual([
    'IdentityRecorded',
    'IdentityRecorded',
    'IdentityRecorded',
    'IdentityRecorded',
    `MemberJoined ${one} medecin-traitant`,
    `MemberLeft ${one} medecin-traitant`,
    `MemberJoined ${two} medecin-traitant`,
    `MemberLeft ${two} medecin-traitant`,
    `MemberJoined ${three} medecin-traitant`,
    `MemberLeft ${three} medecin-traitant`,
  ])
})

test('everything told again from the beginning changes nothing: no fact, no row, and nobody who left comes back', async () => {
  const before = await openPatients()
  await busyDay(before)
  const names = await namesIn(before)
  await before.close()

  // Views may be thrown away, and with them how far the reaction came.
  for (const file of readdirSync(before.folder))
    if (file.startsWith('relais.patients.')) rmSync(join(before.folder, file))
  const again = await openPatients({ folder: before.folder, store: before.store })
  await again.settled()
  expect(await namesIn(again)).toEqual(names)

  const ask = await again.as({ ...nurse, scopes: ['operate'] })
  const started = await ask('/operations/patients/jobs', { body: { kind: 'verify', projection: 'patient-records-2' } })
  await expect
    .poll(async () => (await ask(`/operations/patients/jobs/${started.body.jobId}`)).body, { timeout: 20_000 })
    .toMatchObject({ state: 'done', matches: true })
})

test('who is named by a message hears of the stay that it is about, though that be over', async () => {
  const patients = await openPatients()
  const stay = await patients.admit()
  await patients.report(participantsReported(stay, [['primaryPhysician', one]]))
  await patients.settled()
  const joining = (await patients.facts()).find(({ event }) => event?.type === 'MemberJoined')
  expect(joining?.event?.data).toMatchObject({ memberId: one, stayId: stay.stayId })
})
