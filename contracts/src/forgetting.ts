import { z } from 'zod'
import { Motive } from './patients.ts'
import { event, type EventFamily, Instant, PatientId, ProfessionalId } from './primitives.ts'

export const ForgettingId = z.uuid().lowercase().brand<'ForgettingId'>()
export type ForgettingId = z.infer<typeof ForgettingId>

/** Under a key of its own, because it outlives what it says is gone. */
export const ForgettingEvent = z.discriminatedUnion('type', [
  /** One for each id that was known to be of the person: in the same append, by the same person, for the same motive. */
  event('PatientForgotten', {
    forgettingId: ForgettingId,
    patientId: PatientId,
    motive: Motive,
    by: ProfessionalId,
    decidedAt: Instant,
  }),
])
export type ForgettingEvent = z.infer<typeof ForgettingEvent>

export const forgettingEvents = {
  category: 'forgetting',
  routing: ['forgettingId', 'patientId'],
  sealedBy: 'forgettingId',
  schema: ForgettingEvent,
  versions: { PatientForgotten: 1 },
  upcasts: {},
} satisfies EventFamily<ForgettingEvent>
