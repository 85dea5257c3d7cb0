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

/** How it came that a patient leaves, where a sender's code has words for it. */
export function circumstancesOf(
  { died, ...standing }: Standing,
  words: Readonly<Record<string, string>>,
): string | undefined {
  const { circumstances } = standing.discharge ?? standing.plannedDischarge ?? {}
  if (circumstances === undefined || died || !Object.hasOwn(words, circumstances)) return undefined
  return capital(wordOf(words, circumstances))
}
