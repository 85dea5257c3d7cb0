import { ProfessionalId } from '@relais/contracts/primitives'
import type { Participant, ReportedRelation } from '@relais/contracts/movements'
import { rppsKeyIsRight } from '../checks.ts'
import { repetitions } from '../message.ts'
import { doubt, given, type Reading, valueAt } from './reading.ts'

/** ROL-3, HL7 table 0443 as PAM.fr extends it. */
const relations = new Map<string, ReportedRelation>([
  ['ODRP', 'primaryPhysician'],
  ['SUBS', 'replacement'],
  ['RT', 'correspondent'],
  ['RP', 'referringPhysician'],
  ['FHCP', 'familyDoctor'],
])

/** Roles in procedures, insurances and guarantors concern neither the patient's nor the visit's professionals. */
const foreignGroups: ReadonlySet<string> = new Set(['PR1', 'IN1', 'IN2', 'IN3', 'GT1', 'ACC'])

/** ROL-2, HL7 table 0287: deleted, unlinked. */
const endings: ReadonlySet<string> = new Set(['DE', 'UN'])

const IDNPS_OID = '1.2.250.1.71.4.2.1'

type Candidate = { path: string; id: ProfessionalId; rank: number; rpps: string | undefined }

/**
 * The professionals that ROL segments name at the level of the patient (after PID, PD1) or of the visit (after PV1,
 * PV2): `ROL||UC|ODRP|<XCN>` right after PID or PD1 is the médecin traitant. Of one person's several identifiers
 * (ROL-4 repeats) the RPPS is preferred, then the ADELI, then another one. A role without any identifier is left out.
 */
export function readParticipants(reading: Reading, facility: string): Participant[] {
  const participants = new Map<string, Participant>()
  rolePrefixes(reading).forEach((prefix) => {
    const relation = relations.get(valueAt(reading, `${prefix}-3`) ?? '')
    const chosen = relation && bestIdentifier(reading, `${prefix}-4`, facility)
    if (!relation || !chosen || endings.has(valueAt(reading, `${prefix}-2`) ?? '')) return
    const key = `${relation} ${chosen.id}`
    if (participants.has(key)) return
    if (chosen.rpps && !rppsKeyIsRight(chosen.rpps)) doubt(reading, 'rppsKeyWrong', `${chosen.path}.1`)
    const familyName = valueAt(reading, `${chosen.path}.2`)
    const givenName = valueAt(reading, `${chosen.path}.3`)
    participants.set(key, given<Participant>({ relation, professionalId: chosen.id, familyName, givenName }))
  })
  return [...participants.values()]
}

/** `ROL`, `ROL[2]`, … for those that stand in the patient's or the visit's group. */
function rolePrefixes({ message }: Reading): string[] {
  const prefixes: string[] = []
  let group = ''
  let occurrence = 0
  for (const { name } of message.segments) {
    if (name !== 'ROL') {
      group = name.startsWith('Z') ? group : name
      continue
    }
    occurrence += 1
    if (!foreignGroups.has(group)) prefixes.push(occurrence === 1 ? 'ROL' : `ROL[${occurrence}]`)
  }
  return prefixes
}

/** Who answers for the patient (PV1-7). */
export function readAttendingPhysician(reading: Reading, facility: string): ProfessionalId | undefined {
  const chosen = bestIdentifier(reading, 'PV1-7', facility)
  if (chosen?.rpps && !rppsKeyIsRight(chosen.rpps)) doubt(reading, 'rppsKeyWrong', `${chosen.path}.1`)
  return chosen?.id
}

function bestIdentifier(reading: Reading, field: string, facility: string): Candidate | undefined {
  const count = repetitions(reading.message, field)
  const paths = Array.from({ length: count }, (_, index) => `${field}${index === 0 ? '' : `(${index + 1})`}`)
  const candidates = paths.map((path) => candidateAt(reading, path, facility)).filter((one) => one !== undefined)
  return candidates.toSorted((one, other) => one.rank - other.rank)[0]
}

/** XCN: 1 the number, 9 who assigned it, 13 its type (IDNPS, RPPS, ADELI, or EI, an establishment's own). */
function candidateAt(reading: Reading, path: string, facility: string): Candidate | undefined {
  const number = valueAt(reading, `${path}.1`)
  if (!number) return undefined
  const oid = valueAt(reading, `${path}.9.2`)
  const type = valueAt(reading, `${path}.13`)
  const national = type === 'IDNPS' || type === 'RPPS' || oid === IDNPS_OID
  const rpps = national ? /^8?(\d{11})$/.exec(number)?.[1] : undefined
  if (rpps) return { path, id: professionalId('rpps', rpps), rank: 1, rpps }
  const adeli = national || type === 'ADELI' ? /^0?(\d{9})$/.exec(number)?.[1] : undefined
  if (adeli) return { path, id: professionalId('adeli', adeli), rank: 2, rpps: undefined }
  if (oid === IDNPS_OID || type === 'IDNPS')
    return { path, id: professionalId('idnps', number), rank: 3, rpps: undefined }
  const issuer = type === 'ADELI' ? 'adeli' : (oid ?? valueAt(reading, `${path}.9.1`) ?? facility)
  return { path, id: professionalId(issuer, number), rank: 4, rpps: undefined }
}

function professionalId(issuer: string, number: string): ProfessionalId {
  const plainIssuer = issuer.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')
  const named = /^[a-z]/.test(plainIssuer) ? plainIssuer : `id-${plainIssuer}`
  const plainNumber = number.toLowerCase().replaceAll(/[^a-z0-9._/-]/g, '-')
  return ProfessionalId.parse(`${named.slice(0, 32)}:${plainNumber.slice(0, 64)}`)
}
