import { encodeText } from './charset.ts'
import { insKeyOf } from './checks.ts'
import { escapeText } from './er7.ts'
import { physicianNamed, segment } from './fixture-segments.ts'
import { type Action, actionOf, originalOf, structures } from './fixture-triggers.ts'

export type PamMessage = {
  trigger: string
  /** ZBE-4. Default: what the trigger stands for. */
  action: Action
  /** ZBE-6: the event of the movement that is corrected or cancelled. */
  original: string
  controlId: string
  processingId: 'P' | 'T' | 'D'
  /** MSH-18. */
  charset: string
  sendingApplication: string
  /** Local times, `YYYYMMDDHHMMSS`. */
  recorded: string
  effective: string
  ipp: string
  visit: string
  /** PID-18. */
  dossier: string
  movement: string
  /** The FINESS of the facility, the universal id of its authority, and its namespace. */
  facility: string
  namespace: string
  /** Codes; empty for none. */
  ward: string
  careWard: string
  wardLabel: string
  room: string
  bed: string
  class: string
  nature: string
  historic: 'Y' | 'N'
  familyName: string
  givenName: string
  birthDate: string
  sex: 'F' | 'M'
  /** 13 characters, key left out; empty for no INS. */
  insBody: string
  insOid: string
  /** PID-32. */
  reliability: string
  primaryPhysicianRpps: string
  expectedDischarge: string
  /** PV1-36, ZFM-2, ZFM-4, PV1-37, PV1-45. */
  circumstances: string
  exitMode: string
  destinationKind: string
  destinationFacility: string
  dischargeTime: string
  /** PV1-7: an RPPS. */
  attendingRpps: string
  /** EVN-3 and PV1-42: for when something is planned, and where. */
  planned: string
  plannedWard: string
  /** PV1-5. */
  preadmission: string
  /** PV1-51: V for the visit alone, A for the account too. */
  visitIndicator: string
  /** PV2-22. */
  protection: string
  /** MRG-1 and MRG-5 of an A44: the IPP of whose visit it was said to be, and the visit, unless a dossier is named. */
  formerIpp: string
  formerVisit: string
}

/** An invented patient in an invented facility: département 99 exists no more than the people do. */
const defaults: Omit<PamMessage, 'action' | 'original' | 'controlId' | 'careWard' | 'recorded'> = {
  trigger: 'A01',
  processingId: 'D',
  charset: 'UNICODE UTF-8',
  sendingApplication: 'GAP-ESSAI',
  effective: '20261102100000',
  ipp: '900001',
  visit: 'V900001',
  dossier: '',
  movement: 'M900001',
  facility: '990000010',
  namespace: 'CH-ESSAI',
  ward: '4101',
  wardLabel: 'Médecine A',
  room: '12',
  bed: '2',
  class: 'I',
  nature: 'HMS',
  historic: 'N',
  familyName: 'TEST-ÉGLANTINE',
  givenName: 'ZOÉ',
  birthDate: '19410709',
  sex: 'F',
  insBody: '2410799000001',
  insOid: '1.2.250.1.213.1.4.10',
  reliability: 'VALI',
  primaryPhysicianRpps: '',
  expectedDischarge: '',
  circumstances: '',
  exitMode: '',
  destinationKind: '',
  destinationFacility: '',
  dischargeTime: '',
  attendingRpps: '',
  planned: '',
  plannedWard: '',
  preadmission: '',
  visitIndicator: 'V',
  protection: '',
  formerIpp: '',
  formerVisit: '',
}

/** A valid PAM.fr 2.11 message of invented people, segments ended by CR. What is given replaces the defaults. */
export function pamMessage(given: Partial<PamMessage> = {}): string {
  const message = completed(given)
  const identity = [header(message), event(message), patient(message), physician(message)]
  const rest = message.trigger === 'A44' ? [former(message)] : [visit(message), ...movement(message)]
  return [...identity, ...rest]
    .filter((segment) => segment !== '')
    .map((segment) => `${segment}\r`)
    .join('')
}

/** The same as the bytes to send, in the character set of MSH-18. @throws RangeError when it lacks a character */
export function pamBytes(given: Partial<PamMessage> = {}): Uint8Array {
  const charset = completed(given).charset
  const encoded = encodeText(pamMessage(given), charset === '8859/1' || charset === '8859/15' ? charset : 'utf-8')
  if (!encoded) throw new RangeError('The character set of this fixture lacks one of its characters')
  return encoded
}

