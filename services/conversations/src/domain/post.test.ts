import type { EditId, PostEvent, PostId, ThreadId } from '@relais/contracts/conversations'
import type { PatientId, ProfessionalId } from '@relais/contracts/primitives'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { message, type PostCommand } from './post.ts'

const { given } = specification(message)
const threadId = '00000000-0000-4000-8000-000000000001' as ThreadId
const otherThread = '00000000-0000-4000-8000-000000000002' as ThreadId
const postId = '00000000-0000-4000-8000-000000000003' as PostId
const patientId = 'aaaaaaaa-0000-4000-8000-000000000001' as PatientId
const nurse = 'rpps:10100000011' as ProfessionalId
const gp = 'rpps:10002909371' as ProfessionalId
const at = '2026-11-03T09:00:00.000Z'
const later = '2026-11-03T10:00:00.000Z'

const text = (digit: string) => {
  return {
    documentId: `${digit.repeat(8)}-0000-4000-8000-000000000000`,
    size: 7,
    mediaType: 'text/plain',
    sha256: digit.repeat(64),
  }
}
const subject = { postId, threadId, keyOwner: patientId as string, patientId }
const said = {
  ...subject,
  by: nurse,
  body: text('a'),
  attachments: [],
  quotes: [],
  mentions: [],
  mentionedRoles: [],
  urgent: false,
  postedAt: at,
}
type Options = { alerted?: ProfessionalId[]; isClosed?: boolean; change?: object }
const post = ({ alerted = [], isClosed = false, change = {} }: Options = {}): PostCommand => {
  return { type: 'PostMessage', message: { ...said, ...change }, alerted, isClosed }
}
const posted = (change: object = {}): PostEvent => ({ type: 'MessagePosted', data: { ...said, ...change } })
const alerted = (because: 'mention' | 'urgent', ...recipients: ProfessionalId[]): PostEvent => ({
  type: 'PeopleAlerted',
  data: { ...subject, because, recipients, alertedAt: at },
})
const editId = (n: number) => `eeeeeeee-0000-4000-8000-00000000000${n}` as EditId
type Edit = { n?: number; digit?: string; by?: ProfessionalId; isClosed?: boolean; inThread?: string }
const edit = ({ n = 1, digit = 'b', by = nurse, isClosed = false, inThread = threadId }: Edit = {}): PostCommand => {
  return { type: 'EditMessage', editId: editId(n), body: text(digit), threadId: inThread, by, at: later, isClosed }
}
const edited = (n = 1, digit = 'b'): PostEvent => ({
  type: 'MessageEdited',
  data: { ...subject, editId: editId(n), by: nurse, body: text(digit), editedAt: later },
})
const withdraw = (by = nurse): PostCommand => ({ type: 'WithdrawMessage', reason: 'mistake', threadId, by, at: later })
const withdrawn: PostEvent = {
  type: 'MessageWithdrawn',
  data: { ...subject, by: nurse, reason: 'mistake', withdrawnAt: later },
}

test('a message that is for nobody in particular tells nobody', () => given().when(post()).thenEvents(posted()))
test('who is mentioned is told at once', () =>
  given()
    .when(post({ alerted: [gp], change: { mentions: [gp] } }))
    .thenEvents(posted({ mentions: [gp] }), alerted('mention', gp)))
test('what is urgent is told at once', () =>
  given()
    .when(post({ alerted: [gp], change: { urgent: true } }))
    .thenEvents(posted({ urgent: true }), alerted('urgent', gp)))
test('who writes is not told of it', () =>
  given()
    .when(post({ alerted: [nurse], change: { mentions: [nurse] } }))
    .thenEvents(posted({ mentions: [nurse] })))
test('sent again later, it is the same message', () =>
  given(posted())
    .when(post({ change: { postedAt: later } }))
    .thenNothing())
test('sent again after the thread was closed, it is the same message', () =>
  given(posted())
    .when(post({ isClosed: true }))
    .thenNothing())
test('its id says nothing else', () =>
  given(posted())
    .when(post({ change: { body: text('c') } }))
    .thenRejected({ code: 'postIdReused' }))
test('nor in another thread', () =>
  given(posted())
    .when(post({ change: { threadId: otherThread } }))
    .thenRejected({ code: 'postIdReused' }))
test('nothing is written in a closed thread', () =>
  given()
    .when(post({ isClosed: true }))
    .thenRejected({ code: 'threadClosed' }))

test('the author gives it another text', () => given(posted()).when(edit()).thenEvents(edited()))
test('two changes are both kept', () =>
  given(posted(), edited())
    .when(edit({ n: 2, digit: 'c' }))
    .thenEvents(edited(2, 'c')))
test('the same change again is the same', () => given(posted(), edited(), edited(2, 'c')).when(edit()).thenNothing())
test('the same change is known also when the message was withdrawn', () =>
  given(posted(), edited(), withdrawn).when(edit()).thenNothing())
test('the id of a change says nothing else', () =>
  given(posted(), edited())
    .when(edit({ digit: 'c' }))
    .thenRejected({ code: 'editIdReused' }))
test('nobody else changes it', () =>
  given(posted())
    .when(edit({ by: gp }))
    .thenRejected({ code: 'notAuthor' }))
test('what was withdrawn is not changed', () =>
  given(posted(), withdrawn).when(edit()).thenRejected({ code: 'postWithdrawn' }))
test('nothing is changed in a closed thread', () =>
  given(posted())
    .when(edit({ isClosed: true }))
    .thenRejected({ code: 'threadClosed' }))
test('what was never written is unknown', () => given().when(edit()).thenRejected({ code: 'postUnknown' }))
test('and so is what was written elsewhere', () =>
  given(posted())
    .when(edit({ inThread: otherThread }))
    .thenRejected({ code: 'postUnknown' }))

test('the author withdraws it', () => given(posted()).when(withdraw()).thenEvents(withdrawn))
test('withdrawn once is withdrawn', () => given(posted(), withdrawn).when(withdraw()).thenNothing())
test('nobody else withdraws it', () => given(posted()).when(withdraw(gp)).thenRejected({ code: 'notAuthor' }))
test('what was never written is not withdrawn', () => given().when(withdraw()).thenRejected({ code: 'postUnknown' }))

const anyCommand = fc.oneof(
  fc.constantFrom(post(), post({ isClosed: true }), post({ change: { by: gp } }), withdraw(), withdraw(gp)),
  fc
    .record({ n: fc.integer({ min: 1, max: 3 }), digit: fc.constantFrom('b', 'c'), isClosed: fc.boolean() })
    .map((details) => edit(details)),
)
test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(message, anyCommand))
