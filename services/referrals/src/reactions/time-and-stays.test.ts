import { deathEvents } from '@relais/contracts/deaths'
import { linkEvents } from '@relais/contracts/patients'
import { ReferralView } from '@relais/contracts/referral-views'
import { denied, died } from '@relais/runtime/death-facts.fixture'
import { linked } from '@relais/runtime/link-facts.fixture'
import { newStay } from '@relais/runtime/stay-facts.fixture'
import { stood } from '@relais/runtime/standing-facts.fixture'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import {
  asked,
  colleague,
  gp,
  nurse,
  openReferrals,
  positionIn,
  type Referrals,
  request,
  TEAM,
  WARD,
} from '../referrals.fixture.ts'

const HOUR = 3_600_000

/** Time passes, and something is written, which wakes what waits for its hour. */
async function passes(referrals: Referrals, now: string) {
  referrals.clock.now = now
  await request(await referrals.as(nurse), asked(await referrals.admit(), { answerBy: '2026-11-30T08:00:00.000Z' }))
}
async function itemsOf({ facts }: Referrals, referralId: string) {
  return (await facts(referralId)).flatMap(({ type, data }) =>
    type === 'WorkGiven' ? [`${data.work.recipient} ${data.work.nature} ${data.work.state}`] : [],
  )
}

const has = (referrals: Referrals, referralId: string, item: string) =>
  waitUntil(async () => (await itemsOf(referrals, referralId)).includes(item), item)

test('an answer that does not come brings the next ones, and in the end the requester', async () => {
  const referrals = await openReferrals()
  const stay = await referrals.admit()
  const ladder = [{ after: HOUR, from: 'due', receivers: [{ recipient: TEAM }] }]
  const body = asked(stay, { answerBy: '2026-11-03T10:00:00.000Z', ladder })
  const { referralId } = await request(await referrals.as(nurse), body)

  await passes(referrals, '2026-11-03T10:00:00.000Z')
  await referrals.happened(referralId, 'AnswerOverdue')
  expect(await itemsOf(referrals, referralId)).toEqual([`${gp.id} referralAsked open`])

  await passes(referrals, '2026-11-03T11:00:00.000Z')
  await referrals.happened(referralId, 'ReferralEscalated')
  expect((await itemsOf(referrals, referralId)).slice(1)).toEqual([
    `${WARD} referralEscalated open`,
    `${TEAM} referralEscalated open`,
  ])

  await passes(referrals, '2026-11-03T13:00:00.000Z')
  await has(referrals, referralId, `${WARD} nobodyAccepts open`)
})

test('hours of opening are counted for a rung that names them: it waits for Monday', async () => {
  const referrals = await openReferrals()
  referrals.clock.now = '2026-11-07T10:30:00.000Z'
  const stay = await referrals.admit()
  const ladder = [{ after: 2 * HOUR, from: 'request', clock: 'openHours', receivers: [{ recipient: TEAM }] }]
  const body = asked(stay, { answerBy: '2026-11-09T20:00:00.000Z', ladder })
  const { referralId } = await request(await referrals.as(nurse), body)
  const [requested] = await referrals.facts(referralId)
  // Saturday 11:30 in Paris: open until noon, then on Monday from eight.
  expect(requested?.data).toMatchObject({ ladder: [{ at: '2026-11-09T08:30:00.000Z' }] })
})

test('who comes first is asked first, and the others when that time has passed', async () => {
  const referrals = await openReferrals()
  const stay = await referrals.admit()
  const receivers = [{ recipient: gp.id }, { recipient: colleague.id }]
  const priority = { recipients: [gp.id], until: '2026-11-03T09:00:00.000Z' }
  const { referralId } = await request(await referrals.as(nurse), asked(stay, { receivers, priority }))
  expect((await (await referrals.as(colleague))(`/referrals/${referralId}`)).status).toBe(404)
  await passes(referrals, '2026-11-03T09:00:00.000Z')
  await referrals.happened(referralId, 'ReferralWidened')
  expect((await (await referrals.as(colleague))(`/referrals/${referralId}`)).status).toBe(200)
})

