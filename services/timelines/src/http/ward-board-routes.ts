import { decideAccess } from '@relais/access/decide'
import type { Actor } from '@relais/contracts/actor'
import { WardBoardRow } from '@relais/contracts/boards'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { getWardBoard } from '@relais/contracts/notice-routes'
import type { Instant } from '@relais/contracts/primitives'
import { Standing } from '@relais/contracts/stays'
import type { Keyring } from '@relais/events/sealing'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { pageCursor, pageKeys } from '@relais/http/page'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import { type Kysely, sql } from 'kysely'
import { type BoardTables, wardKey } from '../projections/boards.ts'
import { receiptsOf, type ToldRow, toldWithReceipts } from '../projections/told.ts'

export type WardBoardRoutesDeps = HttpAppDeps & {
  db: Kysely<BoardTables>
  keyring: Keyring
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  now: () => Instant
}

const DAYS_AFTER_DISCHARGE = 3
const MILLISECONDS_PER_DAY = 86_400_000

const boardUnknown = { code: 'boardUnknown', status: 404, title: 'No such board here, or not yours to see' } as const

/** Who is in a ward, who is expected, who leaves, and what became of what others were told of them. */
export function wardBoardRoutes({ db, keyring, epoch, reaches, now, ...deps }: WardBoardRoutesDeps) {
  const app = httpApp(deps)
  app.use('/boards/ward/:code', requireScope('board:read'))
  app.openapi(getWardBoard, async (c) => {
    const { code } = c.req.valid('param')
    const { after, limit } = c.req.valid('query')
    const actor = c.get('actor')
    const ward = wardOf(actor, code, now())
    deps.log.info(
      { actorId: actor.id, kind: 'wardBoard', outcome: ward ? 'establishmentTeam' : 'noRelation' },
      'access decided',
    )
    if (ward === undefined) return problem(c, boardUnknown)
    await waitForPosition(c, epoch, reaches)
    const keys = after === undefined ? [] : pageKeys(after)
    if (keys === undefined) return problem(c, platformProblems.invalidQuery)
    const since = new Date(Date.parse(now()) - DAYS_AFTER_DISCHARGE * MILLISECONDS_PER_DAY).toISOString()
    const stays = await readStays(db, ward, { since, keys, limit })
    const told = Map.groupBy(await readTold(db, stays), ({ stay_id }) => stay_id)
    const rows = []
    // The rows of a forgotten patient stay in the view until it is built again.
    for (const stay of stays)
      if (await keyring.openingKey(stay.patient_id)) rows.push(rowOf(stay, ward, told.get(stay.stay_id) ?? []))
    const last = stays.length === limit ? stays.at(-1) : undefined
    return c.json({ rows, ...(last && { next: pageCursor(last.board_order, last.stay_id) }) }, 200)
  })
  return app
}

/** One of the actor's own wards, for who gives care there. */
function wardOf(actor: Actor, code: string, at: Instant): string | undefined {
  const { organisation: facility } = actor
  if (facility === undefined) return undefined
  const presence = { stayId: '', facility, wards: [code], openedAt: at }
  const { granted } = decideAccess({ actor, facts: { members: [], stays: [presence] }, purpose: 'care', at })
  return granted ? wardKey({ facility, code }) : undefined
}

type Page = { since: string; keys: readonly string[]; limit: number }
type StayRow = BoardTables['board_stay']

async function readStays(db: Kysely<BoardTables>, ward: string, { since, keys, limit }: Page): Promise<StayRow[]> {
  const [order, stayId = ''] = keys
  const base = db
    .selectFrom('board_stay')
    .selectAll()
    .where(({ or, and, eb }) =>
      or(
        (['medical_ward', 'care_ward', 'awaited_ward'] as const).map((place) =>
          and([eb(place, '=', ward), eb('ends_at', '>', since)]),
        ),
      ),
    )
  const page = order === undefined ? base : base.where(sql<boolean>`(board_order, stay_id) > (${order}, ${stayId})`)
  return page.orderBy('board_order').orderBy('stay_id').limit(limit).execute()
}

async function readTold(db: Kysely<BoardTables>, stays: readonly StayRow[]): Promise<ToldRow[]> {
  if (stays.length === 0) return []
  const ids = stays.map(({ stay_id }) => stay_id)
  return toldWithReceipts(db).where('item.stay_id', 'in', ids).orderBy('item.recipient').execute()
}

function rowOf(stay: StayRow, ward: string, told: readonly ToldRow[]): WardBoardRow {
  const standing = Standing.parse(JSON.parse(stay.standing))
  const departureAt = standing.plannedTransfer?.at ?? standing.expectedDischargeAt
  return WardBoardRow.parse({
    stayId: stay.stay_id,
    patientId: stay.patient_id,
    group: groupOf(standing, stay.medical_ward === ward || stay.care_ward === ward),
    ...(departureAt === undefined ? {} : { departureAt }),
    standing,
    notices: told.map((row) => ({
      noticeId: row.notice_id,
      recipient: row.recipient,
      role: row.role,
      nature: row.nature,
      receipts: receiptsOf(row),
    })),
  })
}

function groupOf({ status }: Standing, isHeld: boolean): WardBoardRow['group'] {
  if (status === 'discharged') return 'left'
  if (!isHeld || status === 'expected') return 'expected'
  return status === 'onLeave' ? 'onLeave' : 'present'
}
