import { insKeyIsRight } from '../checks.ts'
import { field, repetitions } from '../message.ts'
import { doubt, type Reading, valueAt } from './reading.ts'

/** OIDs of the INS: NIR, NIA, NIR for tests, NIR for demonstrations. Any other one, INS-C included, is no INS. */
const nirOids: ReadonlySet<string> = new Set(['1.2.250.1.213.1.4.8', '1.2.250.1.213.1.4.10', '1.2.250.1.213.1.4.11'])
const NIA_OID = '1.2.250.1.213.1.4.9'

export type Ins = { matricule: string; oid: string }
export type ReportedIns = {
  /** What the receiving rule lets in. */
  accepted: Ins | undefined
  /** Whether a well-formed INS was sent at all. */
  present: boolean
  /** The OIDs of all repetitions of type INS, known or not. */
  oids: string[]
}

/**
 * The INS among the repetitions of PID-3: type INS (NH, the billing NIR, never is one), a known OID, the right key.
 * It is left out, and flagged, unless PID-32 holds VALI and nothing forbids to carry it: an identity said to be
 * doubtful or fictitious, a birth date corrected by rules 9 or 10 (ZFD-4), a sex other than F or M. The NIR is
 * preferred where the NIA was sent too.
 */
export function readIns(reading: Reading, reliability: readonly string[]): ReportedIns {
  const oids: string[] = []
  const wellFormed: Ins[] = []
  const count = repetitions(reading.message, 'PID-3')
  for (let repetition = 1; repetition <= count; repetition += 1) {
    const path = `PID-3(${repetition})`
    const matricule = valueAt(reading, `${path}.1`)
    if (valueAt(reading, `${path}.5`) !== 'INS' || !matricule) continue
    const oid = valueAt(reading, `${path}.4.2`) ?? ''
    if (oid) oids.push(oid)
    if (!isInsOid(oid)) doubt(reading, 'insOidUnknown', `${path}.4.2`)
    else if (!insKeyIsRight(matricule)) doubt(reading, 'insKeyWrong', `${path}.1`)
    else wellFormed.push({ matricule, oid })
  }
  const chosen = wellFormed.find(({ oid }) => nirOids.has(oid)) ?? wellFormed[0]
  const obstacle = chosen && obstacleTo(reading, reliability)
  if (obstacle) doubt(reading, 'insNotQualified', obstacle)
  return { accepted: obstacle ? undefined : chosen, present: chosen !== undefined, oids }
}

/** The path of what forbids to carry the INS. */
function obstacleTo(reading: Reading, reliability: readonly string[]): string | undefined {
  const birthDateCorrected = valueAt(reading, 'ZFD-4') === 'Y'
  return obstacleToIns({ reliability, birthDateCorrected, sex: valueAt(reading, 'PID-8') })
}

/** What an identity says that decides whether its INS may be carried. */
export type InsGrounds = { reliability: readonly string[]; birthDateCorrected: boolean; sex: string | undefined }

/** The field that forbids to carry an INS, in HL7 notation; `undefined` where none does. */
export function obstacleToIns({ reliability, birthDateCorrected, sex }: InsGrounds): string | undefined {
  if (!reliability.includes('VALI') || reliability.includes('DOUT') || reliability.includes('FICT')) return 'PID-32'
  if (birthDateCorrected) return 'ZFD-4'
  return sex === 'F' || sex === 'M' ? undefined : 'PID-8'
}

/** Whether an OID is one of the INS. INS-C is none. */
export const isInsOid = (oid: string): boolean => nirOids.has(oid) || oid === NIA_OID

/** The OIDs of the repetitions of type INS of another field that holds identifiers. */
export function insOidsAt(reading: Reading, path: string): string[] {
  return repetitionsOf(reading, path).flatMap((at) => {
    const oid = valueAt(reading, `${at}.5`) === 'INS' ? valueAt(reading, `${at}.4.2`) : undefined
    return oid === undefined ? [] : [oid]
  })
}

/** Whether PID-3 holds `""` in the place of an INS: every INS of the patient is to be deleted, whichever is named. */
export function deletesIns(reading: Reading): boolean {
  return repetitionsOf(reading, 'PID-3').some(
    (at) => valueAt(reading, `${at}.5`) === 'INS' && field(reading.message, `${at}.1`)?.trim() === '""',
  )
}

function repetitionsOf(reading: Reading, path: string): string[] {
  return Array.from({ length: repetitions(reading.message, path) }, (_, index) => `${path}(${index + 1})`)
}
