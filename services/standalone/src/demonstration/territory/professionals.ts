import type { ProfessionalDetails } from '@relais/contracts/directory'
import { CLINIC, CPTS, HOME_CARE, HOSPITAL, PHARMACY_NORTH, PHARMACY_SOUTH } from './places.ts'

export type Professional = { rpps: string; details: ProfessionalDetails }

type Words = { finess?: string; place: string; specialty?: string }

/** Numbers of RPPS begin with 1: these, with 9, are nobody's. Their keys are right. */
function professional(rpps: string, [profession, familyName, givenName]: readonly [string, string, string], at: Words) {
  const address = { lines: [at.place], postcode: '99000', city: 'ESSAI-SUR-FICTION' }
  const role = at.finess === HOSPITAL || at.finess === HOME_CARE ? 'Salarié' : 'Libéral'
  const place = { placeId: 'P1', name: at.place, address, role, ...(at.finess ? { finess: at.finess } : {}) }
  const specialty = at.specialty === undefined ? {} : { specialty: at.specialty }
  return { rpps, details: { familyName, givenName, profession, ...specialty, places: [place] } }
}

const clinic = { finess: CLINIC, place: 'Maison de santé du Conte', specialty: 'Médecine générale' }
const alone = { place: 'Cabinet de la Fable', specialty: 'Médecine générale' }
const hospital = (specialty: string) => ({ finess: HOSPITAL, place: 'CH d’Essai', specialty })

/** Those who are médecins traitants. */
export const physicians: readonly Professional[] = [
  professional('99700000013', ['Médecin', 'TEST-AUBÉPINE', 'Camille'], clinic),
  professional('99700000021', ['Médecin', 'TEST-BOURRACHE', 'Driss'], clinic),
  professional('99700000039', ['Médecin', 'TEST-CAPUCINE', 'Hélène'], clinic),
  professional('99700000047', ['Médecin', 'TEST-DAPHNÉ', 'Bruno'], alone),
  professional('99700000054', ['Médecin', 'TEST-ÉRABLE', 'Inès'], alone),
]

export const homeNurses: readonly Professional[] = [
  professional('99700000062', ['Infirmier', 'TEST-FENOUIL', 'Sofia'], { place: 'Cabinet infirmier du Récit' }),
  professional('99700000070', ['Infirmier', 'TEST-GENTIANE', 'Marc'], { place: 'Cabinet infirmier du Récit' }),
  professional('99700000088', ['Infirmier', 'TEST-HYSOPE', 'Awa'], { place: 'Cabinet infirmier de la Fable' }),
]

export const pharmacists: readonly Professional[] = [
  professional('99700000096', ['Pharmacien', 'TEST-IRIS', 'Paul'], {
    finess: PHARMACY_NORTH,
    place: 'Pharmacie du Nord',
  }),
  professional('99700000104', ['Pharmacien', 'TEST-JASMIN', 'Lou'], {
    finess: PHARMACY_SOUTH,
    place: 'Pharmacie du Sud',
  }),
]

export const physiotherapist = professional('99700000112', ['Masseur-Kinésithérapeute', 'TEST-KALMIA', 'Yann'], {
  place: 'Cabinet de kinésithérapie du Conte',
})
export const midwife = professional('99700000120', ['Sage-Femme', 'TEST-LAVANDE', 'Nour'], {
  finess: CLINIC,
  place: 'Maison de santé du Conte',
})
export const coordinator = professional('99700000138', ['Infirmier', 'TEST-MÉLISSE', 'Claire'], {
  finess: CPTS,
  place: 'CPTS d’Essai',
})

/** Who goes to patients for the nursing service at home (SSIAD). */
export const homeCareNurse = professional('99700000195', ['Infirmier', 'TEST-ROMARIN', 'Lila'], {
  finess: HOME_CARE,
  place: 'SSIAD d’Essai',
})

/** Those who answer for patients at the hospital, by ward. */
export const hospitalPhysicians = {
  cardiology: professional('99700000146', ['Médecin', 'TEST-NIGELLE', 'Omar'], hospital('Cardiologie')),
  geriatrics: professional('99700000153', ['Médecin', 'TEST-ORIGAN', 'Jeanne'], hospital('Gériatrie')),
  emergency: professional('99700000161', ['Médecin', 'TEST-PIVOINE', 'Luc'], hospital('Médecine d’urgence')),
  rehabilitation: professional('99700000179', ['Médecin', 'TEST-QUINTEFEUILLE', 'Rose'], hospital('Médecine physique')),
  psychiatry: professional('99700000187', ['Médecin', 'TEST-RÉSÉDA', 'Noé'], hospital('Psychiatrie')),
}

export const professionals: readonly Professional[] = [
  ...physicians,
  ...homeNurses,
  ...pharmacists,
  physiotherapist,
  midwife,
  coordinator,
  homeCareNurse,
  ...Object.values(hospitalPhysicians),
]
