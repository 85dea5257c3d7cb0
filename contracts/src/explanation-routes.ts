import { createRoute, z } from '@hono/zod-openapi'
import { Receipts } from './boards.ts'
import { NoticeId } from './notices.ts'
import { Instant, MessageId, PatientId, Recipient } from './primitives.ts'
import { ProtocolId } from './protocols.ts'
import { bearer, json, PositionHeaders, problems } from './route-parts.ts'
import { ReferralId, RunId, StepId } from './work.ts'

/** Why an entry of a pathway is there, who was told of it, and who has seen it. */
export const Explanation = z.object({
  entryId: z.uuid(),
  recordedAt: Instant,
  /** Who caused it: a hospital's software, a person, or a rule of the platform. */
  source: z.object({
    by: z.string(),
    role: z.string(),
    organisation: z.string().optional(),
    /** The hospital's message, and the fact that the rule answered to. */
    messageId: MessageId.optional(),
    causedBy: z.uuid().optional(),
  }),
  /**
   * Why it was told: a change of a stay to the care circle, a referral to whom it names, a step of a version of a
   * protocol to who has its role.
   */
  rule: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('careCircle') }),
    z.object({ kind: z.literal('referral'), referralId: ReferralId }),
    z.object({
      kind: z.literal('protocol'),
      runId: RunId,
      stepId: StepId.optional(),
      protocolId: ProtocolId.optional(),
      version: z.int().optional(),
    }),
  ]),
  told: z.array(
    z.object({ noticeId: NoticeId, recipient: Recipient, role: z.string().optional(), receipts: Receipts }),
  ),
})
export type Explanation = z.infer<typeof Explanation>

export const explainEntry = createRoute({
  method: 'get',
  path: '/pathways/{patientId}/entries/{entryId}/explanation',
  summary: 'Why an entry of a pathway is there, by which rule it was told, to whom, and what became of it',
  security: bearer,
  request: { params: z.strictObject({ patientId: PatientId, entryId: z.uuid() }), headers: PositionHeaders },
  responses: { 200: json(Explanation, 'The explanation'), default: problems },
})
