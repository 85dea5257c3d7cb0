import { Problem } from '@relais/contracts/http'
import { expect, test } from 'vitest'
import { asked, colleague, gp, nurse, openReferrals, problemOf, request, WARD } from '../referrals.fixture.ts'

const { as, admit, clock, facts } = await openReferrals()
const stay = await admit()
const [ward, physician] = [await as(nurse), await as(gp)]
const later = '2026-11-04T08:00:00.000Z'

test.each<[string, object, { status: number; code: string; pointer?: string }]>([
  [
    'time to answer that has passed',
    { answerBy: '2026-11-03T08:00:00.000Z' },
    { status: 422, code: 'answerByPassed', pointer: '/answerBy' },
  ],
  [
    'a receiver named twice',
    { receivers: [{ recipient: gp.id }, { recipient: gp.id }] },
    { status: 422, code: 'receiverRepeated', pointer: '/receivers' },
  ],
  [
    'oneself as a receiver',
    { receivers: [{ recipient: nurse.id }] },
    { status: 422, code: 'receiverIsRequester', pointer: '/receivers' },
  ],
  [
    'a promise without unscheduled care',
    { promise: 'snp24' },
    { status: 422, code: 'promiseOutOfPlace', pointer: '/promise' },
  ],
  [
    'a rung before the request',
    { ladder: [{ after: -48 * 3_600_000, from: 'due', receivers: [{ recipient: colleague.id }] }] },
    { status: 422, code: 'rungBeforeRequest', pointer: '/ladder' },
  ],
  [
    'hours of opening counted backwards',
    { ladder: [{ after: -1, from: 'due', clock: 'openHours', receivers: [{ recipient: colleague.id }] }] },
    { status: 400, code: 'invalidBody', pointer: '/ladder/0/after' },
  ],
  [
    'somebody first who is not asked',
    { priority: { recipients: [colleague.id], until: '2026-11-03T12:00:00.000Z' } },
    { status: 422, code: 'priorityNotAsked', pointer: '/priority/recipients' },
  ],
  ['nobody to ask', { receivers: [] }, { status: 400, code: 'invalidBody', pointer: '/receivers' }],
  ['no words', { question: '  ' }, { status: 400, code: 'invalidBody', pointer: '/question' }],
  ['a title of two lines', { title: 'Cardio\nlogie' }, { status: 400, code: 'invalidBody', pointer: '/title' }],
  ['a field that is not expected', { clinical: 'x' }, { status: 400, code: 'invalidBody', pointer: '' }],
  ['a patient nobody knows', { patientId: crypto.randomUUID() }, { status: 404, code: 'patientUnknown' }],
])('a request with %s is refused, says where, and leaves nothing', async (_, details, { pointer, ...refused }) => {
  const { referralId, answer } = await request(ward, asked(stay, details))
  expect(problemOf(answer)).toEqual(refused)
  const [first] = Problem.parse(answer.body).errors ?? []
  expect(first?.pointer).toBe(pointer)
  expect(await facts(referralId)).toEqual([])
})

test('the same request again is the same request, also an hour later; another one under its id is refused', async () => {
  const { referralId } = await request(ward, asked(stay))
  const path = `/referrals/${referralId}`
  const written = (await facts(referralId)).length
  clock.now = '2026-11-03T09:00:00.000Z'
  expect((await ward(path, { body: asked(stay) })).status).toBe(204)
  expect(await facts(referralId)).toHaveLength(written)
  const other = await ward(path, { body: asked(stay, { question: 'Autre chose' }) })
  expect(problemOf(other)).toEqual({ status: 409, code: 'referralIdReused' })
})

test('what has ended is not acted upon', async () => {
  const { referralId } = await request(ward, asked(stay))
  const path = `/referrals/${referralId}`
  expect((await ward(`${path}/cancel`, { body: { reason: 'mistake' } })).status).toBe(204)
  const acts = {
    accept: {},
    decline: { reason: 'full' },
    redirect: { to: colleague.id, reason: 'full' },
    appointment: { startsAt: later },
    seen: { seenAt: '2026-11-03T08:30:00.000Z' },
    answer: { answer: 'oui' },
    questions: { questionId: crypto.randomUUID(), question: 'Quel traitement ?' },
  }
  for (const [act, body] of Object.entries(acts))
    expect(problemOf(await physician(`${path}/${act}`, { body }))).toEqual({ status: 409, code: 'referralEnded' })
  expect(problemOf(await ward(`${path}/close`, { body: {} }))).toEqual({ status: 409, code: 'referralEnded' })
  expect((await ward(`${path}/cancel`, { body: { reason: 'mistake' } })).status).toBe(204)
})

test('acts that make no sense are refused, each in its own words', async () => {
  const { referralId } = await request(ward, asked(stay))
  const path = `/referrals/${referralId}`
  const refused = async (act: string, body: object) => problemOf(await physician(`${path}/${act}`, { body })).code
  expect(await refused('redirect', { to: gp.id, reason: 'full' })).toBe('redirectedToSelf')
  expect(await refused('redirect', { to: WARD, reason: 'full' })).toBe('redirectedToRequester')
  expect(await refused('appointment', { startsAt: later })).toBe('notAccepted')
  expect(await refused('take', {})).toBe('notAQueue')
  expect(await refused('decline', { reason: 'tajmahal' })).toBe('invalidBody')
  expect((await physician(`${path}/accept`, { body: {} })).status).toBe(204)
  expect(await refused('appointment', { startsAt: '2026-11-03T08:00:00.000Z' })).toBe('appointmentPassed')
  expect(await refused('no-show', { startsAt: later })).toBe('appointmentUnknown')
  expect(await refused('seen', { seenAt: later })).toBe('seenOutOfTime')
  const answer = { questionId: crypto.randomUUID(), answer: 'Aucun' }
  expect(problemOf(await ward(`${path}/answers`, { body: answer }))).toEqual({ status: 404, code: 'questionUnknown' })
  expect(problemOf(await physician('/referrals/tajmahal', {}))).toEqual({ status: 400, code: 'invalidPath' })
})

test('a token without the scope is told which one', async () => {
  const reader = await as({ ...gp, scopes: ['pathway:read'] })
  expect(problemOf(await reader('/referrals?box=sent'))).toEqual({ status: 403, code: 'scopeMissing' })
  expect(problemOf(await reader(`/referrals/${crypto.randomUUID()}`))).toEqual({ status: 403, code: 'scopeMissing' })
  expect(problemOf(await reader(`/referrals/${crypto.randomUUID()}/accept`, { body: {} }))).toEqual({
    status: 403,
    code: 'scopeMissing',
  })
  expect(problemOf(await physician('/referrals/statistics?from=2026-11&to=2026-12'))).toEqual({
    status: 403,
    code: 'scopeMissing',
  })
})

test('a page that begins nowhere is refused', async () => {
  expect(problemOf(await physician('/referrals?box=received&after=%C3%A9'))).toEqual({
    status: 400,
    code: 'invalidQuery',
  })
})
