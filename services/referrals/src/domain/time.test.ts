import { specification } from '@relais/testkit/specification'
import { expect, test } from 'vitest'
import type { ReferralCommand } from './commands.ts'
import { referral } from './referral.ts'
import {
  accepts,
  after,
  ask,
  asked,
  askedOf,
  at,
  closes,
  colleague,
  declines,
  escalates,
  gp,
  NOON,
  receivers,
  redirects,
  rung,
  schedules,
  sees,
  subject,
  team,
  told,
  ward,
  work,
} from './referral.fixture.ts'

const { given } = specification(referral)
const expected = { action: 'answerReferral' as const, dueAt: NOON }
const widens = (when: string): ReferralCommand => ({ type: 'Widen', at: when })
const isLate = (when: string, recipient = gp): ReferralCommand => ({ type: 'NoteOverdue', recipient, at: when })
const settles = (when: string): ReferralCommand => ({ type: 'SettlePromise', at: when })

const prioritised = ask({ receivers: receivers(gp, team), priority: { recipients: [gp], until: at('10:00') } })

test('when the time of who comes first has passed, the others are asked too', () => {
  given(...after(prioritised))
    .when(widens(at('09:59')))
    .thenNothing()
  given(...after(prioritised))
    .when(widens(at('10:00')))
    .thenEvents(
      { type: 'ReferralWidened', data: { ...subject, recipients: [team], widenedAt: at('10:00') } },
      asked(team, { because: 'widened', askedAt: at('10:00') }),
      work(team, 'referralWidened', { expected, happenedAt: at('10:00') }),
    )
})

test('the others are not asked once somebody has accepted, nor twice', () => {
  given(...after(prioritised, accepts()))
    .when(widens(NOON))
    .thenNothing()
  given(...after(prioritised, declines()))
    .when(widens(NOON))
    .thenNothing()
  given(...after(ask()))
    .when(widens(NOON))
    .thenNothing()
})

const laddered = ask({ ladder: [rung('10:00', team), rung('11:00', colleague)] })

test('as long as nobody has accepted, each rung of the ladder brings somebody else when it is due', () => {
  given(...after(laddered))
    .when(escalates(0, at('09:59')))
    .thenNothing()
  given(...after(laddered))
    .when(escalates(0, at('10:00')))
    .thenEvents(
      { type: 'ReferralEscalated', data: { ...subject, rung: 0, recipients: [team], escalatedAt: at('10:00') } },
      asked(team, { because: 'escalated', askedAt: at('10:00') }),
      work(ward, 'referralEscalated', { happenedAt: at('10:00') }),
      work(team, 'referralEscalated', { expected, happenedAt: at('10:00') }),
    )
})

test('no rung is climbed once somebody has accepted, twice, or where there is none', () => {
  given(...after(laddered, accepts()))
    .when(escalates(0, NOON))
    .thenNothing()
  given(...after(laddered, escalates(0, at('10:00'))))
    .when(escalates(0, NOON))
    .thenNothing()
  given(...after(laddered))
    .when(escalates(2, NOON))
    .thenNothing()
  given(...after(laddered, closes(at('09:00'))))
    .when(escalates(0, NOON))
    .thenNothing()
})

test('a rung that brings nobody new is on record all the same', () =>
  given(...after(laddered, redirects(gp, team)))
    .when(escalates(0, at('10:00')))
    .thenEvents(
      { type: 'ReferralEscalated', data: { ...subject, rung: 0, recipients: [], escalatedAt: at('10:00') } },
      work(ward, 'referralEscalated', { happenedAt: at('10:00') }),
    ))

test('who lets the time pass is late, and the requester looks elsewhere when nobody else is left', () => {
  given(...after(ask()))
    .when(isLate('2026-11-23T11:59:59.999Z'))
    .thenNothing()
  given(...after(ask()))
    .when(isLate(NOON))
    .thenEvents(
      { type: 'AnswerOverdue', data: { ...askedOf(gp), answerBy: NOON, notedAt: NOON } },
      work(ward, 'nobodyAccepts', { expected: { action: 'lookElsewhere' }, happenedAt: NOON }),
    )
})

test('being late is noted once, and of nobody who has answered', () => {
  const late = after(ask(), isLate(NOON))
  given(...late)
    .when(isLate(at('12:01')))
    .thenNothing()
  for (const command of [accepts(), declines(), redirects(gp, team)])
    given(...after(ask(), command))
      .when(isLate(NOON))
      .thenNothing()
  given(...after(ask()))
    .when(isLate(NOON, team))
    .thenNothing()
})

test('as long as a rung is left, being late is not for the requester to see to', () => {
  const events = after(ask({ ladder: [rung('13:00', team)] }), isLate(NOON))
  expect(told(events)).toEqual([`${gp} referralAsked answerReferral`])
})

test('an answer that comes late is an answer', () => {
  const events = after(ask(), isLate(NOON), accepts(gp, at('12:30')))
  expect(told(events).slice(-2)).toEqual([`${gp} referralAccepted schedule`, `${ward} referralAccepted acknowledge`])
})

const unscheduled = ask({ kind: 'unscheduled', promise: 'snp24' })
const DUE = at('08:00', '24')
const promise = { ...subject, promise: 'snp24' as const, dueAt: DUE }

test('unscheduled care promises an appointment within 24 hours of the request', () => {
  expect(told(after(unscheduled, accepts()))[1]).toBe(`${gp} referralAccepted schedule`)
  given(...after(unscheduled, accepts(), schedules(DUE)))
    .when(settles(DUE))
    .thenEvents({ type: 'PromiseKept', data: promise })
  const tooLate = '2026-11-24T08:00:00.001Z'
  given(...after(unscheduled, accepts(), schedules(tooLate)))
    .when(settles(DUE))
    .thenEvents({ type: 'PromiseMissed', data: promise }, work(ward, 'promiseMissed', { happenedAt: DUE }))
})

test('a promise is kept by who has seen the patient in time, and missed where nobody has accepted', () => {
  given(...after(unscheduled, accepts(), sees(at('10:00'))))
    .when(settles(DUE))
    .thenEvents({ type: 'PromiseKept', data: promise })
  given(...after(unscheduled, isLate(NOON)))
    .when(settles(DUE))
    .thenEvents(
      { type: 'PromiseMissed', data: promise },
      work(ward, 'promiseMissed', { expected: { action: 'lookElsewhere' }, happenedAt: DUE }),
    )
})

test('the SAS promises 48 hours; neither promise is settled early, or twice', () => {
  given(...after(ask({ kind: 'unscheduled', promise: 'sas48' })))
    .when(settles(DUE))
    .thenNothing()
  given(...after(unscheduled))
    .when(settles('2026-11-24T07:59:59.999Z'))
    .thenNothing()
  given(...after(unscheduled, settles(DUE)))
    .when(settles(at('09:00', '24')))
    .thenNothing()
  given(...after(ask()))
    .when(settles(at('09:00', '30')))
    .thenNothing()
})

test('where there is a promise, an appointment is expected until then', () => {
  const [, accepted] = after(unscheduled, accepts()).filter(({ type }) => type === 'WorkGiven')
  expect(accepted?.data).toMatchObject({ work: { expected: { action: 'schedule', dueAt: DUE } } })
})
