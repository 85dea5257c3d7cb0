import type { ForgettingEvent } from '@relais/contracts/forgetting'
import type { MessageEvent } from '@relais/contracts/messages'
import type { NoticeEvent } from '@relais/contracts/notices'
import { type CircleEvent, circleEvents, type LinkEvent, type PatientEvent } from '@relais/contracts/patients'
import type { ResidentEvent, ResidentMatchEvent } from '@relais/contracts/residents'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import type { RowOperation, Table } from '@relais/projections/projection'
import type { Kysely } from 'kysely'
import { circleRows, circleTables, type CircleTables, disownedRows, loadMembers } from './circle.ts'
import type { AccessFacts } from './decide.ts'
import { linkRows, linkTables, type LinkTables, personOf } from './links.ts'
import { loadStays, stayRows, stayTables, type StayTables } from './stays.ts'

type AnyEvent =
  | StayEvent
  | CircleEvent
  | PatientEvent
  | MessageEvent
  | LinkEvent
  | ForgettingEvent
  | NoticeEvent
  | ResidentEvent
  | ResidentMatchEvent

/** The tables that a projection adds to its own to know who may see whom. */
export const accessTables = {
  ...linkTables,
  ...circleTables,
  ...stayTables,
} satisfies Record<string, Table>

/** The same tables, for a query. */
export type AccessTables = LinkTables & StayTables & CircleTables

/**
 * What an event changes in `accessTables`, from the event alone. Events that say nothing about access change nothing,
 * and neither does a forgotten one.
 */
export function accessRows({ event, metadata }: Decoded<AnyEvent>): readonly RowOperation[] {
  switch (event?.type) {
    case 'PatientsLinked':
    case 'PatientsUnlinked':
      return linkRows(event)
    case 'NoticeReturned':
      return disownedRows(event.data)
    default:
      if (isCircleEvent(event)) return circleRows(event)
      return isStayEvent(event) ? stayRows(event, metadata.recordedAt) : []
  }
}

const isCircleEvent = (event: AnyEvent | undefined): event is CircleEvent =>
  event !== undefined && event.type in circleEvents.versions
const isStayEvent = (event: AnyEvent | undefined): event is StayEvent =>
  event !== undefined && event.type in stayEvents.versions

/**
 * The facts of one person, for `decideAccess`, whichever of his or her ids is given. A patient nobody ever wrote about has
 * none, hence no access.
 */
export async function loadAccessFacts(db: Kysely<AccessTables>, patientId: string): Promise<AccessFacts> {
  return loadFactsOf(db, (await personOf(db, patientId)).ids)
}

/** The same, for who knows already which ids are of this person. */
export async function loadFactsOf(db: Kysely<AccessTables>, ids: readonly string[]): Promise<AccessFacts> {
  return (await loadFactsOfEach(db, [ids]))(ids)
}

/** The same of many persons, with as many statements as of one: answers the facts of one of them, given the same ids. */
export async function loadFactsOfEach(
  db: Kysely<AccessTables>,
  persons: readonly (readonly string[])[],
): Promise<(ids: readonly string[]) => AccessFacts> {
  if (persons.length === 0) return () => ({ members: [], stays: [], confidential: [] })
  const [membersOf, staysOf] = await Promise.all([loadMembers(db, persons), loadStays(db, persons.flat())])
  return (ids) => ({ members: membersOf(ids), ...staysOf(ids) })
}
