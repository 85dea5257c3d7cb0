import type { Finess } from '@relais/contracts/directory'
import { PatientId } from '@relais/contracts/primitives'
import { DoubtReason, MatchGround, ResidentId, type ResidentIdentity, Trait } from '@relais/contracts/residents'
import type { Database } from '@relais/database/database'
import { z } from 'zod'
import { cursorOf, partsOf } from './cursor.ts'
import type { ResidentTables } from './residents.ts'

export type Page = { after?: string | undefined; limit: number }
type ReadIdentity = (documentId: string) => Promise<ResidentIdentity | undefined>

/** Who is present, in the order of their ids. Those who were forgotten are left out, and a page may be short of them. */
export async function residentsOf(
  { db }: Database<ResidentTables>,
  ehpad: Finess,
  { after, limit, readIdentity }: Page & { readIdentity: ReadIdentity },
) {
  const [last] = after === undefined ? [''] : (partsOf(after, 1) ?? [])
  if (last === undefined) return 'cursorUnknown'
  const rows = await db
    .selectFrom('resident_entry as entry')
    .innerJoin('resident_identity as identity', 'identity.resident_id', 'entry.resident_id')
    .leftJoin('resident_room as room', 'room.resident_id', 'entry.resident_id')
    .select(['entry.resident_id', 'entry.entered_at', 'identity.document_id', 'room.room'])
    .where('entry.ehpad', '=', ehpad)
    .where('entry.resident_id', '>', last)
    .orderBy('entry.resident_id')
    .limit(limit + 1)
    .execute()
  const page = rows.slice(0, limit)
  const matches = await matchesOf(db, page)
  const residents = []
  for (const row of page) {
    const identity = await readIdentity(row.document_id)
    if (!identity) continue
    const residentId = ResidentId.parse(row.resident_id)
    const room = row.room === null ? {} : { room: row.room }
    const matched = matches.get(row.resident_id) ?? []
    residents.push({ residentId, identity, ...room, enteredAt: row.entered_at, matches: matched })
  }
  return { residents, ...nextPage(rows.length > limit, page.at(-1)?.resident_id) }
}

async function matchesOf(db: Database<ResidentTables>['db'], page: readonly { resident_id: string }[]) {
  const ids = page.map(({ resident_id }) => resident_id)
  const query = db.selectFrom('resident_match').selectAll().where('resident_id', 'in', ids).orderBy('patient_id')
  const rows = ids.length === 0 ? [] : await query.execute()
  const matches = rows.map(({ resident_id, patient_id, ground }) => {
    return { resident_id, match: { patientId: PatientId.parse(patient_id), ground: MatchGround.parse(ground) } }
  })
  return new Map(
    [...Map.groupBy(matches, ({ resident_id }) => resident_id)].map(([id, of]) => [id, of.map(({ match }) => match)]),
  )
}

/** What waits for a person, oldest first. */
export async function doubtsOf({ db }: Database<ResidentTables>, ehpad: Finess, { after, limit }: Page) {
  const cursor = after === undefined ? ['', '', ''] : partsOf(after, 3)
  if (cursor === undefined) return 'cursorUnknown'
  const [at = '', resident = '', counterpart = ''] = cursor
  const rows = await db
    .selectFrom('resident_doubt')
    .selectAll()
    .where('ehpad', '=', ehpad)
    .where('doubted_at', '>=', at)
    .where(({ eb, or, and }) =>
      or([
        eb('doubted_at', '>', at),
        eb('resident_id', '>', resident),
        and([eb('resident_id', '=', resident), eb('counterpart', '>', counterpart)]),
      ]),
    )
    .orderBy('doubted_at')
    .orderBy('resident_id')
    .orderBy('counterpart')
    .limit(limit + 1)
    .execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const parts = last ? [last.doubted_at, last.resident_id, last.counterpart] : []
  return { doubts: page.map(doubtShown), ...nextPage(rows.length > limit, ...parts) }
}

function doubtShown(row: ResidentTables['resident_doubt']) {
  return {
    residentId: ResidentId.parse(row.resident_id),
    reason: DoubtReason.parse(row.reason),
    ...(row.patient_id === null ? {} : { patientId: PatientId.parse(row.patient_id) }),
    ...(row.other_ehpad === null ? {} : { otherEhpad: row.other_ehpad }),
    differing: z.array(Trait).parse(JSON.parse(row.differing)),
    doubtedAt: row.doubted_at,
  }
}

function nextPage(isThereMore: boolean, ...parts: readonly (string | undefined)[]): { next?: string } {
  const known = parts.filter((part) => part !== undefined)
  return isThereMore && known.length > 0 ? { next: cursorOf(...known) } : {}
}
