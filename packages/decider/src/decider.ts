/** What a decider answers: facts to append (none when it is already true), or why not. */
export type Decision<Event, Rejection> =
  | { accepted: true; events: readonly Event[] }
  | { accepted: false; rejection: Rejection }

/** A pure decision over a folded history: no clock, no randomness, no I/O. */
export type Decider<Command, Event, State, Rejection> = {
  initialState: State
  evolve: (state: State, event: Event) => State
  decide: (command: Command, state: State) => Decision<Event, Rejection>
}

export function accept<Event>(...events: readonly Event[]): { accepted: true; events: readonly Event[] } {
  return { accepted: true, events }
}

export function reject<Rejection>(rejection: Rejection): { accepted: false; rejection: Rejection } {
  return { accepted: false, rejection }
}
