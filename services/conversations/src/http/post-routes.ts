import { markThread, searchThreads } from '@relais/contracts/conversation-routes'
import type { PostId, ThreadId } from '@relais/contracts/conversations'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import {
  editMessage,
  listPosts,
  postMessage,
  readAttachment,
  readPost,
  withdrawMessage,
} from '@relais/contracts/post-routes'
import type { Instant, LogPosition } from '@relais/contracts/primitives'
import type { CommandContext } from '@relais/event-store/command-handler'
import { formatPosition } from '@relais/event-store/epoch'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { downloadHeaders } from '@relais/http/download'
import { requireScope } from '@relais/http/auth'
import { pageCursor } from '@relais/http/page'
import { setPosition, waitForPosition } from '@relais/http/position'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext, type RequestEnv } from '@relais/http/request-context'
import type { Vault } from '@relais/vault/vault'
import type { Context } from 'hono'
import type { Kysely } from 'kysely'
import type { ThreadAccess } from '../access.ts'
import type { MarkCommand } from '../domain/read-mark.ts'
import type { FindThread } from '../known-threads.ts'
import type { Handled, Posting, PostingRejection } from '../posting.ts'
import type { FindPost } from '../posts-in-log.ts'
import { type PostRow, postsOf, readPosts } from '../projections/posts.ts'
import type { ConversationTables } from '../projections/tables.ts'
import type { Reading } from '../reading.ts'
import { markStream } from '../streams.ts'
import type { WordIndex } from '../word-index.ts'
import { positionAfter, threadProblems } from './thread-routes.ts'

const problems = {
  threadUnknown: threadProblems.threadUnknown,
  threadClosed: threadProblems.threadClosed,
  postUnknown: { code: 'postUnknown', status: 404, title: 'No such message in this thread' },
  postIdReused: { code: 'postIdReused', status: 409, title: 'This id belongs to another message' },
  editIdReused: { code: 'editIdReused', status: 409, title: 'This id belongs to another change' },
  notAuthor: { code: 'notAuthor', status: 403, title: 'Only who wrote a message may change it' },
  postWithdrawn: { code: 'postWithdrawn', status: 409, title: 'The message was withdrawn' },
  replyUnknown: {
    code: 'replyUnknown',
    status: 422,
    title: 'This answers no message of this thread',
    pointer: '/replyTo',
  },
  quoteUnknown: {
    code: 'quoteUnknown',
    status: 422,
    title: 'No such entry in the pathway of this patient, or not yours',
    pointer: '/quotes',
  },
  attachmentUnknown: {
    code: 'attachmentUnknown',
    status: 422,
    title: 'No such file was sent for this thread',
    pointer: '/attachments',
  },
  fileNameMisleading: {
    code: 'fileNameMisleading',
    status: 422,
    title: 'The name does not end as a file of this type',
    pointer: '/attachments',
  },
  mentionOutside: {
    code: 'mentionOutside',
    status: 422,
    title: 'Somebody who is mentioned is not in this thread',
    pointer: '/mentions',
  },
  urgentToEverybody: {
    code: 'urgentToEverybody',
    status: 422,
    title: 'A thread for everybody alerts nobody',
    pointer: '/urgent',
  },
  documentUnknown: { code: 'documentUnknown', status: 404, title: 'No such file in this message' },
} as const satisfies Record<PostingRejection['code'] | 'documentUnknown', ProblemKind>

export type PostRoutesDeps = HttpAppDeps & {
  db: Kysely<ConversationTables>
  vault: Pick<Vault, 'getStream'>
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  access: Pick<ThreadAccess, 'mayTakePart'>
  findThread: FindThread
  findPost: FindPost
  posting: Posting
  reading: Reading
  index: Pick<WordIndex, 'find'>
  handleMark: (id: string, command: MarkCommand, context: CommandContext) => Promise<Handled<never>>
  now: () => Instant
}

type App = ReturnType<typeof httpApp>
type Act = Context<RequestEnv>
type Place = { threadId: ThreadId; postId: PostId }

/** What is written in threads, by and for those who are in them. */
export function postRoutes(deps: PostRoutesDeps) {
  const app = httpApp(deps)
  app.on('GET', '/threads/*', requireScope('thread:read'))
  app.on(['POST', 'PUT'], '/threads/*', requireScope('thread:write'))
  searching(app, deps)
  writing(app, deps)
  reading(app, deps)
  marking(app, deps)
  downloading(app, deps)
  return app
}

async function theirThread({ findThread, access }: PostRoutesDeps, c: Act, threadId: ThreadId) {
  const thread = await findThread(threadId)
  return thread && (await access.mayTakePart(c.get('actor'), { ...thread, ...thread.subject })) ? thread : undefined
}

