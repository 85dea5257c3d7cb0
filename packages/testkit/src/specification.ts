import { deepStrictEqual } from 'node:assert/strict'
import type { Decider } from '@relais/decider/decider'

/** What a command is expected to cause. Exactly one of the three is called; events and refusals are compared whole. */
export type Outcome<Event, Rejection> = {
  thenEvents(...events: readonly Event[]): void
  thenNothing(): void
  thenRejected(rejection: Rejection): void
}

/** The examples begun and not concluded: an example without a `then…` checks nothing, so the test that left it fails. */
const unconcluded = new Set<object>()

/**
 * Examples of a decider: `given(...history).when(command).thenEvents(...)`, `.thenNothing()` or `.thenRejected(...)`.
 * History is folded as it would be read back; the state itself is never looked at.
 * @throws AssertionError at `then…`, when the decision is another one.
 */
export function specification<Command, Event, State, Rejection>(decider: Decider<Command, Event, State, Rejection>) {
  function given(...history: readonly Event[]) {
    const example = {}
    unconcluded.add(example)
    return { when: (command: Command) => outcome(example, history, command) }
  }

  function outcome(example: object, history: readonly Event[], command: Command): Outcome<Event, Rejection> {
    function expectDecision(expected: unknown) {
      unconcluded.delete(example)
      const state = history.reduce(decider.evolve, decider.initialState)
      deepStrictEqual(decider.decide(command, state), expected)
    }
    return {
      thenEvents: (...events) => expectDecision({ accepted: true, events }),
      thenNothing: () => expectDecision({ accepted: true, events: [] }),
      thenRejected: (rejection) => expectDecision({ accepted: false, rejection }),
    }
  }

  return { given }
}

/** Forgets the examples begun so far and says how many had no `then…`. */
export function takeUnconcluded(): number {
  const { size } = unconcluded
  unconcluded.clear()
  return size
}
