import type { NoticeEvent } from '@relais/contracts/notices'
import { type CircleEvent, CircleRole, LegalGround } from '@relais/contracts/patients'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'
import { type Kysely, sql } from 'kysely'
import type { Membership } from './decide.ts'
import { type Disowning, membersInForce } from './members.ts'

/** Who joined which circle, who left it, and who said "not my patient". A departure knows nothing of the arrival. */
export const circleTables = {
  circle_member: {
    columns: {
      patient_id: 'text',
      member_id: 'text',
      role: 'text',
      ground: 'text',
      joined_at: 'text',
      source: 'text',
      reported_at: 'text?',
    },
    key: ['patient_id', 'member_id', 'role'],
  },
  circle_departure: {
    columns: { patient_id: 'text', member_id: 'text', role: 'text', left_at: 'text' },
    key: ['patient_id', 'member_id', 'role'],
  },
  circle_disowned: {
    columns: { patient_id: 'text', member_id: 'text', disowned_at: 'text' },
    key: ['patient_id', 'member_id'],
  },
} satisfies Record<string, Table>

type MemberKey = { patient_id: string; member_id: string; role: string }
/** The same tables, for a query. */
export type CircleTables = {
  circle_member: MemberKey & { ground: string; joined_at: string; source: string; reported_at: string | null }
  circle_departure: MemberKey & { left_at: string }
  circle_disowned: { patient_id: string; member_id: string; disowned_at: string }
}

/** What an event changes in `circleTables`, from the event alone. */
export function circleRows({ type, data }: CircleEvent): readonly RowOperation[] {
  switch (type) {
    case 'MemberJoined': {
      const { ground, joinedAt, source, reportedAt } = data
      const key = memberKey(data)
      const joined = { ...key, ground, joined_at: joinedAt, source, reported_at: reportedAt ?? null }
      const letIn = source === 'declared' ? [remove('circle_disowned', personKey(data))] : []
      return [upsert('circle_member', joined), remove('circle_departure', key), ...letIn]
    }
    case 'MemberLeft':
      return [upsert('circle_departure', { ...memberKey(data), left_at: data.leftAt })]
    case 'PatientDisowned':
      return [upsert('circle_disowned', { ...personKey(data), disowned_at: data.disownedAt })]
  }
}

type Returned = Extract<NoticeEvent, { type: 'NoticeReturned' }>['data']

/** "Not my patient": as if the recipient had left every place in the circle already. */
export function disownedRows({ patientId, recipient: memberId, returnedAt }: Returned): RowOperation[] {
  return [
    ...CircleRole.options.map((role) =>
      upsert('circle_departure', { ...memberKey({ patientId, memberId, role }), left_at: returnedAt }),
    ),
    upsert('circle_disowned', { ...personKey({ patientId, memberId }), disowned_at: returnedAt }),
  ]
}

/** The memberships of a person, under whichever id. Written out: having Kysely build it costs three times as much. */
export async function loadMembers(db: Kysely<CircleTables>, ids: readonly string[]): Promise<Membership[]> {
  type Row = Omit<CircleTables['circle_member'], 'patient_id'> & { left_at: string | null }
  const { rows } = await sql<Row>`
    select member.member_id, member.role, member.ground, member.joined_at, member.source, member.reported_at,
      departure.left_at
    from circle_member as member
    left join circle_departure as departure on departure.patient_id = member.patient_id
      and departure.member_id = member.member_id and departure.role = member.role
    where member.patient_id in (${sql.join(ids)})
    order by member.joined_at, member.role`.execute(db)
  const members = rows.map((row) => ({
    memberId: row.member_id,
    role: row.role,
    ground: LegalGround.parse(row.ground),
    joinedAt: row.joined_at,
    source: row.source,
    reportedAt: row.reported_at ?? undefined,
    leftAt: row.left_at ?? undefined,
  }))
  const inForce = ids.length === 1 ? members : membersInForce(members, await disowningsOf(db, ids))
  return inForce.map(({ memberId, role, ground, joinedAt, leftAt }) => ({
    memberId,
    role,
    ground,
    joinedAt,
    ...(leftAt === undefined ? {} : { leftAt }),
  }))
}

/** Who said "not my patient" of a person, under any of these ids. */
export async function disowningsOf(db: Kysely<CircleTables>, ids: readonly string[]): Promise<Disowning[]> {
  const query = db.selectFrom('circle_disowned').select(['member_id', 'disowned_at'])
  const rows = await query.where('patient_id', 'in', ids).execute()
  return rows.map(({ member_id, disowned_at }) => ({ memberId: member_id, disownedAt: disowned_at }))
}

type PersonKey = { patientId: string; memberId: string }
function personKey({ patientId, memberId }: PersonKey) {
  return { patient_id: patientId, member_id: memberId }
}

function memberKey({ role, ...named }: PersonKey & { role: string }): MemberKey {
  return { ...personKey(named), role }
}
