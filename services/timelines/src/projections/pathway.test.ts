import { randomUUID } from 'node:crypto'
import { CircleEvent, circleEvents } from '@relais/contracts/patients'
import { PatientId, StayId } from '@relais/contracts/primitives'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { eventCodec } from '@relais/events/codec'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { corrected, moved, withdrawn } from '@relais/runtime/stay-facts.fixture'
import { anyPatientId, anyProfessionalId, anyStayId } from '@relais/testkit/arbitraries'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acted, delivered, read, sent } from '../boards.fixture.ts'
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

test('a pathway passes over what was told to whom, and holds nothing of it', () => {
  const stay = { patientId: PatientId.parse(randomUUID()), stayId: StayId.parse(randomUUID()) }
  const notice = sent(stay)
  const metadata = { $correlationId: 'c', recordedAt: at, actor: { id: 'sender:chu', role: 'system' } }
  const told = [notice.event, delivered(notice), read(notice), acted(notice)]
  const place = { id: 'e', stream: 'notice-1', revision: 0, position: 1, metadata, routing: {} }
  expect(told.flatMap((event) => pathway.rows({ ...place, type: event.type, event }))).toEqual([])
  expect(pathway.unread).toEqual([...told.map(({ type }) => type), 'MisdirectionClosed'])
})

eachDatabase('the projection of pathways', (open) => {
  test('stopped anywhere and resumed from any earlier checkpoint, shows the same', async () => {
    const property = resumesFromAnywhere({
      projection: pathway,
      codecs: (keyring) => [eventCodec<StayEvent>(stayEvents, keyring), eventCodec<CircleEvent>(circleEvents, keyring)],
      facts: fc.oneof(stayFact, circleFact),
      open,
    })
    await fc.assert(property, { numRuns: 6 })
  })
})
