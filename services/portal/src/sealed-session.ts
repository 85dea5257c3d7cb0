import { z } from 'zod'

/** What is kept of a session: sealed, and opened with its cookie only. */
export const SealedSession = z.object({
  personId: z.string(),
  display: z.object({ name: z.string().optional(), organisationName: z.string().optional() }),
  tokens: z.object({
    access: z.string(),
    /** As the issuer said it, in milliseconds. */
    accessEndsAt: z.number(),
    refresh: z.string().optional(),
    identity: z.string().optional(),
  }),
})
export type SealedSession = z.infer<typeof SealedSession>
export type Tokens = SealedSession['tokens']
/** For reading; who acts is said by the access token. */
export type Display = SealedSession['display']
