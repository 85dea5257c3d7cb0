import { specification } from '@relais/testkit/specification'
import { expect, test } from 'vitest'
import type { ReferralCommand } from './commands.ts'
import { referral } from './referral.ts'
import {
  accepts,
  after,
  ask,
  asked,
  ASKED,
  at,
  closes,
  colleague,
  declines,
  gp,
  member,
  NOON,
  nurse,
  receivers,
  requestOf,
  rung,
  team,
  told,
  ward,
  work,
} from './referral.fixture.ts'

const { given } = specification(referral)
const expected = { action: 'answerReferral' as const, dueAt: NOON }

test('whoever is asked has something to answer, in the time that was given', () =>
  given()
    .when(ask())
    .thenEvents(
      { type: 'ReferralRequested', data: requestOf() },
      asked(gp),
      work(gp, 'referralAsked', { expected, happenedAt: ASKED }),
    ))

test('several are asked at once; who the patient is may stay unsaid', () =>
  given()
    .when(ask({ receivers: receivers(gp, team), identityWithheld: true }))
    .thenEvents(
      { type: 'ReferralRequested', data: requestOf({ receivers: receivers(gp, team), identityWithheld: true }) },
      asked(gp),
      asked(team),
      work(gp, 'referralAsked', { expected, withheld: true, happenedAt: ASKED }),
      work(team, 'referralAsked', { expected, withheld: true, happenedAt: ASKED }),
    ))

test('who comes first is asked first, and the others wait', () => {
  const priority = { recipients: [gp], until: at('09:00') }
  const details = { receivers: receivers(gp, colleague, team), priority }
  expect(told(after(ask(details)))).toEqual([`${gp} referralAsked answerReferral`])
})

test('asking again in the same words is asking once, also later', () =>
  given(...after(ask({ ladder: [rung('10:00', team)] })))
    .when(ask({ requestedAt: at('08:01'), ladder: [{ ...rung('10:00', team), at: at('10:01') }] }))
    .thenNothing())

test('the same id in other words is a clash', () =>
  given(...after(ask()))
    .when(ask({ title: 'Pneumologie' }))
    .thenRejected({ code: 'referralIdReused' }))

const refused: [string, Parameters<typeof ask>[0], { code: string }][] = [
  ['to be answered before it was asked', { answerBy: ASKED }, { code: 'answerByPassed' }],
  ['of the same one twice', { receivers: receivers(gp, gp) }, { code: 'receiverRepeated' }],
  ['of one who is on the ladder too', { ladder: [rung('10:00', gp)] }, { code: 'receiverRepeated' }],
  ['of oneself', { receivers: receivers(nurse) }, { code: 'receiverIsRequester' }],
  ['of one’s own ward', { receivers: receivers(ward) }, { code: 'receiverIsRequester' }],
  ['with oneself on the ladder', { ladder: [rung('10:00', nurse)] }, { code: 'receiverIsRequester' }],
  ['with a rung that has passed', { ladder: [rung('07:59', team)] }, { code: 'rungBeforeRequest' }],
  ['with a promise that is of unscheduled care', { promise: 'snp24' }, { code: 'promiseOutOfPlace' }],
  [
    'first of one who is not asked',
    { priority: { recipients: [team], until: at('09:00') } },
    { code: 'priorityNotAsked' },
  ],
  [
    'first of one, where each answers for themselves',
    { mode: 'independent', priority: { recipients: [gp], until: at('09:00') } },
    { code: 'priorityNeedsFirstAcceptance' },
  ],
  ['first of one until now', { priority: { recipients: [gp], until: ASKED } }, { code: 'priorityOutOfTime' }],
  ['first of one until the end', { priority: { recipients: [gp], until: NOON } }, { code: 'priorityOutOfTime' }],
]
test.each(refused)('nothing is asked %s', (_, details, rejection) => {
  expect(referral.decide(ask(details), referral.initialState)).toEqual({ accepted: false, rejection })
})

test('a rung may be climbed at once, and a moment is enough to answer', () => {
  expect(after(ask({ ladder: [rung('08:00', team)], answerBy: '2026-11-23T08:00:00.001Z' }))).toHaveLength(3)
})

test('nothing is said of a referral that nobody knows', () => {
  const commands: ReferralCommand[] = [accepts(), declines(), closes(NOON), { type: 'Widen', at: NOON }]
  for (const command of commands) given().when(command).thenRejected({ code: 'referralUnknown' })
})

const asksOthers = (...others: (typeof gp)[]): ReferralCommand => ({
  type: 'AskOthers',
  receivers: receivers(...others),
  by: nurse,
  at: at('13:00'),
})

test('others are asked where nobody accepts, with as much time as the first ones had', () =>
  given(...after(ask(), declines()))
    .when(asksOthers(colleague))
    .thenEvents(
      asked(colleague, { askedAt: at('13:00'), answerBy: at('17:00') }),
      work(colleague, 'referralAsked', {
        expected: { ...expected, dueAt: at('17:00') },
        happenedAt: at('13:00'),
      }),
      work(ward, 'referralAsked', { state: 'done', happenedAt: at('13:00') }),
    ))

test('asking them again is asking them once', () =>
  given(...after(ask(), declines(), asksOthers(colleague)))
    .when(asksOthers(colleague))
    .thenNothing())

test('nobody else is asked once somebody has accepted, nor is the requester', () => {
  given(...after(ask(), accepts()))
    .when(asksOthers(colleague))
    .thenRejected({ code: 'acceptedByAnother' })
  given(...after(ask()))
    .when(asksOthers(ward))
    .thenRejected({ code: 'receiverIsRequester' })
  given(...after(ask()))
    .when(asksOthers(colleague, colleague))
    .thenRejected({ code: 'receiverRepeated' })
})

test('where each answers for themselves, others are asked also after an acceptance', () => {
  const events = after(ask({ mode: 'independent' }), accepts(), asksOthers(member))
  expect(told(events).slice(-1)).toEqual([`${ward} referralAsked done`])
})
