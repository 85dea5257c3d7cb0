import { OutsideIdentifier } from '@relais/contracts/primitives'
import { authorityOf, type Reading, valueAt } from './reading.ts'

/**
 * The dossier (NDA) that a visit is in. It is not required of anybody: a number that nobody assigned, or that is none, says
 * nothing.
 */
export function dossierAt(reading: Reading, path: 'PID-18' | 'MRG-3'): OutsideIdentifier | undefined {
  const number = valueAt(reading, `${path}.1`)
  if (number === undefined) return undefined
  const quiet: Reading = { ...reading, problems: [] }
  const authority = authorityOf(quiet, `${path}.4.1`, `${path}.4.2`)
  const named = OutsideIdentifier.safeParse({ authority, number })
  return named.success ? named.data : undefined
}
