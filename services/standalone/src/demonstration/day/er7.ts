import { escapeText } from '@relais/hl7v2/er7'
import { type Identity, type Person, TEST_INS_OID } from '../territory/people.ts'
import { HOSPITAL, HOSPITAL_NAMESPACE } from '../territory/places.ts'
import type { Professional } from '../territory/professionals.ts'

export type Ward = readonly [code: string, { label: string }]
export type Patient = Identity & Pick<Person, 'physician'>

/** What a message says of one movement (PAM.fr 2.11, ITI-31). Times are local, `YYYYMMDDHHMMSS`. */
export type Said = {
  trigger: string
  controlId: string
  patient: Patient
  visit: string
  movement: string
  recordedAt: string
  effectiveAt: string
  ward: Ward
  bed?: readonly [room: string, bed: string]
  patientClass: 'E' | 'I' | 'O' | 'R'
  /** ZBE-4, and the event of the movement that is corrected or cancelled (ZBE-6). */
  action?: 'UPDATE' | 'CANCEL'
  original?: string
  attending?: Professional
  /** EVN-3. */
  plannedFor?: string
  plannedWard?: Ward
  /** PV2-9. */
  leavesAt?: string
  /** PV2-22: the presence of the patient is protected. */
  isProtected?: boolean
  discharge?: { exitMode: string; destinationKind?: string; destination?: string; circumstances?: string }
  /** Puts a field too many before ZBE-3, so that all that follows is shifted. */
  isShifted?: boolean
}

type Fields = Readonly<Record<number, string | undefined>>

/** The message, segments ended by CR, in UTF-8. */
export function movementMessage(said: Said): Uint8Array {
  const segments = [
    header(said),
    segment('EVN', { 2: said.recordedAt, 3: said.plannedFor, 6: said.effectiveAt }),
    ...person(said.patient, said.recordedAt),
    visit(said),
    ...plans(said),
    movement(said),
    ...exit(said),
  ]
  return bytesOf(segments)
}

/** ITI-30, A28: whom the hospital knows, under which number. */
export function identityMessage(patient: Patient, { controlId, at }: { controlId: string; at: string }): Uint8Array {
  return bytesOf([
    header({ trigger: 'A28', controlId, recordedAt: at }),
    segment('EVN', { 2: at }),
    ...person(patient, at),
    segment('PV1', { 1: '1', 2: 'N' }),
  ])
}

function bytesOf(segments: readonly string[]): Uint8Array {
  return new TextEncoder().encode(segments.map((text) => `${text}\r`).join(''))
}

/** Fields by number; for MSH, 1 is the separator itself. */
function segment(name: string, fields: Fields): string {
  const last = Math.max(...Object.keys(fields).map(Number))
  const values = Array.from({ length: last }, (_, index) => fields[index + 1] ?? '')
  return [name, ...(name === 'MSH' ? values.slice(1) : values)].join('|').replace(/\|+$/, '')
}

const AUTHORITY = `${HOSPITAL_NAMESPACE}&${HOSPITAL}&N`
const numbered = (number: string, type: string) => `${number}^^^${AUTHORITY}^${type}`

/** MSH-9.3 where it is not ADT_A01. */
const structures: Readonly<Record<string, string>> = {
  A02: 'ADT_A02',
  A03: 'ADT_A03',
  A05: 'ADT_A05',
  A06: 'ADT_A06',
  A11: 'ADT_A09',
  A13: 'ADT_A01',
  A15: 'ADT_A15',
  A16: 'ADT_A16',
  A21: 'ADT_A21',
  A22: 'ADT_A21',
  A28: 'ADT_A05',
  A54: 'ADT_A54',
}

/** MSH-11 is D: nobody's production. */
function header({ trigger, controlId, recordedAt }: Pick<Said, 'trigger' | 'controlId' | 'recordedAt'>): string {
  return segment('MSH', {
    2: '^~\\&',
    3: 'GAP-ESSAI',
    4: `${HOSPITAL_NAMESPACE}^${HOSPITAL}^N`,
    5: 'RELAIS',
    6: 'RELAIS',
    7: recordedAt,
    9: `ADT^${trigger}^${structures[trigger] ?? 'ADT_A01'}`,
    10: controlId,
    11: 'D',
    12: '2.5^FRA^2.11',
    17: 'FRA',
    18: 'UNICODE UTF-8',
    19: 'FR',
    21: '2.11^IHE_FRANCE-2.11-PAM',
  })
}

/** The médecin traitant stands right after the patient. */
function person(patient: Patient, at: string): string[] {
  const { ipp, ins, familyName, givenName, birthDate, sex, physician } = patient
  const given = escapeText(givenName)
  const identity = segment('PID', {
    1: '1',
    3: `${numbered(ipp, 'PI')}~${ins}^^^ASIP-SANTE-INS-NIR&${TEST_INS_OID}&ISO^INS`,
    5: `${escapeText(familyName)}^${given}^${given}^^^^L`,
    7: birthDate.replaceAll('-', ''),
    8: sex,
    11: '1 rue de la Fiction^^ESSAI-SUR-FICTION^^99000^FRA^H~^^^^^^BDL^^99000',
    32: 'VALI',
    33: at,
  })
  return [identity, segment('ROL', { 2: 'UC', 3: 'ODRP', 4: named(physician) })]
}

/** IDNPS: 8, then the RPPS. */
function named({ rpps, details }: Professional): string {
  const names = `${escapeText(details.familyName)}^${escapeText(details.givenName ?? '')}`
  return `8${rpps}^${names}^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^L^^^IDNPS`
}

function visit({ bed, attending, patientClass, plannedWard, discharge, ...said }: Said): string {
  const [room = '', place = ''] = bed ?? []
  return segment('PV1', {
    1: '1',
    2: patientClass,
    3: `^${room}^${place}^${AUTHORITY}^O`,
    7: attending && named(attending),
    19: numbered(said.visit, 'VN'),
    36: discharge?.circumstances,
    37: discharge?.destination,
    42: plannedWard && `${plannedWard[0]}^^^${AUTHORITY}`,
    45: discharge && said.effectiveAt,
    51: 'V',
  })
}

function plans({ leavesAt, isProtected }: Said): string[] {
  if (leavesAt === undefined && !isProtected) return []
  return [segment('PV2', { 9: leavesAt, 22: isProtected ? 'Y' : undefined })]
}

function movement({ ward: [code, { label }], isShifted, ...said }: Said): string {
  const unit = `${escapeText(label)}^^^^^${AUTHORITY}^UF^^^${code}`
  const before = [`${said.movement}^${HOSPITAL_NAMESPACE}^${HOSPITAL}^N`, said.effectiveAt]
  const after = ['', said.action ?? 'INSERT', 'N', said.original ?? '', unit, unit, 'HMS']
  return ['ZBE', ...before, ...(isShifted ? [said.recordedAt] : []), ...after].join('|')
}

function exit({ discharge }: Said): string[] {
  return discharge ? [segment('ZFM', { 2: discharge.exitMode, 4: discharge.destinationKind })] : []
}
