import { type Instant, ProfessionalId } from '@relais/contracts/primitives'
import { RunId } from '@relais/contracts/work'
import type { Decoded } from '@relais/event-store/codec'
import type { RunCommand } from '../domain/run.ts'
import type { RunViewEvent } from '../projections/run-view-event.ts'
import type { KnownRun } from './fact-source.ts'
import { holdersFor, type PersonFacts } from './person-facts.ts'

type Known = { facts: PersonFacts; runs: readonly KnownRun[]; at: Instant }

/** Asks each open run of a person who has its steps now, and says who has left the circle for good. */
export function reviewOwnersOf(
  decoded: Decoded<RunViewEvent>,
  { facts, runs, at }: Known,
): { runId: RunId; command: RunCommand }[] {
  const departed = departedIn(decoded, facts)
  return runs
    .filter(({ because }) => because === undefined)
    .flatMap(({ runId, stayId, coordinator }) => {
      const stay = facts.stays.find((each) => each.stayId === stayId)
      if (stay === undefined) return []
      const holders = holdersFor(stay.facts, facts, ProfessionalId.parse(coordinator))
      return [{ runId: RunId.parse(runId), command: { type: 'ReviewOwners', holders, departed, at } }]
    })
}

/** Whether the event takes somebody out of the circle, in whatever role. */
export function hasLeft(decoded: Decoded<RunViewEvent>, facts: PersonFacts): boolean {
  return departedIn(decoded, facts) !== undefined
}

function departedIn({ event }: Decoded<RunViewEvent>, { members }: PersonFacts) {
  const left = leaverIn(event)
  return members.some(({ memberId }) => memberId === left) ? undefined : left
}

function leaverIn(event: RunViewEvent | undefined) {
  if (event?.type === 'MemberLeft') return event.data.memberId
  return event?.type === 'NoticeReturned' ? event.data.recipient : undefined
}
