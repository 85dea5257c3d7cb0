import type { MessageEvent } from '@relais/contracts/messages'
import type { DocumentRef, MessageId, PatientId, StayId } from '@relais/contracts/primitives'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { message, type MessageCommand } from './message.ts'

const { given } = specification(message)

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const messageId = uuid(1) as MessageId
const stayId = uuid(2) as StayId
const patientId = uuid(3) as PatientId
const at = '2026-03-02T10:00:00.000Z'
const subject = { messageId, keyOwner: 'sender:chu:2026-03-02', senderId: 'chu' }

function raw(n: number): DocumentRef {
  return { documentId: uuid(10 + n), size: 100, mediaType: 'application/hl7-v2', sha256: String(n).padStart(64, '0') }
}

const missing = { path: 'ZBE-4', code: 'fieldMissing' as const, text: 'INSERT, UPDATE or CANCEL is required' }
const received = { ...subject, receivedAt: at, raw: raw(0), trigger: 'ADT^A03^ADT_A03', controlId: '3995' }
const quarantined: MessageEvent = { type: 'MessageQuarantined', data: { ...received, problems: [missing] } }
const ignored: MessageEvent = { type: 'MessageIgnored', data: received }
const edits = [{ op: 'removeField' as const, path: 'ZBE-3' }]
const repaired: MessageEvent = { type: 'MessageRepaired', data: { ...subject, edits, raw: raw(1), repairedAt: at } }
const resolved: MessageEvent = {
  type: 'MessageReplayed',
  data: { ...subject, replayedAt: at, cause: 'person', outcome: 'accepted', problems: [], stayId, patientId },
}

const announced: MessageEvent = {
  type: 'LinkReported',
  data: { ...received, patientId, otherId: uuid(4) as PatientId, authority: '990000010', reportedAt: at, flags: [] },
}
const resolvedWithoutStay: MessageEvent = {
  type: 'MessageReplayed',
  data: { ...subject, replayedAt: at, cause: 'person', outcome: 'accepted', problems: [], patientId },
}

const announce: MessageCommand = { type: 'Announce', announcement: announced }
const acceptedWithoutStay: MessageCommand = {
  type: 'RecordReplay',
  cause: 'person',
  at,
  result: { outcome: 'accepted', patientId },
}
const quarantine: MessageCommand = { type: 'Quarantine', details: { ...received, problems: [missing] } }
const repair: MessageCommand = { type: 'Repair', edits, raw: raw(1), at }
const accepted: MessageCommand = {
  type: 'RecordReplay',
  cause: 'person',
  at,
  result: { outcome: 'accepted', stayId, patientId },
}
const refused = {
  type: 'RecordReplay' as const,
  cause: 'person' as const,
  at,
  result: { outcome: 'quarantined' as const, problems: [missing] },
} satisfies MessageCommand

test('a message that cannot be processed waits in quarantine with its reasons', () =>
  given().when(quarantine).thenEvents(quarantined))
test('the same message again waits once', () => given(quarantined).when(quarantine).thenNothing())
test('a message of an unknown trigger is recorded as ignored', () =>
  given().when({ type: 'Ignore', details: received }).thenEvents(ignored))
test('an ignored message again is recorded once', () =>
  given(ignored).when({ type: 'Ignore', details: received }).thenNothing())
test('a repair is on record beside the original bytes', () => given(quarantined).when(repair).thenEvents(repaired))
test('the same repair again changes nothing', () => given(quarantined, repaired).when(repair).thenNothing())
test('an unknown message cannot be repaired', () => given().when(repair).thenRejected({ code: 'messageUnknown' }))
test('an ignored message is not in quarantine', () =>
  given(ignored).when(repair).thenRejected({ code: 'messageUnknown' }))
test('a replayed message can no longer be repaired otherwise', () =>
  given(quarantined, repaired, resolved)
    .when({ ...repair, raw: raw(2) })
    .thenRejected({ code: 'messageResolved' }))
test('an accepted replay ends the quarantine and names the stay', () =>
  given(quarantined, repaired).when(accepted).thenEvents(resolved))
