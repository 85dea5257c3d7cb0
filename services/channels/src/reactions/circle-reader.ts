import { deathsOf, type DeathTables } from '@relais/access/deaths'
import { type CircleTables, disowningsOf } from '@relais/access/circle'
import { type LinkTables, personOf } from '@relais/access/links'
import { membersInForce } from '@relais/access/members'
import { CircleRole } from '@relais/contracts/patients'
import type { Standing } from '@relais/contracts/standing'
import type { RunningProjection } from '@relais/projections/projection'
import { DatabaseUnavailable } from '@relais/database/errors'
import { repeated, type Repeated, runnerFor, type Statement } from '@relais/database/statements'
import type { Kysely } from 'kysely'
import type { Member, Told } from '../domain/who-is-told.ts'
import type { LoopTables } from '../projections/loop-tables.ts'
import type { NoticeTables } from '../projections/notice-tables.ts'

/** A stay as it stands, and how far it has come on its own stream. */
export type KnownStay = { stayId: string; patientId: string; revision: number; happenedAt: string; standing: Standing }

export type CircleReader = {
  /** Waits until the view shows everything up to a position. @throws DatabaseUnavailable: try again */
  seen(position: number): Promise<void>
  /** Who is in the circle now, and was before a position, under whichever id of the patient; one médecin traitant. */
  members(patientId: string, before: number): Promise<Member[]>
  told(stayId: string): Promise<Told[]>
  stays(patientId: string): Promise<KnownStay[]>
  /** What is said of the death of a person, otherwise than by a stay; `undefined` where nothing is. */
  death(patientId: string): Promise<{ diedAt?: string | undefined } | undefined>
  /** The last notice of one piece of work to one recipient, once the view shows everything up to a position. */
  lastNotice(asked: { subject: string; recipient: string; position: number }): Promise<string | undefined>
}

// Written out: having Kysely build them costs three times as much, at every change of a stay.
const membersOf: Repeated<{
  member_id: string
  role: string
  source: string
  joined_at: string
  reported_at: string | null
}> = repeated(
  `select member.member_id, member.role, joined.source, joined.joined_at, joined.reported_at
  from notice_member as member
  join circle_member as joined on joined.patient_id = member.patient_id and joined.member_id = member.member_id
    and joined.role = member.role
  where member.position < ? and member.patient_id in (`,
  '?',
  ') order by member.position',
)
const told: Statement<
  Pick<
    NoticeTables['told'],
    'recipient' | 'role' | 'patient_id' | 'notice_id' | 'revision' | 'nature' | 'standing' | 'position'
  > & { acted: string | null; returned: number | null }
> = `select told.recipient, told.role, told.patient_id, told.notice_id, told.revision, told.nature, told.standing,
    told.position, acted.receipt as acted, returned.position as returned
  from told
  left join notice_receipt as acted on acted.notice_id = told.notice_id and acted.receipt = 'acted'
  left join returned on returned.patient_id = told.patient_id and returned.recipient = told.recipient
    and returned.position > told.position
  where told.stay_id = ?
  order by told.recipient`

const SLOWEST_VIEW_MILLISECONDS = 5000

type View = Pick<RunningProjection, 'reaches' | 'status'>

/** What the view says of circles and of what their members were told. */
export function circleReader(
  db: Kysely<NoticeTables & LinkTables & CircleTables & DeathTables & LoopTables>,
  view: View,
): CircleReader {
  const run = runnerFor(db)
  const seen = async (position: number) => {
    const isThere = view.status().hasCaughtUp && (await view.reaches(position, SLOWEST_VIEW_MILLISECONDS))
    if (!isThere) throw new DatabaseUnavailable('The view of the circles is not that far yet')
  }
  return {
    seen,
    async lastNotice({ subject, recipient, position }) {
      await seen(position)
      const query = db.selectFrom('asked').select('notice_id').where('subject', '=', subject)
      return (await query.where('recipient', '=', recipient).executeTakeFirst())?.notice_id
    },
    async members(patientId, before) {
      const { ids } = await personOf(db, patientId)
      const { rows } = await run(db, membersOf(ids.length), [before, ...ids])
      const members = rows.map(({ member_id, role, source, joined_at, reported_at }) => ({
        memberId: member_id,
        role: CircleRole.parse(role),
        source,
        joinedAt: joined_at,
        ...(reported_at === null ? {} : { reportedAt: reported_at }),
      }))
      const inForce = ids.length === 1 ? members : membersInForce(members, await disowningsOf(db, ids))
      return inForce.map(({ memberId, role }) => ({ memberId, role }))
    },
    async told(stayId) {
      const { rows } = await run(db, told, [stayId])
      return rows.map((row) => ({
        memberId: row.recipient,
        role: CircleRole.parse(row.role),
        patientId: row.patient_id,
        noticeId: row.notice_id,
        revision: row.revision,
        nature: row.nature,
        position: row.position,
        // The projection wrote it from a standing.
        standing: JSON.parse(row.standing) as Standing,
        hasActed: row.acted !== null,
        hasReturned: row.returned !== null,
      }))
    },
    async death(patientId) {
      const { ids } = await personOf(db, patientId)
      const [said] = await deathsOf(db, ids)
      return said && { diedAt: said.died_at ?? undefined }
    },
    async stays(patientId) {
      const { ids } = await personOf(db, patientId)
      const query = db.selectFrom('stay_standing').selectAll().where('patient_id', 'in', ids)
      const rows = await query.orderBy('stay_id').execute()
      return rows.map(({ stay_id, patient_id, revision, happened_at, standing }) => ({
        stayId: stay_id,
        patientId: patient_id,
        revision,
        happenedAt: happened_at,
        // The projection wrote it from a standing.
        standing: JSON.parse(standing) as Standing,
      }))
    },
  }
}
