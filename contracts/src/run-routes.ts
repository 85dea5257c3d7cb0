import { createRoute, z } from '@hono/zod-openapi'
import { Instant, PatientId, ProfessionalId, Recipient, StayId } from './primitives.ts'
import { RunEnd, SkipReason } from './protocol-runs.ts'
import { ProtocolId, StepRole } from './protocols.ts'
import { bearer, body, json, PositionHeaders, problems } from './route-parts.ts'
import { RunId, StepId } from './work.ts'

const run = z.strictObject({ runId: RunId })
const step = run.extend({ stepId: StepId })
const done = (description: string) => ({ 204: { description }, default: problems })

const PageCursor = z.string().min(1).max(300)
const page = { after: PageCursor.optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }

export const RunStepView = z.object({
  stepId: StepId,
  title: z.string(),
  what: z.string().optional(),
  status: z.enum(['waiting', 'open', 'done', 'skipped', 'withdrawn']),
  after: z.array(StepId),
  skippable: z.boolean(),
  owner: Recipient.optional(),
  role: StepRole.optional(),
  dueAt: Instant.optional(),
  late: z.boolean(),
  escalatedTo: z.array(Recipient),
  /** When it was done, skipped or withdrawn. */
  settledAt: Instant.optional(),
})
export const RunView = z.object({
  runId: RunId,
  protocolId: ProtocolId,
  version: z.int(),
  title: z.string(),
  status: z.enum(['running', 'ended']),
  because: RunEnd.optional(),
  trigger: z.object({ on: z.string(), at: Instant }),
  coordinator: Recipient,
  /** Left out for who coordinates without taking part in the care. */
  patientId: PatientId.optional(),
  stayId: StayId.optional(),
  steps: z.array(RunStepView),
})
export type RunView = z.infer<typeof RunView>

export const readRun = createRoute({
  method: 'get',
  path: '/runs/{runId}',
  summary: 'A protocol at work for one stay: who has which step, until when, and what is done',
  security: bearer,
  request: { params: run, headers: PositionHeaders },
  responses: { 200: json(RunView, 'The run'), default: problems },
})

export const listPatientRuns = createRoute({
  method: 'get',
  path: '/patients/{patientId}/runs',
  summary: 'The runs of a patient, whichever of his or her ids is given, the last one first',
  security: bearer,
  request: { params: z.strictObject({ patientId: PatientId }), headers: PositionHeaders },
  responses: { 200: json(z.object({ runs: z.array(RunView) }), 'The runs'), default: problems },
})

export const LateStep = z.object({
  runId: RunId,
  stepId: StepId,
  protocolId: ProtocolId,
  version: z.int(),
  protocol: z.string(),
  owner: Recipient,
  dueAt: Instant,
})
export type LateStep = z.infer<typeof LateStep>
export const listLateSteps = createRoute({
  method: 'get',
  path: '/runs',
  summary: 'The steps that are late and open: the actor’s own, and those of the protocols that the actor coordinates',
  security: bearer,
  request: { query: z.strictObject({ late: z.literal('true'), ...page }), headers: PositionHeaders },
  responses: {
    200: json(
      z.object({
        steps: z.array(LateStep),
        next: PageCursor.optional().describe('Give it back as `after`; absent on the last page'),
      }),
      'A page, the longest late first',
    ),
    default: problems,
  },
})

export const listProtocolRuns = createRoute({
  method: 'get',
  path: '/protocols/{protocolId}/runs',
  summary: 'The runs of a protocol, for who coordinates it: the one that began last first',
  security: bearer,
  request: {
    params: z.strictObject({ protocolId: ProtocolId }),
    query: z.strictObject({ status: RunView.shape.status.default('running'), ...page }),
    headers: PositionHeaders,
  },
  responses: {
    200: json(
      z.object({
        runs: z.array(RunView),
        next: PageCursor.optional().describe('Give it back as `after`; absent on the last page'),
      }),
      'A page; it may hold less than was asked for, and still have a next one',
    ),
    default: problems,
  },
})

/** Sealed in the vault; never in an event, a notice or a log. */
const Note = z.string().min(1).max(4000)
/** The caller's own id of this act: again under the same id, it is the same note. */
const act = { requestId: z.uuid().lowercase() }

export const completeStep = createRoute({
  method: 'post',
  path: '/runs/{runId}/steps/{stepId}/done',
  summary: 'Say that a step is done; who has it no longer has to',
  security: bearer,
  request: { params: step, ...body(z.strictObject({ ...act, note: Note.optional() })) },
  responses: done('On record, and so is what it opens'),
})

export const skipStep = createRoute({
  method: 'post',
  path: '/runs/{runId}/steps/{stepId}/skip',
  summary: 'Say why a step is not done',
  security: bearer,
  request: { params: step, ...body(z.strictObject({ ...act, reason: SkipReason, comment: Note.optional() })) },
  responses: done('Skipped'),
})

export const reassignStep = createRoute({
  method: 'post',
  path: '/runs/{runId}/steps/{stepId}/reassign',
  summary: 'Give a step to somebody else',
  security: bearer,
  request: { params: step, ...body(z.strictObject({ to: Recipient })) },
  responses: done('It is in the inbox of that one'),
})

export const migrateRun = createRoute({
  method: 'post',
  path: '/runs/{runId}/migrate',
  summary: 'Move a run to another version of its protocol: what was done stands, the rest is planned again',
  security: bearer,
  request: { params: run, ...body(z.strictObject({ toVersion: z.int().min(1) })) },
  responses: done('Migrated'),
})

export const endRun = createRoute({
  method: 'post',
  path: '/runs/{runId}/end',
  summary: 'End a run: all of its work is withdrawn',
  security: bearer,
  request: { params: run, ...body(z.strictObject({ because: z.literal('person') })) },
  responses: done('Ended'),
})

const StepNote = z.object({ by: ProfessionalId, at: Instant, text: z.string() })
export const listStepNotes = createRoute({
  method: 'get',
  path: '/runs/{runId}/steps/{stepId}/notes',
  summary: 'What was written when a step was done or skipped, for those who take part in the care',
  security: bearer,
  request: { params: step, headers: PositionHeaders },
  responses: { 200: json(z.object({ notes: z.array(StepNote) }), 'The notes'), default: problems },
})

export const runRoutes = [
  listLateSteps,
  readRun,
  listPatientRuns,
  listProtocolRuns,
  completeStep,
  skipStep,
  reassignStep,
  listStepNotes,
  migrateRun,
  endRun,
] as const
