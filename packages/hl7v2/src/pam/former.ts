import { insKeyIsRight } from '../checks.ts'
import { repetitions } from '../message.ts'
import { doubt, identifierAt, type NamedIdentifier, type Reading, report, valueAt } from './reading.ts'

/**
 * The number that is given up, in MRG-1: the repetition of type PI, else the only one without a type. An INS in MRG-1 is
 * one that holds no longer: which one is not looked at, for all those of the patient are replaced by what PID-3 says.
 */
export function readFormer(reading: Reading, need: 'required' | 'optional'): NamedIdentifier | undefined {
  const count = repetitions(reading.message, 'MRG-1')
  const paths = Array.from({ length: count }, (_, index) => `MRG-1(${index + 1})`)
  for (const path of paths) doubtIns(reading, path)
  const untyped = paths.filter((path) => valueAt(reading, `${path}.5`) === undefined && valueAt(reading, `${path}.1`))
  const path =
    paths.find((one) => valueAt(reading, `${one}.5`) === 'PI') ?? (untyped.length === 1 ? untyped[0] : undefined)
  if (path) return identifierAt(reading, { number: `${path}.1`, namespace: `${path}.4.1`, universalId: `${path}.4.2` })
  if (need === 'required' || count === 0)
    return report(reading, {
      path: 'MRG-1',
      code: 'fieldMissing',
      expected: 'formerIdentifier',
    })
  return undefined
}

function doubtIns(reading: Reading, path: string): void {
  const matricule = valueAt(reading, `${path}.1`)
  if (valueAt(reading, `${path}.5`) === 'INS' && matricule && !insKeyIsRight(matricule))
    doubt(reading, 'insKeyWrong', `${path}.1`)
}
