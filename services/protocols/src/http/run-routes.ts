import { rememberedPersonOf } from '@relais/access/links'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import {
  endRun,
  listLateSteps,
  listPatientRuns,
  listProtocolRuns,
  migrateRun,
  readRun,
  reassignStep,
} from '@relais/contracts/run-routes'
import { RunId } from '@relais/contracts/work'
import type { CommandContext } from '@relais/event-store/command-handler'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { pageCursor, pageKeys } from '@relais/http/page'
import { waitForPosition } from '@relais/http/position'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import type { RunCommand, RunRejection } from '../domain/run.ts'
import type { FactSource } from '../reactions/fact-source.ts'
import { coordinatedRuns } from '../projections/coordinated-runs.ts'
import { lateSteps } from '../projections/late-steps.ts'
import { holdersOfRun, plannedAgain } from '../reactions/planned-again.ts'
import { type RunAccessDeps, seenRun, type SeenRun } from './run-access.ts'
import { runView } from './run-view.ts'

export const runProblems = {
  runUnknown: { code: 'runUnknown', status: 404, title: 'No such run, or not yours to see' },
  stepUnknown: { code: 'stepUnknown', status: 404, title: 'The run has no such step' },
  versionUnknown: {
    code: 'versionUnknown',
    status: 404,
    title: 'The protocol has no such version',
    pointer: '/toVersion',
  },
  notYoursToDo: {
    code: 'notYoursToDo',
    status: 403,
    title: 'This is for those who have the step or take part in the care',
  },
  coordinatorsOnly: { code: 'coordinatorsOnly', status: 403, title: 'This is for who coordinates the protocol' },
  runEnded: { code: 'runEnded', status: 409, title: 'The run has ended' },
  stepNotOpen: { code: 'stepNotOpen', status: 409, title: 'The step waits for others to be done' },
  stepSettledOtherwise: { code: 'stepSettledOtherwise', status: 409, title: 'The step was settled in another way' },
  stepNotSkippable: { code: 'stepNotSkippable', status: 409, title: 'This step has to be done' },
  doesNotApply: { code: 'doesNotApply', status: 409, title: 'That version does not apply to this stay' },
  requestIdReused: { code: 'requestIdReused', status: 409, title: 'Another text was sent under this id' },
  ownerOutside: {
    code: 'ownerOutside',
    status: 422,
    title: 'Whoever is to have the step takes no part in the care',
    pointer: '/to',
  },
  reasonMissing: {
    code: 'reasonMissing',
    status: 422,
    title: 'Another reason has to be written as a comment',
    pointer: '/comment',
  },
} as const satisfies Record<
  RunRejection['code'] | 'versionUnknown' | 'notYoursToDo' | 'coordinatorsOnly' | 'doesNotApply' | 'requestIdReused',
  ProblemKind
>

export type HandleRunCommand = (
  id: string,
  command: RunCommand,
  context: CommandContext,
) => Promise<{ accepted: true; position: number | undefined } | { accepted: false; rejection: RunRejection }>

export type RunRoutesDeps = HttpAppDeps &
  RunAccessDeps & {
    source: FactSource
    handleRun: HandleRunCommand
    epoch: string
    reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  }

/** Runs, for those who have their steps, take part in the care, or coordinate the protocol. */
export function runRoutes(deps: RunRoutesDeps) {
  const app = httpApp(deps)
  app.use('/runs', requireScope('run:read'))
  app.use('/runs/*', requireScope('run:read'))
  app.use('/patients/:patientId/runs', requireScope('run:read'))
  app.use('/protocols/:protocolId/runs', requireScope('run:read'))
  for (const act of ['migrate', 'end']) app.use(`/runs/:runId/${act}`, requireScope('run:write'))
  app.use('/runs/:runId/steps/:stepId/reassign', requireScope('run:write'))
  reading(app, deps)
  coordinating(app, deps)
  tending(app, deps)
  return app
}

type App = ReturnType<typeof httpApp>

