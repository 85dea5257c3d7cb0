import type { PatientId } from '@relais/contracts/primitives'
import type { MatchGround, Trait } from '@relais/contracts/residents'
import type { Verdict } from './verdict.ts'

/** What stands of a resident and a patient; `refused` when a person said that they are two. */
export type Pair =
  | { is: 'matched'; ground: MatchGround }
  | { is: 'doubted'; reason: 'insMissing' | 'traitsDiffer' | 'linkContradicts'; differing: readonly Trait[] }
  | { is: 'refused' }
/** One number of a person, and what its identity says. */
export type Judged = { patientId: PatientId; verdict: Verdict }
export type PersonVerdict =
  | { is: 'same' }
  | { is: 'other' }
  | { is: 'doubted'; reason: 'insMissing' | 'traitsDiffer' | 'linkContradicts'; differing: readonly Trait[] }

/**
 * What each number of one person comes to, given the others. A resident who is known under one number needs no question
 * about another; where one says yes and another says no, a person looks, and the link may be what is wrong. Asked of each
 * number alone, it is what its own identity says: undoing a link restores that.
 */
export function asOnePerson(
  patients: readonly Judged[],
  pairs: ReadonlyMap<PatientId, Pair>,
): { patientId: PatientId; verdict: PersonVerdict }[] {
  return patients.map(({ patientId, verdict }) => {
    const others = patients.filter((other) => other.patientId !== patientId)
    const stands = (of: Judged) => pairs.get(of.patientId)
    const isConfirmed = others.some((other) => isMatchedByPerson(stands(other)))
    const isRefused = others.some((other) => stands(other)?.is === 'refused')
    const isFound = others.some((other) => other.verdict.is === 'same' && stands(other)?.is !== 'refused')
    const around = { isKnown: isConfirmed || isFound, isRefused, isConfirmed }
    return { patientId, verdict: verdictAmong(verdict, around) }
  })
}

/** Of the other numbers: one is the resident; a person said that one is not; a person said that one is. */
type Around = { isKnown: boolean; isRefused: boolean; isConfirmed: boolean }

const contradicted: PersonVerdict = { is: 'doubted', reason: 'linkContradicts', differing: [] }

function verdictAmong(verdict: Verdict, { isKnown, isRefused, isConfirmed }: Around): PersonVerdict {
  switch (verdict.is) {
    case 'same':
      return isRefused && !isConfirmed ? contradicted : verdict
    case 'contrary':
      return isKnown ? contradicted : { is: 'other' }
    case 'doubted':
      return isKnown || (isRefused && verdict.reason === 'insMissing') ? { is: 'other' } : verdict
    case 'other':
      return verdict
  }
}

const isMatchedByPerson = (pair: Pair | undefined) => pair?.is === 'matched' && pair.ground === 'person'
