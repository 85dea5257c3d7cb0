import { idsLinkedWith } from '@relais/access/links'
import type { AccessTables } from '@relais/access/facts'
import type { StayEvent } from '@relais/contracts/stays'
import { ReferralId } from '@relais/contracts/work'
import { DatabaseUnavailable } from '@relais/database/errors'
import type { Decoded } from '@relais/event-store/codec'
import type { RunningProjection } from '@relais/projections/projection'
import type { Kysely } from 'kysely'
import type { ReferralCommand } from '../domain/commands.ts'
import type { BoxTables } from '../projections/box-rows.ts'
import type { HandleReferral } from '../referral-desk.ts'

export type FollowStaysDeps = {
  db: Kysely<AccessTables & BoxTables>
  view: Pick<RunningProjection, 'reaches' | 'status'>
  handleReferral: HandleReferral
  derivedId: (...parts: string[]) => string
  now: () => string
}

const SLOWEST_VIEW_MILLISECONDS = 5000

/**
 * Nothing is asked any more for who has died. Where a stay never was, whoever asked something for it is told to look: it
 * may be needed all the same.
 */
export function followStays({ db, view, handleReferral, derivedId, now }: FollowStaysDeps) {
  return async function react({ id, event, position, metadata }: Decoded<StayEvent>): Promise<void> {
    if (event?.type !== 'StandingChanged') return
    const { stayId, patientId, standing } = event.data
    const isWithdrawn = standing.status === 'withdrawn'
    if (!standing.died && !isWithdrawn) return
    const isThere = view.status().hasCaughtUp && (await view.reaches(position, SLOWEST_VIEW_MILLISECONDS))
    if (!isThere) throw new DatabaseUnavailable('The view of the referrals is not that far yet')
    const open = db.selectFrom('open_referral').select('referral_id').orderBy('referral_id')
    const ids = [patientId, ...(await idsLinkedWith(db, [patientId]))]
    const rows = isWithdrawn
      ? await open.where('stay_id', '=', stayId).execute()
      : await open.where('patient_id', 'in', ids).execute()
    const at = now()
    const command: ReferralCommand = isWithdrawn
      ? { type: 'NoteStayWithdrawn', stayId, at }
      : { type: 'CloseForDeath', at }
    for (const { referral_id } of rows)
      await handleReferral(ReferralId.parse(referral_id), command, {
        metadata: { $correlationId: metadata.$correlationId, $causationId: id, actor: metadata.actor },
        eventId: (index) => derivedId(id, referral_id, String(index)),
      })
  }
}
