import { specification } from '@relais/testkit/specification'
import { expect, test } from 'vitest'
import { referral } from './referral.ts'
import {
  accepts,
  after,
  ask,
  asked,
  askedOf,
  at,
  colleague,
  declines,
  document,
  gp,
  member,
  NOON,
  nurse,
  receivers,
  redirects,
  rung,
  secretary,
  subject,
  team,
  told,
  ward,
  work,
} from './referral.fixture.ts'

const { given } = specification(referral)
const NINE = at('09:00')
const happenedAt = NINE
const expected = { action: 'answerReferral' as const, dueAt: NOON }

test('who accepts has an appointment to give, and the requester learns of it', () =>
  given(...after(ask()))
    .when(accepts())
    .thenEvents(
      { type: 'ReferralAccepted', data: { ...askedOf(gp), by: gp, acceptedAt: NINE } },
      work(gp, 'referralAccepted', { expected: { action: 'schedule' }, happenedAt }),
      work(ward, 'referralAccepted', { happenedAt }),
    ))

test('accepting once more changes nothing, also when a colleague of the team does', () =>
  given(...after(ask({ receivers: receivers(team) }), accepts(team, NINE, member)))
    .when(accepts(team, at('09:01'), secretary))
    .thenNothing())

test('the first acceptance releases the others', () =>
  given(...after(ask({ receivers: receivers(gp, colleague) })))
    .when(accepts())
    .thenEvents(
      { type: 'ReferralAccepted', data: { ...askedOf(gp), by: gp, acceptedAt: NINE } },
      {
        type: 'ReceiverStoodDown',
        data: { ...askedOf(colleague), because: 'acceptedElsewhere', stoodDownAt: NINE },
      },
      work(gp, 'referralAccepted', { expected: { action: 'schedule' }, happenedAt }),
      work(ward, 'referralAccepted', { happenedAt }),
      work(colleague, 'referralAcceptedElsewhere', { state: 'withdrawn', happenedAt }),
    ))

test('who comes second is told that another one has accepted', () => {
  const history = after(ask({ receivers: receivers(gp, colleague) }), accepts())
  for (const command of [accepts(colleague), declines(colleague), redirects(colleague, member)])
    given(...history)
      .when(command)
      .thenRejected({ code: 'acceptedByAnother' })
})

test('where each answers for themselves, both accept', () => {
  const events = after(ask({ mode: 'independent', receivers: receivers(gp, colleague) }), accepts(), accepts(colleague))
  expect(told(events).filter((line) => line.includes('Elsewhere'))).toEqual([])
})

test('who the patient is, is said to who accepts, and no more to the others', () => {
  const events = after(ask({ receivers: receivers(gp, colleague), identityWithheld: true }), accepts())
  const withheld = events.flatMap(({ type, data }) =>
    type === 'WorkGiven' && data.happenedAt === NINE ? [[data.work.recipient, data.work.withheld]] : [],
  )
  expect(withheld).toEqual([
    [gp, false],
    [ward, false],
    [colleague, true],
  ])
})

test('a refusal says why, and the requester has to look elsewhere when nobody is left', () =>
  given(...after(ask()))
    .when(declines())
    .thenEvents(
      { type: 'ReferralDeclined', data: { ...askedOf(gp), by: gp, reason: 'full', declinedAt: NINE } },
      work(gp, 'referralDeclined', { state: 'done', happenedAt }),
      work(ward, 'nobodyAccepts', { expected: { action: 'lookElsewhere' }, happenedAt }),
    ))

test('as long as another one may accept, a refusal is only told', () => {
  const events = after(ask({ receivers: receivers(gp, colleague) }), declines())
  expect(told(events).slice(-1)).toEqual([`${ward} referralDeclined acknowledge`])
})

test('who let the time pass counts no more among those who may accept', () => {
  const events = after(ask({ receivers: receivers(gp, colleague) }), declines(gp, NOON))
  expect(told(events).slice(-1)).toEqual([`${ward} nobodyAccepts lookElsewhere`])
})

test('the same refusal again changes nothing, another one is a clash', () => {
  const history = after(ask(), declines())
  given(...history)
    .when(declines(gp, at('09:05')))
    .thenNothing()
  given(...history)
    .when({ type: 'Decline', recipient: gp, by: gp, reason: 'absent', at: NINE })
    .thenRejected({ code: 'alreadyAnswered', status: 'declined' })
  given(...history)
    .when({ type: 'Decline', recipient: gp, by: gp, reason: 'full', comment: document(7), at: NINE })
    .thenRejected({ code: 'alreadyAnswered', status: 'declined' })
  given(...history)
    .when(accepts())
    .thenRejected({ code: 'alreadyAnswered', status: 'declined' })
})

