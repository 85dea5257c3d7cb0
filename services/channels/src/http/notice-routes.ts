import { type LinkTables, personOf } from '@relais/access/links'
import { mayAnswerFor } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import { recordReceipt, returnNotice } from '@relais/contracts/notice-routes'
import type { NoticeId } from '@relais/contracts/notices'
import { type Instant, PatientId } from '@relais/contracts/primitives'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import type { Kysely } from 'kysely'
import type { NoticeRejection, NoticeState } from '../domain/notice.ts'
import type { HandleNotice } from '../handle-notice.ts'

export const noticeProblems = {
  noticeUnknown: { code: 'noticeUnknown', status: 404, title: 'No such notice, or not yours' },
  noticeIdReused: { code: 'noticeIdReused', status: 409, title: 'This id belongs to another notice' },
  alreadyActedUpon: { code: 'alreadyActedUpon', status: 409, title: 'The notice was acted upon in another way' },
  alreadyReturned: { code: 'alreadyReturned', status: 409, title: 'The notice was returned to its sender' },
  actedElsewhere: {
    code: 'actedElsewhere',
    status: 409,
    title: 'Answer the referral, or do the step: that is what acts upon it',
  },
  notReturnable: { code: 'notReturnable', status: 409, title: 'What is asked of you is declined, not returned' },
  misdirectionUnknown: { code: 'misdirectionUnknown', status: 404, title: 'No such misdirection, or not yours' },
  misdirectionClosed: { code: 'misdirectionClosed', status: 409, title: 'The misdirection was closed otherwise' },
} as const satisfies Record<NoticeRejection['code'], ProblemKind>

type NoticeRoutesDeps = HttpAppDeps & {
  db: Kysely<LinkTables>
  loadNotice: (noticeId: NoticeId) => Promise<NoticeState>
  handleNotice: HandleNotice
  epoch: string
  now: () => Instant
}

/** What recipients say of what they were sent. A notice of somebody else is a notice one does not know. */
export function noticeRoutes({ db, loadNotice, handleNotice, epoch, now, ...deps }: NoticeRoutesDeps) {
  const app = httpApp(deps)
  app.use('/notices/*', requireScope('notice:acknowledge'))
  const theirs = async (actor: Actor, noticeId: NoticeId) => {
    const state = await loadNotice(noticeId)
    return state.status === 'sent' && mayAnswerFor(actor, state.subject.recipient) ? state.subject : undefined
  }
  app.openapi(recordReceipt, async (c) => {
    const { noticeId } = c.req.valid('param')
    const actor = c.get('actor')
    if (!(await theirs(actor, noticeId))) return problem(c, noticeProblems.noticeUnknown)
    const command = { ...receiptCommand(c.req.valid('json')), noticeId, by: actor.id, at: now() }
    const result = await handleNotice(noticeId, command, commandContext(c))
    return answerCommand(c, epoch, { result, problems: noticeProblems })
  })
  app.openapi(returnNotice, async (c) => {
    const { noticeId } = c.req.valid('param')
    const actor = c.get('actor')
    const subject = await theirs(actor, noticeId)
    if (!subject) return problem(c, noticeProblems.noticeUnknown)
    const { ids } = await personOf(db, subject.patientId)
    const alsoOf = ids.filter((id) => id !== subject.patientId).map((id) => PatientId.parse(id))
    const command = { type: 'Return' as const, noticeId, alsoOf, by: actor.id, at: now() }
    const result = await handleNotice(noticeId, command, commandContext(c))
    return answerCommand(c, epoch, { result, problems: noticeProblems })
  })
  return app
}

type Body = ReturnType<(typeof recordReceipt)['request']['body']['content']['application/json']['schema']['parse']>

function receiptCommand(body: Body) {
  switch (body.receipt) {
    case 'delivered':
      return { type: 'RecordDelivered' as const }
    case 'read':
      return { type: 'RecordRead' as const }
    case 'acted':
      return { type: 'RecordActed' as const, action: body.action }
  }
}
