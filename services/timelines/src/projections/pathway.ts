import { accessRows, accessTables, type AccessTables } from '@relais/access/facts'
import { pathwayEntry } from '@relais/contracts/pathway'
import type { CircleEvent } from '@relais/contracts/patients'
import type { StayEvent } from '@relais/contracts/stays'
import { type Projection, upsert } from '@relais/projections/projection'

export type PathwayTables = AccessTables & {
  pathway_entry: { patient_id: string; position: number; entry: string }
}

/** One row per fact of a pathway, keyed by its patient and its place in the log, and the facts that decide who may read it. */
export const pathway: Projection<StayEvent | CircleEvent> = {
  name: 'pathway-1',
  tables: {
    ...accessTables,
    pathway_entry: {
      columns: { patient_id: 'text', position: 'integer', entry: 'text' },
      key: ['patient_id', 'position'],
    },
  },
  rows: (decoded) => {
    const { id, position, metadata, event } = decoded
    if (!event) return []
    const entry = pathwayEntry(event, { entryId: id, recordedAt: metadata.recordedAt })
    if (!entry) return accessRows(decoded)
    const row = { patient_id: entry.patientId, position, entry: JSON.stringify(entry) }
    return [...accessRows(decoded), upsert('pathway_entry', row)]
  },
}
