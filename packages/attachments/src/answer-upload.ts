import { problem, type ProblemKind } from '@relais/http/problems'
import type { RequestEnv } from '@relais/http/request-context'
import type { Context } from 'hono'
import type { Receive, UploadRefusal } from './receive.ts'

export const uploadProblems = {
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

type Upload = { receive: Receive; owner: string; documentId: string }

/** Takes in the file that a request carries, for an owner for whom its sender may keep one. */
export async function answerUpload(c: Context<RequestEnv>, { receive, owner, documentId }: Upload) {
  const length = c.req.header('content-length')
  const declared = {
    mediaType: c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase(),
    size: length === undefined ? undefined : Number(length),
  }
  const received = await receive({ owner, documentId, bytes: c.req.raw.body ?? nothing(), declared })
  if ('ref' in received) return c.json(received.ref, 200)
  const { code, ...details } = received.refusal
  return problem(c, uploadProblems[code], details)
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
