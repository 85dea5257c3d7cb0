import { AbsenceId } from '@relais/contracts/absences'
import type { Instant } from '@relais/contracts/primitives'
import { contextOf, type Fire } from '@relais/deadlines/deadline'
import { z } from 'zod'
import type { HandleAbsence } from '../http/absence-routes.ts'
import { BEGIN } from '../projections/absences.ts'
import { absencesStream } from '../streams.ts'

const Detail = z.object({ absenceId: AbsenceId })

/** An absence begins, or ends. */
export function fireDeadlines({ handleAbsence, now }: { handleAbsence: HandleAbsence; now: () => Instant }): Fire {
  return async (deadline) => {
    const { absenceId } = Detail.parse(deadline.detail)
    const type = deadline.kind === BEGIN ? 'BeginAbsence' : 'EndAbsence'
    const context = contextOf(deadline, 'directory')
    const result = await handleAbsence(absencesStream(deadline.subject), { type, absenceId, at: now() }, context)
    return { position: result.accepted ? result.position : undefined }
  }
}
