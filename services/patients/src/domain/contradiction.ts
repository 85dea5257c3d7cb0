import type { ReportedIdentity } from '@relais/contracts/patients'

/** What two identities say that cannot both be true of one person. */
export type Contradiction = 'ins' | 'birthDate' | 'sex'

type Identity = Pick<ReportedIdentity, 'status' | 'ins' | 'birthDate' | 'sex'>

/**
 * What speaks against two patients being one person: their qualified INS, their birth date, their sex. Names change and
 * are misspelt. What a provisional identity says is made up.
 */
export function contradictionsBetween(one: Identity, other: Identity): Contradiction[] {
  const bothSay = (trait: 'birthDate' | 'sex') => {
    const [here, there] = [saidOf(one, trait), saidOf(other, trait)]
    return here !== undefined && there !== undefined && here !== there
  }
  const [ins, otherIns] = [qualifiedIns(one), qualifiedIns(other)]
  const differs: Record<Contradiction, boolean> = {
    ins: ins !== undefined && otherIns !== undefined && ins !== otherIns,
    birthDate: bothSay('birthDate'),
    sex: bothSay('sex'),
  }
  const contradictions: readonly Contradiction[] = ['ins', 'birthDate', 'sex']
  return contradictions.filter((trait) => differs[trait])
}

function qualifiedIns({ status, ins }: Identity): string | undefined {
  return status === 'qualified' && ins ? `${ins.oid} ${ins.matricule}` : undefined
}

function saidOf(identity: Identity, trait: 'birthDate' | 'sex'): string | undefined {
  if (identity.status === 'provisional') return undefined
  return identity[trait] === 'U' ? undefined : identity[trait]
}
