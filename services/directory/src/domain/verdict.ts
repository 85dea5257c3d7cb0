import type { ReportedIdentity } from '@relais/contracts/patients'
import type { ResidentIdentity, Trait } from '@relais/contracts/residents'
import { folded } from './folded.ts'

/**
 * `same`: one person. `other`: nothing says so. `contrary`: two different INS say that they are two. `doubted`: a person
 * has to look.
 */
export type Verdict =
  | { is: 'same' }
  | { is: 'other' }
  | { is: 'contrary' }
  | { is: 'doubted'; reason: 'insMissing' | 'traitsDiffer'; differing: readonly Trait[] }

/** What is compared of a resident and of a patient alike. */
export type Traits = {
  birthName: string | undefined
  birthDate: string | undefined
  sex: string | undefined
  givenName: string | undefined
  /** Only that of a qualified identity. */
  ins: { matricule: string; oid: string } | undefined
}

export function traitsOfPatient(identity: ReportedIdentity): Traits {
  const { birthName, birthDate, sex, givenName, givenNames, status, ins } = identity
  return {
    birthName,
    birthDate,
    sex,
    givenName: givenName ?? givenNames,
    ins: status === 'qualified' ? ins : undefined,
  }
}

export function traitsOfResident(identity: ResidentIdentity): Traits {
  const { birthName, birthDate, sex, givenNames, status, ins } = identity
  return { birthName, birthDate, sex, givenName: givenNames, ins: status === 'qualified' ? ins : undefined }
}

/** The traits under which two records may be found to resemble each other; `undefined` where one of them is missing. */
export function likeness({ birthName, birthDate, sex }: Traits): readonly [string, string, string] | undefined {
  if (!birthName || !birthDate || !sex || sex === 'U') return undefined
  return [folded(birthName), birthDate, sex]
}

/**
 * Whether a resident is a patient: by the same qualified INS with concordant birth name, birth date and sex. Given names
 * are a hint for the person who looks, and decide nothing.
 */
export function judge(resident: Traits, patient: Traits): Verdict {
  const differing = differences(resident, patient)
  const isConcordant = differing.every((trait) => trait === 'givenName')
  if (resident.ins && patient.ins) {
    const isSame = resident.ins.matricule === patient.ins.matricule && resident.ins.oid === patient.ins.oid
    if (!isSame) return { is: 'contrary' }
    return isConcordant ? { is: 'same' } : { is: 'doubted', reason: 'traitsDiffer', differing }
  }
  return isConcordant && likeness(resident) ? { is: 'doubted', reason: 'insMissing', differing } : { is: 'other' }
}

function differences(one: Traits, other: Traits): Trait[] {
  const differs: Record<Trait, boolean> = {
    birthName: !one.birthName || !other.birthName || folded(one.birthName) !== folded(other.birthName),
    birthDate: !one.birthDate || one.birthDate !== other.birthDate,
    sex: !one.sex || one.sex === 'U' || one.sex !== other.sex,
    givenName: firstOf(one.givenName) !== firstOf(other.givenName),
  }
  const traits: readonly Trait[] = ['birthName', 'birthDate', 'sex', 'givenName']
  return traits.filter((trait) => differs[trait])
}

const firstOf = (names: string | undefined) => folded(names ?? '').split(' ')[0]
