import { Recipient } from '@relais/contracts/primitives'
import { ReferralId } from '@relais/contracts/work'
import { contextOf, type Deadline, type Fire } from '@relais/deadlines/deadline'
import { z } from 'zod'
import type { ReferralCommand } from '../domain/commands.ts'
import { kinds } from '../projections/deadline-rows.ts'
import type { HandleReferral } from '../referral-desk.ts'

const Rung = z.object({ rung: z.int().nonnegative() })
const Late = z.object({ recipient: Recipient })

/** Time has passed: the referral decides again what that changes. */
export function fireDeadlines({ handleReferral, now }: { handleReferral: HandleReferral; now: () => string }) {
  return async function fire(deadline: Deadline): Promise<Awaited<ReturnType<Fire>>> {
    const referralId = ReferralId.parse(deadline.subject)
    const result = await handleReferral(referralId, commandOf(deadline, now()), contextOf(deadline, 'referrals'))
    // A referral that nobody can read any more is that of a patient who was forgotten.
    if (!result.accepted && result.rejection.code === 'referralUnknown') return 'over'
    return { position: result.accepted ? result.position : undefined }
  }
}

/** What is to be decided again. @throws Error for a deadline of another kind */
export function commandOf({ kind, detail }: Pick<Deadline, 'kind' | 'detail'>, at: string): ReferralCommand {
  switch (kind) {
    case kinds.widen:
      return { type: 'Widen', at }
    case kinds.escalate:
      return { type: 'Escalate', ...Rung.parse(detail), at }
    case kinds.overdue:
      return { type: 'NoteOverdue', ...Late.parse(detail), at }
    case kinds.promise:
      return { type: 'SettlePromise', at }
    default:
      throw new Error('A deadline of no kind that is known')
  }
}