function reading(app: App, { epoch, reaches, ...deps }: RunRoutesDeps): void {
  app.openapi(readRun, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const seen = await seenRun(deps, c.get('actor'), c.req.valid('param').runId)
    return seen ? c.json(runView(seen), 200) : problem(c, runProblems.runUnknown)
  })
  app.openapi(listPatientRuns, async (c) => {
    const { patientId } = c.req.valid('param')
    await waitForPosition(c, epoch, reaches)
    const person = await rememberedPersonOf({ db: deps.db, keyring: deps.keyring }, patientId)
    const rows = await deps.db
      .selectFrom('run')
      .select('run_id')
      .where('patient_id', 'in', person?.ids ?? [patientId])
      .orderBy('trigger_at', 'desc')
      .orderBy('run_id')
      .execute()
    const seen: SeenRun[] = []
    for (const { run_id } of rows) {
      const run = await seenRun(deps, c.get('actor'), RunId.parse(run_id))
      // A coordinator finds runs by what is late, never by who the patient is.
      if (run && run.as !== 'coordination') seen.push(run)
    }
    return c.json({ runs: seen.map(runView) }, 200)
  })
  app.openapi(listLateSteps, async (c) => {
    const { after, limit } = c.req.valid('query')
    await waitForPosition(c, epoch, reaches)
    const keys = after === undefined ? [] : pageKeys(after)
    if (keys === undefined) return problem(c, platformProblems.invalidQuery)
    const steps = await lateSteps(deps, c.get('actor'), { keys, limit })
    const last = steps.length === limit ? steps.at(-1) : undefined
    const next = last && { next: pageCursor(last.dueAt, last.runId, last.stepId) }
    return c.json({ steps, ...next }, 200)
  })
}

/** The runs of a protocol, for its coordination. */
function coordinating(app: App, { epoch, reaches, ...deps }: RunRoutesDeps): void {
  app.openapi(listProtocolRuns, async (c) => {
    const { after, limit, status } = c.req.valid('query')
    const { protocolId } = c.req.valid('param')
    await waitForPosition(c, epoch, reaches)
    const keys = after === undefined ? [] : pageKeys(after)
    if (keys === undefined) return problem(c, platformProblems.invalidQuery)
    const found = await coordinatedRuns(deps.db, c.get('actor'), { protocolId, status, keys, limit })
    const seen: SeenRun[] = []
    for (const { runId } of found) {
      const run = await seenRun(deps, c.get('actor'), RunId.parse(runId))
      if (run) seen.push(run)
    }
    const last = found.length === limit ? found.at(-1) : undefined
    const next = last && { next: pageCursor(last.triggerAt, last.runId) }
    return c.json({ runs: seen.map(runView), ...next }, 200)
  })
}

/** What coordinators do; whoever takes part in the care may give a step to somebody else and end a run as well. */
function tending(app: App, { epoch, handleRun, source, now, ...deps }: RunRoutesDeps): void {
  const seen = (...asked: Parameters<typeof seenRun> extends [unknown, ...infer Rest] ? Rest : never) =>
    seenRun({ ...deps, now }, ...asked)
  app.openapi(reassignStep, async (c) => {
    const { runId, stepId } = c.req.valid('param')
    const actor = c.get('actor')
    const run = await seen(actor, runId)
    if (!run) return problem(c, runProblems.runUnknown)
    const { to } = c.req.valid('json')
    const holders = await holdersOfRun(source, run.state)
    const command = { type: 'ReassignStep', stepId, to, by: actor.id, holders, at: now() } as const
    const result = await handleRun(runId, command, commandContext(c))
    return answerCommand(c, epoch, { result, problems: runProblems })
  })
  app.openapi(endRun, async (c) => {
    const { runId } = c.req.valid('param')
    const actor = c.get('actor')
    const run = await seen(actor, runId)
    if (!run) return problem(c, runProblems.runUnknown)
    if (run.as === 'step' && !run.coordinates) return problem(c, runProblems.notYoursToDo)
    const result = await handleRun(runId, { type: 'EndRun', by: actor.id, at: now() }, commandContext(c))
    return answerCommand(c, epoch, { result, problems: runProblems })
  })
  app.openapi(migrateRun, async (c) => {
    const { runId } = c.req.valid('param')
    const actor = c.get('actor')
    const run = await seen(actor, runId)
    if (!run) return problem(c, runProblems.runUnknown)
    if (!run.coordinates) return problem(c, runProblems.coordinatorsOnly)
    const planned = await plannedAgain(source, run.state, c.req.valid('json').toVersion)
    if (planned.outcome !== 'planned') return problem(c, runProblems[planned.outcome])
    const { plan, holders } = planned
    const command = { type: 'MigrateRun', plan, holders, by: actor.id, at: now() } as const
    const result = await handleRun(runId, command, commandContext(c))
    return answerCommand(c, epoch, { result, problems: runProblems })
  })
}
