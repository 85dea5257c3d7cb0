import { mayAnswerFor } from '@relais/access/recipients'
import type { EhpadBoardRow } from '@relais/contracts/boards'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { getEhpadBoard } from '@relais/contracts/notice-routes'
import type { Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { runner } from '@relais/database/statements'
import type { Keyring } from '@relais/events/sealing'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { pageCursor, pageKeys } from '@relais/http/page'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import { whereabouts } from '../domain/whereabouts.ts'
import type { BoardTables } from '../projections/boards.ts'
import { readResidents, type Resident } from '../projections/residents.ts'
import { type Known, visibleStays } from './visible-stays.ts'

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
    const page = await readResidents(run, deps.database.db, { ehpad: finess, after: from, limit })
    const { residents } = page
    const known = await visibleStays({ ...deps, run }, actor, page)
    const last = residents.length === limit ? residents.at(-1) : undefined
    const next = last && { next: pageCursor(last.residentId) }
    return c.json({ rows: residents.map((resident) => rowOf(resident, known)), ...next }, 200)
  })
  return app
}

function rowOf({ residentId, enteredAt, room, patientIds }: Resident, known: Known): EhpadBoardRow {
  const numbers = patientIds.filter((id) => known.has(id)).toSorted()
  // Of the numbers of one person, each has the stays of all.
  const said = numbers.flatMap((id) => known.get(id) ?? [])
  const byId = new Map(said.flatMap(({ stays }) => stays).map((stay) => [stay.stayId, stay]))
  const stays = [...byId.values()].toSorted((one, other) => (one.stayId < other.stayId ? -1 : 1))
  const there = whereabouts(stays, said.find(({ death }) => death !== undefined)?.death)
  const held = stays.find(({ stayId }) => stayId === there.stayId)?.patientId
  const patientId = numbers.find((id) => id === held) ?? numbers[0]
  return {
    residentId,
    enteredAt,
    ...(room !== null && { room }),
    ...(patientId !== undefined && { patientId }),
    ...there,
  }
}
