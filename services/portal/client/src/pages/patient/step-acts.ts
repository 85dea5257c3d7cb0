import type { SkipReason } from '@relais/contracts/protocol-runs'
import type { Wanted } from '../../acts/acts.tsx'

export const skipReasons = [
  'notNeeded',
  'doneElsewhere',
  'patientDeclined',
  'patientUnreachable',
  'notPossible',
  'other',
] as const satisfies readonly SkipReason[]

export type StepOf = { patientId: string; runId: string; stepId: string }
export const stepSubject = ({ runId, stepId }: StepOf) => `run/${runId}/${stepId}`

/** `requestId` is that of this act: sent again, it is the same one, and its note is kept once. */
type Said = { requestId: string; what: string; note: string }

const common = (step: StepOf, what: string) => ({
  subject: stepSubject(step),
  method: 'POST' as const,
  what,
  affects: [['runs', step.patientId], ['pathway', step.patientId], ['run', step.runId], ['inbox']],
})

export function doStepAct(step: StepOf, { requestId, what, note }: Said): Wanted {
  return {
    ...common(step, what),
    path: `/runs/${step.runId}/steps/${step.stepId}/done`,
    body: { requestId, ...(note.trim() === '' ? {} : { note: note.trim() }) },
  }
}

export function skipStepAct(step: StepOf, { requestId, what, note, reason }: Said & { reason: SkipReason }): Wanted {
  return {
    ...common(step, what),
    path: `/runs/${step.runId}/steps/${step.stepId}/skip`,
    body: { requestId, reason, ...(note.trim() === '' ? {} : { comment: note.trim() }) },
  }
}
