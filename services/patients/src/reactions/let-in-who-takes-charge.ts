import { CircleRole } from '@relais/contracts/patients'
import type { PatientId } from '@relais/contracts/primitives'
import type { ReferralEvent } from '@relais/contracts/referrals'
import type { Database } from '@relais/database/database'
import { DatabaseUnavailable } from '@relais/database/errors'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { RunningProjection } from '@relais/projections/projection'
import type { CircleCommand, CircleState } from '../domain/circle.ts'
import type { ChargeTables } from '../projections/charges.ts'

export type LetInWhoTakesChargeDeps = {
  loadCircle: (patientId: PatientId) => Promise<CircleState>
  handleCircle: (id: string, command: CircleCommand, context: CommandContext) => Promise<object>
  derivedId: (...parts: string[]) => string
  charges: { db: Database<ChargeTables>['db']; view: Pick<RunningProjection, 'reaches' | 'status'> }
}

type Fact<Type extends ReferralEvent['type']> = Extract<ReferralEvent, { type: Type }>['data']

const SLOWEST_VIEW_MILLISECONDS = 5000

/**
 * Whoever accepts to see a patient takes part in the care (L1110-4 CSP) and joins the circle; and leaves it where the
 * referral ends without that, unless something else is why he or she is there. An opinion is given without joining.
 */
export function letInWhoTakesCharge({ loadCircle, handleCircle, derivedId, charges }: LetInWhoTakesChargeDeps) {
  async function seen(position: number): Promise<void> {
    const { view } = charges
    const isThere = view.status().hasCaughtUp && (await view.reaches(position, SLOWEST_VIEW_MILLISECONDS))
    if (!isThere) throw new DatabaseUnavailable('The view of who takes charge is not that far yet')
  }

  /** A person's own word, also after having said "not my patient". */
  async function joining(data: Fact<'ReferralAccepted'>, actorRole: string): Promise<CircleCommand[]> {
    const role = roleOf(data.role ?? actorRole)
    if (data.kind === 'advice' || role === undefined) return []
    const { patientId, by: memberId, acceptedAt: at } = data
    const member = { patientId, memberId, role, at }
    const { disownings } = await loadCircle(patientId)
    const isBack = disownings.some((disowning) => disowning.memberId === memberId && disowning.disownedAt < at)
    return [
      isBack
        ? { type: 'DeclareMember', ...member, ground: 'exchange' }
        : { type: 'ReportMember', ...member, reportedAt: at },
    ]
  }

  async function leaving(data: Fact<'ReceiverStoodDown'>, position: number): Promise<CircleCommand[]> {
    const { patientId, accepted, stoodDownAt } = data
    if (data.kind === 'advice' || accepted === undefined) return []
    await seen(position)
    const taken = charges.db.selectFrom('charge').select(['accepted_at', 'is_over']).where('patient_id', '=', patientId)
    const own = await taken.where('member_id', '=', accepted.by).execute()
    if (own.some(({ is_over }) => is_over === 0)) return []
    const { members } = await loadCircle(patientId)
    const brought = new Set(own.map(({ accepted_at }) => accepted_at))
    return members
      .filter(
        (member) => member.memberId === accepted.by && member.leftAt === undefined && brought.has(member.joinedAt),
      )
      .map(({ memberId, role }) => {
        return { type: 'RemoveMember', patientId, memberId, role, at: stoodDownAt, reason: 'departed' }
      })
  }

  return async function react({ id, event, position, metadata }: Decoded<ReferralEvent>): Promise<void> {
    const { $correlationId, actor } = metadata
    const commands =
      event?.type === 'ReferralAccepted'
        ? await joining(event.data, actor.role)
        : event?.type === 'ReceiverStoodDown'
          ? await leaving(event.data, position)
          : []
    for (const [index, command] of commands.entries())
      await handleCircle(command.patientId, command, {
        metadata: { $correlationId, $causationId: id, actor },
        eventId: (each) => derivedId(id, 'circle', String(index), String(each)),
      })
  }
}

/** To be asked as the médecin traitant makes nobody the médecin traitant: the patient says who that is. */
function roleOf(role: string): CircleRole | undefined {
  const known = CircleRole.safeParse(role).data
  return known === 'medecin-traitant' ? 'medecin' : known
}
