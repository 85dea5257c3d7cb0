import { answerUpload, uploadProblems } from '@relais/attachments/answer-upload'
import type { Receive } from '@relais/attachments/receive'
import type { Actor } from '@relais/contracts/actor'
import { ThreadId } from '@relais/contracts/conversations'
import { sendAttachment } from '@relais/contracts/post-routes'
import { PatientId } from '@relais/contracts/primitives'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { problem } from '@relais/http/problems'
import type { ThreadAccess } from '../access.ts'
import type { FindThread } from '../known-threads.ts'

export type AttachmentRoutesDeps = HttpAppDeps & {
  access: Pick<ThreadAccess, 'mayTakePart' | 'maySeePatient'>
  findThread: FindThread
  receive: Receive
}

/** Files, before the message that refers to them. They are kept under the key of the patient, or of the thread. */
export function attachmentRoutes({ access, findThread, receive, ...deps }: AttachmentRoutesDeps) {
  const app = httpApp(deps)
  app.use(sendAttachment.path, requireScope('thread:write'))
  const mayKeepFor = async (actor: Actor, owner: string): Promise<boolean> => {
    const thread = await findThread(ThreadId.parse(owner))
    if (thread?.subject.keyOwner === owner) return access.mayTakePart(actor, { ...thread, ...thread.subject })
    return access.maySeePatient(actor, PatientId.parse(owner))
  }
  app.openapi(sendAttachment, async (c) => {
    const { owner, documentId } = c.req.valid('query')
    if (!(await mayKeepFor(c.get('actor'), owner))) return problem(c, uploadProblems.ownerUnknown)
    return answerUpload(c, { receive, owner, documentId })
  })
  return app
}
