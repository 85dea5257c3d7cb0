import type { ReferralEvent } from '@relais/contracts/referrals'
import { specification } from '@relais/testkit/specification'
import { expect, test } from 'vitest'
import type { ReferralCommand } from './commands.ts'
import { accepts, after, ask, at, colleague, declines, gp, receivers, team, ward } from './referral.fixture.ts'
import { referral } from './referral.ts'

const { given } = specification(referral)

const away = (standIn = colleague): ReferralCommand => ({ type: 'AskStandIn', absent: gp, standIn, at: at('09:30') })

const asked = (events: readonly ReferralEvent[]) =>
  events.flatMap(({ type, data }) => (type === 'ReceiverAsked' ? [data.recipient] : []))

test('who stands in for one who has not answered is asked as well', () => {
  const events = after(ask(), away())
  expect(asked(events)).toEqual([gp, colleague])
  expect(events.at(-1)).toMatchObject({ type: 'WorkGiven', data: { work: { recipient: colleague, state: 'open' } } })
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