test('who has accepted declines no more', () =>
  given(...after(ask(), accepts()))
    .when(declines())
    .thenRejected({ code: 'alreadyAnswered', status: 'accepted' }))

test('once all who come first have declined, the others are asked at once', () => {
  const details = {
    receivers: receivers(gp, colleague, team),
    priority: { recipients: [gp, colleague], until: at('11:00') },
  }
  const events = after(ask(details), declines())
  expect(told(events).slice(-1)).toEqual([`${ward} referralDeclined acknowledge`])
  given(...events)
    .when(declines(colleague, at('09:30')))
    .thenEvents(
      {
        type: 'ReferralDeclined',
        data: { ...askedOf(colleague), by: colleague, reason: 'full', declinedAt: at('09:30') },
      },
      { type: 'ReferralWidened', data: { ...subject, recipients: [team], widenedAt: at('09:30') } },
      asked(team, { because: 'widened', askedAt: at('09:30') }),
      work(colleague, 'referralDeclined', { state: 'done', happenedAt: at('09:30') }),
      work(ward, 'referralDeclined', { happenedAt: at('09:30') }),
      work(team, 'referralWidened', { expected, happenedAt: at('09:30') }),
    )
})

test('once all have declined, the next rung of the ladder is climbed at once', () =>
  given(...after(ask({ ladder: [rung('11:00', team)] })))
    .when(declines())
    .thenEvents(
      { type: 'ReferralDeclined', data: { ...askedOf(gp), by: gp, reason: 'full', declinedAt: NINE } },
      { type: 'ReferralEscalated', data: { ...subject, rung: 0, recipients: [team], escalatedAt: NINE } },
      asked(team, { because: 'escalated', askedAt: NINE }),
      work(gp, 'referralDeclined', { state: 'done', happenedAt }),
      work(ward, 'referralEscalated', { happenedAt }),
      work(team, 'referralEscalated', { expected, happenedAt }),
    ))

test('a rung whose people were all asked already brings nobody, and the next one is climbed', () => {
  const ladder = [rung('11:00', colleague), rung('11:30', team)]
  const events = after(ask({ ladder }), redirects(gp, colleague), declines(colleague, at('10:00')))
  const climbed = events.flatMap(({ type, data }) => (type === 'ReferralEscalated' ? [data.recipients] : []))
  expect(climbed).toEqual([[], [team]])
})

test('a redirection asks somebody else instead', () =>
  given(...after(ask()))
    .when(redirects(gp, team))
    .thenEvents(
      {
        type: 'ReferralRedirected',
        data: { ...askedOf(gp), by: gp, to: team, reason: 'outOfScope', redirectedAt: NINE },
      },
      asked(team, { because: 'redirected', askedAt: NINE }),
      work(gp, 'referralRedirected', { state: 'done', happenedAt }),
      work(ward, 'referralRedirected', { happenedAt }),
      work(team, 'referralRedirected', { expected, happenedAt }),
    ))

test('nothing is redirected to oneself, to the requester, or to who was asked', () => {
  const history = after(ask({ receivers: receivers(gp, colleague) }))
  given(...history)
    .when(redirects(gp, gp))
    .thenRejected({ code: 'redirectedToSelf' })
  given(...history)
    .when(redirects(gp, ward))
    .thenRejected({ code: 'redirectedToRequester' })
  given(...history)
    .when(redirects(gp, nurse))
    .thenRejected({ code: 'redirectedToRequester' })
  given(...history)
    .when(redirects(gp, colleague))
    .thenRejected({ code: 'redirectedToAsked' })
  given(...after(ask({ receivers: receivers(team) })))
    .when({ type: 'Redirect', recipient: team, by: member, to: member, reason: 'full', at: NINE })
    .thenRejected({ code: 'redirectedToSelf' })
})

test('redirecting again is redirecting once; to another one it is a clash', () => {
  const history = after(ask(), redirects(gp, team))
  given(...history)
    .when(redirects(gp, team))
    .thenNothing()
  given(...history)
    .when(redirects(gp, colleague))
    .thenRejected({ code: 'alreadyAnswered', status: 'redirected' })
})

test('only who was asked answers, and who waits for a turn was not asked', () => {
  const details = { receivers: receivers(gp, team), priority: { recipients: [gp], until: at('11:00') } }
  given(...after(ask(details)))
    .when(accepts(team))
    .thenRejected({ code: 'referralUnknown' })
})
