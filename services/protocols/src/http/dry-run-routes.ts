import { cancelDryRun, readDryRun, startDryRun } from '@relais/contracts/protocol-routes'
import { httpApp } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { problem, type ProblemKind } from '@relais/http/problems'
import { checkedDefinition } from '../definition-shape.ts'
import type { DryRuns } from '../dry-run/dry-runs.ts'
import { mayCoordinate, protocolProblems, type ProtocolRoutesDeps } from './protocol-routes.ts'

const problems = {
  dryRunUnknown: { code: 'dryRunUnknown', status: 404, title: 'No such dry run, or not yours' },
  dryRunIdReused: { code: 'dryRunIdReused', status: 409, title: 'This id belongs to another dry run' },
  dryRunUnderWay: { code: 'dryRunUnderWay', status: 409, title: 'Another dry run of yours is under way' },
  periodReversed: { code: 'periodReversed', status: 422, title: 'The period ends before it begins', pointer: '/to' },
} as const satisfies Record<string, ProblemKind>

/** Dry runs of a definition over what really happened, for who coordinates it. */
export function dryRunRoutes({ trials, loadProtocol, ...deps }: ProtocolRoutesDeps & { trials: DryRuns }) {
  const app = httpApp(deps)
  app.use('/protocols/dry-runs/*', requireScope('protocol:write'))
  app.openapi(startDryRun, async (c) => {
    const { dryRunId } = c.req.valid('param')
    const { protocolId, definition: written, from, to } = c.req.valid('json')
    const checked = checkedDefinition(written)
    if (!checked.definition) return problem(c, protocolProblems.definitionInvalid, { problems: checked.problems })
    const { definition } = checked
    const actor = c.get('actor')
    const last = (await loadProtocol(protocolId)).versions.at(-1)
    if (![definition, last?.definition ?? definition].every((each) => mayCoordinate(actor, each)))
      return problem(c, protocolProblems.notYours)
    if (to <= from) return problem(c, problems.periodReversed)
    const started = trials.start(dryRunId, actor.id, { protocolId, definition, from, to })
    if (started === 'reused') return problem(c, problems.dryRunIdReused)
    return started === 'busy' ? problem(c, problems.dryRunUnderWay) : c.json(started, 202)
  })
  app.openapi(readDryRun, (c) => {
    const view = trials.read(c.req.valid('param').dryRunId, c.get('actor').id)
    return view ? c.json(view, 200) : problem(c, problems.dryRunUnknown)
  })
  app.openapi(cancelDryRun, (c) => {
    const isKnown = trials.cancel(c.req.valid('param').dryRunId, c.get('actor').id)
    return isKnown ? c.body(null, 204) : problem(c, problems.dryRunUnknown)
  })
  return app
}
