import { type LinkTables, personOf } from '@relais/access/links'
import { CircleRole } from '@relais/contracts/patients'
import type { Standing } from '@relais/contracts/stays'
import type { RunningProjection } from '@relais/projections/projection'
import { DatabaseUnavailable } from '@relais/database/errors'
import type { Kysely } from 'kysely'
import type { Member, Told } from '../domain/who-is-told.ts'
import type { LoopTables } from '../projections/loop-tables.ts'
import type { NoticeTables } from '../projections/notice-tables.ts'

/** A stay as it stands, and how far it has come on its own stream. */
export type KnownStay = { stayId: string; patientId: string; revision: number; happenedAt: string; standing: Standing }

export type CircleReader = {
  /** Waits until the view shows everything up to a position. @throws DatabaseUnavailable: try again */
  seen(position: number): Promise<void>
  /** Who is in the circle now, and was before a position, under whichever id of the patient. */
  members(patientId: string, before: number): Promise<Member[]>
  told(stayId: string): Promise<Told[]>
  stays(patientId: string): Promise<KnownStay[]>
  /** The last notice of one piece of work to one recipient, once the view shows everything up to a position. */
  lastNotice(asked: { subject: string; recipient: string; position: number }): Promise<string | undefined>
}

const SLOWEST_VIEW_MILLISECONDS = 5000

type View = Pick<RunningProjection, 'reaches' | 'status'>

/** What the view says of circles and of what their members were told. */
export function circleReader(db: Kysely<NoticeTables & LinkTables & LoopTables>, view: View): CircleReader {
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
      const query = db.selectFrom('notice_member').select(['member_id', 'role'])
      const rows = await query
        .where('patient_id', 'in', (await personOf(db, patientId)).ids)
        .where('position', '<', before)
        .orderBy('position')
        .execute()
      return rows.map((row) => ({ memberId: row.member_id, role: CircleRole.parse(row.role) }))
    },
    async told(stayId) {
      const rows = await db
        .selectFrom('told')
        .leftJoin('returned', (join) =>
          join
            .onRef('returned.patient_id', '=', 'told.patient_id')
            .onRef('returned.recipient', '=', 'told.recipient')
            .onRef('returned.position', '>', 'told.position'),
        )
        .where('told.stay_id', '=', stayId)
        .select(['told.recipient', 'told.role', 'told.patient_id', 'told.revision', 'told.standing', 'told.position'])
        .select('returned.position as returned')
        .orderBy('told.recipient')
        .execute()
      return rows.map((row) => ({
        memberId: row.recipient,
        role: CircleRole.parse(row.role),
        patientId: row.patient_id,
        revision: row.revision,
        position: row.position,
        // The projection wrote it from a standing.
        standing: JSON.parse(row.standing) as Standing,
        hasReturned: row.returned !== null,
      }))
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
