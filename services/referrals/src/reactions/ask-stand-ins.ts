import type { AbsenceTables } from '@relais/access/absences'
import type { AbsenceEvent } from '@relais/contracts/absences'
import { Recipient } from '@relais/contracts/primitives'
import type { ReferralEvent } from '@relais/contracts/referrals'
import { ReferralId } from '@relais/contracts/work'
import { DatabaseUnavailable } from '@relais/database/errors'
import type { Decoded } from '@relais/event-store/codec'
import type { RunningProjection } from '@relais/projections/projection'
import type { Kysely } from 'kysely'
import type { BoxTables } from '../projections/box-rows.ts'
import type { HandleReferral } from '../referral-desk.ts'

export type AskStandInsDeps = {
  db: Kysely<AbsenceTables & BoxTables>
  view: Pick<RunningProjection, 'reaches' | 'status'>
  handleReferral: HandleReferral
  derivedId: (...parts: string[]) => string
  now: () => string
}

const SLOWEST_VIEW_MILLISECONDS = 5000

/** What is asked of somebody who is away is asked of the replacement as well, whichever of the two came first. */
export function askStandIns({ db, view, handleReferral, derivedId, now }: AskStandInsDeps) {
  /** Which referrals ask somebody who is away, and who stands in. */
  async function askedOfAbsent(event: ReferralEvent | AbsenceEvent) {
    if (event.type === 'AbsenceBegan') {
      const { professionalId: absent, replacement } = event.data
      const received = db.selectFrom('received_item').select('referral_id').where('recipient', '=', absent)
      const rows = await received.where('is_open', '=', 1).orderBy('referral_id').execute()
      return rows.map(({ referral_id }) => ({ referralId: ReferralId.parse(referral_id), absent, replacement }))
    }
    if (event.type !== 'ReceiverAsked') return []
    const { referralId, recipient: absent } = event.data
    const rows = await db.selectFrom('absence').select('replacement').where('professional_id', '=', absent).execute()
    return rows.map(({ replacement }) => ({ referralId, absent, replacement }))
  }

  return async function react({ id, event, position, metadata }: Decoded<ReferralEvent | AbsenceEvent>): Promise<void> {
    if (event?.type !== 'ReceiverAsked' && event?.type !== 'AbsenceBegan') return
    const isThere = view.status().hasCaughtUp && (await view.reaches(position, SLOWEST_VIEW_MILLISECONDS))
    if (!isThere) throw new DatabaseUnavailable('The view of the referrals is not that far yet')
    for (const { referralId, absent, replacement } of await askedOfAbsent(event)) {
      if (replacement === undefined) continue
      const command = { type: 'AskStandIn', absent, standIn: Recipient.parse(replacement), at: now() } as const
      await handleReferral(referralId, command, {
        metadata: { $correlationId: metadata.$correlationId, $causationId: id, actor: metadata.actor },
        eventId: (index) => derivedId(id, referralId, replacement, String(index)),
      })
    }
  }
}
