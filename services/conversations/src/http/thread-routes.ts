import { mayAnswerFor } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import {
  addThreadMember,
  closeThread,
  listThreads,
  openThread,
  readThread,
  removeThreadMember,
  renameThread,
  type ThreadView,
} from '@relais/contracts/conversation-routes'
import { DeviceId, PostId, type ThreadEvent, type ThreadId } from '@relais/contracts/conversations'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { type Instant, ProfessionalId } from '@relais/contracts/primitives'
import type { CommandContext } from '@relais/event-store/command-handler'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { pageCursor, pageKeys } from '@relais/http/page'
import { waitForPosition } from '@relais/http/position'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext, type RequestEnv } from '@relais/http/request-context'
import type { Context } from 'hono'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { ThreadAccess } from '../access.ts'
import type { KnownThread, ThreadCommand, ThreadRejection } from '../domain/thread.ts'
import type { FindThread } from '../known-threads.ts'
import type { Handled } from '../posting.ts'
import type { ConversationTables } from '../projections/tables.ts'
import { type Reading, summaryOf } from '../reading.ts'

export const threadProblems = {
  threadUnknown: { code: 'threadUnknown', status: 404, title: 'No such thread, or not yours' },
  threadIdReused: { code: 'threadIdReused', status: 409, title: 'This id belongs to another thread' },
  threadClosed: { code: 'threadClosed', status: 409, title: 'The thread is closed' },
  membersNotNamed: { code: 'membersNotNamed', status: 409, title: 'Who is in this thread is not for anybody to say' },
  threadFull: { code: 'threadFull', status: 409, title: 'The thread has as many members as it can have' },
  lastMember: { code: 'lastMember', status: 409, title: 'Nobody would be left in the thread: close it' },
  notYoursToChange: { code: 'notYoursToChange', status: 403, title: 'This is for who opened the thread' },
  patientUnknown: { code: 'patientUnknown', status: 404, title: 'No such patient here, or not yours to see' },
} as const satisfies Record<ThreadRejection['code'] | 'patientUnknown', ProblemKind>

export type ThreadRoutesDeps = HttpAppDeps & {
  db: Kysely<ConversationTables>
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  access: Pick<ThreadAccess, 'mayTakePart' | 'maySeePatient'>
  findThread: FindThread
  reading: Reading
  handleThread: (id: string, command: ThreadCommand, context: CommandContext) => Promise<Handled<ThreadRejection>>
  now: () => Instant
}

type App = ReturnType<typeof httpApp>
type Act = Context<RequestEnv>

/** Threads, and who is in them. One that is not the actor's is answered like one that nobody knows. */
export function threadRoutes(deps: ThreadRoutesDeps) {
  const app = httpApp(deps)
  app.on('GET', '/threads/*', requireScope('thread:read'))
  app.on(['POST', 'PUT', 'DELETE'], '/threads/*', requireScope('thread:write'))
  showing(app, deps)
  opening(app, deps)
  changing(app, deps)
  return app
}

function showing(app: App, { db, epoch, reaches, reading, access, findThread }: ThreadRoutesDeps): void {
  app.openapi(listThreads, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const { after, limit } = c.req.valid('query')
    const before = positionAfter(after)
    if (before === null) return problem(c, platformProblems.invalidQuery)
    const actor = c.get('actor')
    const { threads, next } = await reading.threads(actor, { before, limit })
    const preference = await reading.preferenceOf(actor.id)
    const summaries = threads.map((row) => summaryOf(row, preference))
    return c.json({ threads: summaries, ...(next === undefined ? {} : { next: pageCursor(String(next)) }) }, 200)
  })
  app.openapi(readThread, async (c) => {
    await waitForPosition(c, epoch, reaches)
    const { threadId } = c.req.valid('param')
    const thread = await findThread(threadId)
    if (!thread || !(await access.mayTakePart(c.get('actor'), { ...thread, ...thread.subject })))
      return problem(c, threadProblems.threadUnknown)
    const { kind, by, title, members, openedAt, closedAt, subject } = thread
    const { patientId } = subject
    const view = { threadId, kind, by, title, members: [...members], openedAt, marks: await marksOf(db, threadId) }
    const about = patientId === undefined ? {} : { patientId }
    return c.json({ ...view, ...about, ...(closedAt === undefined ? {} : { closedAt }) }, 200)
  })
}

