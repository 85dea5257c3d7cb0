import { decideAccess, decisionInstant } from '@relais/access/decide'
import { loadFactsOf } from '@relais/access/facts'
import { peopleOf } from '@relais/access/links'
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
import { remembered } from './remembered.ts'

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
    const { rows: residents } = await run(deps.database.db, residentsOf, [finess, from, limit])
    const known = await visibleStays({ ...deps, run }, actor, residents)
    const last = residents.length === limit ? residents.at(-1) : undefined
    const next = last && { next: pageCursor(last.resident_id) }
    return c.json({ rows: residents.map((resident) => rowOf(resident, known)), ...next }, 200)
  })
  return app
}

type ResidentRow = { resident_id: ResidentId; entered_at: Instant; room: string | null; patient_id: PatientId | null }

const residentsOf: Statement<ResidentRow> = `
  select resident.resident_id, resident.entered_at, place.room, known.patient_id
  from resident
  left join resident_room as place on place.resident_id = resident.resident_id
  left join resident_match as known on known.resident_id = resident.resident_id
  where resident.ehpad = ? and resident.resident_id > ?
  order by resident.resident_id limit cast(? as integer)`

type Visible = Pick<EhpadBoardRoutesDeps, 'database' | 'keyring' | 'now'> & { run: Run }

/** By patient: the stays that are known now, of those whom the people of this EHPAD may see. */
async function visibleStays(
  { database, keyring, now, run }: Visible,
  actor: Actor,
  residents: readonly ResidentRow[],
): Promise<ReadonlyMap<string, readonly KnownStay[]>> {
  const patientIds = residents.flatMap(({ patient_id }) => patient_id ?? [])
  const person = await peopleOf(database.db, patientIds)
  const stays = await readStays(
    { database, run },
    patientIds.flatMap((id) => person(id).ids),
  )
  const maySee = async (ids: readonly string[]) => {
    const facts = await loadFactsOf(database.db, ids)
    return decideAccess({ actor, facts, purpose: 'care', at: decisionInstant(facts, now()) }).granted
  }
  const told = patientIds.flatMap((patient_id) => {
    const { ids } = person(patient_id)
    const own = stays.filter(({ patientId }) => ids.includes(patientId))
    return own.length === 0 ? [] : { patient_id, ids, own }
  })
  const visible = await Promise.all(
    (await remembered(keyring, told)).map(async (one) => ((await maySee(one.ids)) ? [one] : [])),
  )
  return new Map(visible.flat().map(({ patient_id, own }) => [patient_id, own]))
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

function rowOf(row: ResidentRow, known: ReadonlyMap<string, readonly KnownStay[]>): EhpadBoardRow {
  const { resident_id, entered_at, room, patient_id } = row
  return {
    residentId: resident_id,
    enteredAt: entered_at,
    ...(room !== null && { room }),
    ...(patient_id !== null && { patientId: patient_id }),
    ...whereabouts(known.get(patient_id ?? '') ?? []),
  }
}
