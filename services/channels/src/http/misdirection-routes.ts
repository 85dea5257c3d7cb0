import { type AccessQuestion, decideAccess } from '@relais/access/decide'
import type { Actor } from '@relais/contracts/actor'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { closeMisdirection, listMisdirections, Misdirection } from '@relais/contracts/notice-routes'
import { MisdirectionOutcome, type NoticeId } from '@relais/contracts/notices'
import { type Instant, ProfessionalId } from '@relais/contracts/primitives'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { pageCursor, pageKeys } from '@relais/http/page'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import { type Kysely, sql } from 'kysely'
import type { NoticeState } from '../domain/notice.ts'
import { wardName } from '../domain/stay-history.ts'
import type { NoticeTables } from '../projections/notice-tables.ts'
import type { HandleNotice } from '../handle-notice.ts'
import { noticeProblems } from './notice-routes.ts'

type MisdirectionRoutesDeps = HttpAppDeps & {
  db: Kysely<NoticeTables>
  loadNotice: (noticeId: NoticeId) => Promise<NoticeState>
  handleNotice: HandleNotice
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  now: () => Instant
}

/** What came back with "not my patient": for the wards that sent it, and for the admissions office of their facility. */
export function misdirectionRoutes({
  db,
  loadNotice,
  handleNotice,
  epoch,
  reaches,
  now,
  ...deps
}: MisdirectionRoutesDeps) {
  const app = httpApp(deps)
  app.use(listMisdirections.path, requireScope('board:read'))
  app.use('/misdirections/*', requireScope('board:read'))
  app.openapi(listMisdirections, async (c) => {
    const { after, ...query } = c.req.valid('query')
    await waitForPosition(c, epoch, reaches)
    const keys = after === undefined ? [] : pageKeys(after)
    if (keys === undefined) return problem(c, platformProblems.invalidQuery)
    const misdirections = await readPage(db, c.get('actor'), { ...query, keys })
    const last = misdirections.length === query.limit ? misdirections.at(-1) : undefined
    const next = last && { next: pageCursor(last.returnedAt, last.noticeId) }
    return c.json({ misdirections, ...next }, 200)
  })
  app.openapi(closeMisdirection, async (c) => {
    const { noticeId } = c.req.valid('param')
    const actor = c.get('actor')
    const state = await loadNotice(noticeId)
    if (state.status !== 'sent' || !isSender(actor, state.subject, now()))
      return problem(c, noticeProblems.misdirectionUnknown)
    const { outcome } = c.req.valid('json')
    const command = { type: 'CloseMisdirection' as const, noticeId, by: actor.id, at: now(), outcome }
    const result = await handleNotice(noticeId, command, commandContext(c))
    return answerCommand(c, epoch, { result, problems: noticeProblems })
  })
  return app
}

type Sender = { stayId?: string | undefined; facility?: string | undefined; wards: readonly { code: string }[] }

function isSender(actor: Actor, { stayId, facility, wards }: Sender, at: Instant): boolean {
  if (stayId === undefined || facility === undefined) return false
  const presence = { stayId, facility, wards: wards.map(({ code }) => code), openedAt: at }
  const question: Omit<AccessQuestion, 'purpose'> = { actor, facts: { members: [], stays: [presence] }, at }
  return decideAccess({ ...question, purpose: 'coordination' }).granted
}

type Page = { status: 'open' | 'closed'; limit: number; keys: readonly string[] }

async function readPage(db: Kysely<NoticeTables>, actor: Actor, { status, limit, keys }: Page) {
  const facility = actor.organisation ?? ''
  const ofWards = db
    .selectFrom('misdirection_ward')
    .where('ward', 'in', ['', ...actor.wards.map((code) => wardName({ facility, code }))])
    .select('notice_id')
  const [returnedAt, noticeId] = keys
  let query = db
    .selectFrom('misdirection')
    .leftJoin('misdirection_closed as closed', 'closed.notice_id', 'misdirection.notice_id')
    .where('facility', '=', facility)
    .where('misdirection.patient_id', 'not in', db.selectFrom('forgotten_patient').select('patient_id'))
    .where('closed.notice_id', status === 'open' ? 'is' : 'is not', null)
  if (actor.role !== 'admissions') query = query.where('misdirection.notice_id', 'in', ofWards)
  if (returnedAt !== undefined)
    query = query.where(sql<boolean>`(returned_at, misdirection.notice_id) < (${returnedAt}, ${noticeId ?? ''})`)
  const rows = await query
    .select(['misdirection', 'closed.by', 'closed.at', 'closed.outcome'])
    .orderBy('returned_at', 'desc')
    .orderBy('misdirection.notice_id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ misdirection, by, at, outcome }): Misdirection => {
    const opened = Misdirection.parse(JSON.parse(misdirection))
    if (by === null || at === null || outcome === null) return opened
    return { ...opened, closed: { by: ProfessionalId.parse(by), at, outcome: MisdirectionOutcome.parse(outcome) } }
  })
}