test('an unscheduled request promises an appointment within 24 hours, and says when that was missed', async () => {
  const referrals = await openReferrals()
  const stay = await referrals.admit()
  const ward = await referrals.as(nurse)
  const { referralId, answer } = await request(ward, asked(stay, { kind: 'unscheduled' }))
  const read = async (headers = {}) => ReferralView.parse((await ward(`/referrals/${referralId}`, { headers })).body)
  expect((await read(positionIn(answer))).promise).toEqual({ promise: 'snp24', dueAt: '2026-11-04T08:00:00.000Z' })
  await passes(referrals, '2026-11-04T08:00:00.000Z')
  await referrals.happened(referralId, 'PromiseMissed')
  expect((await read()).promise).toMatchObject({ isKept: false })
})

test('nothing is asked any more for a patient who has died, whichever number it was asked under', async () => {
  const referrals = await openReferrals()
  const [stay, other] = [await referrals.admit(), newStay()]
  await referrals.record(linkEvents, linked(stay.patientId, other.patientId), { owner: crypto.randomUUID() })
  const { referralId } = await request(await referrals.as(nurse), asked(stay))
  await referrals.tell(stood(other, { nature: 'died', status: 'discharged', died: true }))
  await referrals.happened(referralId, 'ReferralClosed')
  expect((await itemsOf(referrals, referralId)).slice(1)).toEqual([
    `${gp.id} patientDied withdrawn`,
    `${WARD} patientDied withdrawn`,
  ])
})

test('a death that a message or a register says ends what is asked, also where the numbers are linked later', async () => {
  const referrals = await openReferrals()
  const ward = await referrals.as(nurse)
  const [stay, other] = [await referrals.admit(), await referrals.admit()]
  const [own, ofOther] = [await request(ward, asked(stay)), await request(ward, asked(other))]
  const dead = died(stay.patientId, { register: { ehpad: '990000028', residentId: crypto.randomUUID() } })
  await referrals.record(deathEvents, dead, { owner: stay.patientId })
  await referrals.happened(own.referralId, 'ReferralClosed')
  expect((await itemsOf(referrals, own.referralId)).slice(1)).toEqual([
    `${gp.id} patientDied withdrawn`,
    `${WARD} patientDied withdrawn`,
  ])
  expect(await itemsOf(referrals, ofOther.referralId)).toHaveLength(1)
  await referrals.record(linkEvents, linked(other.patientId, stay.patientId), { owner: crypto.randomUUID() })
  await referrals.happened(ofOther.referralId, 'ReferralClosed')
  await referrals.record(deathEvents, died(stay.patientId), { owner: stay.patientId })
  const { referralId } = await request(ward, asked(await referrals.admit()))
  await referrals.shown()
  const closed = async (id: string) =>
    (await referrals.facts(id)).filter(({ type }) => type === 'ReferralClosed').length
  expect([await closed(own.referralId), await closed(ofOther.referralId), await closed(referralId)]).toEqual([1, 1, 0])
})

test('a death that was denied before it was looked at ends nothing', async () => {
  const referrals = await openReferrals()
  const [stay, later] = [await referrals.admit(), await referrals.admit()]
  const ward = await referrals.as(nurse)
  await referrals.record(deathEvents, died(stay.patientId), { owner: stay.patientId })
  await referrals.record(deathEvents, denied(stay.patientId), { owner: stay.patientId })
  const [{ referralId }, other] = [await request(ward, asked(stay)), await request(ward, asked(later))]
  await referrals.record(linkEvents, linked(stay.patientId, newStay().patientId), { owner: crypto.randomUUID() })
  await referrals.record(deathEvents, died(later.patientId), { owner: later.patientId })
  await referrals.happened(other.referralId, 'ReferralClosed')
  expect(await itemsOf(referrals, referralId)).toHaveLength(1)
})

test('who asked for a stay that never was looks at it, and the request stays', async () => {
  const referrals = await openReferrals()
  const [stay, other] = [await referrals.admit(), await referrals.admit()]
  const ward = await referrals.as(nurse)
  const [{ referralId }, elsewhere] = [await request(ward, asked(stay)), await request(ward, asked(other))]
  await referrals.tell(stood(stay, { nature: 'withdrawn', status: 'withdrawn' }))
  await has(referrals, referralId, `${WARD} stayWithdrawn open`)
  expect(await itemsOf(referrals, elsewhere.referralId)).toHaveLength(1)
  const accepted = await (await referrals.as(gp))(`/referrals/${referralId}/accept`, { body: {} })
  expect(accepted.status).toBe(204)
})
