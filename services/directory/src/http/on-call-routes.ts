import type { OnCallId, OnCallScope } from '@relais/contracts/directory'
import { listOnCall, putOnCall, withdrawOnCall } from '@relais/contracts/directory-routes'
import type { Database } from '@relais/database/database'
import type { CommandContext } from '@relais/event-store/command-handler'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { waitForPosition } from '@relais/http/position'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import type { OnCallCommand, OnCallRejection } from '../domain/on-call.ts'
import type { DirectoryTables } from '../projections/directory.ts'
import { loadOnCall } from '../projections/lookup.ts'
import { maySayOnCall } from './who-may.ts'

const problems = {
  onCallUnknown: { code: 'onCallUnknown', status: 404, title: 'No such period' },
  onCallIdReused: { code: 'onCallIdReused', status: 409, title: 'This id belongs to a period of another facility' },
  periodReversed: { code: 'periodReversed', status: 422, title: 'The period ends before it begins' },
  notYours: {
    code: 'notYours',
    status: 403,
    title: 'This is for the admissions of the facility, or who operates Relais',
  },
} as const satisfies Record<OnCallRejection['code'] | 'notYours', ProblemKind>

type Handled = Promise<
  { accepted: true; position: number | undefined } | { accepted: false; rejection: OnCallRejection }
>

export type OnCallRoutesDeps = HttpAppDeps & {
  database: Database<DirectoryTables>
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  handleOnCall: (id: string, command: OnCallCommand, context: CommandContext) => Handled
  loadScope: (onCallId: OnCallId) => Promise<OnCallScope | undefined>
  now: () => string
}

/** Who is on call, for a facility or a territory. */
export function onCallRoutes({ database, epoch, reaches, handleOnCall, loadScope, now, ...deps }: OnCallRoutesDeps) {
  const app = httpApp(deps)
  app.use(listOnCall.path, requireScope('directory:read'))
  app.on(['PUT', 'DELETE'], '/directory/on-call/*', requireScope('directory:write'))
  app.openapi(listOnCall, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const { scope, at = now() } = c.req.valid('query')
    return c.json({ periods: await loadOnCall(database, scope, at) }, 200)
  })
  app.openapi(putOnCall, async (c) => {
    const { onCallId } = c.req.valid('param')
    const period = c.req.valid('json')
    if (!maySayOnCall(c.get('actor'), period.scope)) return problem(c, problems.notYours)
    const result = await handleOnCall(onCallId, { type: 'SetOnCall', onCallId, period }, commandContext(c))
    return answerCommand(c, epoch, { result, problems: problems })
  })
  app.openapi(withdrawOnCall, async (c) => {
    const { onCallId } = c.req.valid('param')
    const scope = await loadScope(onCallId)
    if (scope === undefined) return problem(c, problems.onCallUnknown)
    if (!maySayOnCall(c.get('actor'), scope)) return problem(c, problems.notYours)
    const result = await handleOnCall(onCallId, { type: 'WithdrawOnCall', onCallId, at: now() }, commandContext(c))
    return answerCommand(c, epoch, { result, problems: problems })
  })
  return app
}