/** The same segment with another field, for fixtures that are wrong on purpose. */
export function withField(message: string, path: string, value: string): string {
  const [segment = '', number = '0'] = path.split('-')
  const index = segment === 'MSH' ? Number(number) - 1 : Number(number)
  const lines = message.split('\r').map((line) => {
    if (!line.startsWith(`${segment}|`)) return line
    const fields = line.split('|')
    while (fields.length <= index) fields.push('')
    return fields.toSpliced(index, 1, value).join('|')
  })
  return lines.join('\r')
}

function completed(given: Partial<PamMessage>): PamMessage {
  const message = { ...defaults, ...given }
  const { trigger } = message
  const { action = actionOf(trigger) } = given
  return {
    action,
    original: originalOf(trigger, action),
    controlId: `${trigger}-${message.movement}`,
    careWard: message.ward,
    recorded: message.effective,
    ...message,
  }
}

function header(message: PamMessage): string {
  const { trigger, namespace, facility, sendingApplication, recorded, controlId, processingId, charset } = message
  return segment('MSH', {
    2: '^~\\&',
    3: sendingApplication,
    4: `${namespace}^${facility}^N`,
    5: 'RELAIS',
    6: 'RELAIS',
    7: recorded,
    9: `ADT^${trigger}^${structures.get(trigger) ?? 'ADT_A01'}`,
    10: controlId,
    11: processingId,
    12: '2.5^FRA^2.11',
    17: 'FRA',
    18: charset,
    19: 'FR',
    21: '2.11^IHE_FRANCE-2.11-PAM',
  })
}

function event({ recorded, planned, effective }: PamMessage): string {
  return segment('EVN', { 2: recorded, 3: planned, 6: effective })
}

function patient(message: PamMessage): string {
  const { ipp, insBody, insOid, familyName, givenName, birthDate, sex, reliability, effective } = message
  const given = escapeText(givenName)
  const ins = insBody && `~${insBody}${insKeyOf(insBody) ?? '00'}^^^ASIP-SANTE-INS-NIR&${insOid}&ISO^INS`
  return segment('PID', {
    1: '1',
    3: `${ipp}^^^${authority(message)}^PI${ins}`,
    5: `${escapeText(familyName)}^${given}^${given}^^^^L`,
    7: birthDate,
    8: sex,
    11: '1 rue de la Fiction^^ESSAI^^99000^FRA^H~^^^^^^BDL^^99000',
    18: message.dossier && `${message.dossier}^^^${authority(message)}^AN`,
    32: reliability,
    33: reliability && effective,
  })
}

function physician({ primaryPhysicianRpps }: PamMessage): string {
  if (!primaryPhysicianRpps) return ''
  return segment('ROL', {
    2: 'UC',
    3: 'ODRP',
    4: physicianNamed(primaryPhysicianRpps),
  })
}

function former(message: PamMessage): string {
  const visit = message.formerVisit || (message.dossier ? '' : message.visit)
  return segment('MRG', {
    1: `${message.formerIpp}^^^${authority(message)}^PI`,
    5: visit && `${visit}^^^${authority(message)}^VN`,
  })
}

function visit(message: PamMessage): string {
  const { room, bed, circumstances, destinationFacility, dischargeTime } = message
  const stay = segment('PV1', {
    1: '1',
    2: message.class,
    3: `^${room}^${bed}^${authority(message)}^O`,
    5: message.preadmission && `${message.preadmission}^^^${authority(message)}^RI`,
    7: message.attendingRpps && physicianNamed(message.attendingRpps),
    19: `${message.visit}^^^${authority(message)}^VN`,
    36: circumstances,
    37: destinationFacility,
    42: message.plannedWard && `${message.plannedWard}^^^${authority(message)}`,
    45: dischargeTime,
    51: message.visitIndicator,
  })
  const { expectedDischarge, protection } = message
  return expectedDischarge || protection ? `${stay}\r${segment('PV2', { 9: expectedDischarge, 22: protection })}` : stay
}

function movement(message: PamMessage): string[] {
  const { action, original, historic, nature, exitMode, destinationKind } = message
  const zbe = segment('ZBE', {
    1: `${message.movement}^${message.namespace}^${message.facility}^N`,
    2: message.effective,
    4: action,
    5: historic,
    6: original,
    7: ward(message, message.ward),
    8: ward(message, message.careWard),
    9: nature,
  })
  return exitMode || destinationKind ? [zbe, segment('ZFM', { 2: exitMode, 4: destinationKind })] : [zbe]
}

function ward(message: PamMessage, code: string): string {
  return code && `${escapeText(message.wardLabel)}^^^^^${authority(message)}^UF^^^${escapeText(code)}`
}

function authority({ namespace, facility }: PamMessage): string {
  return `${namespace}&${facility}&N`
}
