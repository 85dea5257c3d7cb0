import { ReferralView } from '@relais/contracts/referral-views'
import { expect, test } from 'vitest'
import { offersOf, type Party } from './referral-offers.ts'

const ME = 'rpps:99700000013'
const TEAM = 'finess:990000051'
type Words = Partial<Pick<ReferralView, 'kind' | 'status' | 'party'>> & { receivers: object[] }

const at = '2026-11-27T08:00:00.000Z'
const receiver = (words: object) =>
  ReferralView.shape.receivers.element.parse({
    recipient: ME,
    status: 'received',
    askedAt: at,
    answerBy: at,
    isOverdue: false,
    questions: [],
    ...words,
  })
const view = ({ receivers, ...words }: Words) =>
  ({ kind: 'takeOver', status: 'open', party: 'receiver', ...words, receivers: receivers.map(receiver) }) as const
const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
const question = (number: number) => ({
  questionId: uuid(number),
  question: { documentId: uuid(number), size: 1, mediaType: 'text/plain', sha256: '0'.repeat(64) },
  askedAt: at,
})
const gp: Party = { names: [ME, TEAM], id: ME, givesCare: true, speaksForRequester: false }
const secretary: Party = { ...gp, id: 'clinic:lea', names: ['clinic:lea', TEAM], givesCare: false }
const requester: Party = { ...gp, names: ['rpps:1'], id: 'rpps:1', speaksForRequester: true }
const acts = (seen: Words, party: Party = gp) => offersOf(view(seen), party).map(({ act }) => act)

test('what is asked of one is accepted, declined, handed on or asked about', () =>
  expect(acts({ receivers: [{}] })).toEqual(['accept', 'decline', 'redirect', 'ask']))
test('an advice may be given at once', () => expect(acts({ kind: 'advice', receivers: [{}] })[0]).toBe('answer'))
test('nobody sees a patient for an advice', () =>
  expect(acts({ kind: 'advice', receivers: [{ status: 'accepted' }] })).toEqual(['answer', 'ask']))
test('who accepted gives an appointment', () =>
  expect(acts({ receivers: [{ status: 'accepted' }] })).toEqual(['schedule', 'seen', 'answer', 'ask']))
test('who gave one says what came of it', () =>
  expect(acts({ receivers: [{ status: 'scheduled', appointment: { startsAt: '2026-11-30T09:00:00.000Z' } }] })).toEqual(
    ['seen', 'noShow', 'reschedule', 'answer', 'ask'],
  ))
test('nothing more is asked of who declined, or whose colleague accepted', () =>
  expect([...acts({ receivers: [{ status: 'declined' }] }), ...acts({ receivers: [{ status: 'closed' }] })]).toEqual(
    [],
  ))
test('what came to a team is taken, or given to a colleague', () =>
  expect(acts({ receivers: [{ recipient: TEAM }] })).toEqual([
    'accept',
    'decline',
    'redirect',
    'ask',
    'take',
    'assign',
  ]))
test('a secretary gives it to a colleague, and takes nothing for herself', () =>
  expect(acts({ receivers: [{ recipient: TEAM }] }, secretary)).toEqual(['assign']))
test('a secretary puts it back', () =>
  expect(acts({ receivers: [{ recipient: TEAM, takenFor: ME }] }, secretary)).toEqual(['release']))
test('who asked answers the questions that wait, asks others, closes or takes back', () =>
  expect(
    acts(
      {
        party: 'requester',
        receivers: [{ questions: [question(1), { ...question(2), answer: question(3).question }] }],
      },
      requester,
    ),
  ).toEqual(['giveInformation', 'askOthers', 'close', 'cancel']))
test('once somebody answered there is nothing to take back', () =>
  expect(acts({ party: 'requester', receivers: [{ status: 'answered' }] }, requester)).toEqual(['askOthers', 'close']))
test('nothing is done about what has ended', () => expect(acts({ status: 'closed', receivers: [{}] })).toEqual([]))
