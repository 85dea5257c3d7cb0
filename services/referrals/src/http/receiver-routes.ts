import {
  acceptReferral,
  answerReferral,
  askQuestion,
  declineReferral,
  recordNoShow,
  recordSeen,
  redirectReferral,
  releaseReferral,
  scheduleReferral,
  takeReferral,
} from '@relais/contracts/referral-routes'
import type { Recipient } from '@relais/contracts/primitives'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import type { RequestEnv } from '@relais/http/request-context'
import type { Context } from 'hono'
import { type ActRoutesDeps, answer, writing } from './acts.ts'

type Body = { recipient?: Recipient | undefined }
const speaking = (c: Context<RequestEnv>, { recipient }: Body) => ({ ...writing(c), recipient })

/** What those who were asked say of a referral. */
export function receiverRoutes({ desk, epoch, ...deps }: HttpAppDeps & ActRoutesDeps) {
  const app = httpApp(deps)
  app.on('POST', '/referrals/:referralId/*', requireScope('referral:write'))
  app.openapi(takeReferral, async (c) => {
    const { referralId } = c.req.valid('param')
    const body = c.req.valid('json')
    const written = await desk.asReceiver(referralId, { ...speaking(c, body), onlySorts: true }, (said) => ({
      type: 'Take',
      ...said,
      for: body.for ?? said.by,
    }))
    return answer(c, epoch, written)
  })
  app.openapi(releaseReferral, async (c) => {
    const { referralId } = c.req.valid('param')
    const who = { ...speaking(c, c.req.valid('json')), onlySorts: true }
    const written = await desk.asReceiver(referralId, who, (said) => ({ type: 'Release', ...said }))
    return answer(c, epoch, written)
  })
  app.openapi(acceptReferral, async (c) => {
    const { referralId } = c.req.valid('param')
    const who = speaking(c, c.req.valid('json'))
    return answer(c, epoch, await desk.asReceiver(referralId, who, (said) => ({ type: 'Accept', ...said })))
  })
  app.openapi(declineReferral, async (c) => {
    const { referralId } = c.req.valid('param')
    const { recipient, reason, comment } = c.req.valid('json')
    const written = await desk.asReceiver(referralId, speaking(c, { recipient }), async (said, papers) => ({
      type: 'Decline',
      ...said,
      reason,
      ...(comment === undefined ? {} : { comment: await papers.text(`refusal:${said.recipient}`, comment) }),
    }))
    return answer(c, epoch, written)
  })
  app.openapi(redirectReferral, async (c) => {
    const { referralId } = c.req.valid('param')
    const { recipient, to, reason } = c.req.valid('json')
    const written = await desk.asReceiver(referralId, speaking(c, { recipient }), (said) => ({
      type: 'Redirect',
      ...said,
      to,
      reason,
    }))
    return answer(c, epoch, written)
  })
  followThrough(app, desk, epoch)
  return app
}

type App = ReturnType<typeof httpApp>

/** From the acceptance to the answer. */
function followThrough(app: App, desk: ActRoutesDeps['desk'], epoch: string): void {
  app.openapi(askQuestion, async (c) => {
    const { referralId } = c.req.valid('param')
    const { recipient, questionId, question } = c.req.valid('json')
    const written = await desk.asReceiver(referralId, speaking(c, { recipient }), async (said, papers) => {
      const document = await papers.text(`question:${questionId}`, question)
      return { type: 'AskInformation', ...said, questionId, question: document }
    })
    return answer(c, epoch, written)
  })
  app.openapi(scheduleReferral, async (c) => {
    const { referralId } = c.req.valid('param')
    const { recipient, startsAt, place } = c.req.valid('json')
    const who = speaking(c, { recipient })
    const act = { type: 'Schedule' as const, startsAt, place }
    return answer(c, epoch, await desk.asReceiver(referralId, who, (said) => ({ ...act, ...said })))
  })
  app.openapi(recordNoShow, async (c) => {
    const { referralId } = c.req.valid('param')
    const { recipient, startsAt } = c.req.valid('json')
    const who = speaking(c, { recipient })
    const act = { type: 'RecordNoShow' as const, startsAt }
    return answer(c, epoch, await desk.asReceiver(referralId, who, (said) => ({ ...act, ...said })))
  })
  app.openapi(recordSeen, async (c) => {
    const { referralId } = c.req.valid('param')
    const { recipient, seenAt } = c.req.valid('json')
    const who = speaking(c, { recipient })
    const act = { type: 'RecordSeen' as const, seenAt }
    return answer(c, epoch, await desk.asReceiver(referralId, who, (said) => ({ ...act, ...said })))
  })
  app.openapi(answerReferral, async (c) => {
    const { referralId } = c.req.valid('param')
    const { recipient, answer: text, attachments } = c.req.valid('json')
    const written = await desk.asReceiver(referralId, speaking(c, { recipient }), async (said, papers) => ({
      type: 'Answer',
      ...said,
      attachments: await papers.attached(attachments),
      answer: await papers.text(`answer:${said.recipient}`, text),
    }))
    return answer(c, epoch, written)
  })
}
