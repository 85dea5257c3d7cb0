import { randomUUID } from 'node:crypto'
import { listProjections, readJob, startJob } from '@relais/contracts/http'
import { formatPosition } from '@relais/event-store/epoch'
import { type HttpAppDeps, httpApp } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { type ProblemKind, problem } from '@relais/http/problems'
import { jobBoard } from './job-board.ts'
import type { RunningProjection } from './projection.ts'

export type OperationsDeps = HttpAppDeps & {
  /** The name under which the routes answer; other services may answer beside, under theirs. */
  service: string
  running: readonly RunningProjection[]
  epoch: string
}

export const operationsProblems = {
  projectionUnknown: { code: 'projectionUnknown', status: 404, title: 'This service has no such projection' },
  jobUnknown: { code: 'jobUnknown', status: 404, title: 'No such job since this service was started' },
} as const satisfies Record<string, ProblemKind>

/** The projections of a service, for who operates it: how far they are, rebuilding one, verifying one. */
export function operationsRoutes(deps: OperationsDeps) {
  const { service, running, epoch, log, newId = randomUUID } = deps
  const jobs = jobBoard({ log, newId })
  const app = httpApp(deps)
  app.use(`/operations/${service}/*`, requireScope('operate'))
  return app
    .openapi(ofService(service, listProjections), (c) => {
      const projections = running.map(({ name, status }) => {
        const { state, position, lagMilliseconds } = status()
        const at = position === undefined ? {} : { position: formatPosition(epoch, position) }
        return { name, state, ...at, lagMilliseconds }
      })
      return c.json({ projections }, 200)
    })
    .openapi(ofService(service, startJob), (c) => {
      const { kind, projection: name } = c.req.valid('json')
      const projection = running.find((candidate) => candidate.name === name)
      if (projection === undefined) return problem(c, operationsProblems.projectionUnknown)
      return c.json({ jobId: jobs.start(kind, projection) }, 202)
    })
    .openapi(ofService(service, readJob), (c) => {
      const job = jobs.read(c.req.valid('param').jobId)
      return job === undefined ? problem(c, operationsProblems.jobUnknown) : c.json(job, 200)
    })
}

/** MUST answer to this service's own name only, because several services may be mounted on one root. */
function ofService<Route extends { path: string }>(service: string, route: Route): Route {
  return { ...route, path: route.path.replace('{service}', `:service{${service}}`) }
}
