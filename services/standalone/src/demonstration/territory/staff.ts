import type { ProfessionalDetails } from '@relais/contracts/directory'
import { CLINIC, CPTS, EHPAD_BRUYERES, EHPAD_TILLEULS, facilities, HOSPITAL } from './places.ts'

/** Whoever works for an establishment and has no national number: the directory knows them by one of the establishment. */
export type StaffMember = { id: string; details: ProfessionalDetails }

const places = new Map(facilities.map(({ finess, details }) => [finess, details]))

function member(
  [finess, profession]: readonly [finess: string, profession: string],
  [id, givenName, familyName]: readonly [id: string, givenName: string, familyName: string],
): StaffMember {
  const at = places.get(finess)
  if (!at) throw new Error('Nobody works where there is no establishment')
  const place = { placeId: 'P1', finess, name: at.name, address: at.address, role: 'Salarié' }
  return { id, details: { familyName, givenName, profession, places: [place] } }
}

const hospitalNurse = [HOSPITAL, 'Infirmier'] as const
const bruyeres = [EHPAD_BRUYERES, 'Infirmier'] as const
const tilleuls = [EHPAD_TILLEULS, 'Infirmier'] as const

/** One nurse for each ward of the hospital, under its code; and those who stay at a desk, or watch at night. */
export const staff: readonly StaffMember[] = [
  member(hospitalNurse, ['ch-essai:4101', 'Agathe', 'TEST-ACHILLÉE']),
  member(hospitalNurse, ['ch-essai:4102', 'Ismaël', 'TEST-BADIANE']),
  member(hospitalNurse, ['ch-essai:4103', 'Louise', 'TEST-CARVI']),
  member(hospitalNurse, ['ch-essai:4104', 'Hugo', 'TEST-DAHLIA']),
  member(hospitalNurse, ['ch-essai:4105', 'Maya', 'TEST-ESTRAGON']),
  member(hospitalNurse, ['ch-essai:4106', 'Tom', 'TEST-FENUGREC']),
  member(hospitalNurse, ['ch-essai:4107', 'Jade', 'TEST-GLYCINE']),
  member(hospitalNurse, ['ch-essai:4108', 'Éric', 'TEST-HOUBLON']),
  member([HOSPITAL, 'Bureau des admissions'], ['ch-essai:admissions', 'Nadia', 'TEST-IMPÉRATOIRE']),
  member([HOSPITAL, 'Protection des données'], ['ch-essai:dpo', 'Ève', 'TEST-SÉNEÇON']),
  member([CLINIC, 'Secrétariat médical'], ['msp-conte:secretariat', 'Alix', 'TEST-JONC']),
  member([CPTS, 'Coordination'], ['cpts-essai:coordination', 'Estelle', 'TEST-PALOMBE']),
  member(bruyeres, ['ehpad-bruyeres:soins', 'Solène', 'TEST-LISERON']),
  member(bruyeres, ['ehpad-bruyeres:nuit', 'Karim', 'TEST-MÉLILOT']),
  member(tilleuls, ['ehpad-tilleuls:soins', 'Odile', 'TEST-NIELLE']),
  member(tilleuls, ['ehpad-tilleuls:nuit', 'Victor', 'TEST-OSEILLE']),
]

const names = new Map(staff.map(({ id, details }) => [id, `${details.givenName} ${details.familyName}`]))

/** What somebody of the staff is called; the number itself, of anybody else. */
export function staffName(id: string): string {
  return names.get(id) ?? id
}
