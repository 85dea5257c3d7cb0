import { createRoute, z } from '@hono/zod-openapi'
import { AskedOfLink, LinkDoubt, LinkId, LinkReason, Motive, ReportedIdentity } from './patients.ts'
import { Authority, Instant, MessageId, PatientId } from './primitives.ts'
import { bearer, body, json, PositionHeaders, problems } from './route-parts.ts'

const link = z.strictObject({ linkId: LinkId })

export const readLinks = createRoute({
  method: 'get',
  path: '/patients/{patientId}/links',
  summary: 'All ids of one person, the one that stands for them, and what links them',
  security: bearer,
  request: { params: z.strictObject({ patientId: PatientId }), headers: PositionHeaders },
  responses: {
    200: json(
      z.object({
        canonicalId: PatientId,
        patientIds: z.array(PatientId),
        links: z.array(z.object({ linkId: LinkId, patientId: PatientId, otherId: PatientId, reason: LinkReason })),
      }),
      'The person',
    ),
    default: problems,
  },
})

export const linkPatients = createRoute({
  method: 'post',
  path: '/patients/links',
  summary: 'Say that two patients are one person; `patientId` is the one to keep',
  security: bearer,
  request: body(z.strictObject({ patientId: PatientId, otherId: PatientId, reason: LinkReason, motive: Motive })),
  responses: { 200: json(z.object({ linkId: LinkId }), 'Linked, or linked already'), default: problems },
})

export const undoLink = createRoute({
  method: 'post',
  path: '/patients/links/{linkId}/undo',
  summary: 'Say that two patients are not one person: each is again as if they had never been linked',
  security: bearer,
  request: { params: link, ...body(z.strictObject({ motive: Motive })) },
  responses: { 204: { description: 'No longer linked' }, default: problems },
})

export const listLinkDoubts = createRoute({
  method: 'get',
  path: '/patients/link-doubts',
  summary: 'What messages said of two patients that a person has to decide, oldest first',
  security: bearer,
  request: {
    query: z.strictObject({ after: MessageId.optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }),
    headers: PositionHeaders,
  },
  responses: {
    200: json(
      z.object({
        doubts: z.array(
          z.object({
            linkId: LinkId,
            messageId: MessageId,
            patientId: PatientId,
            otherId: PatientId,
            asked: AskedOfLink,
            doubt: LinkDoubt,
            authority: Authority,
            reportedAt: Instant,
            doubtedAt: Instant,
            /** As each was last reported itself, also where the two are one person now; of those whom the asker may know. */
            patient: ReportedIdentity.optional(),
            other: ReportedIdentity.optional(),
          }),
        ),
      }),
      'A page',
    ),
    default: problems,
  },
})

export const settleLinkDoubt = createRoute({
  method: 'post',
  path: '/patients/link-doubts/{linkId}/decisions',
  summary: 'Do what the message asked for after all, or put it aside',
  security: bearer,
  request: {
    params: link,
    ...body(z.strictObject({ messageId: MessageId, outcome: z.enum(['applied', 'dismissed']) })),
  },
  responses: { 204: { description: 'Decided' }, default: problems },
})
