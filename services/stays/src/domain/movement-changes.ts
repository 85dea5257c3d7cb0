import type { Movement } from '@relais/contracts/movements'
import { STATUS_CHANGE } from './stay-state.ts'

const compared = [
  'effectiveAt',
  'historic',
  'nature',
  'patientClass',
  'facility',
  'medicalWard',
  'careWard',
  'room',
  'bed',
  'expectedDischargeAt',
  'discharge',
  'attendingPhysician',
  'plannedAt',
  'plannedWard',
  'confidential',
] as const satisfies readonly (keyof Movement)[]

/** The names of what one saying of a movement says otherwise than another one. */
export function changes(before: Movement, after: Movement): string[] {
  const fields = after.nature === STATUS_CHANGE ? compared.filter((field) => field !== 'nature') : compared
  return fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
}
