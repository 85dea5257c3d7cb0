import { randomUUID } from 'node:crypto'
import { CircleEvent, circleEvents } from '@relais/contracts/patients'
import { threadEvents, type ThreadEvent } from '@relais/contracts/conversations'
import { PatientId, StayId } from '@relais/contracts/primitives'
import { type RunEvent, runEvents } from '@relais/contracts/protocol-runs'
import { type ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { eventCodec } from '@relais/events/codec'
import {
  accepted,
  given,
  memberRemoved,
  ofReferral,
  requested,
  runStarted,
  stepOpened,
  threadOpened,
} from '@relais/runtime/loop-facts.fixture'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { corrected, moved, withdrawn } from '@relais/runtime/stay-facts.fixture'
import { anyPatientId, anyProfessionalId, anyStayId } from '@relais/testkit/arbitraries'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acted, delivered, GP, read, sent } from '../boards.fixture.ts'
import { recordLoop } from '../work.fixture.ts'
import { pathway } from './pathway.ts'

const at = '2026-11-02T09:00:00.000Z'
const anyStay = fc.record({ patientId: anyPatientId, stayId: anyStayId })
const anyDetails = fc.record({ number: fc.constantFrom('M1', 'M2'), ward: fc.constantFrom('4101', '4102') })
const makers = [
  (...drawn: Drawn) => moved('PatientAdmitted', ...drawn),
  (...drawn: Drawn) => moved('PatientTransferred', ...drawn),
  (...drawn: Drawn) => moved('PatientDischarged', ...drawn),
  (...drawn: Drawn) => corrected(...drawn),
  (...drawn: Drawn) => withdrawn(...drawn),
]
type Drawn = Parameters<typeof withdrawn>

const stayFact = fc.tuple(fc.constantFrom(...makers), anyStay, anyDetails).map(([make, stay, details]): Recordable => {
  const event = make(stay, details)
  return (record) => record(stayEvents, event, { owner: stay.stayId })
})

const circleFact = fc
  .tuple(anyPatientId, anyProfessionalId, fc.boolean())
  .map(([patientId, memberId, joins]): Recordable => {
    const membership = { patientId, memberId, role: 'medecin-traitant' }
    const event = CircleEvent.parse(
      joins
        ? { type: 'MemberJoined', data: { ...membership, ground: 'exchange', joinedAt: at, source: 'declared' } }
        : { type: 'MemberLeft', data: { ...membership, leftAt: at, reason: 'removed' } },
    )
    return (record) => record(circleEvents, event, { owner: patientId })
  })

const threads = fc.constantFrom(1, 2).map((n) => `f0000000-0000-4000-8000-00000000000${n}`)
const exchangeFact = fc
  .tuple(anyStay, threads, fc.constantFrom('asked', 'accepted', 'started', 'opened', 'thread', 'given'))
  .map(([stay, threadId, what]): Recordable => {
    const thread = threadOpened(threadId, { patientId: stay.patientId })
    return (record) => {
      if (what === 'thread') return record(threadEvents, thread, { owner: threadId })
      if (what === 'asked') return recordLoop(record, requested(stay))
      if (what === 'accepted') return recordLoop(record, accepted(stay, GP))
      if (what === 'started') return recordLoop(record, runStarted(stay))
      return recordLoop(record, what === 'opened' ? stepOpened(stay) : given(stay, { subject: ofReferral(stay) }))
    }
  })

test('a pathway passes over what was told to whom, and what is asked, and holds nothing of it', () => {
  const stay = { patientId: PatientId.parse(randomUUID()), stayId: StayId.parse(randomUUID()) }
  const notice = sent(stay)
  const asked = given(stay, { subject: ofReferral(stay) })
  const metadata = { $correlationId: 'c', recordedAt: at, actor: { id: 'sender:chu', role: 'system' } }
  const removal = memberRemoved({ threadId: randomUUID(), patientId: stay.patientId }, GP)
  const told = [notice.event, delivered(notice), read(notice), acted(notice), asked, removal]
  const place = { id: 'e', stream: 'notice-1', revision: 0, position: 1, metadata, routing: {} }
  expect(told.flatMap((event) => pathway.rows({ ...place, type: event.type, event }))).toEqual([])
  expect(pathway.unread).toEqual(expect.arrayContaining(told.map(({ type }) => type)))
})

eachDatabase('the projection of pathways', (open) => {
  test('stopped anywhere and resumed from any earlier checkpoint, shows the same', async () => {
    const property = resumesFromAnywhere({
      projection: pathway,
      codecs: (keyring) => [
        eventCodec<StayEvent>(stayEvents, keyring),
        eventCodec<CircleEvent>(circleEvents, keyring),
        eventCodec<ReferralEvent>(referralEvents, keyring),
        eventCodec<RunEvent>(runEvents, keyring),
        eventCodec<ThreadEvent>(threadEvents, keyring),
      ],
      facts: fc.oneof(stayFact, circleFact, exchangeFact),
      open,
    })
    await fc.assert(property, { numRuns: 6 })
  })
})
