import type { Condition, Due, FactTest } from '@relais/contracts/protocols'
import type { DefinitionWords } from './definition-words.ts'

export type Said = {
  words: DefinitionWords
  role: Readonly<Record<string, string>>
  patientClass: Readonly<Record<string, string>>
  exitMode: Readonly<Record<string, string>>
  destination: Readonly<Record<string, string>>
}

/** One condition as a person says it. */
export function conditionText(condition: Condition, said: Said): string {
  if ('any' in condition) return said.words.any(condition.any.map((test) => factText(test, said)))
  if ('not' in condition) return said.words.not(factText(condition.not, said))
  return factText(condition, said)
}

function factText(test: FactTest, { words, role, patientClass, exitMode, destination }: Said): string {
  switch (test.fact) {
    case 'ageAtLeast':
      return words.age(test.years)
    case 'patientClass':
      return words.classes(namesOf(test.in, patientClass))
    case 'facility':
      return words.facility(test.in.join(', '))
    case 'ward':
      return words.ward(test.facility, test.in.join(', '))
    case 'exitMode':
      return words.exitMode(namesOf(test.in, exitMode))
    case 'destination':
      return words.destination(namesOf(test.in, destination))
    case 'inCircle':
      return words.inCircle(role[test.role] ?? test.role)
    case 'discharged':
      return words.discharged
    case 'stayedAtLeast':
      return words.stayed(test.hours)
    case 'closedAhead':
      return words.closedAhead(test.after)
  }
}

const namesOf = (codes: readonly string[], names: Readonly<Record<string, string>>) =>
  codes.map((code) => names[code] ?? code).join(', ')

/** Until when, as a person says it. */
export function dueText(due: Due, { words }: Pick<Said, 'words'>): string {
  switch (due.kind) {
    case 'hours':
      return words.dueHours(due.hours, words.froms[due.from], due.clock === 'openHours')
    case 'days':
      return words.dueDays(due.days, words.froms[due.from])
    case 'workingDays':
      return words.dueWorkingDays(due.days, words.froms[due.from])
    case 'beforeArrival':
      return words.dueBefore(due.hours)
    case 'lastWorkingDay':
      return words.dueLast(due.at)
  }
}
