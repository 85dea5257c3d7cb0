import { z } from 'zod'
import { Finess } from './directory.ts'
import { event, type EventFamily, Instant, MessageId, PatientId, PlainText } from './primitives.ts'
import { ResidentId } from './residents.ts'

/** A date of death as it was written (PID-29): a day is often all that is known. */
export const DeathText = PlainText.min(1).max(50)

/** Who says so: a hospital's message without a stay that ends in it (PID-29, PID-30), or the register of an EHPAD. */
const saying = {
  patientId: PatientId,
  messageId: MessageId.optional(),
  register: z.object({ ehpad: Finess, residentId: ResidentId }).optional(),
  /** When it was said: of what one source says, what was said last holds. */
  reportedAt: Instant,
  /** It was known already: on record, because the order of what is said counts, and news to nobody. */
  again: z.boolean(),
}

/** That a person has died, where no stay says so; one of a stay is in `Standing`. */
export const DeathEvent = z.discriminatedUnion('type', [
  event('DeathReported', {
    ...saying,
    /** In the zone of the facility; of a day, its first minute. Absent where it is not said, or cannot be read. */
    diedAt: Instant.optional(),
    diedText: DeathText.optional(),
  }),
  /** PID-30 says that the person lives; or the resident who died was somebody else. */
  event('DeathDenied', saying),
])
export type DeathEvent = z.infer<typeof DeathEvent>

export const deathEvents = {
  category: 'death',
  routing: ['patientId', 'messageId'],
  sealedBy: 'patientId',
  schema: DeathEvent,
  versions: { DeathReported: 1, DeathDenied: 1 },
  upcasts: {},
} satisfies EventFamily<DeathEvent>

export function isDeathEvent(event: { type: string }): event is DeathEvent {
  return event.type in deathEvents.versions
}

/** What tells one source about a patient from another: what one of them takes back, another one may still say. */
export function deathSource({ register }: Pick<DeathEvent['data'], 'register'>): string {
  return register === undefined ? 'message' : `resident/${register.residentId}`
}
