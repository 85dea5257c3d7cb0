import { linkRows, linkTables, type LinkTables } from '@relais/access/links'
import { isLinkEvent, type LinkEvent } from '@relais/contracts/patients'
import type { ResidentEvent, ResidentMatchEvent } from '@relais/contracts/residents'
import type { Database } from '@relais/database/database'
import { type Projection, remove, type RowOperation, upsert } from '@relais/projections/projection'

type RegisterEvent = ResidentEvent | ResidentMatchEvent | LinkEvent

/**
 * Who is on which register, whom they were matched with, which patients are one person, and the doubts that wait for
 * somebody. No name, no INS.
 */
export const residents: Projection<RegisterEvent> = {
  name: 'residents-1',
  tables: {
    ...linkTables,
    /** Those who are present. */
    resident_entry: {
      columns: { resident_id: 'text', ehpad: 'text', entered_at: 'text' },
      key: ['resident_id'],
      indexes: [['ehpad', 'resident_id']],
    },
    resident_identity: { columns: { resident_id: 'text', document_id: 'text' }, key: ['resident_id'] },
    resident_room: { columns: { resident_id: 'text', room: 'text' }, key: ['resident_id'] },
    resident_match: {
      columns: { resident_id: 'text', patient_id: 'text', ground: 'text' },
      key: ['resident_id', 'patient_id'],
      indexes: [['patient_id']],
    },
    resident_doubt: {
      columns: {
        resident_id: 'text',
        /** The patient, or the other entry of the same person. */
        counterpart: 'text',
        ehpad: 'text',
        reason: 'text',
        patient_id: 'text?',
        other_ehpad: 'text?',
        differing: 'text',
        doubted_at: 'text',
      },
      key: ['resident_id', 'counterpart'],
      indexes: [['ehpad', 'doubted_at', 'resident_id', 'counterpart'], ['patient_id']],
    },
  },
  rows: ({ event }) => (event ? rowsOf(event) : []),
}

export type ResidentTables = LinkTables & {
  resident_entry: { resident_id: string; ehpad: string; entered_at: string }
  resident_identity: { resident_id: string; document_id: string }
  resident_room: { resident_id: string; room: string }
  resident_match: { resident_id: string; patient_id: string; ground: string }
  resident_doubt: {
    resident_id: string
    counterpart: string
    ehpad: string
    reason: string
    patient_id: string | null
    other_ehpad: string | null
    differing: string
    doubted_at: string
  }
}

function rowsOf(event: RegisterEvent): readonly RowOperation[] {
  if (isLinkEvent(event)) return linkRows(event)
  const key = { resident_id: event.data.residentId }
  switch (event.type) {
    case 'ResidentEntered': {
      const { ehpad, enteredAt, identity, room } = event.data
      return [
        upsert('resident_entry', { ...key, ehpad, entered_at: enteredAt }),
        upsert('resident_identity', { ...key, document_id: identity.documentId }),
        room === undefined ? remove('resident_room', key) : upsert('resident_room', { ...key, room }),
      ]
    }
    case 'ResidentIdentityChanged':
      return [upsert('resident_identity', { ...key, document_id: event.data.identity.documentId })]
    case 'ResidentMoved':
      return [upsert('resident_room', { ...key, room: event.data.room })]
    case 'ResidentLeft':
      return [remove('resident_entry', key), remove('resident_identity', key), remove('resident_room', key)]
    case 'ResidentMatched':
    case 'ResidentUnmatched':
    case 'ResidentMatchDoubted':
    case 'ResidentDoubtCleared':
      return matchRows(event)
  }
}

function matchRows(event: ResidentMatchEvent): RowOperation[] {
  const { residentId, patientId, twin } = { patientId: undefined, twin: undefined, ...event.data }
  const counterpart = patientId ?? twin?.residentId
  if (counterpart === undefined) return []
  const pair = { resident_id: residentId, patient_id: counterpart }
  const doubt = { resident_id: residentId, counterpart }
  switch (event.type) {
    case 'ResidentMatched':
      return [upsert('resident_match', { ...pair, ground: event.data.ground }), remove('resident_doubt', doubt)]
    case 'ResidentUnmatched':
      return [remove('resident_match', pair), remove('resident_doubt', doubt)]
    case 'ResidentDoubtCleared':
      return [remove('resident_doubt', doubt)]
    case 'ResidentMatchDoubted': {
      const { ehpad, reason, differing, doubtedAt } = event.data
      const about = { patient_id: patientId ?? null, other_ehpad: twin?.ehpad ?? null }
      const row = { ...doubt, ehpad, reason, ...about, differing: JSON.stringify(differing), doubted_at: doubtedAt }
      return [upsert('resident_doubt', row)]
    }
  }
}

/** Those who were matched with one of these patients, or may be one. */
export async function residentsOfPatients(
  { db }: Database<ResidentTables>,
  patientIds: readonly string[],
): Promise<string[]> {
  const of = (table: 'resident_match' | 'resident_doubt') =>
    db.selectFrom(table).select('resident_id').where('patient_id', 'in', patientIds)
  const rows = await of('resident_match').union(of('resident_doubt')).orderBy('resident_id').execute()
  return rows.map(({ resident_id }) => resident_id)
}
