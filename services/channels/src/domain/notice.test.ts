import { type NoticeEvent, NoticeId } from '@relais/contracts/notices'
import { PatientId, ProfessionalId, StayId } from '@relais/contracts/primitives'
import { ReferralId, type Work } from '@relais/contracts/work'
import { anyProfessionalId } from '@relais/testkit/arbitraries'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { notice, type NoticeCommand } from './notice.ts'

const { given } = specification(notice)

const gp = ProfessionalId.parse('rpps:10002909371')
const colleague = ProfessionalId.parse('rpps:10100000009')
const nurse = ProfessionalId.parse('rpps:10100000001')
const at = '2026-11-22T09:00:00.000Z'
const place = { facility: '990000010', code: '3620' }
const subject = {
  noticeId: NoticeId.parse('00000000-0000-4000-8000-000000000001'),
  patientId: PatientId.parse('00000000-0000-4000-8000-000000000002'),
  stayId: StayId.parse('00000000-0000-4000-8000-000000000003'),
  recipient: gp,
  role: 'medecin-traitant' as const,
}
const details = {
  ...subject,
  sourceEventId: '00000000-0000-4000-8000-000000000004',
  revision: 1,
  nature: 'admitted' as const,
  happenedAt: '2026-11-22T08:30:00.000Z',
  standing: {
    status: 'present' as const,
    patientClass: 'I' as const,
    facility: '990000010',
    wards: [{ ...place, responsibility: 'both' as const }],
    died: false,
    confidential: false,
  },
  changed: [],
  sentAt: '2026-11-22T08:31:00.000Z',
}
const { noticeId } = subject
const receipt = { ...subject, facility: '990000010', wards: [place] }
const sent: NoticeEvent = { type: 'NoticeSent', data: details }
const delivered: NoticeEvent = { type: 'NoticeDelivered', data: { ...receipt, by: gp, deliveredAt: at } }
const read: NoticeEvent = { type: 'NoticeRead', data: { ...receipt, by: gp, readAt: at } }
const acted: NoticeEvent = {
  type: 'NoticeActedUpon',
  data: { ...receipt, by: gp, action: 'acknowledged', actedAt: at },
}
const returned: NoticeEvent = { type: 'NoticeReturned', data: { ...receipt, by: gp, alsoOf: [], returnedAt: at } }
const closed: NoticeEvent = {
  type: 'MisdirectionClosed',
  data: { ...receipt, by: nurse, outcome: 'recipientCorrected', closedAt: at },
}
const said = { noticeId, by: gp, at }
const act = { type: 'RecordActed', ...said, action: 'acknowledged' } as const
const giveBack = { type: 'Return', ...said, alsoOf: [] } as const

test('a notice is sent once, also when it is sent again after a restart, in other words', () => {
  given().when({ type: 'Send', details }).thenEvents(sent)
  given(sent)
    .when({ type: 'Send', details: { ...details, changed: ['room'] } })
    .thenNothing()
})

test('a notice to somebody else, or about another stay, takes another id', () => {
  given(sent)
    .when({ type: 'Send', details: { ...details, recipient: colleague } })
    .thenRejected({ code: 'noticeIdReused' })
})

test('delivered, read and acted upon are three receipts, in any order, and none implies another', () => {
  given(sent)
    .when({ type: 'RecordDelivered', ...said })
    .thenEvents(delivered)
  given(sent)
    .when({ type: 'RecordRead', ...said })
    .thenEvents(read)
  given(sent).when(act).thenEvents(acted)
  given(sent, acted)
    .when({ type: 'RecordRead', ...said })
    .thenEvents(read)
  given(sent, acted, read)
    .when({ type: 'RecordDelivered', ...said })
    .thenEvents(delivered)
})

test('each receipt is recorded once, of whoever was first', () => {
  given(sent, delivered)
    .when({ type: 'RecordDelivered', ...said, by: colleague })
    .thenNothing()
  given(sent, read)
    .when({ type: 'RecordRead', ...said, by: colleague })
    .thenNothing()
  given(sent, acted)
    .when({ ...act, by: colleague })
    .thenNothing()
})

test('what was acted upon in one way is not acted upon in another', () =>
  given(sent, acted)
    .when({ ...act, action: 'handled' })
    .thenRejected({ code: 'alreadyActedUpon', action: 'acknowledged' }))

test('a notice that was never sent has no receipt, comes back from nobody, and is nobody’s misdirection', () => {
  given()
    .when({ type: 'RecordRead', ...said })
    .thenRejected({ code: 'noticeUnknown' })
  given().when(giveBack).thenRejected({ code: 'noticeUnknown' })
  given()
    .when({ type: 'CloseMisdirection', ...said, outcome: 'nobodyToTell' })
    .thenRejected({ code: 'noticeUnknown' })
})

test('“not my patient” may be said at any time, once', () => {
  given(sent).when(giveBack).thenEvents(returned)
  given(sent, delivered, read, acted).when(giveBack).thenEvents(returned)
  given(sent, returned).when(giveBack).thenNothing()
  given(sent, returned)
    .when({ ...giveBack, by: colleague })
    .thenRejected({ code: 'alreadyReturned' })
})

test('what came back has no further receipts', () => {
  given(sent, returned)
    .when({ type: 'RecordRead', ...said })
    .thenRejected({ code: 'alreadyReturned' })
  given(sent, read, returned)
    .when({ type: 'RecordRead', ...said })
    .thenNothing()
})

