import { z } from 'zod'
import { Authority, ProfessionalId } from './primitives.ts'

/** What a person may ask for at all. Whether it may be asked of this patient is the access decision's matter. */
export const Scope = z.enum([
  'pathway:read',
  'circle:write',
  'link:write',
  'patient:forget',
  'channel:follow',
  'message:send',
  'quarantine:read',
  'quarantine:repair',
  'inbox:read',
  'notice:acknowledge',
  'board:read',
  'stay:write',
  'directory:read',
  'directory:write',
  'resident:write',
  'absence:write',
  'referral:read',
  'referral:write',
  'run:read',
  'run:write',
  'protocol:read',
  'protocol:write',
  'thread:read',
  'thread:write',
  'statistics:read',
  'demonstration',
  'operate',
])
export type Scope = z.infer<typeof Scope>

/** Who acts: read from a verified token, written into the metadata of what the actor causes. */
export const Actor = z.object({
  id: ProfessionalId,
  /** Profession or function, in the glossary's words: `infirmier`, `medecin`, `admissions`, `operateur`. */
  role: z.string().regex(/^[a-z][a-z-]{0,39}$/),
  /** The facility or practice the actor acts for here. */
  organisation: Authority.optional(),
  /** Codes of the wards, inside that organisation, where the actor works. */
  wards: z.array(z.string().min(1).max(30)),
  scopes: z.array(Scope),
})
export type Actor = z.infer<typeof Actor>

/** Metadata of every event. `recordedAt` is when Relais learned of it; the payload says when it happened. */
export const EventMetadata = z.object({
  $correlationId: z.string(),
  $causationId: z.string().optional(),
  traceparent: z.string().optional(),
  /** MSH-10 of the message that caused it, where it is a number: whoever counts them sees which never came. */
  controlId: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  recordedAt: z.iso.datetime({ precision: 3 }),
  actor: z.object({
    id: z.string(),
    role: z.string(),
    organisation: z.string().optional(),
    purpose: z.string().optional(),
  }),
})
export type EventMetadata = z.infer<typeof EventMetadata>
