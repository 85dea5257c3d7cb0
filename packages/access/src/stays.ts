import { movementWards } from '@relais/contracts/pathway'
import type { Movement, MovementKind } from '@relais/contracts/movements'
import { movementKinds, type StayEvent } from '@relais/contracts/stays'
import { repeated, type Repeated, runnerFor } from '@relais/database/statements'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'
import type { Kysely } from 'kysely'
import type { AccessFacts, StayPresence } from './decide.ts'

/**
 * Whose each stay is, whether it is confidential, and where it went. Only the first says the patient, so that a stay that
 * is moved to another patient is moved whole.
 */
export const stayTables = {
  stay_owner: { columns: { stay_id: 'text', patient_id: 'text' }, key: ['stay_id'], indexes: [['patient_id']] },
  stay_secrecy: { columns: { stay_id: 'text', confidential: 'integer' }, key: ['stay_id'] },
  stay_movement: {
    columns: { stay_id: 'text', movement_id: 'text', kind: 'text', recorded_at: 'text' },
    key: ['stay_id', 'movement_id'],
  },
  stay_presence: {
    /** `places` is JSON: `[[facility, ward code | null], …]`, so that one row replaces what a correction corrects. */
    columns: { stay_id: 'text', movement_id: 'text', places: 'text' },
    key: ['stay_id', 'movement_id'],
  },
} satisfies Record<string, Table>

type MovementKey = { stay_id: string; movement_id: string }
/** The same tables, for a query. */
export type StayTables = {
  stay_owner: { stay_id: string; patient_id: string }
  stay_secrecy: { stay_id: string; confidential: number }
  stay_movement: MovementKey & { kind: string; recorded_at: string }
  stay_presence: MovementKey & { places: string }
}

/** What an event changes in `stayTables`, from the event alone. */
export function stayRows(event: StayEvent, recordedAt: string): readonly RowOperation[] {
  const { stayId, patientId } = event.data
  const owner = upsert('stay_owner', { stay_id: stayId, patient_id: patientId })
  switch (event.type) {
    // Nobody's, until it is said whose it is; for ever, where that one is forgotten.
    case 'StayTakenFromPatient':
      return [remove('stay_owner', { stay_id: stayId })]
    case 'ConfidentialityChanged': {
      const confidential = event.data.confidential ? 1 : 0
      return [owner, upsert('stay_secrecy', { stay_id: stayId, confidential })]
    }
    case 'MovementCorrected':
      return event.data.changed.length > 0 ? [owner, presence(event.data)] : []
    case 'MovementWithdrawn': {
      const key = { stay_id: stayId, movement_id: event.data.movementId }
      return [remove('stay_movement', key), remove('stay_presence', key)]
    }
    case 'MovementConfirmed':
    case 'IdentityReported':
    case 'ParticipantsReported':
    case 'StandingChanged':
      return []
    case 'StayMovedToPatient': {
      const { history = [] } = event.data
      return [...history.flatMap(({ fact, recordedAt: then }) => stayRows(fact, then)), owner]
    }
    default: {
      const kind: MovementKind = movementKinds[event.type]
      const key = { stay_id: stayId, movement_id: event.data.movement.movementId }
      return [owner, upsert('stay_movement', { ...key, kind, recorded_at: recordedAt }), presence(event.data)]
    }
  }
}

type Row = { [Key in keyof MovementRow]: MovementRow[Key] | null } & {
  patient_id: string
  stay_id: string
  confidential: number | null
}
type StayFacts = Pick<AccessFacts, 'stays' | 'confidential'>

/**
 * Where the stays of these patients went, one presence for each facility of each, and which are confidential: asked of all
 * at once, answered of those whose ids are given. Written out, for every push asks.
 */
export async function loadStays(
  db: Kysely<StayTables>,
  ids: readonly string[],
): Promise<(ids: readonly string[]) => StayFacts> {
  const { rows } = await runnerFor(db)(db, staysOf(ids.length), ids)
  return (those) => stayFacts(rows.filter(({ patient_id }) => those.includes(patient_id)))
}

const staysOf: Repeated<Row> = repeated(
  `select owner.patient_id, owner.stay_id, movement.kind, movement.recorded_at, presence.places, secrecy.confidential
  from stay_owner as owner
  left join stay_movement as movement on movement.stay_id = owner.stay_id
  left join stay_presence as presence on presence.stay_id = movement.stay_id
    and presence.movement_id = movement.movement_id
  left join stay_secrecy as secrecy on secrecy.stay_id = owner.stay_id
  where owner.patient_id in (`,
  '?',
  ') order by movement.recorded_at',
)

function stayFacts(rows: readonly Row[]): StayFacts {
  const confidential = rows.filter((row) => row.confidential === 1).map(({ stay_id }) => stay_id)
  const movements = Map.groupBy(rows.flatMap(movementOf), ({ stay_id }) => stay_id)
  return {
    stays: [...movements].flatMap(([stayId, those]) => presences(stayId, those)),
    confidential: [...new Set(confidential)],
  }
}

type MovementRow = { stay_id: string; kind: string; recorded_at: string; places: string }

/** A stay of which everything was withdrawn has no movement any more. */
function movementOf(row: Row): MovementRow[] {
  const { stay_id, kind, recorded_at, places } = row
  return kind && recorded_at && places ? [{ stay_id, kind, recorded_at, places }] : []
}

/** All of them open and close with the stay. */
function presences(stayId: string, rows: readonly MovementRow[]): StayPresence[] {
  const wards = new Map<string, Set<string>>()
  // `presence` wrote them.
  const places = rows.flatMap((row) => JSON.parse(row.places) as Place[])
  for (const [facility, code] of places) {
    const known = wards.get(facility) ?? new Set()
    wards.set(facility, code === null ? known : known.add(code))
  }
  const [first] = rows
  const closing = rows.findLast(({ kind }) => kind === 'discharge')
  if (!first) return []
  const period = { openedAt: first.recorded_at, ...(closing ? { closedAt: closing.recorded_at } : {}) }
  return [...wards].map(([facility, codes]) => ({ stayId, facility, wards: [...codes], ...period }))
}

type Place = [facility: string, code: string | null]

function presence({ stayId, movement }: { stayId: string; movement: Movement }): RowOperation {
  const { movementId, facility, plannedWard } = movement
  const wards = [...movementWards(movement), ...(plannedWard ? [plannedWard] : [])]
  const places: Place[] = [[facility, null], ...wards.map(placeOf)]
  return upsert('stay_presence', { stay_id: stayId, movement_id: movementId, places: JSON.stringify(places) })
}

const placeOf = ({ facility, code }: { facility: string; code: string }): Place => [facility, code]
