import { recipientsOf } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import { expectedOf, type InboxItem } from '@relais/contracts/boards'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { getInbox } from '@relais/contracts/notice-routes'
import type { Instant, PatientId, StayId } from '@relais/contracts/primitives'
import type { Standing } from '@relais/contracts/standing'
import type { Database } from '@relais/database/database'
import { repeated, type Repeated, runner } from '@relais/database/statements'
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
import { type Json, readJson, receiptJoins, receiptsOf, toldColumns, type ToldRow } from '../projections/told.ts'
import { remembered } from './remembered.ts'

export type InboxRoutesDeps = HttpAppDeps & {
  database: Database<BoardTables>
  keyring: Keyring
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  handleShown: (id: string, command: ShowNotice, context: CommandContext) => Promise<object>
  now: () => Instant
}

/** What somebody was told, one item for each stay. What is given here has reached a device, and its sender learns so. */
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
    const recipients = recipientsOf(actor)
    // Every row comes after empty keys.
    const [at = '', stayId = '', recipient = ''] = keys
    const parameters = [...recipients, at, stayId, recipient, limit]
    const { rows } = await run(database.db, pages[status](recipients.length), parameters)
    const items = (await remembered(keyring, rows)).map((row) => itemOf(row))
    deps.log.info({ actorId: actor.id, kind: 'inbox', outcome: 'ownInbox' }, 'access decided')
    await markShown(items, actor, commandContext(c))
    const last = rows.length === limit ? rows.at(-1) : undefined
    return c.json({ items, ...(last && { next: pageCursor(last.page_order, last.stay_id, last.recipient) }) }, 200)
  })
  return app

  /** MUST NOT keep the page from its reader: what could not be recorded is recorded with the next page. */
  async function markShown(items: readonly InboxItem[], actor: Actor, context: CommandContext): Promise<void> {
    const shown = items.filter(({ receipts }) => !receipts.delivered)
    const recorded = shown.map(({ noticeId, patientId }) => {
      const details = { noticeId, patientId, by: actor.id, shownAt: now() }
      return handleShown(noticeId, { type: 'ShowNotice', details }, context)
    })
    for (const result of await Promise.allSettled(recorded))
      if (result.status === 'rejected')
        deps.log.warn({ error: result.reason }, 'a page was given, and its delivery could not be recorded')
  }
}

type ItemRow = ToldRow & {
  patient_id: PatientId
  stay_id: StayId
  happened_at: Instant
  standing: Json<Standing>
  changed: Json<string[]>
  page_order: string
}

/**
 * A page of the items of so many recipients, without stays that are confidential and without patients who are not the
 * recipient's. What keeps an item out is asked first, its receipts for the page only: most items of an inbox are done.
 */
const pages: Record<InboxItem['status'], Repeated<ItemRow>> = {
  open: pageFrom({
    tables: 'open_item as listed join inbox_item as told using (recipient, stay_id)',
    order: 'listed.due_order',
    among: 'told.notice_id = listed.notice_id',
  }),
  done: pageFrom({
    tables: 'inbox_item as told',
    order: 'recent_order',
    among: "exists (select 1 from notice_receipt where notice_id = told.notice_id and receipt = 'acted')",
  }),
}

function pageFrom({ tables, order, among }: Record<'tables' | 'order' | 'among', string>): Repeated<ItemRow> {
  return repeated(
    `select ${toldColumns}, item.patient_id, item.stay_id, item.happened_at, item.standing, item.changed, item.page_order
    from (
      select told.notice_id, recipient, role, nature, sent_at, patient_id, stay_id, happened_at, standing, changed,
        ${order} as page_order
      from ${tables}
      where recipient in (`,
    '?',
    `) and (${order}, stay_id, recipient) > (?, ?, ?)
        and ${among}
        and not exists (
          select 1 from returned_patient as back
          where back.recipient = told.recipient and back.patient_id = told.patient_id and back.position > told.position)
        and not exists (select 1 from board_stay where board_stay.stay_id = told.stay_id and confidential = 1)
      order by ${order}, stay_id, recipient limit cast(? as integer)
    ) as item
    ${receiptJoins}
    order by item.page_order, item.stay_id, item.recipient`,
  )
}

function itemOf(row: ItemRow): InboxItem {
  const { nature, role } = row
  const standing = readJson(row.standing)
  const receipts = receiptsOf(row)
  return {
    noticeId: row.notice_id,
    recipient: row.recipient,
    role,
    patientId: row.patient_id,
    stayId: row.stay_id,
    nature,
    happenedAt: row.happened_at,
    standing,
    changed: readJson(row.changed),
    expected: expectedOf({ nature, standing, role }),
    receipts,
    status: receipts.acted ? 'done' : 'open',
  }
}
