import type { AbsenceTables } from '@relais/access/absences'
import type { AbsenceEvent } from '@relais/contracts/absences'
import { Recipient } from '@relais/contracts/primitives'
import type { ReferralEvent } from '@relais/contracts/referrals'
import { ReferralId } from '@relais/contracts/work'
import { DatabaseUnavailable } from '@relais/database/errors'
import type { Decoded } from '@relais/event-store/codec'
import type { RunningProjection } from '@relais/projections/projection'
import type { Kysely } from 'kysely'
import type { AskStandIn, ReleaseStandIn } from '../domain/commands.ts'
import type { BoxTables } from '../projections/box-rows.ts'
import type { HandleReferral } from '../referral-desk.ts'

export type AskStandInsDeps = {
  db: Kysely<AbsenceTables & BoxTables>
  view: Pick<RunningProjection, 'reaches' | 'status'>
  handleReferral: HandleReferral
  derivedId: (...parts: string[]) => string
  now: () => string
}

type Standing = { referralId: ReferralId; type: (AskStandIn | ReleaseStandIn)['type']; absent: string; standIn: string }

const SLOWEST_VIEW_MILLISECONDS = 5000

/**
 * What is asked of somebody who is away is asked of the replacement as well, whichever of the two came first; what the
 * replacement has not answered when the absence ends is asked of him or her no more.
 */
export function askStandIns({ db, view, handleReferral, derivedId, now }: AskStandInsDeps) {
  async function openOf(recipient: string): Promise<ReferralId[]> {
    const received = db.selectFrom('received_item').select('referral_id').where('recipient', '=', recipient)
    const rows = await received.where('is_open', '=', 1).orderBy('referral_id').execute()
    return rows.map(({ referral_id }) => ReferralId.parse(referral_id))
  }

  const standInsOf = (absent: string) =>
    db.selectFrom('absence').select('replacement').where('professional_id', '=', absent).execute()

  async function isStandingIn(standIn: string, absent: string): Promise<boolean> {
    return (await standInsOf(absent)).some(({ replacement }) => replacement === standIn)
  }

  /** Who is asked beside whom, or no longer, as the view now knows absences. */
  async function changesAfter(event: ReferralEvent | AbsenceEvent): Promise<Standing[]> {
    switch (event.type) {
      case 'AbsenceBegan': {
        const { professionalId: absent, replacement: standIn } = event.data
        if (standIn === undefined) return []
        return (await openOf(absent)).map((referralId) => ({ referralId, type: 'AskStandIn', absent, standIn }))
      }
      case 'AbsenceEnded': {
        const { professionalId: absent, replacement: standIn } = event.data
        if (standIn === undefined || (await isStandingIn(standIn, absent))) return []
        return (await openOf(standIn)).map((referralId) => ({ referralId, type: 'ReleaseStandIn', absent, standIn }))
      }
      case 'ReceiverAsked': {
        const { referralId, recipient, standsInFor } = event.data
        const asked = (await standInsOf(recipient)).map(({ replacement: standIn }): Standing => {
          return { referralId, type: 'AskStandIn', absent: recipient, standIn }
        })
        // The absence has ended while the replacement was being asked.
        const isTooLate = standsInFor !== undefined && !(await isStandingIn(recipient, standsInFor))
        if (!isTooLate) return asked
        return [...asked, { referralId, type: 'ReleaseStandIn', absent: standsInFor, standIn: recipient }]
      }
      default:
        return []
    }
  }

  return async function react({ id, event, position, metadata }: Decoded<ReferralEvent | AbsenceEvent>): Promise<void> {
    if (event === undefined || !concernsStandIns.has(event.type)) return
    const isThere = view.status().hasCaughtUp && (await view.reaches(position, SLOWEST_VIEW_MILLISECONDS))
    if (!isThere) throw new DatabaseUnavailable('The view of the referrals is not that far yet')
    for (const { referralId, type, absent, standIn } of await changesAfter(event)) {
      const between = { absent: Recipient.parse(absent), standIn: Recipient.parse(standIn) }
      await handleReferral(
        referralId,
        { type, ...between, at: now() },
        {
          metadata: { $correlationId: metadata.$correlationId, $causationId: id, actor: metadata.actor },
          eventId: (index) => derivedId(id, referralId, standIn, String(index)),
        },
      )
    }
  }
}

const concernsStandIns: ReadonlySet<string> = new Set(['ReceiverAsked', 'AbsenceBegan', 'AbsenceEnded'])
