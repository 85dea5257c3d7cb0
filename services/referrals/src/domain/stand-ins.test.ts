import type { ReferralEvent } from '@relais/contracts/referrals'
import { specification } from '@relais/testkit/specification'
import { expect, test } from 'vitest'
import type { ReferralCommand } from './commands.ts'
import {
  accepts,
  after,
  ask,
  askedOf,
  at,
  colleague,
  declines,
  gp,
  NOON,
  receivers,
  team,
  told,
  ward,
  work,
} from './referral.fixture.ts'
import { referral } from './referral.ts'

const { given } = specification(referral)

const away = (standIn = colleague, when = at('09:30')): ReferralCommand => ({
  type: 'AskStandIn',
  absent: gp,
  standIn,
  at: when,
})

const asked = (events: readonly ReferralEvent[]) =>
  events.flatMap(({ type, data }) => (type === 'ReceiverAsked' ? [data.recipient] : []))

test('who stands in for one who has not answered is asked as well', () => {
  const events = after(ask(), away())
  expect(asked(events)).toEqual([gp, colleague])
  expect(events.at(-1)).toMatchObject({ type: 'WorkGiven', data: { work: { recipient: colleague, state: 'open' } } })
})

const back = (when = at('11:00')): ReferralCommand => ({
  type: 'ReleaseStandIn',
  absent: gp,
  standIn: colleague,
  at: when,
})

test('who was away is back: what the replacement has not answered is asked of him or her no more', () => {
  given(...after(ask(), away()))
    .when(back())
    .thenEvents(
      {
        type: 'ReceiverStoodDown',
        data: { ...askedOf(colleague, at('09:30')), because: 'absenceEnded', stoodDownAt: at('11:00') },
      },
      work(colleague, 'referralReleased', { state: 'withdrawn', happenedAt: at('11:00') }),
    )
})
test('what the replacement has answered stays answered', () => {
  given(...after(ask({ mode: 'independent' }), away(), accepts(colleague, at('10:00'))))
    .when(back())
    .thenNothing()
})
test('where who was away has answered meanwhile, the replacement goes on being asked', () =>
  given(...after(ask(), away(), declines(gp, at('10:00'))))
    .when(back())
    .thenNothing())
test('who was asked for himself or herself is asked on', () =>
  given(...after(ask({ receivers: receivers(gp, colleague) })))
    .when(back())
    .thenNothing())
test('the requester is told where nobody is left who could accept in time', () => {
  const overdue: ReferralCommand = { type: 'NoteOverdue', recipient: gp, at: NOON }
  const events = after(ask(), overdue, away(colleague, at('13:00')), back(at('13:30')))
  expect(told(events).at(-1)).toBe(`${ward} nobodyAccepts lookElsewhere`)
})
test('asked again, nothing changes', () =>
  given(...after(ask(), away()))
    .when(away())
    .thenNothing())
test('for one who has answered nobody else is asked', () => {
  given(...after(ask(), accepts()))
    .when(away())
    .thenNothing()
  given(...after(ask(), declines()))
    .when(away())
    .thenNothing()
})
test('nobody is asked twice, nor about what he or she asked', () => {
  given(...after(ask({ receivers: receivers(gp, colleague) })))
    .when(away())
    .thenNothing()
  given(...after(ask()))
    .when(away(ward))
    .thenNothing()
  given(...after(ask({ receivers: receivers(team) })))
    .when(away())
    .thenNothing()
})
test('the first of the two who accepts releases the other', () => {
  const events = after(ask(), away(), accepts(colleague, at('10:00')))
  expect(events.map(({ type }) => type)).toContain('ReceiverStoodDown')
})
