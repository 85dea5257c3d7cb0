import { AbsenceEvent, absenceEvents } from '@relais/contracts/absences'
import { expect, test } from 'vitest'
import { asked, colleague, gp, nurse, openReferrals, type Referrals, request, TEAM } from '../referrals.fixture.ts'

/** What the directory says: the GP goes away, and a colleague stands in, unless the test says otherwise. */
async function away({ record, clock }: Referrals, type: 'AbsenceBegan' | 'AbsenceEnded' = 'AbsenceBegan') {
  const absenceId = '00000000-0000-4000-8000-000000000001'
  const said = { keyOwner: 'directory', absenceId, professionalId: gp.id, replacement: colleague.id }
  const event = AbsenceEvent.parse({ type, data: { ...said, beganAt: clock.now, endedAt: clock.now } })
  await record(absenceEvents, event, { owner: absenceId })
}
async function askedOf({ facts }: Referrals, referralId: string) {
  const told = await facts(referralId)
  return told.flatMap(({ type, data }) => (type === 'ReceiverAsked' ? [`${data.recipient} ${data.because}`] : []))
}
const both = [`${gp.id} requested`, `${colleague.id} redirected`]

test('what is asked of a GP who is away is asked of the replacement as well, who may accept it', async () => {
  const referrals = await openReferrals()
  const stay = await referrals.admit()
  await away(referrals)
  const { referralId } = await request(await referrals.as(nurse), asked(stay))
  await expect.poll(() => askedOf(referrals, referralId), { timeout: 20_000 }).toEqual(both)
  const accepted = await (await referrals.as(colleague))(`/referrals/${referralId}/accept`, { body: {} })
  expect(accepted.status).toBe(204)
})

test('what waits for an answer when the absence begins is asked of the replacement too', async () => {
  const referrals = await openReferrals()
  const ward = await referrals.as(nurse)
  const [waiting, settled] = [
    await request(ward, asked(await referrals.admit())),
    await request(ward, asked(await referrals.admit())),
  ]
  const refusal = { reason: 'full' }
  await (
    await referrals.as(gp)
  )(`/referrals/${settled.referralId}/decline`, { body: refusal })
  await away(referrals)
  await expect.poll(() => askedOf(referrals, waiting.referralId), { timeout: 20_000 }).toEqual(both)
  expect(await askedOf(referrals, settled.referralId)).toEqual([`${gp.id} requested`])
})

test('what the replacement has not answered when the absence ends is the GP’s alone again', async () => {
  const referrals = await openReferrals()
  const stay = await referrals.admit()
  await away(referrals)
  const { referralId } = await request(await referrals.as(nurse), asked(stay))
  await expect.poll(() => askedOf(referrals, referralId), { timeout: 20_000 }).toEqual(both)
  await away(referrals, 'AbsenceEnded')
  await referrals.happened(referralId, 'ReceiverStoodDown')
  const standIn = await referrals.as(colleague)
  const { body } = await standIn(`/referrals/${referralId}`)
  expect(body).not.toHaveProperty('question')
  expect((await standIn('/referrals?box=received')).body).toEqual({ items: [] })
  const accepted = await (await referrals.as(gp))(`/referrals/${referralId}/accept`, { body: {} })
  expect(accepted.status).toBe(204)
})

test('who was asked already is not asked twice, and nobody stands in where none is named', async () => {
  const referrals = await openReferrals()
  const ward = await referrals.as(nurse)
  await away(referrals)
  const receivers = [{ recipient: gp.id }, { recipient: colleague.id }, { recipient: TEAM }]
  const { referralId } = await request(ward, asked(await referrals.admit(), { receivers }))
  const later = await request(ward, asked(await referrals.admit()))
  await expect.poll(() => askedOf(referrals, later.referralId), { timeout: 20_000 }).toEqual(both)
  expect(await askedOf(referrals, referralId)).toHaveLength(3)
})
