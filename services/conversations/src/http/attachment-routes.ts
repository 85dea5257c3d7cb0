import type { Actor } from '@relais/contracts/actor'
import { ThreadId } from '@relais/contracts/conversations'
import { sendAttachment } from '@relais/contracts/post-routes'
import { PatientId } from '@relais/contracts/primitives'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { problem, type ProblemKind } from '@relais/http/problems'
import type { ThreadAccess } from '../access.ts'
import type { Receive, UploadRefusal } from '../attachments/receive.ts'
import type { FindThread } from '../known-threads.ts'

const problems = {
  ownerUnknown: { code: 'ownerUnknown', status: 404, title: 'No such patient or thread, or not yours' },
  attachmentTooLarge: { code: 'attachmentTooLarge', status: 413, title: 'The file is larger than may be attached' },
  attachmentEmpty: { code: 'attachmentEmpty', status: 400, title: 'There is no file' },
  attachmentCut: { code: 'attachmentCut', status: 400, title: 'The file did not come whole: send it again' },
  attachmentRefused: {
    code: 'attachmentRefused',
    status: 415,
    title: 'The file is not what it is said to be, or not of a type that may be attached',
  },
  documentIdReused: { code: 'documentIdReused', status: 409, title: 'This id belongs to another file' },
} as const satisfies Record<UploadRefusal['code'], ProblemKind>

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
    if (!(await mayKeepFor(c.get('actor'), owner))) return problem(c, problems.ownerUnknown)
    const length = c.req.header('content-length')
    const declared = {
      mediaType: c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase(),
      size: length === undefined ? undefined : Number(length),
    }
    const received = await receive({ owner, documentId, bytes: c.req.raw.body ?? nothing(), declared })
    if ('ref' in received) return c.json(received.ref, 200)
    const { code, ...details } = received.refusal
    return problem(c, problems[code], details)
  })
  return app
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
