import type { FacilityDetails, WardDetails } from '@relais/contracts/directory'

type Facility = { finess: string; details: FacilityDetails; wards: readonly (readonly [code: string, WardDetails])[] }

export const HOSPITAL = '990000010'
export const HOSPITAL_NAMESPACE = 'CH-ESSAI'
export const EHPAD_BRUYERES = '990000028'
export const EHPAD_TILLEULS = '990000036'
export const HOME_CARE = '990000044'
export const CLINIC = '990000051'
export const PHARMACY_NORTH = '990000069'
export const PHARMACY_SOUTH = '990000077'
export const CPTS = '990000085'

/** Département 99 does not exist, nor does anything in it: commune, streets and telephone numbers are invented. */
const address = (line: string) => ({ lines: [line], postcode: '99000', city: 'ESSAI-SUR-FICTION' })

function facility(finess: string, category: string, named: { name: string; line: string; phone: string }): Facility {
  const { name, line, phone } = named
  const details = { entity: 'EG' as const, category, name, address: address(line), zone: 'Europe/Paris', phone }
  return { finess, details, wards: [] }
}

const ward = (code: string, label: string, details: Partial<WardDetails> = {}) =>
  [code, { label, phone: `09 99 00 ${code.slice(0, 2)} ${code.slice(2)}`, confidential: false, ...details }] as const

/** The wards of the hospital, by what they are for. */
export const wards = {
  cardiology: ward('4101', 'Cardiologie', { discipline: 'médecine' }),
  geriatrics: ward('4102', 'Gériatrie', { discipline: 'médecine' }),
  emergency: ward('4103', 'Urgences', { discipline: 'urgences' }),
  rehabilitation: ward('4104', 'Soins médicaux et de réadaptation', { discipline: 'SMR' }),
  psychiatry: ward('4105', 'Psychiatrie adulte', { discipline: 'psychiatrie', confidential: true }),
  dialysis: ward('4106', 'Hémodialyse', { discipline: 'séances' }),
  surgery: ward('4107', 'Chirurgie ambulatoire', { discipline: 'chirurgie' }),
  consultations: ward('4108', 'Consultations externes', { discipline: 'consultations' }),
}

export const facilities: readonly Facility[] = [
  {
    ...facility(HOSPITAL, '355', { name: 'CH d’Essai', line: '1 rue de la Fiction', phone: '09 99 00 00 00' }),
    wards: Object.values(wards),
  },
  facility(EHPAD_BRUYERES, '500', { name: 'EHPAD Les Bruyères', line: '12 allée des Songes', phone: '09 99 00 10 00' }),
  facility(EHPAD_TILLEULS, '500', { name: 'EHPAD Les Tilleuls', line: '3 place du Conte', phone: '09 99 00 20 00' }),
  facility(HOME_CARE, '354', { name: 'SSIAD d’Essai', line: '8 rue du Récit', phone: '09 99 00 30 00' }),
  facility(CLINIC, '603', { name: 'Maison de santé du Conte', line: '4 place du Conte', phone: '09 99 00 40 00' }),
  facility(PHARMACY_NORTH, '620', { name: 'Pharmacie du Nord', line: '2 rue de la Fable', phone: '09 99 00 50 00' }),
  facility(PHARMACY_SOUTH, '620', { name: 'Pharmacie du Sud', line: '9 quai du Poème', phone: '09 99 00 60 00' }),
  facility(CPTS, '604', { name: 'CPTS d’Essai', line: '5 rue du Récit', phone: '09 99 00 70 00' }),
]
