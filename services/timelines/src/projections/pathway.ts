import { accessRows, accessTables, type AccessTables } from '@relais/access/facts'
import { isDeathEvent } from '@relais/contracts/deaths'
import { isNoticeEvent } from '@relais/contracts/notices'
import { pathwayEntry, PathwayEntry, PathwayStay, restatedEntries, withRestated } from '@relais/contracts/pathway'
import { isLinkEvent } from '@relais/contracts/patients'
import { PatientId } from '@relais/contracts/primitives'
import { type Projection, upsert } from '@relais/projections/projection'
import type { Kysely } from 'kysely'
import { exchangeRows, exchangeTables, type ExchangeTables, isOfExchange } from './exchanges.ts'
import type { PathwayEvent } from './read-events.ts'
import { sourceOf } from './source.ts'
import { unreadByPathway } from './unread.ts'

export type PathwayTables = AccessTables &
  ExchangeTables & {
    pathway_entry: { subject: string; position: number; entry_id: string; entry: string; source: string }
    pathway_stay: { stay_id: string; standing: string }
  }

/**
 * One row per fact of a pathway, keyed by its stay, or by its patient where it is of none, so that a stay that is moved to
 * another patient is read with that one; what each stay now is; what people asked of each other; and the facts that decide
 * who may read it. `source` says what each fact comes from, for whoever asks why it is there.
 */
export const pathway: Projection<PathwayEvent> = {
  name: 'pathway-1',
  tables: {
    ...accessTables,
    ...exchangeTables,
    pathway_entry: {
      columns: { subject: 'text', position: 'integer', entry_id: 'text', entry: 'text', source: 'text' },
      key: ['subject', 'position'],
    },
    pathway_stay: { columns: { stay_id: 'text', standing: 'text' }, key: ['stay_id'] },
  },
  unread: unreadByPathway,
  rows: ({ event, ...recorded }) => {
    if (!event) return []
    if (isOfExchange(event)) return exchangeRows(event, recorded)
    // No entries: a link says whose entries are read together, a notice that came back who may read them no longer.
    if (isLinkEvent(event) || isNoticeEvent(event)) return accessRows({ ...recorded, event })
    if (event.type === 'StandingChanged') {
      const { stayId, standing } = event.data
      return [upsert('pathway_stay', { stay_id: stayId, standing: JSON.stringify(standing) })]
    }
    const { id, position, metadata } = recorded
    const known = isDeathEvent(event) ? [] : accessRows({ ...recorded, event })
    const entry = pathwayEntry(event, { entryId: id, recordedAt: metadata.recordedAt })
    if (!entry) return known
    const restated = restatedEntries(event)
    const kept = restated.length > 0 ? { ...entry, restated } : entry
    const row = { subject: subjectOf(entry), position, entry_id: id, entry: JSON.stringify(kept) }
    return [...known, upsert('pathway_entry', { ...row, source: sourceOf(event, metadata) })]
  },
}

/** An entry as it is kept: with those that a stay took along to another patient. */
const KeptEntry = PathwayEntry.extend({ restated: PathwayEntry.array().optional() })

/** That a stay was moved away stays with the patient whom it was taken from. */
function subjectOf({ kind, stayId, patientId }: PathwayEntry): string {
  return stayId === undefined || kind === 'movedAway' ? patientId : stayId
}

/** All that happened to a person, by all of his or her ids, and whose each of the stays is. */
export async function readPathway(db: Kysely<PathwayTables>, ids: readonly string[]) {
  const stays = await db
    .selectFrom('stay_owner')
    .leftJoin('pathway_stay', 'pathway_stay.stay_id', 'stay_owner.stay_id')
    .select(['stay_owner.stay_id', 'stay_owner.patient_id', 'pathway_stay.standing'])
    .where('stay_owner.patient_id', 'in', ids)
    .execute()
  const owners = new Map(stays.map((row) => [row.stay_id, row.patient_id]))
  const rows = await db
    .selectFrom('pathway_entry')
    .select(['subject', 'entry'])
    .where('subject', 'in', [...ids, ...owners.keys()])
    .orderBy('position')
    .execute()
  const told = rows.map(({ subject, entry: text }) => {
    const { restated = [], ...entry } = KeptEntry.parse(JSON.parse(text))
    const patientId = PatientId.parse(owners.get(subject) ?? entry.patientId)
    const ofOwner = (one: PathwayEntry) => ({ ...one, patientId })
    return { entry: ofOwner(entry), restated: restated.map(ofOwner) }
  })
  return {
    owners,
    entries: withRestated(told),
    stays: stays.flatMap(({ stay_id, standing }) =>
      standing === null ? [] : [PathwayStay.parse({ ...JSON.parse(standing), stayId: stay_id })],
    ),
  }
}
