import { pamBytes } from '@relais/hl7v2/fixtures'

export const FACILITY = '990000010'
export const WARD = '4101'
const OTHER_WARD = '4102'

/** Local time of the facility, an hour ahead of UTC in winter. Later messages are seconds after it. */
const FIRST_EFFECTIVE = Date.UTC(2026, 0, 2)
const ZONE_OFFSET = 3_600_000

/** Patients between the admission of one and the transfer of the one before: about a second at 500 messages/s. */
const STAGGER = 170

/**
 * Message number `index` of a run: admissions, transfers and discharges in equal parts, of patients who were all admitted
 * first. Each happens at a second of its own, which is how what is pushed is recognised.
 */
export function messageOf(index: number): Uint8Array {
  const group = Math.floor(index / 3)
  const step = index % 3
  const patient = group - step * STAGGER
  const isTooEarly = patient < 0
  return pamBytes({
    trigger: isTooEarly ? 'A01' : (['A01', 'A02', 'A03'][step] ?? 'A01'),
    ...identifiersOf(isTooEarly ? `9${index}` : `1${patient}`, index),
    ...(step === 0 || isTooEarly ? {} : { careWard: OTHER_WARD }),
    ...(step === 2 && !isTooEarly ? { exitMode: '8', dischargeTime: effectiveOf(index) } : {}),
  })
}

function identifiersOf(patient: string, index: number) {
  const number = patient.padStart(9, '0')
  return {
    controlId: String(index),
    effective: effectiveOf(index),
    ipp: number,
    visit: `V${number}`,
    movement: `M${String(index).padStart(9, '0')}`,
    familyName: `TEST-${number}`,
    insBody: '',
    reliability: 'PROV',
    ward: WARD,
  }
}

function effectiveOf(index: number): string {
  return new Date(FIRST_EFFECTIVE + index * 1000).toISOString().replaceAll(/\D/g, '').slice(0, 14)
}

/** The number of the message that an entry tells of. */
export function indexOf(happenedAt: string): number {
  return (Date.parse(happenedAt) + ZONE_OFFSET - FIRST_EFFECTIVE) / 1000
}
