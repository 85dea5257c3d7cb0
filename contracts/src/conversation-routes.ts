import { createRoute, z } from '@hono/zod-openapi'
import { DeviceId, PostId, Preference, QuietHours, ThreadId, ThreadKind, ThreadTitle } from './conversations.ts'
import {
  done,
  editMessage,
  listPosts,
  next,
  page,
  postMessage,
  Posts,
  readAttachment,
  readPost,
  sendAttachment,
  withdrawMessage,
} from './post-routes.ts'
import { Instant, PatientId, Recipient } from './primitives.ts'
import { bearer, body, json, PositionHeaders, problems } from './route-parts.ts'

const thread = z.strictObject({ threadId: ThreadId })
const Members = z.array(Recipient).max(200)
export const openThread = createRoute({
  method: 'post',
  path: '/threads/{threadId}',
  summary: 'Open a thread: about a patient, between recipients that it names, for everybody, or a private group',
  security: bearer,
  request: {
    params: thread,
    ...body(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('patient'), title: ThreadTitle, patientId: PatientId }),
        z.strictObject({
          kind: z.literal('wardCommunity'),
          title: ThreadTitle,
          patientId: PatientId.optional(),
          members: Members.min(1),
        }),
        z.strictObject({ kind: z.literal('territory'), title: ThreadTitle }),
        z.strictObject({ kind: z.literal('group'), title: ThreadTitle, members: Members }),
      ]),
    ),
  },
  responses: done('Open; the header `relais-position` says from where on'),
})

/** How many are counted: a page says "a hundred or more" rather than count for long. */
export const MOST_UNREAD = 100
const ThreadSummary = z.object({
  threadId: ThreadId,
  kind: ThreadKind,
  patientId: PatientId.optional(),
  title: ThreadTitle,
  openedAt: Instant,
  closedAt: Instant.optional(),
  unread: z.int().min(0).max(MOST_UNREAD),
  muted: z.boolean(),
  /** Without its text. */
  last: z.object({ postId: PostId, by: Recipient, postedAt: Instant, urgent: z.boolean() }).optional(),
})
export type ThreadSummary = z.infer<typeof ThreadSummary>
export const listThreads = createRoute({
  method: 'get',
  path: '/threads',
  summary: 'The threads of who asks, what was last written in first, with what is unread',
  security: bearer,
  request: { query: z.strictObject(page), headers: PositionHeaders },
  responses: { 200: json(z.object({ threads: z.array(ThreadSummary), ...next }), 'A page'), default: problems },
})

const Mark = z.object({ upTo: PostId, at: Instant })
export const ThreadView = ThreadSummary.omit({ unread: true, muted: true, last: true }).extend({
  by: Recipient,
  /** Of a `wardCommunity` and a `group`. */
  members: z.array(Recipient),
  marks: z.array(
    z.object({
      by: Recipient,
      delivered: Mark.optional().describe('To any device of theirs'),
      read: Mark.optional(),
      devices: z.array(Mark.extend({ device: DeviceId })).describe('To each that said which it is'),
    }),
  ),
})
export type ThreadView = z.infer<typeof ThreadView>
export const readThread = createRoute({
  method: 'get',
  path: '/threads/{threadId}',
  summary: 'A thread, who is in it, and how far each has come',
  security: bearer,
  request: { params: thread, headers: PositionHeaders },
  responses: { 200: json(ThreadView, 'The thread'), default: problems },
})

export const renameThread = createRoute({
  method: 'put',
  path: '/threads/{threadId}/title',
  summary: 'Give a thread another title',
  security: bearer,
  request: { params: thread, ...body(z.strictObject({ title: ThreadTitle })) },
  responses: done('Renamed'),
})

export const closeThread = createRoute({
  method: 'post',
  path: '/threads/{threadId}/close',
  summary: 'Nothing more is written in a thread; it is still read',
  security: bearer,
  request: { params: thread },
  responses: done('Closed'),
})

const member = z.strictObject({ threadId: ThreadId, member: Recipient })
export const addThreadMember = createRoute({
  method: 'put',
  path: '/threads/{threadId}/members/{member}',
  summary: 'Let somebody, or a team, into a thread: all of it is theirs to read',
  security: bearer,
  request: { params: member },
  responses: done('In the thread'),
})
export const removeThreadMember = createRoute({
  method: 'delete',
  path: '/threads/{threadId}/members/{member}',
  summary: 'Leave a thread, or take somebody out of it: from then on it does not exist for them',
  security: bearer,
  request: { params: member },
  responses: done('No longer in the thread'),
})

export const markThread = createRoute({
  method: 'post',
  path: '/threads/{threadId}/read',
  summary: 'Say how far a thread was read, or has reached a device; it never goes back',
  security: bearer,
  request: {
    params: thread,
    ...body(
      z.strictObject({
        upTo: PostId,
        receipt: z.enum(['read', 'delivered']).default('read'),
        device: DeviceId.optional().describe(
          'Which of one’s devices it has reached; what is read there has reached it',
        ),
      }),
    ),
  },
  responses: done('On record'),
})

export const searchThreads = createRoute({
  method: 'get',
  path: '/threads/search',
  summary: 'Messages with all these words, in one’s own threads, the last one first; accents and case do not matter',
  security: bearer,
  request: { query: z.strictObject({ q: z.string().min(2).max(200), ...page }), headers: PositionHeaders },
  responses: { 200: json(Posts, 'A page'), default: problems },
})

export const readPreference = createRoute({
  method: 'get',
  path: '/threads/preferences',
  summary: 'What one is not to be woken for',
  security: bearer,
  request: { headers: PositionHeaders },
  responses: { 200: json(Preference, 'The preference'), default: problems },
})

function isZone({ zone }: QuietHours): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
const StrictQuietHours = z
  .strictObject(QuietHours.shape)
  .refine(isZone, { path: ['zone'], message: 'Is no time zone' })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'Ends when it begins' })
export const putPreference = createRoute({
  method: 'put',
  path: '/threads/preferences',
  summary: 'Say what one is not to be woken for; mentions and what is urgent come through all the same',
  security: bearer,
  request: body(z.strictObject({ ...Preference.shape, quietHours: StrictQuietHours.optional() })),
  responses: done('Kept'),
})

export const conversationRoutes = [
  listThreads,
  searchThreads,
  readPreference,
  putPreference,
  openThread,
  readThread,
  renameThread,
  closeThread,
  addThreadMember,
  removeThreadMember,
  markThread,
  listPosts,
  postMessage,
  readPost,
  editMessage,
  withdrawMessage,
  sendAttachment,
  readAttachment,
] as const