function writing(app: App, { epoch, posting }: PostRoutesDeps): void {
  const asked = (c: Act, place: Place) => ({ ...place, actor: c.get('actor'), context: commandContext(c) })
  const answer = (c: Act, result: Handled<PostingRejection>) => {
    return answerCommand(c, epoch, { result, problems: problems })
  }
  app.openapi(postMessage, async (c) =>
    answer(c, await posting.post(asked(c, c.req.valid('param')), c.req.valid('json'))),
  )
  app.openapi(editMessage, async (c) =>
    answer(c, await posting.edit(asked(c, c.req.valid('param')), c.req.valid('json'))),
  )
  app.openapi(withdrawMessage, async (c) =>
    answer(c, await posting.withdraw(asked(c, c.req.valid('param')), c.req.valid('json').reason)),
  )
}

function reading(app: App, deps: PostRoutesDeps): void {
  const { db, epoch, reaches, reading: texts } = deps
  app.openapi(listPosts, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const { threadId } = c.req.valid('param')
    const { after, limit } = c.req.valid('query')
    const before = positionAfter(after)
    if (before === null) return problem(c, platformProblems.invalidQuery)
    if (!(await theirThread(deps, c, threadId))) return problem(c, problems.threadUnknown)
    const rows = await postsOf(db, threadId, { before, limit })
    return c.json({ posts: await texts.withTexts(rows), ...nextOf(rows, limit) }, 200)
  })
  app.openapi(readPost, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const { threadId, postId } = c.req.valid('param')
    if (!(await theirThread(deps, c, threadId))) return problem(c, problems.threadUnknown)
    const [row] = await readPosts(db, [postId])
    if (row?.view.threadId !== threadId) return problem(c, problems.postUnknown)
    const [view = row.view] = await texts.withTexts([row])
    const known = view.withdrawn ? [] : row.versions
    const versions = await Promise.all(
      known.map(async ({ at, documentId }) => ({ at, text: (await texts.textOf(documentId)) ?? '' })),
    )
    return c.json({ ...view, versions }, 200)
  })
}

const nextOf = (rows: readonly Pick<PostRow, 'position'>[], limit: number) => {
  const last = rows.length === limit ? rows.at(-1) : undefined
  return last ? { next: pageCursor(String(last.position)) } : {}
}

/** The most threads that are searched at once: those that were last written in. */
const SEARCHED_THREADS = 500

function searching(app: App, { db, epoch, reaches, index, reading: texts }: PostRoutesDeps): void {
  app.openapi(searchThreads, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const { q, after, limit } = c.req.valid('query')
    const before = positionAfter(after)
    if (before === null) return problem(c, platformProblems.invalidQuery)
    const { threads } = await texts.threads(c.get('actor'), { limit: SEARCHED_THREADS })
    const threadIds = threads.map(({ thread_id }) => thread_id)
    const found = await index.find({ q, threadIds, before, limit })
    const rows = await readPosts(
      db,
      found.map(({ postId }) => postId),
    )
    const seen = rows.filter(({ view }) => !view.withdrawn)
    return c.json({ posts: await texts.withTexts(seen), ...nextOf(found, limit) }, 200)
  })
}

function marking(app: App, deps: PostRoutesDeps): void {
  const { epoch, findPost, handleMark, now } = deps
  app.openapi(markThread, async (c) => {
    const { threadId } = c.req.valid('param')
    const { upTo, receipt, device } = c.req.valid('json')
    const thread = await theirThread(deps, c, threadId)
    if (!thread) return problem(c, problems.threadUnknown)
    const found = await findPost(upTo)
    if (found?.state.message.threadId !== threadId) return problem(c, problems.postUnknown)
    const by = c.get('actor').id
    const position: LogPosition = formatPosition(epoch, found.position)
    const type = receipt === 'read' ? ('MarkRead' as const) : ('MarkDelivered' as const)
    const command: MarkCommand = { type, subject: thread.subject, by, upTo, position, device, at: now() }
    const result = await handleMark(markStream(threadId, by), command, commandContext(c))
    if (result.accepted) setPosition(c, epoch, result.position)
    return c.body(null, 204)
  })
}

function downloading(app: App, deps: PostRoutesDeps): void {
  app.openapi(readAttachment, async (c) => {
    await waitForPosition(c, deps.epoch, deps.reaches)
    const { threadId, postId, documentId } = c.req.valid('param')
    if (!(await theirThread(deps, c, threadId))) return problem(c, problems.threadUnknown)
    const found = await deps.findPost(postId)
    if (found?.state.message.threadId !== threadId) return problem(c, problems.postUnknown)
    const named = found.state.message.attachments.find(({ document }) => document.documentId === documentId)
    if (!named || found.state.isWithdrawn) return problem(c, problems.documentUnknown)
    const opened = await deps.vault.getStream(documentId)
    if (typeof opened !== 'object') return problem(c, problems.documentUnknown)
    const { mediaType, size } = opened.ref
    return c.body(
      ReadableStream.from(opened.bytes),
      200,
      downloadHeaders({ mediaType, size, fileName: named.fileName }),
    )
  })
}
