import { type AbsenceEvent, absenceEvents } from '@relais/contracts/absences'
import { CircleEvent, circleEvents } from '@relais/contracts/patients'
import { eventCodec } from '@relais/events/codec'
import { anyAbsenceFact } from '@relais/runtime/care-facts.fixture'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { anyPatientId, anyProfessionalId } from '@relais/testkit/arbitraries'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { test } from 'vitest'
import { standIns } from './stand-ins.ts'

const at = '2026-11-03T08:00:00.000Z'

const circleFact = fc
  .tuple(anyPatientId, anyProfessionalId, anyProfessionalId, fc.boolean())
  .map(([patientId, memberId, replaces, joins]): Recordable => {
    const member = { patientId, memberId, role: 'remplacant' }
    const event = CircleEvent.parse(
      joins
        ? { type: 'MemberJoined', data: { ...member, ground: 'exchange', joinedAt: at, source: 'reported', replaces } }
        : { type: 'MemberLeft', data: { ...member, leftAt: at, reason: 'departed' } },
    )
    return (record) => record<CircleEvent>(circleEvents, event, { owner: patientId })
  })

eachDatabase('the view of who stands in for whom', (open) => {
  test('is the same, stopped anywhere and resumed from any earlier checkpoint', async () => {
    const property = resumesFromAnywhere({
      projection: standIns,
      codecs: (keyring) => [
        eventCodec<AbsenceEvent>(absenceEvents, keyring),
        eventCodec<CircleEvent>(circleEvents, keyring),
      ],
      facts: fc.oneof(circleFact, anyAbsenceFact),
      open,
    })
    await fc.assert(property, { numRuns: 6 })
  })
})
