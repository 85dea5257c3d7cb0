import type { IdentityStatus, ReportedIdentity } from '@relais/contracts/patients'
import type { OutsideIdentifier } from '@relais/contracts/primitives'
import { repetitions } from '../message.ts'
import { readDeath } from './death.ts'
import { type InsGrounds, readIns } from './ins.ts'
import { given, identifierAt, type NamedIdentifier, type Reading, report, valueAt } from './reading.ts'

/** The IPP: the repetition of PID-3 whose type is PI. Two patients of one message have a PID each. */
export function readIpp(reading: Reading, segment: 'PID' | 'PID[2]' = 'PID'): NamedIdentifier | undefined {
  const field = `${segment}-3`
  const path = repetitionWith(reading, field, (at) => valueAt(reading, `${at}.5`) === 'PI')
  if (!path)
    return report(reading, {
      path: field,
      code: 'fieldMissing',
      expected: 'ipp',
    })
  return identifierAt(reading, { number: `${path}.1`, namespace: `${path}.4.1`, universalId: `${path}.4.2` })
}

/** What the message says of who the patient is. Doubts are flagged, never a reason to refuse. */
export function readIdentity(
  reading: Reading,
  { ipp, zone }: { ipp: OutsideIdentifier; zone: string },
): { identity: ReportedIdentity; test: { insOids: string[]; fictitious: boolean } } {
  const reliability = readReliability(reading)
  const ins = readIns(reading, reliability)
  const legal =
    repetitionWith(reading, 'PID-5', (at) => valueAt(reading, `${at}.7`) === 'L') ??
    repetitionWith(reading, 'PID-5', (at) => valueAt(reading, `${at}.7`) === undefined)
  const used = repetitionWith(reading, 'PID-5', (at) => valueAt(reading, `${at}.7`) === 'D')
  const birthplace = repetitionWith(reading, 'PID-11', (at) => valueAt(reading, `${at}.7`) === 'BDL')
  const sex = valueAt(reading, 'PID-8')
  const identity = given<ReportedIdentity>({
    ipp,
    birthName: legal && valueAt(reading, `${legal}.1`),
    usedName: used && valueAt(reading, `${used}.1`),
    givenName: legal && valueAt(reading, `${legal}.2`),
    givenNames: legal && valueAt(reading, `${legal}.3`),
    birthDate: birthDateOf(valueAt(reading, 'PID-7')),
    sex: sex === 'F' || sex === 'M' || sex === 'U' ? sex : undefined,
    birthplaceCog: birthplace && valueAt(reading, `${birthplace}.9`),
    death: readDeath(reading, zone),
    reliability,
    status: identityStatus({
      reliability,
      birthDateCorrected: valueAt(reading, 'ZFD-4') === 'Y',
      insPresent: ins.present,
      insAccepted: ins.accepted !== undefined,
    }),
    ins: ins.accepted,
  })
  return { identity, test: { insOids: ins.oids, fictitious: reliability.includes('FICT') } }
}

function readReliability(reading: Reading): string[] {
  const count = repetitions(reading.message, 'PID-32')
  const codes = Array.from({ length: count }, (_, index) => valueAt(reading, `PID-32(${index + 1})`))
  return codes.filter((code) => code !== undefined)
}

/**
 * Qualified is VALI with the INS; validated is VALI without; retrieved is a provisional identity that has an INS, which
 * is not carried. Doubtful and fictitious identities stay provisional; a birth date corrected under the INS rules
 * (ZFD-4) allows neither retrieved nor qualified.
 */
export function identityStatus({
  reliability,
  birthDateCorrected,
  insPresent,
  insAccepted,
}: Pick<InsGrounds, 'reliability' | 'birthDateCorrected'> & {
  insPresent: boolean
  insAccepted: boolean
}): IdentityStatus {
  if (reliability.includes('DOUT') || reliability.includes('FICT')) return 'provisional'
  if (reliability.includes('VALI')) return insAccepted ? 'qualified' : 'validated'
  return reliability.includes('PROV') && insPresent && !birthDateCorrected ? 'retrieved' : 'provisional'
}

/** `1979`, `1979-03` or `1979-03-28`; not checked against the calendar, for lunar dates exist. Otherwise as written. */
function birthDateOf(text: string | undefined): string | undefined {
  const parts = text && /^(\d{4})(?:(\d{2})(?:(\d{2})(?:\d{4,6})?)?)?$/.exec(text)
  return parts
    ? parts
        .slice(1)
        .filter((part) => part !== undefined)
        .join('-')
    : text
}

function repetitionWith(reading: Reading, path: string, matches: (at: string) => boolean): string | undefined {
  const count = repetitions(reading.message, path)
  return Array.from({ length: count }, (_, index) => `${path}(${index + 1})`).find(matches)
}
