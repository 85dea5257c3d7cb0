import type { CircleRole } from '@relais/contracts/patients'
import { insKeyOf } from '@relais/hl7v2/checks'
import { type Random, seeded } from '../random.ts'
import { EHPAD_BRUYERES, EHPAD_TILLEULS } from './places.ts'
import {
  coordinator,
  homeCareNurse,
  homeNurses,
  midwife,
  pharmacists,
  physicians,
  physiotherapist,
  type Professional,
} from './professionals.ts'

/** The OID of INS that nobody bears: the test range of the NIR. */
export const TEST_INS_OID = '1.2.250.1.213.1.4.10'

export type Identity = {
  /** The hospital's number (IPP). */
  ipp: string
  familyName: string
  givenName: string
  sex: 'F' | 'M'
  /** `1941-07-09`. */
  birthDate: string
  /** 15 characters, its key included. */
  ins: string
}
export type Carer = { professional: Professional; role: CircleRole }
export type Person = Identity & {
  physician: Professional
  /** Beside the médecin traitant. */
  carers: readonly Carer[]
  /** Of those who live in an EHPAD. */
  residence?: { ehpad: string; room: string; enteredAt: string }
}

/** Who is there does not depend on the day that is played. */
const SEED = 990_000
const RESIDENTS = { [EHPAD_BRUYERES]: 24, [EHPAD_TILLEULS]: 16 }
const TOWNSPEOPLE = 60
/** Numbers of birth orders; the first hundred are left to messages written by hand. */
const FIRST_ORDER = 101

const plants = [
  'ABSINTHE ACANTHE ALISIER ANCOLIE ANÉMONE ARNICA ASPÉRULE BARDANE BÉTOINE BLEUET BRUYÈRE CAMOMILLE',
  'CENTAURÉE CERFEUIL CHÈVREFEUILLE COLCHIQUE CONSOUDE CORIANDRE CYCLAMEN DIGITALE ÉGLANTIER ÉPERVIÈRE',
  'EUPHRAISE FOUGÈRE FUSAIN GARANCE GENÊT GIROFLÉE GUIMAUVE HELLÉBORE IMMORTELLE JACINTHE JONQUILLE',
  'LIERRE LISERON LUPIN MARJOLAINE MUGUET MYOSOTIS NARCISSE ORCHIS PERVENCHE PRIMEVÈRE SAUGE',
].flatMap((line) => line.split(' '))
const givenNames = {
  F: 'ANNE CÉCILE DENISE FATIMA GISÈLE JACQUELINE LUCIENNE MADELEINE MONIQUE SIMONE YVETTE'.split(' '),
  M: 'ALBERT ANDRÉ CLAUDE FERNAND GEORGES HENRI JEAN LUCIEN MARCEL RENÉ SAÏD'.split(' '),
}

/** Everybody of the territory: 40 residents of EHPAD, then people who live at home. The same at each call. */
export function people(): readonly Person[] {
  const random = seeded(SEED)
  const residences = Object.entries(RESIDENTS).flatMap(([ehpad, count]) =>
    Array.from({ length: count }, (_, index) => ({ ehpad, room: roomOf(index), enteredAt: entryOf(random) })),
  )
  const homes = Array.from({ length: TOWNSPEOPLE }, () => undefined)
  return [...residences, ...homes].map((residence, index) => {
    const born = residence ? { from: 1926, years: 20 } : { from: 1938, years: 60 }
    const identity = invented(random, { ipp: String(910_000 + index), order: FIRST_ORDER + index, born })
    const physician = random.pick(physicians)
    return {
      ...identity,
      physician,
      carers: carersOf(random, identity, residence !== undefined),
      ...(residence ? { residence } : {}),
    }
  })
}

type Invention = { ipp: string; order: number; born: { from: number; years: number } }

/** Somebody who does not exist, with an INS of the test range. */
export function invented(random: Random, { ipp, order, born }: Invention): Identity {
  const sex = random.pick(['F', 'M'] as const)
  const month = String(1 + random.below(12)).padStart(2, '0')
  const birthDate = `${born.from + random.below(born.years)}-${month}-${String(1 + random.below(28)).padStart(2, '0')}`
  // Neither the département nor the commune exists.
  const body = `${sex === 'M' ? '1' : '2'}${birthDate.slice(2, 4)}${month}99000${String(order).padStart(3, '0')}`
  const familyName = `TEST-${random.pick(plants)}`
  return {
    ipp,
    familyName,
    givenName: random.pick(givenNames[sex]),
    sex,
    birthDate,
    ins: body + (insKeyOf(body) ?? ''),
  }
}

/** Residents have their nurses in the house. */
function carersOf(random: Random, { ipp, sex, birthDate }: Identity, isResident: boolean): Carer[] {
  const pharmacist: Carer = { professional: random.pick(pharmacists), role: 'pharmacien' }
  const nurse: Carer = { professional: random.pick(homeNurses), role: 'infirmier' }
  const exercises: Carer = { professional: physiotherapist, role: 'kinesitherapeute' }
  const follows: Carer = { professional: midwife, role: 'sage-femme' }
  const tendsAtHome: Carer = { professional: homeCareNurse, role: 'ssiad' }
  const coordinates: Carer = { professional: coordinator, role: 'referent-parcours' }
  return [
    pharmacist,
    ...(isResident || random.below(3) === 0 ? [] : [nurse]),
    ...(random.below(3) === 0 ? [exercises] : []),
    ...(sex === 'F' && birthDate >= '1975' ? [follows] : []),
    ...(!isResident && random.below(6) === 0 ? [coordinates] : []),
    ...(!isResident && Number(ipp) % 6 === 0 ? [tendsAtHome] : []),
  ]
}

const roomOf = (index: number) => `${1 + Math.floor(index / 12)}${String(1 + (index % 12)).padStart(2, '0')}`

function entryOf(random: Random): string {
  const days = random.below(1500)
  return new Date(Date.UTC(2022, 0, 3, 9) + days * 86_400_000).toISOString()
}
