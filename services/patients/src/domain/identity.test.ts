import type { InsChange, PatientEvent } from '@relais/contracts/patients'
import type { MessageId, PatientId, StayId } from '@relais/contracts/primitives'
import { accept } from '@relais/decider/decider'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { identity, type RecordIdentity } from './identity.ts'

const { given } = specification(identity)

const recorded = (message: number, content: number, day = 1): PatientEvent => ({
  type: 'IdentityRecorded',
  data: {
    patientId: '00000000-0000-4000-8000-000000000002' as PatientId,
    stayId: '00000000-0000-4000-8000-000000000003' as StayId,
    messageId: `00000000-0000-4000-8000-10000000000${message}` as MessageId,
    reportedAt: `2026-03-0${day}T10:00:00.000Z`,
    identity: {
      documentId: `00000000-0000-4000-8000-20000000000${content}`,
      size: 120,
      mediaType: 'application/vnd.relais.identity+json',
      sha256: String(content).repeat(64),
    },
    status: 'validated',
    hasIns: false,
  },
})
const record = (message: number, content: number, day = 1): RecordIdentity => ({
  type: 'RecordIdentity',
  details: recorded(message, content, day).data,
})

test('what a hospital says of an identity is recorded', () => given().when(record(1, 1)).thenEvents(recorded(1, 1)))
test('a correction is recorded after what it corrects', () =>
  given(recorded(1, 1)).when(record(2, 2)).thenEvents(recorded(2, 2)))
test('an identity said again after a correction holds again', () =>
  given(recorded(1, 1), recorded(2, 2)).when(record(3, 1)).thenEvents(recorded(3, 1)))
test('what was said earlier overrides nothing, whenever it arrives', () =>
  given(recorded(1, 1, 2))
    .when(record(2, 2, 1))
    .thenNothing())
test('a message told again is recorded once, whatever was said since', () =>
  given(recorded(1, 1), recorded(2, 2)).when(record(1, 1)).thenNothing())

/** What is said of the INS: the digest tells which. */
const said = (message: number, day: number, digest?: string): RecordIdentity => {
  const { details } = record(message, message, day)
  return { type: 'RecordIdentity', details: { ...details, hasIns: digest !== undefined, ...withDigest(digest) } }
}
const withDigest = (insDigest: string | undefined) => (insDigest === undefined ? {} : { insDigest })
const deletion = (message: number, day: number): RecordIdentity => ({ ...said(message, day), insDeleted: true })
const fact = ({ details }: RecordIdentity, insChange?: InsChange): PatientEvent => ({
  type: 'IdentityRecorded',
  data: { ...details, ...(insChange === undefined ? {} : { insChange }) },
})

test('an INS is retrieved, changed, or said again', () => {
  given(recorded(1, 1))
    .when(said(2, 2, 'nia'))
    .thenEvents(fact(said(2, 2, 'nia'), 'retrieved'))
  given(fact(said(1, 1, 'nia'), 'retrieved'))
    .when(said(2, 2, 'nir'))
    .thenEvents(fact(said(2, 2, 'nir'), 'changed'))
  given(fact(said(1, 1, 'nir'), 'retrieved'))
    .when(said(2, 2, 'nir'))
    .thenEvents(fact(said(2, 2, 'nir')))
})
test('a deleted INS is no longer part of the identity', () =>
  given(fact(said(1, 1, 'nir'), 'retrieved'))
    .when(deletion(2, 2))
    .thenEvents(fact(said(2, 2), 'deleted')))
test('a deletion is on record also where no INS was known', () =>
  given()
    .when(deletion(1, 1))
    .thenEvents(fact(said(1, 1), 'deleted')))
test('an identity that no longer says its INS is told apart from a deletion', () =>
  given(fact(said(1, 1, 'nir'), 'retrieved'))
    .when(said(2, 2))
    .thenEvents(fact(said(2, 2), 'omitted')))
test('what was said before a deletion does not bring the INS back, whenever it arrives', () => {
  given(fact(said(1, 2), 'deleted'))
    .when(said(2, 1, 'nir'))
    .thenNothing()
  given(fact(said(1, 2), 'deleted'))
    .when(said(2, 2, 'nir'))
    .thenNothing()
})
test('an INS that is retrieved anew after a deletion holds', () =>
  given(fact(said(1, 1), 'deleted'))
    .when(said(2, 2, 'nir'))
    .thenEvents(fact(said(2, 2, 'nir'), 'retrieved')))

const anyCommand = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .map(([message, content]) => record(message, content))

test('handling any command twice is handling it once', () =>
  fc.assert(
    fc.property(fc.array(anyCommand), (commands) => {
      let state = identity.initialState
      for (const command of [...commands, ...commands]) {
        const decision = identity.decide(command, state)
        if (decision.accepted) state = decision.events.reduce(identity.evolve, state)
      }
      for (const command of commands) expect(identity.decide(command, state)).toEqual(accept())
    }),
  ))
