import { deathsOf, type DeathTables } from '@relais/access/deaths'
import { idsLinkedWith } from '@relais/access/links'
import type { AccessTables } from '@relais/access/facts'
import type { DeathEvent } from '@relais/contracts/deaths'
import type { LinkEvent } from '@relais/contracts/patients'
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
  db: Kysely<AccessTables & BoxTables & DeathTables>
  view: Pick<RunningProjection, 'reaches' | 'status'>
  handleReferral: HandleReferral
  derivedId: (...parts: string[]) => string
  now: () => string
}

type Followed = StayEvent | DeathEvent | LinkEvent
type Outcome = { referralIds: readonly string[]; command: ReferralCommand }

const SLOWEST_VIEW_MILLISECONDS = 5000

/**
 * Nothing is asked any more for who has died, whoever says so, and under whichever number, also one that is linked later.
 * Where a stay never was, whoever asked something for it is told to look: it may be needed all the same.
 */
export function followStays({ db, view, handleReferral, derivedId, now }: FollowStaysDeps) {
  return async function react({ id, event, position, metadata }: Decoded<Followed>): Promise<void> {
    if (event === undefined || !mayEndWork(event)) return
    const isThere = view.status().hasCaughtUp && (await view.reaches(position, SLOWEST_VIEW_MILLISECONDS))
    if (!isThere) throw new DatabaseUnavailable('The view of the referrals is not that far yet')
    const { referralIds, command } = await outcomeOf(event)
    for (const referralId of referralIds)
      await handleReferral(ReferralId.parse(referralId), command, {
        metadata: { $correlationId: metadata.$correlationId, $causationId: id, actor: metadata.actor },
        eventId: (index) => derivedId(id, referralId, String(index)),
      })
  }

  async function outcomeOf(event: Ending): Promise<Outcome> {
    const at = now()
    if (event.type === 'StandingChanged' && event.data.standing.status === 'withdrawn') {
      const { stayId } = event.data
      const command: ReferralCommand = { type: 'NoteStayWithdrawn', stayId, at }
      return { referralIds: idsIn(await openReferrals().where('stay_id', '=', stayId).execute()), command }
    }
    return { referralIds: await openOfDead(event), command: { type: 'CloseForDeath', at } }
  }

  async function openOfDead({ type, data: { patientId } }: Ending): Promise<readonly string[]> {
    const ids = [patientId, ...(await idsLinkedWith(db, [patientId]))]
    // What a message or a register says may have been taken back meanwhile, and a link says nothing of it.
    const isDead = type === 'StandingChanged' || (await deathsOf(db, ids)).length > 0
    return isDead ? idsIn(await openReferrals().where('patient_id', 'in', ids).execute()) : []
  }

  function openReferrals() {
    return db.selectFrom('open_referral').select('referral_id').orderBy('referral_id')
  }
}

type Ending = Extract<Followed, { type: 'StandingChanged' | 'DeathReported' | 'PatientsLinked' }>

function mayEndWork(event: Followed): event is Ending {
  if (event.type === 'StandingChanged') return event.data.standing.died || event.data.standing.status === 'withdrawn'
  return event.type === 'DeathReported' || event.type === 'PatientsLinked'
}

const idsIn = (rows: readonly { referral_id: string }[]) => rows.map(({ referral_id }) => referral_id)
