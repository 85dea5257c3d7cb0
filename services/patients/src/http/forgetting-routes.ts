import { forgetPatient } from '@relais/contracts/forgetting-routes'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import type { ProblemKind } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import type { ForgettingRejection } from '../domain/forgetting.ts'
import type { ForgettingDesk } from '../forgetting-desk.ts'

const problems = {
  patientUnknown: { code: 'patientUnknown', status: 404, title: 'No such patient here' },
  linksInDoubt: {
    code: 'linksInDoubt',
    status: 409,
    title: 'It is not settled who is one person with this patient: decide on the doubts first',
  },
} as const satisfies Record<ForgettingRejection['code'] | 'patientUnknown', ProblemKind>

type ForgettingRoutesDeps = HttpAppDeps & { desk: ForgettingDesk; epoch: string }

/** Erasing a person, for those whom the controller of this Relais has given the right. */
export function forgettingRoutes({ desk, epoch, ...deps }: ForgettingRoutesDeps) {
  const app = httpApp(deps)
  app.use('/patients/:patientId/forget', requireScope('patient:forget'))
  app.openapi(forgetPatient, async (c) => {
    const { patientId } = c.req.valid('param')
    const { id: by } = c.get('actor')
    const result = await desk.forget({ patientId, by, ...c.req.valid('json') }, commandContext(c))
    const outcome = result.accepted ? 'forgotten' : result.rejection.code
    deps.log.info({ actorId: by, patientId, kind: 'forgetting', outcome }, 'forgetting decided')
    return answerCommand(c, epoch, { result, problems: problems })
  })
  return app
}
