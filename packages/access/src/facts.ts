import type { MessageEvent } from '@relais/contracts/messages'
import type { NoticeEvent } from '@relais/contracts/notices'
import {
  type CircleEvent,
  CircleRole,
  LegalGround,
  type LinkEvent,
  type PatientEvent,
} from '@relais/contracts/patients'
import type { ResidentEvent, ResidentMatchEvent } from '@relais/contracts/residents'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'
import { type Kysely, sql } from 'kysely'
import type { AccessFacts, Membership } from './decide.ts'
import { linkRows, linkTables, type LinkTables, personOf } from './links.ts'
import { loadStays, stayRows, stayTables, type StayTables } from './stays.ts'

type AnyEvent =
  | StayEvent
  | CircleEvent
  | PatientEvent
  | MessageEvent
  | LinkEvent
  | NoticeEvent
  | ResidentEvent
  | ResidentMatchEvent

/**
 * The tables that a projection adds to its own to know who may see whom. What an event does not say, its rows do not
 * hold, hence two pairs: a departure knows nothing of the arrival, a correction nothing of when the movement was learned.
 */
export const accessTables = {
  ...linkTables,
  circle_member: {
    columns: { patient_id: 'text', member_id: 'text', role: 'text', ground: 'text', joined_at: 'text' },
    key: ['patient_id', 'member_id', 'role'],
  },
  circle_departure: {
    columns: { patient_id: 'text', member_id: 'text', role: 'text', left_at: 'text' },
    key: ['patient_id', 'member_id', 'role'],
  },
  ...stayTables,
} satisfies Record<string, Table>

type MemberKey = { patient_id: string; member_id: string; role: string }
/** The same tables, for a query. */
export type AccessTables = LinkTables &
  StayTables & {
    circle_member: MemberKey & { ground: string; joined_at: string }
    circle_departure: MemberKey & { left_at: string }
  }

/**
 * What an event changes in `accessTables`, from the event alone. Events that say nothing about access change nothing,
 * and neither does a forgotten one.
 */
export function accessRows({ event, metadata }: Decoded<AnyEvent>): readonly RowOperation[] {
  switch (event?.type) {
    case 'MemberJoined': {
      const { ground, joinedAt } = event.data
      const key = memberKey(event.data)
      return [upsert('circle_member', { ...key, ground, joined_at: joinedAt }), remove('circle_departure', key)]
    }
    case 'MemberLeft':
      return [upsert('circle_departure', { ...memberKey(event.data), left_at: event.data.leftAt })]
    case 'PatientsLinked':
    case 'PatientsUnlinked':
      return linkRows(event)
    case 'NoticeReturned':
      return disownedRows(event.data)
    default:
      return isStayEvent(event) ? stayRows(event, metadata.recordedAt) : []
  }
}

const isStayEvent = (event: AnyEvent | undefined): event is StayEvent =>
  event !== undefined && event.type in stayEvents.versions

type Disowned = Pick<
  Extract<NoticeEvent, { type: 'NoticeReturned' }>['data'],
  'patientId' | 'alsoOf' | 'recipient' | 'returnedAt'
>

/** "Not my patient": as if the recipient had left every place in the circle, under every id of the patient. */
function disownedRows({ patientId, alsoOf, recipient: memberId, returnedAt }: Disowned): RowOperation[] {
  return [patientId, ...alsoOf].flatMap((id) =>
    CircleRole.options.map((role) =>
      upsert('circle_departure', { ...memberKey({ patientId: id, memberId, role }), left_at: returnedAt }),
    ),
  )
}

/**
 * The facts of one person, for `decideAccess`, whichever of his or her ids is given. A patient nobody ever wrote about has
 * none, hence no access.
 */
export async function loadAccessFacts(db: Kysely<AccessTables>, patientId: string): Promise<AccessFacts> {
  return loadFactsOf(db, (await personOf(db, patientId)).ids)
}

/** The same, for who knows already which ids are of this person. */
export async function loadFactsOf(db: Kysely<AccessTables>, ids: readonly string[]): Promise<AccessFacts> {
  const [members, stays] = await Promise.all([loadMembers(db, ids), loadStays(db, ids)])
  return { members, ...stays }
}

/** Written out, for every push asks: having Kysely build it costs three times as much as the query. */
async function loadMembers(db: Kysely<AccessTables>, ids: readonly string[]): Promise<Membership[]> {
  type Row = Omit<AccessTables['circle_member'], 'patient_id'> & { left_at: string | null }
  const { rows } = await sql<Row>`
    select member.member_id, member.role, member.ground, member.joined_at, departure.left_at
    from circle_member as member
    left join circle_departure as departure on departure.patient_id = member.patient_id
      and departure.member_id = member.member_id and departure.role = member.role
    where member.patient_id in (${sql.join(ids)})
    order by member.joined_at, member.role`.execute(db)
  return rows.map((row) => ({
    memberId: row.member_id,
    role: row.role,
    ground: LegalGround.parse(row.ground),
    joinedAt: row.joined_at,
    ...(row.left_at === null ? {} : { leftAt: row.left_at }),
  }))
}

function memberKey({ patientId, memberId, role }: { patientId: string; memberId: string; role: string }): MemberKey {
  return { patient_id: patientId, member_id: memberId, role }
}
