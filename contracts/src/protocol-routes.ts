import { createRoute, z } from '@hono/zod-openapi'
import { Instant, ProfessionalId, Recipient } from './primitives.ts'
import { DefinitionProblem, ProtocolDefinition, ProtocolId, StepRole } from './protocols.ts'
import { bearer, body, json, PositionHeaders, problems } from './route-parts.ts'
import { RunId } from './work.ts'

const protocol = z.strictObject({ protocolId: ProtocolId })
const version = z.coerce.number().int().min(1).max(10_000)

/** Of the shape of `ProtocolDefinition`. What does not fit it is answered in words for a coordinator, by its path. */
const WrittenDefinition = z
  .record(z.string(), z.unknown())
  .openapi({ description: 'A `ProtocolDefinition`; `POST /protocols/validate` says what does not fit, and where' })

export const ProtocolVersion = z.object({
  version: z.int(),
  definition: ProtocolDefinition,
  effectiveFrom: Instant,
  /** When the next version takes over, or nothing starts any more. */
  until: Instant.optional(),
  by: ProfessionalId,
  publishedAt: Instant,
})
export const ProtocolView = z.object({
  protocolId: ProtocolId,
  retiredFrom: Instant.optional(),
  versions: z.array(ProtocolVersion),
})
export type ProtocolView = z.infer<typeof ProtocolView>

export const listProtocols = createRoute({
  method: 'get',
  path: '/protocols',
  summary: 'The protocols of the territories, each with its versions',
  security: bearer,
  request: { headers: PositionHeaders },
  responses: { 200: json(z.object({ protocols: z.array(ProtocolView) }), 'The protocols'), default: problems },
})

export const readProtocol = createRoute({
  method: 'get',
  path: '/protocols/{protocolId}',
  summary: 'A protocol and its versions',
  security: bearer,
  request: { params: protocol, headers: PositionHeaders },
  responses: { 200: json(ProtocolView, 'The protocol'), default: problems },
})

export const publishProtocol = createRoute({
  method: 'put',
  path: '/protocols/{protocolId}/versions/{version}',
  summary: 'Publish the next version of a protocol. It applies from its day on; runs under way keep theirs',
  security: bearer,
  request: {
    params: protocol.extend({ version }),
    ...body(
      z.strictObject({
        definition: WrittenDefinition,
        effectiveFrom: Instant.optional().openapi({ description: 'From now on, unless given' }),
      }),
    ),
  },
  responses: { 204: { description: 'Published; header `relais-position` says from where on' }, default: problems },
})

export const validateProtocol = createRoute({
  method: 'post',
  path: '/protocols/validate',
  summary: 'What is wrong with a definition, in French, by the path of the field; nothing is published',
  security: bearer,
  request: body(z.strictObject({ definition: WrittenDefinition })),
  responses: {
    200: json(z.object({ problems: z.array(DefinitionProblem) }), 'Nothing where it is good'),
    default: problems,
  },
})

export const retireProtocol = createRoute({
  method: 'post',
  path: '/protocols/{protocolId}/retire',
  summary: 'From a day on nothing starts any more; what runs goes on',
  security: bearer,
  request: { params: protocol, ...body(z.strictObject({ from: Instant })) },
  responses: { 204: { description: 'Retired' }, default: problems },
})

const Counts = z.object({
  runs: z.int(),
  steps: z.int(),
  late: z.int(),
  /** Items given to people, reminders and escalations included. */
  notices: z.int(),
  stepsByRole: z.partialRecord(StepRole, z.int()),
})
/** A run that a dry run speaks of, and the event that it starts from: pseudonymous, as ids are. */
const RunNamed = z.object({ runId: RunId, eventId: z.uuid() })
export const DryRunReport = z.object({
  /** What the definition would have done, and what happened under the versions in force. */
  would: Counts,
  did: Counts,
  onlyWould: z.array(RunNamed),
  onlyDid: z.array(RunNamed),
  inBoth: z.array(RunNamed),
  /** Steps that would have been late, who would have had them, and when they were really done. */
  lateSteps: z.array(
    z.object({ runId: RunId, stepId: z.string(), owner: Recipient, dueAt: Instant, doneAt: Instant.optional() }),
  ),
  /** How many events were gone through. */
  events: z.int(),
})
export type DryRunReport = z.infer<typeof DryRunReport>

export const DryRun = z.object({
  dryRunId: z.uuid(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  handled: z.int(),
  /** How far it is between the beginning and the end of the period, from 0 to 1. */
  progress: z.number(),
  report: DryRunReport.optional(),
})
export type DryRun = z.infer<typeof DryRun>

const dryRun = z.strictObject({ dryRunId: z.uuid().lowercase() })
export const startDryRun = createRoute({
  method: 'put',
  path: '/protocols/dry-runs/{dryRunId}',
  summary: 'Go through what really happened as if this definition had been in force; nothing is published or sent',
  security: bearer,
  request: {
    params: dryRun,
    ...body(z.strictObject({ protocolId: ProtocolId, definition: WrittenDefinition, from: Instant, to: Instant })),
  },
  responses: { 202: json(DryRun, 'Started, or under way'), default: problems },
})

export const readDryRun = createRoute({
  method: 'get',
  path: '/protocols/dry-runs/{dryRunId}',
  summary: 'How far a dry run is, and what came of it',
  security: bearer,
  request: { params: dryRun },
  responses: { 200: json(DryRun, 'The dry run'), default: problems },
})

export const cancelDryRun = createRoute({
  method: 'delete',
  path: '/protocols/dry-runs/{dryRunId}',
  summary: 'Go no further',
  security: bearer,
  request: { params: dryRun },
  responses: { 204: { description: 'Cancelled, or over' }, default: problems },
})

export const protocolRoutes = [
  listProtocols,
  validateProtocol,
  startDryRun,
  readDryRun,
  cancelDryRun,
  readProtocol,
  publishProtocol,
  retireProtocol,
] as const
