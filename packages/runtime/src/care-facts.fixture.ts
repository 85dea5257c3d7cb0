import { AbsenceEvent, absenceEvents } from '@relais/contracts/absences'
import { CircleEvent, circleEvents, type LinkEvent, linkEvents } from '@relais/contracts/patients'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import { anyPatientId, anyProfessionalId, anyStayId } from '@relais/testkit/arbitraries'
import fc from 'fast-check'
import { linked, linkIdOf, unlinked } from './link-facts.fixture.ts'
import type { Recordable } from './redelivery.fixture.ts'
import { stood } from './standing-facts.fixture.ts'
import { moved, withdrawn } from './stay-facts.fixture.ts'

const at = '2026-11-03T09:00:00.000Z'

/** What is said of the stays, the circles and the numbers of few patients. */
export const anyCareFact: fc.Arbitrary<Recordable> = fc
  .tuple(anyPatientId, anyPatientId, anyStayId, anyProfessionalId, anyProfessionalId, fc.nat(8))
  .map(([patientId, otherId, stayId, memberId, replaces, n]): Recordable => {
    const stay = { patientId, stayId }
    const member = { patientId, memberId, role: 'infirmier' }
    const joined = { ...member, ground: 'exchange', joinedAt: at, source: 'declared' }
    const left = { ...member, leftAt: at, reason: 'removed' }
    const ofStay =
      (event: StayEvent): Recordable =>
      (record) =>
        record<StayEvent>(stayEvents, event, { owner: stayId })
    const ofCircle =
      (type: string, data: object): Recordable =>
      (record) =>
        record<CircleEvent>(circleEvents, CircleEvent.parse({ type, data }), { owner: patientId })
    const ofLink =
      (event: LinkEvent): Recordable =>
      (record) =>
        record<LinkEvent>(linkEvents, event, { owner: linkIdOf(patientId, otherId) })
    const facts = [
      ofStay(moved('PatientAdmitted', stay)),
      ofStay(withdrawn(stay, {})),
      ofStay(stood(stay, { status: 'present' })),
      ofStay(stood(stay, { status: 'discharged', nature: 'discharged' })),
      ofCircle('MemberJoined', joined),
      ofCircle('MemberLeft', left),
      ofCircle('MemberJoined', { ...joined, role: 'remplacant', replaces }),
      ofCircle('MemberLeft', { ...left, role: 'remplacant' }),
      ofLink(otherId > patientId ? linked(patientId, otherId) : unlinked(patientId, otherId)),
    ]
    return facts[n] ?? ofStay(stood(stay))
  })

/** That one of few professionals goes away, or is back, and who stands in. */
export const anyAbsenceFact: fc.Arbitrary<Recordable> = fc
  .tuple(anyProfessionalId, anyProfessionalId, fc.constantFrom(1, 2), fc.boolean())
  .map(([professionalId, replacement, n, begins]): Recordable => {
    const absenceId = `a0000000-0000-4000-8000-00000000000${n}`
    const said = { keyOwner: 'directory', absenceId, professionalId, replacement }
    const event = AbsenceEvent.parse(
      begins
        ? { type: 'AbsenceBegan', data: { ...said, beganAt: at } }
        : { type: 'AbsenceEnded', data: { ...said, endedAt: at } },
    )
    return (record) => record<AbsenceEvent>(absenceEvents, event, { owner: absenceId })
  })
