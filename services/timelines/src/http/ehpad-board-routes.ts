import { decideAccess, decisionInstant } from '@relais/access/decide'
import { loadFactsOf } from '@relais/access/facts'
import { peopleOf, type Person } from '@relais/access/links'
import { mayAnswerFor } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import { EhpadBoardRow } from '@relais/contracts/boards'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { getEhpadBoard } from '@relais/contracts/notice-routes'
import type { Instant } from '@relais/contracts/primitives'
import type { Keyring } from '@relais/events/sealing'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { pageCursor, pageKeys } from '@relais/http/page'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import type { Kysely } from 'kysely'
import { type KnownStay, whereabouts } from '../domain/whereabouts.ts'
import type { BoardTables } from '../projections/boards.ts'

export type EhpadBoardRoutesDeps = HttpAppDeps & {
  db: Kysely<BoardTables>
  keyring: Keyring
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  now: () => Instant
}

const boardUnknown = { code: 'boardUnknown', status: 404, title: 'No such board here, or not yours to see' } as const

/** Where the residents of an EHPAD are, as far as its people may know. */
export function ehpadBoardRoutes({ epoch, reaches, ...deps }: EhpadBoardRoutesDeps) {
  const app = httpApp(deps)
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
    const residents = await readResidents(deps.db, finess, { from, limit })
    const known = await visibleStays(deps, actor, residents)
    const last = residents.length === limit ? residents.at(-1) : undefined
    const next = last && { next: pageCursor(last.resident_id) }
    return c.json({ rows: residents.map((resident) => rowOf(resident, known)), ...next }, 200)
  })
  return app
}

async function readResidents(db: Kysely<BoardTables>, ehpad: string, { from, limit }: { from: string; limit: number }) {
  return db
    .selectFrom('resident')
    .leftJoin('resident_room as at', 'at.resident_id', 'resident.resident_id')
    .leftJoin('resident_match as match', 'match.resident_id', 'resident.resident_id')
    .where('resident.ehpad', '=', ehpad)
    .where('resident.resident_id', '>', from)
    .select(['resident.resident_id', 'resident.entered_at', 'at.room', 'match.patient_id'])
    .orderBy('resident.resident_id')
    .limit(limit)
    .execute()
}
type ResidentRow = Awaited<ReturnType<typeof readResidents>>[number]

/** By patient: the stays that are known now, of those whom the people of this EHPAD may see. */
async function visibleStays(
  { db, keyring, now }: Pick<EhpadBoardRoutesDeps, 'db' | 'keyring' | 'now'>,
  actor: Actor,
  residents: readonly ResidentRow[],
): Promise<ReadonlyMap<string, readonly KnownStay[]>> {
  const patientIds = residents.flatMap(({ patient_id }) => patient_id ?? [])
  const person = await peopleOf(db, patientIds)
  const stays = await readStays(
    db,
    patientIds.flatMap((id) => person(id).ids),
  )
  const maySee = async ({ ids }: Person) => {
    const facts = await loadFactsOf(db, ids)
    return decideAccess({ actor, facts, purpose: 'care', at: decisionInstant(facts, now()) }).granted
  }
  const visible = new Map<string, readonly KnownStay[]>()
  for (const patientId of patientIds) {
    const { ids } = person(patientId)
    const own = stays.filter((stay) => ids.includes(stay.patientId))
    // The rows of a forgotten patient stay in the view until it is built again.
    if (own.length === 0 || !(await keyring.openingKey(patientId))) continue
    if (await maySee(person(patientId))) visible.set(patientId, own)
  }
  return visible
}

async function readStays(db: Kysely<BoardTables>, patientIds: readonly string[]): Promise<KnownStay[]> {
  if (patientIds.length === 0) return []
  const rows = await db
    .selectFrom('board_stay')
    .where('patient_id', 'in', patientIds)
    .where('is_current', '=', 1)
    .where('confidential', '=', 0)
    .select(['stay_id', 'patient_id', 'standing'])
    .orderBy('stay_id')
    .execute()
  return rows.map(({ stay_id, patient_id, standing }) => ({
    stayId: stay_id,
    patientId: patient_id,
    // The projection wrote it from a standing.
    standing: JSON.parse(standing) as KnownStay['standing'],
  }))
}

function rowOf(row: ResidentRow, known: ReadonlyMap<string, readonly KnownStay[]>): EhpadBoardRow {
  const { resident_id, entered_at, room, patient_id } = row
  return EhpadBoardRow.parse({
    residentId: resident_id,
    enteredAt: entered_at,
    ...(room === null ? {} : { room }),
    ...(patient_id === null ? {} : { patientId: patient_id }),
    ...whereabouts(known.get(patient_id ?? '') ?? []),
  })
}
