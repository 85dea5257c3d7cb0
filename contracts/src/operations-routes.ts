import { createRoute, z } from '@hono/zod-openapi'
import { LogPosition } from './primitives.ts'
import { bearer, body, json, problems } from './route-parts.ts'

export const ProjectionStatus = z.object({
  name: z.string(),
  state: z.enum(['catchingUp', 'live', 'stopped']),
  position: LogPosition.optional(),
  lagMilliseconds: z.number(),
})
const service = z.strictObject({ service: z.string() })
export const listProjections = createRoute({
  method: 'get',
  path: '/operations/{service}/projections',
  summary: 'The projections of a service',
  security: bearer,
  request: { params: service },
  responses: { 200: json(z.object({ projections: z.array(ProjectionStatus) }), 'Projections'), default: problems },
})

export const JobKind = z.enum(['rebuild', 'verify'])
export const startJob = createRoute({
  method: 'post',
  path: '/operations/{service}/jobs',
  summary: 'Rebuild a projection beside itself and switch, or rebuild it and only compare checksums',
  security: bearer,
  request: { params: service, ...body(z.strictObject({ kind: JobKind, projection: z.string() })) },
  responses: { 202: json(z.object({ jobId: z.uuid() }), 'Started'), default: problems },
})

export const Job = z.object({
  jobId: z.uuid(),
  kind: JobKind,
  projection: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  handled: z.int(),
  /** How many events there were to handle when the job started; 0 while unknown. */
  total: z.int(),
  checksum: z.string().optional(),
  /** For `verify`: whether the view that serves has the same checksum as the one just rebuilt. */
  matches: z.boolean().optional(),
})
export type Job = z.infer<typeof Job>
export const readJob = createRoute({
  method: 'get',
  path: '/operations/{service}/jobs/{jobId}',
  summary: 'How far a job is',
  security: bearer,
  request: { params: z.strictObject({ service: z.string(), jobId: z.uuid() }) },
  responses: { 200: json(Job, 'The job'), default: problems },
})
