import { PatientId, ProfessionalId } from '@relais/contracts/primitives'
import { ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import { hasReacted, recorder, START } from '@relais/runtime/adapters.fixture'
import { expect, test } from 'vitest'
import { clerk, openPatients, type Patients } from '../patients.fixture.ts'

const surgeon = ProfessionalId.parse('rpps:10100000041')
const at = (minute: number) => new Date(Date.parse(START) + minute * 60_000).toISOString()

type Details = { referralId?: string; kind?: string; role?: string }

/** What the service `referrals` says of somebody who was asked. */
async function tell(patients: Patients, patientId: string, type: string, details: object) {
  const event = ReferralEvent.parse({ type, data: { patientId: PatientId.parse(patientId), ...details } })
  const write = recorder({ store: patients.store, keyring: patients.adapters.vault, now: () => patients.clock.now })
  return write(referralEvents, event, { owner: event.data.referralId })
}
function asked({ referralId = crypto.randomUUID(), kind = 'takeOver', role = 'medecin' }: Details) {
  return { referralId, kind, role, recipient: surgeon, askedAt: START }
}
const accepted = (details: Details = {}, minute = 1) => ({ ...asked(details), by: surgeon, acceptedAt: at(minute) })
const stoodDown = (details: Details, minute = 1) => ({
  ...asked(details),
  because: 'cancelled',
  accepted: { by: surgeon, at: at(minute) },
  stoodDownAt: at(60),
})

async function openCircle() {
  const patients = await openPatients()
  const { patientId } = await patients.admit()
  const office = await patients.as(clerk)
  const members = async () => {
    const { body } = await office(`/patients/${patientId}/circle`)
    const present = body.members.filter((member: { leftAt?: string }) => member.leftAt === undefined)
    return present.map((member: { memberId: string; role: string }) => `${member.memberId} ${member.role}`)
  }
  const says = (type: string, details: object) => tell(patients, patientId, type, details)
  return { ...patients, patientId, members, says }
}

test('who accepts to take a patient over joins the circle, and leaves it when that is cancelled', async () => {
  const { members, says } = await openCircle()
  const one = { referralId: crypto.randomUUID() }
  await says('ReferralAccepted', accepted(one))
  await expect.poll(members).toEqual([`${surgeon} medecin`])
  await says('ReceiverStoodDown', stoodDown(one))
  await expect.poll(members).toEqual([])
})

test('who gives an opinion joins no circle, and nobody becomes the médecin traitant by being asked as such', async () => {
  const { members, says } = await openCircle()
  await says('ReferralAccepted', accepted({ kind: 'advice' }))
  await says('ReferralAccepted', accepted({ role: 'medecin-traitant' }, 2))
  await expect.poll(members).toEqual([`${surgeon} medecin`])
})

test('as long as another referral is why, the end of one of them changes nothing', async () => {
  const { members, says } = await openCircle()
  const [one, other] = [{ referralId: crypto.randomUUID() }, { referralId: crypto.randomUUID() }]
  await says('ReferralAccepted', accepted(one, 1))
  await says('ReferralAccepted', accepted(other, 2))
  await expect.poll(members).toEqual([`${surgeon} medecin`])
  await says('ReceiverStoodDown', stoodDown(one, 1))
  const third = { referralId: crypto.randomUUID(), role: 'infirmier' }
  await says('ReferralAccepted', accepted(third, 3))
  await expect.poll(members).toEqual([`${surgeon} medecin`, `${surgeon} infirmier`])
  await says('ReceiverStoodDown', stoodDown(other, 2))
  await says('ReceiverStoodDown', stoodDown(third, 3))
  await expect.poll(members).toEqual([])
})

test('who was in the circle before stays there when a referral ends', async () => {
  const patients = await openCircle()
  const { members, says, patientId } = patients
  const office = await patients.as(clerk)
  const body = { memberId: surgeon, role: 'medecin', ground: 'recognisedTeam' }
  expect((await office(`/patients/${patientId}/circle`, { body })).status).toBeLessThan(300)
  const one = { referralId: crypto.randomUUID() }
  await says('ReferralAccepted', accepted(one))
  await says('ReceiverStoodDown', stoodDown(one))
  const reaction = { schema: 'patients', categories: ['referral'], name: 'let-in-who-takes-charge-1' }
  await hasReacted(patients, reaction)
  expect(await members()).toEqual([`${surgeon} medecin`])
})
