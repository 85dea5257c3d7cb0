import { createRoute, z } from '@hono/zod-openapi'
import { Attachment, EditId, FileName, PostId, Quote, ThreadId, WithdrawalReason } from './conversations.ts'
import { CircleRole } from './patients.ts'
import { DocumentRef, Instant, Recipient } from './primitives.ts'
import { bearer, body, json, PositionHeaders, problems } from './route-parts.ts'

const thread = z.strictObject({ threadId: ThreadId })
const post = z.strictObject({ threadId: ThreadId, postId: PostId })
export const done = (description: string) => ({ 204: { description }, default: problems })

const PageCursor = z.string().min(1).max(300)
export const page = { after: PageCursor.optional(), limit: z.coerce.number().int().min(1).max(100).default(50) }
export const next = { next: PageCursor.optional().describe('Give it back as `after`; absent on the last page') }

const LONGEST_TEXT = 10_000
/** Lines and tabs, no other control character. */
const MessageText = z
  .string()
  .max(LONGEST_TEXT)
  .regex(/^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]*$/)
  .regex(/\S/, 'Says nothing')
const StrictAttachment = z.strictObject({ document: z.strictObject(DocumentRef.shape), fileName: FileName })

export const PostBody = z.strictObject({
  text: MessageText,
  attachments: z.array(StrictAttachment).max(10).default([]),
  replyTo: PostId.optional(),
  quotes: z.array(z.strictObject(Quote.shape)).max(10).default([]),
  mentions: z.array(Recipient).max(20).default([]),
  mentionedRoles: z.array(CircleRole).max(10).default([]),
  urgent: z.boolean().default(false),
})
export type PostBody = z.infer<typeof PostBody>
export const postMessage = createRoute({
  method: 'post',
  path: '/threads/{threadId}/posts/{postId}',
  summary: 'Write a message in a thread',
  security: bearer,
  request: { params: post, ...body(PostBody) },
  responses: done('Written; the header `relais-position` says from where on'),
})

export const editMessage = createRoute({
  method: 'put',
  path: '/threads/{threadId}/posts/{postId}',
  summary: 'Give a message of one’s own another text; what it said before stays on record',
  security: bearer,
  request: { params: post, ...body(z.strictObject({ editId: EditId, text: MessageText })) },
  responses: done('Changed'),
})

export const withdrawMessage = createRoute({
  method: 'post',
  path: '/threads/{threadId}/posts/{postId}/withdraw',
  summary: 'Take back a message of one’s own: that there was one stays visible, what it said does not',
  security: bearer,
  request: { params: post, ...body(z.strictObject({ reason: WithdrawalReason })) },
  responses: done('Withdrawn'),
})

export const PostView = z.object({
  postId: PostId,
  threadId: ThreadId,
  by: Recipient,
  postedAt: Instant,
  /** Absent of what was withdrawn. */
  text: z.string().optional(),
  attachments: z.array(Attachment),
  replyTo: PostId.optional(),
  quotes: z.array(Quote),
  mentions: z.array(Recipient),
  mentionedRoles: z.array(CircleRole),
  urgent: z.boolean(),
  editedAt: Instant.optional(),
  withdrawn: z.object({ at: Instant, reason: WithdrawalReason.optional() }).optional(),
})
export type PostView = z.infer<typeof PostView>
export const Posts = z.object({ posts: z.array(PostView), ...next })
export const listPosts = createRoute({
  method: 'get',
  path: '/threads/{threadId}/posts',
  summary: 'What was written in a thread, the last message first',
  security: bearer,
  request: { params: thread, query: z.strictObject(page), headers: PositionHeaders },
  responses: { 200: json(Posts, 'A page'), default: problems },
})

export const readPost = createRoute({
  method: 'get',
  path: '/threads/{threadId}/posts/{postId}',
  summary: 'One message, with every text it had',
  security: bearer,
  request: { params: post, headers: PositionHeaders },
  responses: {
    200: json(
      PostView.extend({ versions: z.array(z.object({ at: Instant, text: z.string() })) }),
      'The message, its first text first; none of what was withdrawn',
    ),
    default: problems,
  },
})

/** Read as it arrives, with a limit of its own: the limit on bodies is for those that are read whole. */
export const sendAttachment = createRoute({
  method: 'post',
  path: '/attachments',
  summary: 'Send a file before the message, or the request, that refers to it. The answer is what that is to say of it',
  security: bearer,
  request: {
    query: z.strictObject({
      owner: z.uuid().lowercase().describe('The patient whom it is about, or the thread that is about nobody'),
      documentId: z.uuid().lowercase().describe('Chosen by the sender: sent again, the same file is kept once'),
    }),
    body: { required: true, content: { 'application/octet-stream': { schema: z.string() } } },
  },
  responses: { 200: json(DocumentRef, 'Kept'), default: problems },
})

const bytes = { 'application/octet-stream': { schema: z.string() } }
export const readAttachment = createRoute({
  method: 'get',
  path: '/threads/{threadId}/posts/{postId}/attachments/{documentId}',
  summary: 'A file of a message, under its own media type, to be saved and never shown in place',
  security: bearer,
  request: {
    params: z.strictObject({ threadId: ThreadId, postId: PostId, documentId: z.uuid().lowercase() }),
    headers: PositionHeaders,
  },
  responses: { 200: { content: bytes, description: 'The file' }, default: problems },
})
