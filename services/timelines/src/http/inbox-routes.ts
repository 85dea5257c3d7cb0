import { recipientsOf } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import { expectedOf, InboxItem } from '@relais/contracts/boards'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { getInbox } from '@relais/contracts/notice-routes'
import type { Instant } from '@relais/contracts/primitives'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { Keyring } from '@relais/events/sealing'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { pageCursor, pageKeys } from '@relais/http/page'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import { type Kysely, sql } from 'kysely'
import type { ShowNotice } from '../domain/shown.ts'
import type { BoardTables } from '../projections/boards.ts'
import { isReturned, receiptsOf, type ToldRow, toldWithReceipts } from '../projections/told.ts'

export type InboxRoutesDeps = HttpAppDeps & {
  db: Kysely<BoardTables>
  keyring: Keyring
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  handleShown: (id: string, command: ShowNotice, context: CommandContext) => Promise<object>
  now: () => Instant
}

/** What somebody was told, one item for each stay. What is given here has reached a device, and its sender learns so. */
export function inboxRoutes({ db, keyring, epoch, reaches, handleShown, now, ...deps }: InboxRoutesDeps) {
  const app = httpApp(deps)
  app.use(getInbox.path, requireScope('inbox:read'))
  app.openapi(getInbox, async (c) => {
    const { after, ...query } = c.req.valid('query')
    await waitForPosition(c, epoch, reaches)
    const keys = after === undefined ? [] : pageKeys(after)
    if (keys === undefined) return problem(c, platformProblems.invalidQuery)
    const actor = c.get('actor')
    const rows = await readPage(db, actor, { ...query, keys })
    const items = []
    // The rows of a forgotten patient stay in the view until it is built again.
    for (const row of rows) if (await keyring.openingKey(row.patient_id)) items.push(itemOf(row))
    deps.log.info({ actorId: actor.id, kind: 'inbox', outcome: 'ownInbox' }, 'access decided')
    await markShown(items, actor, commandContext(c))
    const last = rows.length === query.limit ? rows.at(-1) : undefined
    const next = last && { next: pageCursor(orderOf(query.status, last), last.stay_id, last.recipient) }
    return c.json({ items, ...next }, 200)
  })
  return app

  /** MUST NOT keep the page from its reader: what could not be recorded is recorded with the next page. */
  async function markShown(items: readonly InboxItem[], actor: Actor, context: CommandContext): Promise<void> {
    for (const { noticeId, patientId, receipts } of items) {
      if (receipts.delivered) continue
      const details = { noticeId, patientId, by: actor.id, shownAt: now() }
      await handleShown(noticeId, { type: 'ShowNotice', details }, context).catch((error: unknown) =>
        deps.log.warn({ error }, 'a page was given, and its delivery could not be recorded'),
      )
    }
  }
}

type Page = { status: InboxItem['status']; limit: number; keys: readonly string[] }

const orderOf = (status: InboxItem['status'], row: ToldRow) => (status === 'open' ? row.due_order : row.recent_order)

/** Stays that are confidential, and patients who are not the recipient's, are left out. */
function readPage(db: Kysely<BoardTables>, actor: Actor, { status, limit, keys }: Page) {
  const order = status === 'open' ? ('item.due_order' as const) : ('item.recent_order' as const)
  const confidential = db
    .selectFrom('board_stay')
    .where('board_stay.stay_id', '=', sql<string>`item.stay_id`)
    .where('confidential', '=', 1)
    .select('board_stay.stay_id')
  const base = toldWithReceipts(db)
    .where('item.recipient', 'in', recipientsOf(actor))
    .where('acted.notice_id', status === 'open' ? 'is' : 'is not', null)
    .where(({ not, exists }) => not(exists(isReturned(db))))
    .where(({ not, exists }) => not(exists(confidential)))
  const [at, stayId, recipient] = keys
  const beyond = sql<boolean>`(${sql.ref(order)}, item.stay_id, item.recipient) > (${at}, ${stayId}, ${recipient})`
  return (recipient === undefined ? base : base.where(beyond))
    .orderBy(order)
    .orderBy('item.stay_id')
    .orderBy('item.recipient')
    .limit(limit)
    .execute()
}

/** Made once: a schema is compiled by the first value that it reads. */
const Told = InboxItem.omit({ expected: true, receipts: true, status: true })

function itemOf(row: ToldRow): InboxItem {
  const receipts = receiptsOf(row)
  const told = Told.parse({
    noticeId: row.notice_id,
    recipient: row.recipient,
    role: row.role,
    patientId: row.patient_id,
    stayId: row.stay_id,
    nature: row.nature,
    happenedAt: row.happened_at,
    standing: parsed(row.standing),
    changed: parsed(row.changed),
  })
  return { ...told, expected: expectedOf(told), receipts, status: receipts.acted ? 'done' : 'open' }
}

const parsed = (text: string): unknown => JSON.parse(text)
