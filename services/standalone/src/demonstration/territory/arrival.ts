import { derivedUuid } from '@relais/events/derived-uuid'
import { shippedProtocols } from '@relais/protocols-service/service'
import { identityMessage } from '../day/er7.ts'
import { type Person, people, TEST_INS_OID } from './people.ts'
import { onCallRequest, standingLines, TERRITORY } from './on-call.ts'
import { CPTS, facilities, HOSPITAL } from './places.ts'
import { professionals } from './professionals.ts'
import { staff } from './staff.ts'

/** Who asks: the operator, the staff of an EHPAD, who alone keep its register, or anybody who acts on a day. */
export type Asker = { role: string; id?: string; organisation?: string; wards?: readonly string[] }
export type Request = { as: Asker; method: 'GET' | 'PUT' | 'POST'; path: string; body?: object }

/** One thing to do for the territory to be there. Done again, none of them changes anything. */
export type Step =
  | { kind: 'request'; request: Request }
  | { kind: 'message'; bytes: Uint8Array }
  /** What is asked of a patient whom the hospital knows by this number. */
  | { kind: 'ofPatient'; ipp: string; requests: (patientId: string) => readonly Request[] }
  /** From now on, unless it is there. */
  | { kind: 'protocol'; protocolId: string; definition: object }

const operator: Asker = { role: 'operateur' }
/** Whoever coordinates the territory writes its protocols, and sees no patient. */
export const coordination: Asker = { role: 'coordinateur', id: 'cpts-essai:coordination', organisation: CPTS }
/** When the hospital said whom it knows. */
const IDENTITIES_TOLD_AT = '20260105080000'

/** Everything that brings the territory in, through what the services offer to everybody. */
export function stepsOfArrival(): Step[] {
  const everybody = people()
  return [
    ...placesAndProfessionals().map((request): Step => ({ kind: 'request', request })),
    ...everybody.flatMap(entryOf),
    ...everybody.map((person): Step => ({
      kind: 'message',
      bytes: identityMessage(person, { controlId: `A28-${person.ipp}`, at: IDENTITIES_TOLD_AT }),
    })),
    ...everybody.map((person): Step => ({ kind: 'ofPatient', ipp: person.ipp, requests: circleOf(person) })),
    ...shippedProtocols.map(({ protocolId, definition }): Step => ({
      kind: 'protocol',
      protocolId,
      definition: { ...definition, territory: TERRITORY, coordinator: `finess:${CPTS}` },
    })),
  ]
}

function placesAndProfessionals(): Request[] {
  const put = (path: string, body: object): Request => ({ as: operator, method: 'PUT', path, body })
  return [
    ...facilities.flatMap(({ finess, details, wards }) => [
      put(`/directory/facilities/${finess}`, details),
      ...wards.map(([code, ward]) => put(`/directory/facilities/${finess}/wards/${code}`, ward)),
    ]),
    ...professionals.map(({ rpps, details }) => put(`/directory/professionals/rpps:${rpps}`, details)),
    ...staff.map(({ id, details }) => put(`/directory/professionals/${id}`, details)),
    ...standingLines.map((period) => onCallRequest(operator, period)),
  ]
}

function entryOf({ residence, ...person }: Person): Step[] {
  if (!residence) return []
  const { ehpad, room, enteredAt } = residence
  const identity = {
    birthName: person.familyName,
    givenNames: person.givenName,
    birthDate: person.birthDate,
    sex: person.sex,
    status: 'qualified',
    ins: { matricule: person.ins, oid: TEST_INS_OID },
  }
  const residentId = derivedUuid('demonstration', 'resident', person.ins)
  const body = { residentId, identity, room, enteredAt }
  const as: Asker = { role: 'ehpad', organisation: ehpad }
  return [{ kind: 'request', request: { as, method: 'POST', path: '/residents', body } }]
}

const circleOf =
  ({ physician, carers }: Person) =>
  (patientId: string): Request[] =>
    [{ professional: physician, role: 'medecin-traitant' }, ...carers].map(({ professional, role }) => ({
      as: operator,
      method: 'POST',
      path: `/patients/${patientId}/circle`,
      body: { memberId: `rpps:${professional.rpps}`, role },
    }))

/** The patient whom the hospital knows by this number. */
export function lookUp(ipp: string): Request {
  return { as: operator, method: 'POST', path: '/patients/lookup', body: { authority: HOSPITAL, number: ipp } }
}
