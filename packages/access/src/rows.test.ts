import { randomUUID } from 'node:crypto'
import type { CircleEvent } from '@relais/contracts/patients'
import type { StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import type { RowOperation } from '@relais/projections/projection'
import { anyMovementId, anyPatientId, anyStayId } from '@relais/testkit/arbitraries'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { actor, confidential, day, joined, left, moved, movedTo, withdrawn } from './events.fixture.ts'
import { accessRows, accessTables } from './facts.ts'

type Event = StayEvent | CircleEvent

const anySubject = fc.record({ patientId: anyPatientId, stayId: anyStayId })
const anyPlace = fc.record({ medical: fc.constantFrom('1', '2'), care: fc.constantFrom('1', '2') })
const anyMove = fc.tuple(anyMovementId, anyPlace)
const kinds = ['PatientAdmitted', 'PatientTransferred', 'PatientDischarged', 'MovementCorrected']
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.tuple(fc.constantFrom(...kinds), anySubject, anyMove).map((drawn) => moved(...drawn)),
  fc.tuple(fc.constant('admission'), anySubject, anyMovementId).map((drawn) => withdrawn(...drawn)),
  fc.tuple(anyPatientId, anySubject).map((drawn) => movedTo(...drawn)),
  fc.tuple(anySubject, fc.boolean()).map((drawn) => confidential(...drawn)),
  fc.tuple(anyPatientId, fc.constant(day(2)), fc.constantFrom('medecin', 'infirmier')).map((drawn) => joined(...drawn)),
  fc.tuple(anyPatientId, fc.constant(day(3)), fc.constantFrom('medecin', 'infirmier')).map((drawn) => left(...drawn)),
)

const decoded = (event: Event | undefined): Decoded<Event> => ({
  id: randomUUID(),
  stream: 'stay-1',
  revision: 0,
  position: 1,
  metadata: { $correlationId: 'c', recordedAt: day(1), actor },
  type: 'Any',
  routing: {},
  event,
})

/** The view that these events leave: rows by table and key. */
function view(events: readonly Event[]): Map<string, RowOperation> {
  const rows = new Map<string, RowOperation>()
  for (const operation of events.flatMap((event) => accessRows(decoded(event)))) {
    const table = Object.entries(accessTables).find(([name]) => name === operation.table)?.[1]
    const values = operation.op === 'upsert' ? operation.row : operation.key
    rows.set(JSON.stringify([operation.table, table?.key.map((column) => values[column])]), operation)
  }
  return rows
}

test('events delivered again from any earlier one leave the same view', () =>
  expect(() =>
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), fc.nat(12), (events, from) => {
        expect(view([...events, ...events.slice(from)])).toEqual(view(events))
      }),
    ),
  ).not.toThrow())

test('a withdrawn movement leaves nothing behind but whose the stay is', () => {
  const subject = { patientId: randomUUID(), stayId: randomUUID() }
  const first = randomUUID()
  const events = [moved('PatientAdmitted', subject, [first, {}]), withdrawn('admission', subject, first)]
  expect([...view(events).values()].map(({ op }) => op)).toEqual(['upsert', 'delete', 'delete'])
})

test('a forgotten event changes nothing', () => {
  expect(accessRows(decoded(undefined))).toEqual([])
})
