import { ReferralView } from '@relais/contracts/referral-views'
import { expect, test } from 'vitest'
import { asked, gp, nurse, openReferrals, positionIn, request } from '../referrals.fixture.ts'

test('a ward asks, a GP accepts, sees the patient and answers; the ward reads the answer and closes', async () => {
  const referrals = await openReferrals()
  const { clock, admit, as, reading: read } = referrals
  const stay = await admit()
  const [ward, physician, reading] = [await as(nurse), await as(gp), await read(nurse)]
  const { referralId, answer } = await request(ward, asked(stay))
  expect(answer.status).toBe(204)
  const path = `/referrals/${referralId}`

  const seen = ReferralView.parse((await physician(path, { headers: positionIn(answer) })).body)
  expect(seen).toMatchObject({ party: 'receiver', patientId: stay.patientId, receivers: [{ status: 'sent' }] })
  expect(seen.from).toEqual({
    by: nurse.id,
    organisation: nurse.organisation,
    wards: [{ facility: '990000010', code: '4101' }],
  })

  clock.now = '2026-11-03T09:00:00.000Z'
  expect((await physician(`${path}/accept`, { body: {} })).status).toBe(204)
  const startsAt = '2026-11-05T14:00:00.000Z'
  expect((await physician(`${path}/appointment`, { body: { startsAt, place: 'Cabinet' } })).status).toBe(204)
  clock.now = '2026-11-05T15:00:00.000Z'
  expect((await physician(`${path}/seen`, { body: { seenAt: '2026-11-05T14:10:00.000Z' } })).status).toBe(204)
  const said = await physician(`${path}/answer`, { body: { answer: 'Holter demandé, revoir dans un mois.' } })
  expect(said.status).toBe(204)

  const view = ReferralView.parse((await ward(path, { headers: positionIn(said) })).body)
  expect(view).toMatchObject({ party: 'requester', receivers: [{ recipient: gp.id, status: 'answered' }] })
  const document = view.receivers[0]?.answer?.answer
  const text = await reading(`${path}/documents/${document?.documentId}`)
  expect(text.body).toBe('Holter demandé, revoir dans un mois.')
  expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(text.headers.get('content-disposition')).toContain('attachment')

  const closed = await ward(`${path}/close`, { body: {} })
  expect(closed.status).toBe(204)
  expect(await ward(path, { headers: positionIn(closed) })).toMatchObject({ body: { status: 'closed' } })
  expect((await referrals.facts(referralId)).map(({ type }) => type).filter((type) => type !== 'WorkGiven')).toEqual([
    'ReferralRequested',
    'ReceiverAsked',
    'ReferralAccepted',
    'AppointmentScheduled',
    'PatientSeen',
    'ReferralAnswered',
    'ReferralClosed',
  ])
})
