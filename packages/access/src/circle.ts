import type { NoticeEvent } from '@relais/contracts/notices'
import { type CircleEvent, CircleRole, type LegalGround } from '@relais/contracts/patients'
import { repeated, type Repeated, runnerFor } from '@relais/database/statements'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'
import type { Kysely } from 'kysely'
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

// `circleRows` wrote the ground.
type MemberRow = CircleTables['circle_member'] & { ground: LegalGround; left_at: string | null }

/**
 * The memberships of persons, each known under some of these ids: asked of all at once, answered of one. Written out:
 * having Kysely build it costs three times as much.
 */
export async function loadMembers(
  db: Kysely<CircleTables>,
  persons: readonly (readonly string[])[],
): Promise<(ids: readonly string[]) => Membership[]> {
  const run = runnerFor(db)
  const ids = persons.flat()
  const several = persons.filter((those) => those.length > 1).flat()
  const { rows } = await run(db, membersOf(ids.length), ids)
  const disownings = several.length === 0 ? [] : (await run(db, disownedOf(several.length), several)).rows
  return (those) => {
    const own = rows.filter(({ patient_id }) => those.includes(patient_id)).map(memberIn)
    if (those.length === 1) return own.map(membershipOf)
    const said = disownings.filter(({ patient_id }) => those.includes(patient_id)).map(disowningIn)
    return membersInForce(own, said).map(membershipOf)
  }
}

const membersOf: Repeated<MemberRow> = repeated(
  `select member.patient_id, member.member_id, member.role, member.ground, member.joined_at, member.source,
    member.reported_at, departure.left_at
  from circle_member as member
  left join circle_departure as departure on departure.patient_id = member.patient_id
    and departure.member_id = member.member_id and departure.role = member.role
  where member.patient_id in (`,
  '?',
  ') order by member.joined_at, member.role',
)

function memberIn(row: MemberRow) {
  return {
    memberId: row.member_id,
    role: row.role,
    ground: row.ground,
    joinedAt: row.joined_at,
    source: row.source,
    reportedAt: row.reported_at ?? undefined,
    leftAt: row.left_at ?? undefined,
  }
}

function membershipOf({ memberId, role, ground, joinedAt, leftAt }: ReturnType<typeof memberIn>): Membership {
  return { memberId, role, ground, joinedAt, ...(leftAt === undefined ? {} : { leftAt }) }
}

/** Who said "not my patient" of a person, under any of these ids. */
export async function disowningsOf(db: Kysely<CircleTables>, ids: readonly string[]): Promise<Disowning[]> {
  const { rows } = await runnerFor(db)(db, disownedOf(ids.length), ids)
  return rows.map(disowningIn)
}

const disownedOf: Repeated<CircleTables['circle_disowned']> = repeated(
  'select patient_id, member_id, disowned_at from circle_disowned where patient_id in (',
  '?',
  ')',
)

function disowningIn({ member_id, disowned_at }: CircleTables['circle_disowned']): Disowning {
  return { memberId: member_id, disownedAt: disowned_at }
}

type PersonKey = { patientId: string; memberId: string }
function personKey({ patientId, memberId }: PersonKey) {
  return { patient_id: patientId, member_id: memberId }
}

function memberKey({ role, ...named }: PersonKey & { role: string }): MemberKey {
  return { ...personKey(named), role }
}
