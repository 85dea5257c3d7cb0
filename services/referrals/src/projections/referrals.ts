import { absenceRows, absenceTables, type AbsenceTables } from '@relais/access/absences'
import { deathRows, deathTables, type DeathTables } from '@relais/access/deaths'
import { accessRows, accessTables, type AccessTables } from '@relais/access/facts'
import { type AbsenceEvent, isAbsenceEvent } from '@relais/contracts/absences'
import { type DeathEvent, isDeathEvent } from '@relais/contracts/deaths'
import type { NoticeEvent } from '@relais/contracts/notices'
import type { CircleEvent, LinkEvent } from '@relais/contracts/patients'
import { isReferralEvent, type ReferralEvent } from '@relais/contracts/referrals'
import type { StayEvent } from '@relais/contracts/stays'
import { deadlineTables, type DeadlineTables } from '@relais/deadlines/deadline'
import { type Projection, type RowOperation, upsert } from '@relais/projections/projection'
import { boxRows, boxTables, type BoxTables } from './box-rows.ts'
import { deadlineRows } from './deadline-rows.ts'
import { statisticsRows, statisticsTables, type StatisticsTables } from './statistics-rows.ts'

export type ReferralTables = AccessTables & BoxTables & StatisticsTables & DeadlineTables & AbsenceTables & DeathTables
export type Viewed = ReferralEvent | StayEvent | CircleEvent | LinkEvent | NoticeEvent | AbsenceEvent | DeathEvent

/** Referrals as their parties and statistics read them, what falls due of them, and who may ask about whom. */
export const referrals: Projection<Viewed> = {
  name: 'referrals-2',
  tables: { ...accessTables, ...boxTables, ...statisticsTables, ...deadlineTables, ...absenceTables, ...deathTables },
  rows: (decoded) => {
    const { event, id, position, metadata } = decoded
    if (event === undefined) return []
    if (isReferralEvent(event))
      return [...boxRows(event, position), ...statisticsRows(event, id), ...deadlineRows(event)]
    if (isAbsenceEvent(event)) return absenceRows(event)
    if (isDeathEvent(event)) return deathRows(event)
    const reached = event.type === 'NoticeDelivered' ? reachedRows(event.data) : []
    return [...accessRows({ ...decoded, event, metadata }), ...reached]
  },
}

/** A notice about a referral has reached a device. */
function reachedRows({ recipient, work }: Extract<NoticeEvent, { type: 'NoticeDelivered' }>['data']): RowOperation[] {
  if (work?.kind !== 'referral') return []
  return [upsert('receiver_reached', { referral_id: work.referralId, recipient })]
}
