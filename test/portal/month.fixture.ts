import { pamMessage } from '@relais/hl7v2/fixtures'
import { identityMessage } from '@relais/hl7v2/identity-fixtures'
import { seeded } from '../mortal.fixture.ts'
import * as passages from './month-passages.fixture.ts'
import * as stays from './month-stays.fixture.ts'
import type { Story } from './month-stays.fixture.ts'
import { DAY, HOUR, localAt, type Person, type Step } from './month-visit.fixture.ts'
import { people } from './portal.fixture.ts'

export const PATIENTS = 1200
export const DAYS = 31
/** When the GP has seen the last patient, and looks what there is. */
export const EVENING = 19 * HOUR

const rppsOf = ({ id }: { id: string }) => id.replace('rpps:', '')
const plants = 'ACANTHE ALISIER ANCOLIE BARDANE BLEUET BRUYÈRE CERFEUIL COLCHIQUE DIGITALE FOUGÈRE GARANCE GENÊT'.split(
  ' ',
)
const trees = 'BOULEAU CHARME CORMIER ÉRABLE FRÊNE HÊTRE MÉLÈZE ORME SORBIER TILLEUL'.split(' ')
const givenNames = 'ANNE ALBERT CÉCILE ANDRÉ DENISE CLAUDE FATIMA GEORGES LUCIENNE HENRI MONIQUE SAÏD'.split(' ')

/** An invented person, told from the others by a number. */
function personNumbered(n: number, physician: { id: string }): Person {
  const sex = n % 2 === 0 ? 'F' : 'M'
  const [year, month] = [30 + (n % 65), 1 + (n % 12)].map((part) => String(part).padStart(2, '0'))
  const numbered = String(n).padStart(6, '0')
  return {
    ipp: `7${numbered}`,
    familyName: `TEST-${plants[n % plants.length]}-${trees[n % trees.length]}`,
    givenName: givenNames[n % givenNames.length] ?? '',
    sex,
    birthDate: `19${year}${month}09`,
    insBody: `${sex === 'M' ? 1 : 2}${year}${month}99${numbered}`,
    primaryPhysicianRpps: rppsOf(physician),
  }
}

type Kind = readonly [count: number, story: Story]

/** What becomes of the patients of one GP: so many of each, as a practice of a small town sees them. */
const ofTheGp: readonly Kind[] = [
  [3, stays.planned],
  [1, stays.givenUp],
  [1, stays.neverAdmitted],
  [1, stays.takenBack],
  [1, stays.onLeave],
  [1, stays.deceased],
  [1, stays.transferredElsewhere],
  [1, stays.outpatientAfterAll],
  [1, stays.outOfOrder],
  [1, stays.namedAtDischarge],
  [1, stays.confidential],
  [6, stays.dayHospital],
  [17, passages.sentHome],
  [6, passages.keptIn],
  [2, passages.leftWithoutBeingSeen],
  [2, passages.registeredByMistake],
  [1, passages.diedAtHome],
  [84, passages.consultation],
  [14, passages.bookedConsultation],
  [8, passages.missedConsultation],
  [6, passages.cancelledConsultation],
  [3, passages.series([0, 2, 4, 7, 9, 11, 14, 16, 18, 21, 23, 25, 28])],
  [2, passages.series([0, 7, 14, 21])],
]
const ofOthers: readonly Kind[] = [
  [4, stays.planned],
  [2, stays.takenBack],
  [1, stays.deceased],
  [12, passages.sentHome],
  [6, passages.keptIn],
  [25, passages.consultation],
]

const unseen = (steps: readonly Step[]): Step[] => steps.map(({ visit, at, message }) => ({ visit, at, message }))

/** Those of whom only a message of identity speaks: it names their physician too, as hospitals do. */
function announced(person: Person, trigger: 'A28' | 'A31', at: number): Step {
  const [physician = ''] = pamMessage(person).match(/ROL\|.*\r/) ?? []
  const said = identityMessage({ ...person, trigger, recorded: localAt(at), controlId: `${trigger}-${person.ipp}` })
  return { visit: '', at, message: said.replace(/(PID\|.*\r)/, `$1${physician}`) }
}

/** A month of a hospital, from the first morning on: the patients of one GP, and some of another one's. */
export function monthFrom(morning: number, seed: number) {
  const random = seeded(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  let [own, others] = [0, PATIENTS]
  const next = () => personNumbered((own += 1), people.gp)
  const other = () => personNumbered((others += 1), people.otherGp)
  let visits = 0
  const begins = (person: Person, day: number) => {
    visits += 1
    return { person, visit: `V8${visits}`, at: morning + day * DAY + (7 + below(4)) * HOUR + below(60) * 60_000 }
  }
  const told = (person: Person, day: number, story: Story) => story(begins(person, day)).steps
  const all = (kinds: readonly Kind[], who: () => Person) =>
    kinds.flatMap(([count, story]) =>
      // What there is one of is told to its end.
      Array.from({ length: count }, () => told(who(), below(count < 4 ? DAYS - 11 : DAYS), story)).flat(),
    )

  const [double, right, wrong, mistaken, neighbour, left, unnamed] = [
    next(),
    next(),
    next(),
    next(),
    other(),
    next(),
    next(),
  ]
  const moved = { ...left, primaryPhysicianRpps: rppsOf(people.otherGp) }
  const steps = [
    ...all(ofTheGp, next),
    ...unseen(all(ofOthers, other)),
    ...[right, wrong, unnamed, left].flatMap((person) => told(person, 1, passages.consultation)),
    ...told(neighbour, 1, passages.consultation),
    ...told(right, 8, passages.asSomebodyElse(double)),
    ...told(mistaken, 10, passages.ofSomebodyElse(wrong, true)),
    ...told(next(), 12, passages.ofSomebodyElse(neighbour, false)),
    ...told({ ...unnamed, primaryPhysicianRpps: '' }, 9, passages.sentHome),
    // Has another physician from the sixth day on.
    ...told(moved, 6, passages.consultation),
    ...unseen(told(moved, 9, passages.keptIn)),
    ...told(next(), DAYS - 2, stays.stillThere),
    ...told(next(), DAYS - 3, stays.leavesSoon),
    ...told(next(), DAYS - 1, passages.atEmergencyNow),
  ]
  const known = Array.from({ length: PATIENTS - own }, () => announced(next(), 'A28', morning))
  const updates = Array.from({ length: 40 }, () => {
    const person = personNumbered(own - below(known.length), people.gp)
    return announced(person, 'A31', begins(person, below(DAYS)).at)
  })
  /** Each evening somebody comes whose physician is told of it once everything before was told. */
  const last = Array.from({ length: DAYS }, (_, day) => {
    const [step] = told(other(), day, passages.atEmergencyNow)
    return { visit: '', message: '', ...step, at: morning + day * DAY + EVENING - 1 }
  })
  const inOrder = [...steps, ...updates].toSorted((one, later) => one.at - later.at)
  const days = Array.from({ length: DAYS }, (_, day) => {
    const isOfDay = ({ at }: Step) => Math.floor((at - morning) / DAY) === day
    return [...inOrder.filter(isOfDay), ...unseen(last.filter(isOfDay))]
  })
  return { announced: known, days }
}
