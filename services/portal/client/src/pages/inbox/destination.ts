import type { Standing } from '@relais/contracts/standing'
import { capital, wordOf } from '../../messages/domain.ts'

type Words = { exitMode: Readonly<Record<string, string>>; destination: Readonly<Record<string, string>> }

/** Where a patient goes who leaves, or is to leave: an establishment of the directory, or what kind of place; as far as it was said. */
export function destinationOf({ died, ...standing }: Standing, words: Words): { finess?: string; kind?: string } {
  const discharge = standing.discharge ?? standing.plannedDischarge
  if (!discharge || died) return {}
  const { destinationFacility, destinationKind, exitMode } = discharge
  const kind =
    destinationKind === undefined
      ? exitMode === undefined
        ? undefined
        : wordOf(words.exitMode, exitMode)
      : wordOf(words.destination, destinationKind)
  return {
    ...(destinationFacility === undefined ? {} : { finess: destinationFacility }),
    ...(kind === undefined ? {} : { kind: capital(kind) }),
  }
}
