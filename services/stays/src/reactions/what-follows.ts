import type { Decoded } from '@relais/event-store/codec'
import { moveStay } from '../intake/move.ts'
import type { RecordDeps } from '../intake/record.ts'
import type { KnownEvent } from '../projections/known-stays.ts'
import { moveDossiers } from './move-dossiers.ts'
import { protectInSensitiveWards } from './protect-in-sensitive-wards.ts'
import { replayOnArrival, type ReplayOnArrivalDeps } from './replay-on-arrival.ts'

type Deps = RecordDeps &
  ReplayOnArrivalDeps &
  Omit<Parameters<typeof moveDossiers>[0], 'move'> &
  Parameters<typeof protectInSensitiveWards>[0]

/** What a fact leads to in stays, one after the other: read from the log once for all. */
export function whatFollows(deps: Deps) {
  const reactions = [
    replayOnArrival(deps),
    moveDossiers({ ...deps, move: (said, context) => moveStay(deps, said, context) }),
    protectInSensitiveWards(deps),
  ]
  return async (decoded: Decoded<KnownEvent>): Promise<void> => {
    for (const react of reactions) await react(decoded)
  }
}
