import { answerUpload } from '@relais/attachments/answer-upload'
import type { Receive } from '@relais/attachments/receive'
import { sendReferralFile } from '@relais/contracts/referral-routes'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { problem } from '@relais/http/problems'
import type { ReferralDesk } from '../referral-desk.ts'
import { problems } from './problems.ts'

/** Files, before the answer that refers to them: from who has to give it, who may know of the patient no more than was asked. */
export function fileRoutes({ desk, receive, ...deps }: HttpAppDeps & { desk: ReferralDesk; receive: Receive }) {
  const app = httpApp(deps)
  app.on('POST', '/referrals/:referralId/attachments', requireScope('referral:write'))
  app.openapi(sendReferralFile, async (c) => {
    const owner = await desk.keeperOf(c.req.valid('param').referralId, c.get('actor'))
    if ('refusal' in owner) return problem(c, problems[owner.refusal.code])
    return answerUpload(c, { receive, owner: owner.patientId, documentId: c.req.valid('query').documentId })
  })
  return app
}
