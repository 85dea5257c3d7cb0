import { deepStrictEqual } from 'node:assert/strict'
import type { Decider } from '@relais/decider/decider'
import fc from 'fast-check'

/**
 * Checks that handling any accepted command twice is handling it once, on histories that the decider makes itself.
 * Draw ids from a small pool, so that commands meet.
 * @throws Error with the shortest history found where a repeat is not quiet
 */
export function assertRepeatsAreQuiet<Command, Event, State, Rejection>(
  decider: Decider<Command, Event, State, Rejection>,
  anyCommand: fc.Arbitrary<Command>,
): void {
  fc.assert(
    fc.property(fc.array(anyCommand), (commands) => {
      let state = decider.initialState
      for (const command of commands) {
        const decision = decider.decide(command, state)
        if (!decision.accepted) continue
        state = decision.events.reduce(decider.evolve, state)
        deepStrictEqual(decider.decide(command, state), { accepted: true, events: [] })
      }
    }),
  )
}
