import { z } from '@hono/zod-openapi'
import { LogPosition } from './primitives.ts'

/** RFC 9457. `type` is `urn:relais:problem:<code>`; `errors` points into invalid input. No received value is echoed. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  instance: z.string(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof Problem>

export const problems = {
  content: { 'application/problem+json': { schema: Problem } },
  description: 'Refused; `type` says why',
}
/** A body that is answered. */
export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  content: { 'application/json': { schema } },
  description,
})
/** A body that is asked for. */
export const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})
export const bearer = [{ bearer: [] }]

/** The header in which commands return the position of what they wrote, and reads accept one to wait for (2 s at most). */
export const POSITION_HEADER = 'relais-position'
export const PositionHeaders = z.object({ [POSITION_HEADER]: LogPosition.optional() })

const STREAMED_BODIES = /^(?:\/referrals\/[^/]+)?\/attachments$/

/** Paths whose bodies are read as they arrive, with a limit of their own in place of that on bodies read whole. */
export function isStreamedBody(path: string): boolean {
  return STREAMED_BODIES.test(path)
}
