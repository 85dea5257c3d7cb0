import type { listAbsences } from '@relais/contracts/absence-routes'
import type { Wanted } from '../../acts/acts.tsx'
import type { AnswerOf } from '../../api/call.ts'

export type Absence = AnswerOf<typeof listAbsences>['absences'][number]
export type Period = { professionalId: string; from: string; to: string; replacement?: string | undefined }

const pathOf = (absenceId: string) => `/absences/${absenceId}`
const common = (absenceId: string, { professionalId }: Pick<Period, 'professionalId'>) => ({
  subject: `absence ${absenceId}`,
  affects: [['absences', professionalId]],
})
const bodyOf = ({ professionalId, from, to, replacement }: Period) => ({
  professionalId,
  from,
  to,
  ...(replacement === undefined ? {} : { replacement }),
})

type Said = { what: string; back: string }

export function declareAct(absenceId: string, period: Period, { what, back }: Said): Wanted {
  const path = pathOf(absenceId)
  return {
    ...common(absenceId, period),
    method: 'PUT',
    path,
    body: bodyOf(period),
    what,
    undo: { method: 'DELETE', path, what: back },
  }
}

export function changeAct(before: Absence, period: Period, { what, back }: Said): Wanted {
  const put = { method: 'PUT' as const, path: pathOf(before.absenceId) }
  return {
    ...common(before.absenceId, period),
    ...put,
    body: bodyOf(period),
    what,
    undo: { ...put, body: bodyOf(before), what: back },
  }
}

/** Taken back as an absence of its own: one that is over is not begun again. */
export function withdrawAct(absence: Absence, { what, back }: Said): Wanted {
  return {
    ...common(absence.absenceId, absence),
    method: 'DELETE',
    path: pathOf(absence.absenceId),
    what,
    undo: { method: 'PUT', path: pathOf(crypto.randomUUID()), body: bodyOf(absence), what: back },
  }
}

export type Problem = 'beginNeeded' | 'endNeeded' | 'reversed' | 'over'

/** What is wrong with a period, by field. */
export function problemsOf(
  { from, to }: { from: string | undefined; to: string | undefined },
  now: string,
): { from?: Problem; to?: Problem } {
  if (from === undefined) return { from: 'beginNeeded', ...(to === undefined ? { to: 'endNeeded' } : {}) }
  if (to === undefined) return { to: 'endNeeded' }
  if (to <= from) return { to: 'reversed' }
  return to <= now ? { to: 'over' } : {}
}
