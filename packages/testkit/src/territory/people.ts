import { hash } from 'node:crypto'
import { type Instant, PatientId, ProfessionalId, type Ward } from '@relais/contracts/primitives'

export type TerritorySize = {
  /** The same seed and sizes tell the same history. */
  seed: number
  inhabitants: number
  professionals: number
  years: number
  /** For a thousand inhabitants, emergency passages included. */
  staysPerYear: number
  /** Where the history ends: stays that have not ended by then are present. */
  until: Instant
}

/** An invented hospital; département 99 does not exist. */
export const TERRITORY_HOSPITAL = '990000010'
const WARDS = 24
const EHPADS = 12
const RESIDENTS_OF_EACH = 75

export type Chance = {
  /** A whole number from 0, below this. */
  below(limit: number): number
  /** Whether something of this many chances in a hundred happens. */
  percent(chances: number): boolean
}

/** Mulberry32: the same numbers from the same seed, everywhere. */
export function chance(seed: number): Chance {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return { below, percent: (chances) => below(100) < chances }
}

/** A UUID that its parts decide. */
export function uuidOf(...parts: readonly (string | number)[]): string {
  const hex = hash('sha1', parts.join(' '), 'hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export type Carer = { memberId: ProfessionalId; role: 'medecin-traitant' | 'pharmacien' | 'infirmier' | 'ehpad' }

/** Who lives in the territory, and who cares for whom, by number: nobody is kept. */
export function populationOf({ seed, inhabitants, professionals }: TerritorySize) {
  const idOf = (number: number) => ProfessionalId.parse(`rpps:99${String(number).padStart(9, '0')}`)
  // Of 280, as in a territory of 135,000: 120 physicians, 45 pharmacists, the others nurses.
  const physicians = Math.max(1, Math.round(professionals * 0.43))
  const pharmacists = Math.max(1, Math.round(professionals * 0.16))
  const nurses = Math.max(1, professionals - physicians - pharmacists)
  const residents = Math.min(EHPADS * RESIDENTS_OF_EACH, Math.floor(inhabitants / 10))
  const ehpadOf = (person: number) => `99000${String(1000 + (person % EHPADS)).padStart(4, '0')}`
  return {
    residents,
    isResident: (person: number) => person < residents,
    ehpadOf,
    roomOf: (person: number) => String(100 + Math.floor(person / EHPADS)),
    patientOf: (person: number) => PatientId.parse(uuidOf(seed, 'patient', person)),
    physicianOf: (person: number) => idOf(person % physicians),
    carersOf(person: number): Carer[] {
      const pharmacist = idOf(physicians + (person % pharmacists))
      const nurse = idOf(physicians + pharmacists + (person % nurses))
      return [
        { memberId: idOf(person % physicians), role: 'medecin-traitant' },
        ...(person % 2 === 0 ? [{ memberId: pharmacist, role: 'pharmacien' as const }] : []),
        ...(person % 5 === 0 ? [{ memberId: nurse, role: 'infirmier' as const }] : []),
        ...(person < residents
          ? [{ memberId: ProfessionalId.parse(`finess:${ehpadOf(person)}`), role: 'ehpad' as const }]
          : []),
      ]
    },
  }
}

export function wardOf(number: number): Ward {
  return { facility: TERRITORY_HOSPITAL, code: String(4101 + (number % WARDS)) }
}