test('a misdirection is closed by its sender, in one way', () => {
  const close = { type: 'CloseMisdirection', noticeId, by: nurse, at, outcome: 'recipientCorrected' } as const
  given(sent).when(close).thenRejected({ code: 'misdirectionUnknown' })
  given(sent, returned).when(close).thenEvents(closed)
  given(sent, returned, closed).when(close).thenNothing()
  given(sent, returned, closed)
    .when({ ...close, outcome: 'nobodyToTell' })
    .thenRejected({ code: 'misdirectionClosed', outcome: 'recipientCorrected' })
})

const { stayId: _, role: __, ...unstayed } = subject
const work: Work = {
  subject: { kind: 'referral', referralId: ReferralId.parse('00000000-0000-4000-8000-000000000005') },
  recipient: gp,
  nature: 'referralAsked',
  state: 'open',
  expected: { action: 'answerReferral' },
  urgency: 'soon',
  title: 'Cardiologie',
  withheld: false,
  from: { by: nurse, organisation: '990000010', wards: [place] },
}
const asks = (changes: Partial<Work> = {}) => ({
  ...unstayed,
  sourceEventId: '00000000-0000-4000-8000-000000000004',
  work: { ...work, ...changes },
  happenedAt: '2026-11-22T08:30:00.000Z',
  sentAt: '2026-11-22T08:31:00.000Z',
})
const asked = (changes: Partial<Work> = {}): NoticeEvent => ({ type: 'WorkNoticeSent', data: asks(changes) })
const workReceipt = { ...unstayed, work: work.subject, facility: '990000010', wards: [place] }
const done: NoticeEvent = {
  type: 'NoticeActedUpon',
  data: { ...workReceipt, by: gp, action: 'handled', actedAt: at },
}
const toAcknowledge = asked({ expected: { action: 'acknowledge' } })
const finish = { type: 'RecordWorkDone', ...said } as const

test('what is asked is sent once, and is not another notice', () => {
  given().when({ type: 'SendWork', details: asks() }).thenEvents(asked())
  given(asked())
    .when({ type: 'SendWork', details: asks({ title: 'Gériatrie' }) })
    .thenNothing()
  given(asked()).when({ type: 'Send', details }).thenRejected({ code: 'noticeIdReused' })
})

test('what is to be done is acted upon where it is done, what is to be known here; what is asked no more is only to be known', () => {
  given(asked()).when(act).thenRejected({ code: 'actedElsewhere' })
  for (const notice of [toAcknowledge, asked({ state: 'withdrawn', expected: { action: 'doStep' } })])
    given(notice)
      .when(act)
      .thenEvents({ type: 'NoticeActedUpon', data: { ...workReceipt, by: gp, action: 'acknowledged', actedAt: at } })
})

test('work that was done is acted upon once, whoever did it, and in whatever way it was before', () => {
  given(asked()).when(finish).thenEvents(done)
  given(asked(), done)
    .when({ ...finish, by: colleague })
    .thenNothing()
  given(asked(), done)
    .when({ ...act, action: 'handled' })
    .thenNothing()
})

test('work that was done before something was asked again says nothing of that', () => {
  given(asked())
    .when({ ...finish, at: '2026-11-22T08:29:59.999Z' })
    .thenNothing()
  given(asked())
    .when({ ...finish, at: '2026-11-22T08:30:00.000Z' })
    .thenEvents({
      type: 'NoticeActedUpon',
      data: { ...workReceipt, by: gp, action: 'handled', actedAt: '2026-11-22T08:30:00.000Z' },
    })
})

test('what is asked is read and delivered like everything else, and never given back', () => {
  given(asked())
    .when({ type: 'RecordRead', ...said })
    .thenEvents({ type: 'NoticeRead', data: { ...workReceipt, by: gp, readAt: at } })
  given(asked()).when(giveBack).thenRejected({ code: 'notReturnable' })
})

test('while who the patient is stays unsaid, its receipts say so', () =>
  given(asked({ withheld: true }))
    .when({ type: 'RecordDelivered', ...said })
    .thenEvents({ type: 'NoticeDelivered', data: { ...workReceipt, withheld: true, by: gp, deliveredAt: at } }))

const anySaid = fc.record({ noticeId: fc.constant(noticeId), by: anyProfessionalId, at: fc.constant(at) })
const anyCommand: fc.Arbitrary<NoticeCommand> = fc.oneof(
  fc.constantFrom(asks(), asks({ expected: { action: 'acknowledge' } }), asks({ state: 'withdrawn' })).map((given) => ({
    type: 'SendWork' as const,
    details: given,
  })),
  anySaid.map((each) => ({ type: 'RecordWorkDone' as const, ...each })),
  fc.constantFrom(gp, colleague).map((recipient) => ({ type: 'Send' as const, details: { ...details, recipient } })),
  fc
    .tuple(anySaid, fc.constantFrom('RecordDelivered' as const, 'RecordRead' as const))
    .map(([each, type]) => ({ type, ...each })),
  fc
    .tuple(anySaid, fc.constantFrom('acknowledged' as const, 'handled' as const))
    .map(([each, action]) => ({ type: 'RecordActed' as const, ...each, action })),
  anySaid.map((each) => ({ type: 'Return' as const, ...each, alsoOf: [] })),
  fc
    .tuple(anySaid, fc.constantFrom('recipientCorrected' as const, 'nobodyToTell' as const))
    .map(([each, outcome]) => ({ type: 'CloseMisdirection' as const, ...each, outcome })),
)

test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(notice, anyCommand))
