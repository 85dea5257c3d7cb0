import { specification } from '@relais/testkit/specification'
import { expect, test } from 'vitest'
import type { ReferralCommand } from './commands.ts'
import { referral } from './referral.ts'
import {
  accepts,
  after,
  ask,
  at,
  closes,
  declines,
  document,
  gp,
  member,
  NOON,
  nurse,
  questionId,
  receivers,
  redirects,
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

const takes = (by = secretary, who = member): ReferralCommand => ({
  type: 'Take',
  recipient: team,
  by,
  for: who,
  at: NINE,
})
const releases: ReferralCommand = { type: 'Release', recipient: team, by: secretary, at: at('09:30') }
const queued = ask({ receivers: receivers(team) })

test('a secretary takes for a colleague what came to the queue, and releases it', () => {
  given(...after(queued))
    .when(takes())
    .thenEvents(
      { type: 'ReferralTaken', data: { ...subject, recipient: team, by: secretary, for: member, takenAt: NINE } },
      work(team, 'referralTaken', { expected, happenedAt }),
    )
  given(...after(queued, takes()))
    .when(releases)
    .thenEvents(
      { type: 'ReferralReleased', data: { ...subject, recipient: team, by: secretary, releasedAt: at('09:30') } },
      work(team, 'referralReleased', { expected, happenedAt: at('09:30') }),
    )
})

test('what is taken is not taken by another one, nor taken or released twice', () => {
  given(...after(queued, takes()))
    .when(takes(member))
    .thenNothing()
  given(...after(queued, takes()))
    .when(takes(secretary, secretary))
    .thenRejected({ code: 'takenByAnother' })
  given(...after(queued))
    .when(releases)
    .thenNothing()
})

test('only a queue is taken from, and only what is still asked of it', () => {
  given(...after(ask()))
    .when({ type: 'Take', recipient: gp, by: gp, for: gp, at: NINE })
    .thenRejected({ code: 'notAQueue' })
  given(...after(queued, declines(team)))
    .when(takes())
    .thenRejected({ code: 'alreadyAnswered', status: 'declined' })
})

const wonders: ReferralCommand = {
  type: 'AskInformation',
  recipient: gp,
  by: gp,
  questionId,
  question: document(3),
  at: NINE,
}
const explains: ReferralCommand = {
  type: 'GiveInformation',
  by: nurse,
  questionId,
  answer: document(4),
  at: at('09:30'),
}

test('who needs to know more asks, and the requester has an answer to give', () => {
  given(...after(ask()))
    .when(wonders)
    .thenEvents(
      {
        type: 'InformationAsked',
        data: { ...subject, recipient: gp, by: gp, questionId, question: document(3), askedAt: NINE },
      },
      work(ward, 'informationAsked', { expected: { action: 'giveInformation', dueAt: NOON }, happenedAt }),
    )
  given(...after(ask(), wonders))
    .when(explains)
    .thenEvents(
      {
        type: 'InformationGiven',
        data: { ...subject, recipient: gp, by: nurse, questionId, answer: document(4), givenAt: at('09:30') },
      },
      work(gp, 'referralInformed', { expected, happenedAt: at('09:30') }),
      work(ward, 'referralInformed', { state: 'done', happenedAt: at('09:30') }),
    )
})

test('as long as another question waits, the requester still has an answer to give', () => {
  const other = { ...wonders, questionId: '00000000-0000-4000-8000-000000000009' } as ReferralCommand
  const events = after(ask(), wonders, other, explains)
  expect(told(events).slice(-1)).toEqual([`${ward} referralInformed giveInformation`])
})

test('a question and its answer are said once; otherwise they are a clash', () => {
  const history = after(ask(), wonders, explains)
  for (const repeat of [wonders, explains])
    given(...history)
      .when(repeat)
      .thenNothing()
  given(...history)
    .when({ ...wonders, question: document(8) })
    .thenRejected({ code: 'questionIdReused' })
  given(...history)
    .when({ ...explains, answer: document(8) })
    .thenRejected({ code: 'questionAnswered' })
  given(...after(ask()))
    .when(explains)
    .thenRejected({ code: 'questionUnknown' })
})

test('nothing is said any more of a referral that was closed', () => {
  const history = after(ask(), closes(at('10:00')))
  for (const command of [accepts(), declines(), wonders, explains, redirects(gp, team)])
    given(...history)
      .when(command)
      .thenRejected({ code: 'referralEnded', status: 'closed' })
})
