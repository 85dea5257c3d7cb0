import { decideAccess, decisionInstant } from '@relais/access/decide'
import { loadFactsOf } from '@relais/access/facts'
import { isForgotten, peopleOf } from '@relais/access/links'
import { mayAnswerFor } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import type { EhpadBoardRow } from '@relais/contracts/boards'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { getEhpadBoard } from '@relais/contracts/notice-routes'
import type { Instant, PatientId, StayId } from '@relais/contracts/primitives'
import type { ResidentId } from '@relais/contracts/residents'
import type { Standing } from '@relais/contracts/standing'
import type { Database } from '@relais/database/database'
import { repeated, type Repeated, type Run, runner, type Statement } from '@relais/database/statements'
import type { Keyring } from '@relais/events/sealing'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { pageCursor, pageKeys } from '@relais/http/page'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import { type KnownStay, whereabouts } from '../domain/whereabouts.ts'
import type { BoardTables } from '../projections/boards.ts'
import { type Json, readJson } from '../projections/told.ts'

export type EhpadBoardRoutesDeps = HttpAppDeps & {
  database: Database<BoardTables>
  keyring: Keyring
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  now: () => Instant
}

const boardUnknown = { code: 'boardUnknown', status: 404, title: 'No such board here, or not yours to see' } as const

/** Where the residents of an EHPAD are, as far as its people may know. */
export function ehpadBoardRoutes({ epoch, reaches, ...deps }: EhpadBoardRoutesDeps) {
  const app = httpApp(deps)
  const run = runner(deps.database.kind)
  app.use('/boards/ehpad/:finess', requireScope('board:read'))
  app.openapi(getEhpadBoard, async (c) => {
    const { finess } = c.req.valid('param')
    const { after, limit } = c.req.valid('query')
    const actor = c.get('actor')
    const isTheirs = mayAnswerFor(actor, `finess:${finess}`)
    deps.log.info(
      { actorId: actor.id, kind: 'ehpadBoard', outcome: isTheirs ? 'ownRegister' : 'noRelation' },
      'access decided',
    )
    if (!isTheirs) return problem(c, boardUnknown)
    await waitForPosition(c, epoch, reaches)
    const [from = ''] = (after === undefined ? [''] : pageKeys(after)) ?? [undefined]
    if (after !== undefined && from === '') return problem(c, platformProblems.invalidQuery)
    const { rows } = await run(deps.database.db, residentsOf, [finess, from, limit])
    const residents = [...Map.groupBy(rows, ({ resident_id }) => resident_id).values()].flatMap(residentIn)
    const known = await visibleStays({ ...deps, run }, actor, residents)
    const last = residents.length === limit ? residents.at(-1) : undefined
    const next = last && { next: pageCursor(last.residentId) }
    return c.json({ rows: residents.map((resident) => rowOf(resident, known)), ...next }, 200)
  })
  return app
}

type ResidentRow = { resident_id: ResidentId; entered_at: Instant; room: string | null; patient_id: PatientId | null }
/** A resident, and the numbers under which he or she was matched. */
type Resident = { residentId: ResidentId; enteredAt: Instant; room: string | null; patientIds: readonly PatientId[] }

const residentsOf: Statement<ResidentRow> = `
  select resident.resident_id, resident.entered_at, place.room, known.patient_id
  from (
    select resident_id, entered_at from resident
    where ehpad = ? and resident_id > ? order by resident_id limit cast(? as integer)
  ) as resident
  left join resident_room as place on place.resident_id = resident.resident_id
  left join resident_match as known on known.resident_id = resident.resident_id
  order by resident.resident_id, known.patient_id`

function residentIn(rows: readonly ResidentRow[]): Resident[] {
  const [first] = rows
  if (first === undefined) return []
  const { resident_id, entered_at, room } = first
  const patientIds = rows.flatMap(({ patient_id }) => patient_id ?? [])
  return [{ residentId: resident_id, enteredAt: entered_at, room, patientIds }]
}

type Visible = Pick<EhpadBoardRoutesDeps, 'database' | 'keyring' | 'now'> & { run: Run }

/** What may be said of a number: its stays, of none where the people of this EHPAD may not see the person. */
type Known = ReadonlyMap<PatientId, readonly KnownStay[]>

/** By number, those that were not forgotten, each with the stays of its person that are known now. */
async function visibleStays(
  { database, keyring, now, run }: Visible,
  actor: Actor,
  residents: readonly Resident[],
): Promise<Known> {
  const matched = residents.flatMap(({ patientIds }) => patientIds)
  const person = await peopleOf(database.db, matched)
  const remembered = await rememberedAmong(keyring, new Set(matched.flatMap((id) => person(id).ids)))
  const kept = matched
    .filter((id) => remembered.has(id))
    .map((id) => ({ id, ids: person(id).ids.filter((each) => remembered.has(each)) }))
  const stays = await readStays(
    { database, run },
    kept.flatMap(({ ids }) => ids),
  )
  const maySee = async (ids: readonly string[]) => {
    const facts = await loadFactsOf(database.db, ids)
    return decideAccess({ actor, facts, purpose: 'care', at: decisionInstant(facts, now()) }).granted
  }
  const visible = kept.map(async ({ id, ids }) => {
    const own = stays.filter(({ patientId }) => ids.includes(patientId))
    return [id, own.length > 0 && (await maySee(ids)) ? own : []] as const
  })
  return new Map(await Promise.all(visible))
}

/** A number of which nothing was ever said has no key: there is nothing to forget. */
async function rememberedAmong(keyring: Keyring, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const known = await Promise.all([...ids].map(async (id) => ((await isForgotten(keyring, id)) ? [] : [id])))
  return new Set(known.flat())
}

async function readStays(
  { database, run }: Pick<Visible, 'database' | 'run'>,
  patientIds: readonly string[],
): Promise<KnownStay[]> {
  if (patientIds.length === 0) return []
  const { rows } = await run(database.db, currentStaysOf(patientIds.length), patientIds)
  return rows.map(({ stay_id, patient_id, standing }) => ({
    stayId: stay_id,
    patientId: patient_id,
    standing: readJson(standing),
  }))
}

const currentStaysOf: Repeated<{ stay_id: StayId; patient_id: PatientId; standing: Json<Standing> }> = repeated(
  'select stay_id, patient_id, standing from board_stay where is_current = 1 and confidential = 0 and patient_id in (',
  '?',
  ') order by stay_id',
)

function rowOf({ residentId, enteredAt, room, patientIds }: Resident, known: Known): EhpadBoardRow {
  const numbers = patientIds.filter((id) => known.has(id))
  // Of the numbers of one person, each has the stays of all.
  const stays = new Map(numbers.flatMap((id) => known.get(id) ?? []).map((stay) => [stay.stayId, stay]))
  const there = whereabouts([...stays.values()])
  const held = [...stays.values()].find(({ stayId }) => stayId === there.stayId)?.patientId
  const patientId = numbers.find((id) => id === held) ?? numbers[0]
  return {
    residentId,
    enteredAt,
    ...(room !== null && { room }),
    ...(patientId !== undefined && { patientId }),
    ...there,
  }
}
