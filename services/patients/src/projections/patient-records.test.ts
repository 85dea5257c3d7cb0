import { join } from 'node:path'
import {
  circleEvents,
  CircleEvent,
  linkEvents,
  LinkEvent,
  patientEvents,
  PatientEvent,
} from '@relais/contracts/patients'
import { ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { openDatabase } from '@relais/database/database'
import { eventCodec } from '@relais/events/codec'
import { linkIdOf } from '@relais/runtime/link-facts.fixture'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { corrected, moved, withdrawn } from '@relais/runtime/stay-facts.fixture'
import { anyMessageId, anyPatientId, anyProfessionalId, anyStayId } from '@relais/testkit/arbitraries'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import fc from 'fast-check'
import { test } from 'vitest'
import { patientRecords } from './patient-records.ts'

const at = '2026-11-02T09:00:00.000Z'
const anyStay = fc.record({ patientId: anyPatientId, stayId: anyStayId })
const anyDetails = fc.record({ number: fc.constantFrom('M1', 'M2'), ward: fc.constantFrom('4101', '4102') })

const stayFact = fc
  .tuple(fc.constantFrom('admitted', 'left', 'corrected', 'withdrawn'), anyStay, anyDetails)
  .map(([what, stay, details]): Recordable => {
    const events: Record<string, StayEvent> = {
      admitted: moved('PatientAdmitted', stay, details),
      left: moved('PatientDischarged', stay, details),
      corrected: corrected(stay, details),
      withdrawn: withdrawn(stay, details),
    }
    const event = events[what]
    return (record) => (event ? record(stayEvents, event, { owner: stay.stayId }) : Promise.reject(new Error(what)))
  })

const circleFact = fc
  .tuple(anyPatientId, anyProfessionalId, fc.constantFrom('medecin', 'infirmier'), fc.boolean())
  .map(([patientId, memberId, role, joins]): Recordable => {
    const membership = { patientId, memberId, role }
    const event = CircleEvent.parse(
      joins
        ? { type: 'MemberJoined', data: { ...membership, ground: 'exchange', joinedAt: at, source: 'declared' } }
        : { type: 'MemberLeft', data: { ...membership, leftAt: at, reason: 'removed' } },
    )
    return (record) => record(circleEvents, event, { owner: patientId })
  })

const identityFact = fc
  .tuple(anyPatientId, anyStayId, anyMessageId, fc.integer({ min: 1, max: 3 }))
  .map(([patientId, stayId, messageId, n]): Recordable => {
    const documentId = `00000000-0000-4000-8000-00000000000${n}`
    const identity = { documentId, size: 1, mediaType: 'application/json', sha256: String(n).repeat(64) }
    const reportedAt = '2026-11-02T11:00:00.000Z'
    const data = { patientId, stayId, messageId, reportedAt, identity, status: 'validated', hasIns: false }
    const event = PatientEvent.parse({ type: 'IdentityRecorded', data })
    return (record) => record(patientEvents, event, { owner: patientId })
  })

const linkFact = fc
  .tuple(
    anyPatientId,
    anyPatientId,
    anyMessageId,
    fc.constantFrom('PatientsLinked', 'PatientsUnlinked', 'LinkDoubted', 'LinkDoubtSettled'),
  )
  .map(([patientId, otherId, messageId, type]): Recordable => {
    const pair = { linkId: linkIdOf(patientId, otherId), patientId, otherId, messageId, reportedAt: at }
    const said = { source: 'reported', again: false, reason: type === 'PatientsLinked' ? 'merged' : 'unlinked' }
    const doubt = { asked: 'merge', doubt: 'cycle', authority: '990000010', outcome: 'dismissed', settledAt: at }
    const event = LinkEvent.parse({ type, data: { ...pair, ...said, ...doubt } })
    return (record) => record(linkEvents, event, { owner: event.data.linkId })
  })

const document = {
  documentId: '00000000-0000-4000-8000-000000000009',
  size: 1,
  mediaType: 'text/plain',
  sha256: '0'.repeat(64),
}
const referralFact = fc
  .record({
    referralId: fc.constantFrom('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'),
    patientId: anyPatientId,
    recipient: anyProfessionalId,
    identityWithheld: fc.boolean(),
    type: fc.constantFrom(
      'ReferralRequested',
      'ReceiverAsked',
      'ReferralAccepted',
      'ReferralDeclined',
      'ReceiverStoodDown',
      'ReferralClosed',
    ),
  })
  .map(({ type, recipient, ...said }): Recordable => {
    const from = { by: recipient, wards: [], told: [recipient] }
    const what = { kind: 'advice', urgency: 'soon', title: 'Avis', question: document, attachments: [], from }
    const whom = { recipient, receivers: [{ recipient }], mode: 'independent', ladder: [], by: recipient }
    const times = { answerBy: at, requestedAt: at, askedAt: at, acceptedAt: at, declinedAt: at, stoodDownAt: at }
    const because = type === 'ReceiverAsked' ? 'requested' : type === 'ReceiverStoodDown' ? 'closed' : 'done'
    const data = { ...said, ...what, ...whom, ...times, because, reason: 'full', closedAt: at }
    const event = ReferralEvent.parse({ type, data })
    return (record) => record<ReferralEvent>(referralEvents, event, { owner: said.referralId })
  })

test('stopped anywhere and resumed from any earlier checkpoint, the records of patients are the same', async () => {
  const folder = temporaryFolder()
  const property = resumesFromAnywhere({
    projection: patientRecords,
    codecs: (keyring) => [
      eventCodec<StayEvent>(stayEvents, keyring),
      eventCodec<CircleEvent>(circleEvents, keyring),
      eventCodec<PatientEvent>(patientEvents, keyring),
      eventCodec<LinkEvent>(linkEvents, keyring),
      eventCodec<ReferralEvent>(referralEvents, keyring),
    ],
    facts: fc.oneof(stayFact, circleFact, identityFact, linkFact, referralFact),
    open: (schema) => openDatabase(`sqlite:${join(folder, 'views.sqlite')}`, { schema, durability: 'normal' }),
  })
  await fc.assert(property, { numRuns: 8 })
})
