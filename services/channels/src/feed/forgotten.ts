import type { Kysely } from 'kysely'
import { patientsIn } from '../domain/entry-channels.ts'
import type { LoopTables } from '../projections/loop-tables.ts'
import type { NoticeTables } from '../projections/notice-tables.ts'
import type { Heard } from './heard.ts'

/** Those of these patients who were forgotten. */
export async function forgottenAmong(db: Kysely<NoticeTables>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db.selectFrom('forgotten_patient').selectAll().where('patient_id', 'in', ids).execute()
  return new Set(rows.map(({ patient_id }) => patient_id))
}

/** Whether a referral or a run is of somebody who was forgotten. */
export async function isOfForgotten(db: Kysely<NoticeTables & LoopTables>, channel: string): Promise<boolean> {
  const forgotten = db.selectFrom('forgotten_patient').select('patient_id')
  const query = db.selectFrom('loop').select('channel').where('channel', '=', channel)
  return (await query.where('patient_id', 'in', forgotten).executeTakeFirst()) !== undefined
}

/** What of the past may still be shown. That a resident was matched with somebody says nothing but that it is over. */
export async function withoutForgotten(db: Kysely<NoticeTables>, entries: readonly Heard[]): Promise<readonly Heard[]> {
  const ids = [...new Set(entries.flatMap(({ entry }) => patientsIn(entry)))]
  const forgotten = await forgottenAmong(db, ids)
  if (forgotten.size === 0) return entries
  return entries.filter(({ entry }) => entry.kind === 'resident' || !patientsIn(entry).some((id) => forgotten.has(id)))
}
