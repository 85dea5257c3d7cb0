import { decideAccess } from '@relais/access/decide'
import type { Actor } from '@relais/contracts/actor'
import type { WardBoardRow } from '@relais/contracts/boards'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { getWardBoard } from '@relais/contracts/notice-routes'
import type { Instant, PatientId, StayId } from '@relais/contracts/primitives'
import type { Standing } from '@relais/contracts/standing'
import type { Database } from '@relais/database/database'
import { repeated, type Repeated, type Run, runner, type Statement } from '@relais/database/statements'
import type { Keyring } from '@relais/events/sealing'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { pageCursor, pageKeys } from '@relais/http/page'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import { type BoardTables, wardKey } from '../projections/boards.ts'
import { type Json, readJson, receiptJoins, receiptsOf, toldColumns, type ToldRow } from '../projections/told.ts'
import { remembered } from './remembered.ts'

export type WardBoardRoutesDeps = HttpAppDeps & {
  database: Database<BoardTables>
  keyring: Keyring
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  now: () => Instant
}

const DAYS_AFTER_DISCHARGE = 3
const MILLISECONDS_PER_DAY = 86_400_000

const boardUnknown = { code: 'boardUnknown', status: 404, title: 'No such board here, or not yours to see' } as const

/** Who is in a ward, who is expected, who leaves, and what became of what others were told of them. */
export function wardBoardRoutes({ database, keyring, epoch, reaches, now, ...deps }: WardBoardRoutesDeps) {
  const app = httpApp(deps)
  const run = runner(database.kind)
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
    const stays = await readStays(run, database, { ward, since, keys, limit })
    const known = await remembered(keyring, stays)
    const told = Map.groupBy(await readTold(run, database, known), ({ stay_id }) => stay_id)
    const rows = known.map((stay) => rowOf(stay, ward, told.get(stay.stay_id) ?? []))
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

type Page = { ward: string; since: string; keys: readonly string[]; limit: number }
type StayRow = {
  stay_id: StayId
  patient_id: PatientId
  medical_ward: string | null
  care_ward: string | null
  board_order: string
  standing: Json<Standing>
}

async function readStays(run: Run, { db }: Database<BoardTables>, { ward, since, keys, limit }: Page) {
  // Every row comes after empty keys.
  const [order = '', stayId = ''] = keys
  const parameters = [ward, since, ward, since, ward, since, order, stayId, limit]
  return (await run(db, staysOf, parameters)).rows
}

const staysOf: Statement<StayRow> = `
  select stay_id, patient_id, medical_ward, care_ward, board_order, standing
  from board_stay
  where ((medical_ward = ? and ends_at > ?) or (care_ward = ? and ends_at > ?) or (awaited_ward = ? and ends_at > ?))
    and (board_order, stay_id) > (?, ?)
  order by board_order, stay_id limit cast(? as integer)`

async function readTold(run: Run, { db }: Database<BoardTables>, stays: readonly StayRow[]) {
  if (stays.length === 0) return []
  const ids = stays.map(({ stay_id }) => stay_id)
  return (await run(db, toldOf(ids.length), ids)).rows
}

const toldOf: Repeated<ToldRow & { stay_id: StayId }> = repeated(
  `select ${toldColumns}, item.stay_id from inbox_item as item ${receiptJoins} where item.stay_id in (`,
  '?',
  ') order by item.recipient',
)

function rowOf(stay: StayRow, ward: string, told: readonly ToldRow[]): WardBoardRow {
  const standing = readJson(stay.standing)
  const departureAt = standing.plannedTransfer?.at ?? standing.expectedDischargeAt
  return {
    stayId: stay.stay_id,
    patientId: stay.patient_id,
    group: groupOf(standing, stay.medical_ward === ward || stay.care_ward === ward),
    ...(departureAt !== undefined && { departureAt }),
    standing,
    notices: told.map((row) => ({
      noticeId: row.notice_id,
      recipient: row.recipient,
      role: row.role,
      nature: row.nature,
      receipts: receiptsOf(row),
    })),
  }
}

function groupOf({ status }: Standing, isHeld: boolean): WardBoardRow['group'] {
  if (status === 'discharged') return 'left'
  if (!isHeld || status === 'expected') return 'expected'
  return status === 'onLeave' ? 'onLeave' : 'present'
}
