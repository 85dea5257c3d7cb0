import { queuesOf, recipientsOf } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { getInbox } from '@relais/contracts/notice-routes'
import type { Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { runner } from '@relais/database/statements'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { Keyring } from '@relais/events/sealing'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { pageCursor, pageKeys } from '@relais/http/page'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import type { ShowNotice } from '../domain/shown.ts'
import type { BoardTables } from '../projections/boards.ts'
import { afterOf, type Listed, type PageKeys, stayItem, stayPages, workItem, workPages } from '../projections/inbox.ts'
import { remembered } from './remembered.ts'

export type InboxRoutesDeps = HttpAppDeps & {
  database: Database<BoardTables>
  keyring: Keyring
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  handleShown: (id: string, command: ShowNotice, context: CommandContext) => Promise<object>
  now: () => Instant
}

/**
 * What somebody was told, one item for each stay, and is asked, one for each referral and step, in one list. What is given
 * here has reached a device, and its sender learns so.
 */
export function inboxRoutes({ database, keyring, epoch, reaches, handleShown, now, ...deps }: InboxRoutesDeps) {
  const app = httpApp(deps)
  const run = runner(database.kind)
  app.use(getInbox.path, requireScope('inbox:read'))
  app.openapi(getInbox, async (c) => {
    const { after, status, limit } = c.req.valid('query')
    await waitForPosition(c, epoch, reaches)
    const keys = after === undefined ? [] : pageKeys(after)
    if (keys === undefined) return problem(c, platformProblems.invalidQuery)
    const actor = c.get('actor')
    const listed = await readPage(actor, { status, limit, keys })
    const kept = await remembered(keyring, listed)
    deps.log.info({ actorId: actor.id, kind: 'inbox', outcome: 'ownInbox' }, 'access decided')
    await markShown(kept, actor, commandContext(c))
    const last = listed.length === limit ? listed.at(-1) : undefined
    return c.json({ items: kept.map(({ item }) => item), ...(last && { next: pageCursor(...last.keys) }) }, 200)
  })
  return app

  /** Stays are for those who give care, what is asked also for those who sort a queue. */
  async function readPage(actor: Actor, { status, limit, keys }: Page): Promise<Listed[]> {
    const [told, asked] = [recipientsOf(actor), queuesOf(actor)]
    const [stays, work] = await Promise.all([
      run(database.db, stayPages[status](told.length), [...told, ...afterOf('stay', keys), limit]),
      run(database.db, workPages[status](asked.length), [...asked, ...afterOf('work', keys), limit]),
    ])
    const own = stays.rows.map((row) => stayItem(row))
    if (work.rows.length === 0) return own
    return [...own, ...work.rows.map((row) => workItem(row))].toSorted(inOrder).slice(0, limit)
  }

  /** MUST NOT keep the page from its reader: what could not be recorded is recorded with the next page. */
  async function markShown(listed: readonly Listed[], actor: Actor, context: CommandContext): Promise<void> {
    const recorded = listed.flatMap(({ patient_id: patientId, item: { noticeId, receipts } }) => {
      if (noticeId === undefined || receipts?.delivered) return []
      const details = { noticeId, patientId, by: actor.id, shownAt: now() }
      return handleShown(noticeId, { type: 'ShowNotice', details }, context)
    })
    for (const result of await Promise.allSettled(recorded))
      if (result.status === 'rejected')
        deps.log.warn({ error: result.reason }, 'a page was given, and its delivery could not be recorded')
  }
}

type Page = { status: 'open' | 'done'; limit: number; keys: readonly string[] }

function inOrder({ keys: one }: { keys: PageKeys }, { keys: other }: { keys: PageKeys }): number {
  const index = one.findIndex((key, at) => key !== other[at])
  const [left = '', right = ''] = [one[index], other[index]]
  return left < right ? -1 : Number(left > right)
}
