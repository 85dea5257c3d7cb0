import { z } from 'zod'
import { event, type EventFamily, Instant, ProfessionalId } from './primitives.ts'

export const AbsenceId = z.uuid().lowercase().brand<'AbsenceId'>()
export type AbsenceId = z.infer<typeof AbsenceId>

/** From when until when somebody is away, and who stands in. */
export const AbsencePeriod = z.object({
  professionalId: ProfessionalId,
  from: Instant,
  to: Instant,
  replacement: ProfessionalId.optional(),
})
export type AbsencePeriod = z.infer<typeof AbsencePeriod>

/** Public, like the rest of the directory: one key for all of it. */
const absence = { keyOwner: z.literal('directory'), absenceId: AbsenceId, professionalId: ProfessionalId }
const standIn = { replacement: ProfessionalId.optional() }

/** Whoever acts on an absence needs no clock: that it began, and that it ended, are facts of their own. */
export const AbsenceEvent = z.discriminatedUnion('type', [
  /** Said again with each change. */
  event('AbsenceDeclared', { ...absence, ...AbsencePeriod.shape, declaredAt: Instant }),
  event('AbsenceWithdrawn', { ...absence, withdrawnAt: Instant }),
  /** It is in force from now on; said again when it changes meanwhile. */
  event('AbsenceBegan', { ...absence, ...standIn, beganAt: Instant }),
  /** It is no longer, or somebody else stands in from now on. */
  event('AbsenceEnded', { ...absence, ...standIn, endedAt: Instant }),
])
export type AbsenceEvent = z.infer<typeof AbsenceEvent>

/** No other event names an absence. */
export function isAbsenceEvent(event: { type: string; data: object }): event is AbsenceEvent {
  return 'absenceId' in event.data
}

export const absenceEvents = {
  category: 'absence',
  routing: ['keyOwner', 'absenceId', 'professionalId'],
  sealedBy: 'keyOwner',
  schema: AbsenceEvent,
  versions: { AbsenceDeclared: 1, AbsenceWithdrawn: 1, AbsenceBegan: 1, AbsenceEnded: 1 },
  upcasts: {},
} satisfies EventFamily<AbsenceEvent>
