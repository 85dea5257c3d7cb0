import { expect, test } from 'vitest'
import { RequestReferralBody } from '@relais/contracts/referral-routes'
import { toLocal } from '../ward/local-time.ts'
import { bodyOf, faultsOf, newReferral, withoutReceiver, withReceiver } from './referral-draft.ts'

const now = Date.parse('2026-11-20T16:00:00.000Z')
const hour = 3_600_000
const gp = 'rpps:99700000013'
const other = 'rpps:99700000021'
const empty = newReferral(() => '00000000-0000-4000-8000-000000000001')
const filled = withReceiver({ ...empty, title: 'Cardiologie', question: 'Avis sur un traitement' }, gp)
const known = { patientId: '00000000-0000-4000-8000-000000000002', stayId: undefined, now }

test('a request asks for a title, a question and somebody to answer', () => {
  expect(faultsOf(empty, now)).toEqual(['titleMissing', 'questionMissing', 'receiverMissing'])
  expect(faultsOf(filled, now)).toEqual([])
})

test('it is what the contract takes, with an answer awaited as soon as the urgency says', () => {
  const body = bodyOf({ ...filled, urgency: 'urgent' }, known)
  expect(body).toMatchObject({ answerBy: '2026-11-20T18:00:00.000Z', receivers: [{ recipient: gp }], ladder: [] })
  expect(RequestReferralBody.safeParse(body).success).toBe(true)
})

test('an answer is not awaited in the past', () =>
  expect(faultsOf({ ...filled, answerBy: toLocal(now - hour) }, now)).toEqual(['answerByPassed']))

test('only unscheduled care is promised within a time', () => {
  expect(bodyOf(filled, known)).not.toHaveProperty('promise')
  expect(bodyOf({ ...filled, kind: 'unscheduled' }, known)).toMatchObject({ promise: 'snp24' })
})

test('some may be asked first, for a time that ends before the answer is awaited', () => {
  const two = { ...withReceiver(filled, other), first: [gp] }
  expect(faultsOf(two, now)).toEqual(['firstTimeMissing'])
  expect(faultsOf({ ...two, firstHours: '24' }, now)).toEqual(['firstTooLate'])
  expect(bodyOf({ ...two, firstHours: '1,5' }, known)).toMatchObject({
    priority: { recipients: [gp], until: '2026-11-20T17:30:00.000Z' },
  })
  expect(bodyOf({ ...two, firstHours: '1', mode: 'independent' }, known)).not.toHaveProperty('priority')
})

test('who is left out is not asked first either', () =>
  expect(withoutReceiver({ ...withReceiver(filled, other), first: [other] }, other)).toMatchObject({
    receivers: [gp],
    first: [],
  }))

test('a rung of the ladder says when and whom, and asks nobody twice', () => {
  const rung = { hours: '', from: 'request' as const, receivers: [other] }
  expect(faultsOf({ ...filled, ladder: [rung] }, now)).toEqual(['rungIncomplete'])
  expect(faultsOf({ ...filled, ladder: [{ ...rung, hours: '2', receivers: [gp] }] }, now)).toEqual(['rungRepeats'])
  expect(bodyOf({ ...filled, ladder: [{ ...rung, hours: '2' }] }, known)).toMatchObject({
    ladder: [{ after: 2 * hour, from: 'request', receivers: [{ recipient: other }] }],
  })
})
