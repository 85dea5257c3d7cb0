import {
  answerQuestion,
  askOthers,
  cancelReferral,
  closeReferral,
  requestReferral,
} from '@relais/contracts/referral-routes'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { type ActRoutesDeps, answer, writing } from './acts.ts'

/** What the requester says of a referral. */
export function requesterRoutes({ desk, epoch, ...deps }: HttpAppDeps & ActRoutesDeps) {
  const app = httpApp(deps)
  app.on('POST', ['/referrals/:referralId', '/referrals/:referralId/*'], requireScope('referral:write'))
  app.openapi(requestReferral, async (c) => {
    const { referralId } = c.req.valid('param')
    return answer(c, epoch, await desk.request(referralId, c.req.valid('json'), writing(c)))
  })
  app.openapi(askOthers, async (c) => {
    const { referralId } = c.req.valid('param')
    const body = c.req.valid('json')
    const written = await desk.asRequester(referralId, writing(c), (said) => ({ type: 'AskOthers', ...said, ...body }))
    return answer(c, epoch, written)
  })
  app.openapi(answerQuestion, async (c) => {
    const { referralId } = c.req.valid('param')
    const { questionId, answer: text } = c.req.valid('json')
    const written = await desk.asRequester(referralId, writing(c), async (said, papers) => {
      const document = await papers.text(`information:${questionId}`, text)
      return { type: 'GiveInformation', ...said, questionId, answer: document }
    })
    return answer(c, epoch, written)
  })
  app.openapi(closeReferral, async (c) => {
    const { referralId } = c.req.valid('param')
    const written = await desk.asRequester(referralId, writing(c), (said) => ({ type: 'Close', ...said }))
    return answer(c, epoch, written)
  })
  app.openapi(cancelReferral, async (c) => {
    const { referralId } = c.req.valid('param')
    const { reason } = c.req.valid('json')
    const written = await desk.asRequester(referralId, writing(c), (said) => ({ type: 'Cancel', ...said, reason }))
    return answer(c, epoch, written)
  })
  return app
}
