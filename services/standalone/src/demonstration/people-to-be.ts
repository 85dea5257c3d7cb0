import {
  coordinator,
  homeCareNurse,
  homeNurses,
  midwife,
  pharmacists,
  physicians,
  physiotherapist,
  type Professional,
} from './territory/professionals.ts'
import { CPTS, EHPAD_BRUYERES, EHPAD_TILLEULS, HOSPITAL, wards } from './territory/places.ts'

/** Somebody whom a visitor may be, and what to type. */
export type PersonToBe = { who: string; command: string }

const RELAIS = 'npx -y pnpm@12 relais'

const hospital = (who: string, command: string): PersonToBe => ({
  who,
  command: `${RELAIS} ${command} --organisation ${HOSPITAL}`,
})
const nurseOf = ([code, { label }]: (typeof wards)['cardiology']) =>
  hospital(`a nurse, ${label}`, `board ward ${code} --as infirmier`)
const inTheEhpad = (name: string, finess: string): PersonToBe => ({
  who: name,
  command: `${RELAIS} board ehpad ${finess} --as ehpad`,
})
const inTown =
  (what: string, role: string) =>
  ({ rpps, details }: Professional): PersonToBe => ({
    who: `${details.givenName} ${details.familyName}, ${what}`,
    command: `${RELAIS} inbox --as ${role} --id ${rpps}`,
  })

/** Those of the territory whom the built-in issuer makes tokens for. */
export const peopleToBe: readonly PersonToBe[] = [
  nurseOf(wards.cardiology),
  nurseOf(wards.geriatrics),
  nurseOf(wards.psychiatry),
  hospital('admissions', 'quarantine list --as admissions'),
  {
    who: 'the coordination of the CPTS',
    command: `${RELAIS} protocols list --as coordinateur --organisation ${CPTS}`,
  },
  inTheEhpad('EHPAD Les Bruyères', EHPAD_BRUYERES),
  inTheEhpad('EHPAD Les Tilleuls', EHPAD_TILLEULS),
  ...physicians.map(inTown('GP', 'medecin')),
  ...homeNurses.map(inTown('home nurse', 'infirmier')),
  ...pharmacists.map(inTown('pharmacist', 'pharmacien')),
  inTown('physiotherapist', 'kinesitherapeute')(physiotherapist),
  inTown('midwife', 'sage-femme')(midwife),
  inTown('SSIAD nurse', 'ssiad')(homeCareNurse),
  inTown('coordinator', 'referent-parcours')(coordinator),
]