async function marksOf(db: Kysely<ConversationTables>, threadId: ThreadId): Promise<ThreadView['marks']> {
  const query = db.selectFrom('thread_mark').where('thread_id', '=', threadId).selectAll()
  const people = Map.groupBy(await query.orderBy('person').orderBy('place').execute(), ({ person }) => person)
  return [...people].map(([person, rows]) => {
    // Of several devices, what reached any: the last one stands.
    const marks = rows.map((row) => [row.receipt, markOf(row)] as const)
    const named = rows.filter(({ device }) => device !== '')
    const devices = named.map((row) => ({ device: DeviceId.parse(row.device), ...markOf(row) }))
    return { by: ProfessionalId.parse(person), ...Object.fromEntries(marks), devices }
  })
}

const markOf = ({ post_id, at }: { post_id: string; at: string }) => ({ upTo: PostId.parse(post_id), at })

/** Where a page before this cursor ends; `null` for what is no cursor. */
export function positionAfter(after: string | undefined): number | undefined | null {
  if (after === undefined) return undefined
  const [position] = pageKeys(after) ?? []
  return position !== undefined && /^\d{1,16}$/.test(position) ? Number(position) : null
}

type Opening = z.infer<(typeof openThread)['request']['body']['content']['application/json']['schema']>

function opening(app: App, { epoch, access, handleThread, now }: ThreadRoutesDeps): void {
  app.openapi(openThread, async (c) => {
    const { threadId } = c.req.valid('param')
    const asked = c.req.valid('json')
    const actor = c.get('actor')
    const patientId = 'patientId' in asked ? asked.patientId : undefined
    if (patientId !== undefined && !(await access.maySeePatient(actor, patientId)))
      return problem(c, threadProblems.patientUnknown)
    const { kind, title } = asked
    const subject = { threadId, keyOwner: patientId ?? threadId, ...(patientId === undefined ? {} : { patientId }) }
    const said = { kind, title, members: membersOf(asked, actor), by: actor.id, openedAt: now() }
    const details: Extract<ThreadEvent, { type: 'ThreadOpened' }>['data'] = { ...subject, ...said }
    const result = await handleThread(threadId, { type: 'OpenThread', details }, commandContext(c))
    return answerCommand(c, epoch, { result, problems: threadProblems })
  })
}

/** Whoever opens a thread is in it: in person, or as one of a team that is. */
function membersOf(asked: Opening, actor: Actor): ProfessionalId[] {
  if (!('members' in asked)) return []
  const members = [...new Set(asked.members)]
  const isIn = asked.kind === 'wardCommunity' && members.some((member) => mayAnswerFor(actor, member))
  return isIn || members.includes(actor.id) ? members : [...members, actor.id]
}

/** What is asked of a thread by somebody who is in it. */
type Asked =
  | { type: 'AddMember'; member: ProfessionalId }
  | { type: 'RemoveMember'; member: ProfessionalId; ofOneself: boolean }
  | { type: 'Rename'; title: string }
  | { type: 'Close' }

function changing(app: App, { epoch, access, findThread, handleThread, now }: ThreadRoutesDeps): void {
  const change = async (c: Act, threadId: ThreadId, asked: (thread: KnownThread) => Asked) => {
    const actor = c.get('actor')
    const thread = await findThread(threadId)
    if (!thread || !(await access.mayTakePart(actor, { ...thread, ...thread.subject })))
      return problem(c, threadProblems.threadUnknown)
    const command: ThreadCommand = { ...asked(thread), threadId, by: actor.id, at: now() }
    const result = await handleThread(threadId, command, commandContext(c))
    return answerCommand(c, epoch, { result, problems: threadProblems })
  }
  app.openapi(addThreadMember, (c) => {
    const { threadId, member } = c.req.valid('param')
    return change(c, threadId, () => ({ type: 'AddMember', member }))
  })
  app.openapi(removeThreadMember, (c) => {
    const { threadId, member } = c.req.valid('param')
    const ofOneself = mayAnswerFor(c.get('actor'), member)
    return change(c, threadId, () => ({ type: 'RemoveMember', member, ofOneself }))
  })
  app.openapi(renameThread, (c) => {
    const { title } = c.req.valid('json')
    return change(c, c.req.valid('param').threadId, () => ({ type: 'Rename', title }))
  })
  app.openapi(closeThread, (c) => change(c, c.req.valid('param').threadId, () => ({ type: 'Close' })))
}