test('a second replay changes nothing', () => given(quarantined, repaired, resolved).when(accepted).thenNothing())
test('a replay refused for the reasons already known leaves no trace, in whatever order their fields come', () => {
  given(quarantined).when(refused).thenNothing()
  const { path, code, text } = missing
  given(quarantined)
    .when({ ...refused, result: { outcome: 'quarantined', problems: [{ text, code, path }] } })
    .thenNothing()
})
test('a replay of a repaired message that is still refused says so', () =>
  given(quarantined, repaired)
    .when(refused)
    .thenEvents({
      type: 'MessageReplayed',
      data: { ...subject, replayedAt: at, cause: 'person', outcome: 'quarantined', problems: [missing] },
    }))
test('each view is on record', () =>
  given(quarantined)
    .when({ type: 'View', at })
    .thenEvents({ type: 'MessageViewed', data: { ...subject, viewedAt: at } }))

test('what a message says of two patients is on record with it, once', () => {
  given().when(announce).thenEvents(announced)
  given(announced).when(announce).thenNothing()
})
test('it is, once, also when the message had to wait before', () => {
  given(quarantined, repaired).when(announce).thenEvents(announced)
  given(quarantined, repaired, announced).when(announce).thenNothing()
  given(quarantined, repaired, announced).when(acceptedWithoutStay).thenEvents(resolvedWithoutStay)
})
test('what a message said is said also when it was not understood at first', () =>
  given(ignored).when(announce).thenEvents(announced))
test('a message that was understood does not wait, and is not repaired', () => {
  given(announced).when(quarantine).thenNothing()
  given(announced).when({ type: 'Ignore', details: received }).thenNothing()
  given(announced).when(repair).thenRejected({ code: 'messageUnknown' })
})

const anyCommand = fc.constantFrom(
  quarantine,
  announce,
  acceptedWithoutStay,
  { type: 'Ignore', details: received } as const,
  repair,
  accepted,
  refused,
)

test('handling any accepted command twice is handling it once, views apart: each is a fact', () =>
  assertRepeatsAreQuiet(message, anyCommand))

describe('that a message came', () => {
  const refusal = { ...subject, receivedAt: at, reason: 'senderNotEntitled' as const, isNamed: true }
  const repeat = { ...subject, receivedAt: at }
  const wasRefused: MessageEvent = { type: 'MessageRefused', data: refusal }
  const wasRepeated: MessageEvent = { type: 'MessageRepeated', data: repeat }

  test('is on record where nothing else tells, once', () => {
    given().when({ type: 'Refuse', details: refusal }).thenEvents(wasRefused)
    given(wasRefused).when({ type: 'Refuse', details: refusal }).thenNothing()
    given().when({ type: 'NoteRepeat', details: repeat }).thenEvents(wasRepeated)
    given(wasRepeated).when({ type: 'NoteRepeat', details: repeat }).thenNothing()
  })

  test('is not said again of a message that waits, or waited', () => {
    given(quarantined).when({ type: 'NoteRepeat', details: repeat }).thenNothing()
    given(quarantined, resolved).when({ type: 'NoteRepeat', details: repeat }).thenNothing()
  })

  test('does not keep it from waiting, once it says what cannot be', () =>
    given(wasRepeated).when(quarantine).thenEvents(quarantined))

  test('leaves nothing to look at, to repair or to replay', () => {
    for (const came of [wasRefused, wasRepeated])
      for (const command of [repair, accepted, { type: 'View' as const, at }])
        given(came).when(command).thenRejected({ code: 'messageUnknown' })
  })

  test('an A44 of a dossier says so once', () => {
    const moved: MessageEvent = {
      type: 'DossierMoved',
      data: {
        ...received,
        patientId,
        fromPatientId: uuid(4) as PatientId,
        dossier: { authority: '990000010', number: 'D1' },
        reportedAt: at,
        identity: raw(2),
        flags: [],
      },
    }
    given().when({ type: 'Announce', announcement: moved }).thenEvents(moved)
    given(moved).when({ type: 'Announce', announcement: moved }).thenNothing()
  })
})
