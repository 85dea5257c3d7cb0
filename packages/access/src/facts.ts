import type { MessageEvent } from '@relais/contracts/messages'
import { movementWards } from '@relais/contracts/pathway'
import { type CircleEvent, LegalGround, type PatientEvent } from '@relais/contracts/patients'
import type { Movement, MovementKind, StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'
import { type Kysely, sql } from 'kysely'
import type { AccessFacts, Membership, StayPresence } from './decide.ts'

type AnyEvent = StayEvent | CircleEvent | PatientEvent | MessageEvent

/**
 * The tables that a projection adds to its own to know who may see whom. What an event does not say, its rows do not
 * hold, hence two pairs: a departure knows nothing of the arrival, a correction nothing of when the movement was learned.
 */
export const accessTables = {
  circle_member: {
    columns: { patient_id: 'text', member_id: 'text', role: 'text', ground: 'text', joined_at: 'text' },
    key: ['patient_id', 'member_id', 'role'],
  },
  circle_departure: {
    columns: { patient_id: 'text', member_id: 'text', role: 'text', left_at: 'text' },
    key: ['patient_id', 'member_id', 'role'],
  },
  stay_movement: {
    columns: { patient_id: 'text', stay_id: 'text', movement_id: 'text', kind: 'text', recorded_at: 'text' },
    key: ['patient_id', 'stay_id', 'movement_id'],
  },
  stay_presence: {
    /** `places` is JSON: `[[facility, ward code | null], …]`, so that one row replaces what a correction corrects. */
    columns: { patient_id: 'text', stay_id: 'text', movement_id: 'text', places: 'text' },
    key: ['patient_id', 'stay_id', 'movement_id'],
  },
} satisfies Record<string, Table>

type MemberKey = { patient_id: string; member_id: string; role: string }
type MovementKey = { patient_id: string; stay_id: string; movement_id: string }
/** The same tables, for a query. */
export type AccessTables = {
  circle_member: MemberKey & { ground: string; joined_at: string }
  circle_departure: MemberKey & { left_at: string }
  stay_movement: MovementKey & { kind: string; recorded_at: string }
  stay_presence: MovementKey & { places: string }
}

/**
 * What an event changes in `accessTables`, from the event alone. Events that say nothing about access change nothing,
 * and neither does a forgotten one.
 */
export function accessRows({ event, metadata }: Decoded<AnyEvent>): readonly RowOperation[] {
  switch (event?.type) {
    case 'MemberJoined': {
      const { ground, joinedAt } = event.data
      const key = memberKey(event.data)
      return [upsert('circle_member', { ...key, ground, joined_at: joinedAt }), remove('circle_departure', key)]
    }
    case 'MemberLeft':
      return [upsert('circle_departure', { ...memberKey(event.data), left_at: event.data.leftAt })]
    case 'PatientPreadmitted':
      return movementRows(event.data, 'preadmission', metadata.recordedAt)
    case 'PatientRegistered':
      return movementRows(event.data, 'registration', metadata.recordedAt)
    case 'PatientAdmitted':
      return movementRows(event.data, 'admission', metadata.recordedAt)
    case 'PatientTransferred':
      return movementRows(event.data, 'transfer', metadata.recordedAt)
    case 'PatientDischarged':
      return movementRows(event.data, 'discharge', metadata.recordedAt)
    case 'MovementCorrected':
      return [presence(event.data)]
    case 'MovementWithdrawn': {
      const key = movementKey(event.data, event.data.movementId)
      return [remove('stay_movement', key), remove('stay_presence', key)]
    }
    default:
      return []
  }
}

/** The facts of one patient, for `decideAccess`. A patient nobody ever wrote about has none, hence no access. */
export async function loadAccessFacts(db: Kysely<AccessTables>, patientId: string): Promise<AccessFacts> {
  const [members, stays] = await Promise.all([loadMembers(db, patientId), loadStays(db, patientId)])
  return { members, stays }
}

/** Written out, for every push asks: having Kysely build it costs three times as much as the query. */
async function loadMembers(db: Kysely<AccessTables>, patientId: string): Promise<Membership[]> {
  type Row = Omit<AccessTables['circle_member'], 'patient_id'> & { left_at: string | null }
  const { rows } = await sql<Row>`
    select member.member_id, member.role, member.ground, member.joined_at, departure.left_at
    from circle_member as member
    left join circle_departure as departure on departure.patient_id = member.patient_id
      and departure.member_id = member.member_id and departure.role = member.role
    where member.patient_id = ${patientId}
    order by member.joined_at, member.role`.execute(db)
  return rows.map((row) => ({
    memberId: row.member_id,
    role: row.role,
    ground: LegalGround.parse(row.ground),
    joinedAt: row.joined_at,
    ...(row.left_at === null ? {} : { leftAt: row.left_at }),
  }))
}

async function loadStays(db: Kysely<AccessTables>, patientId: string): Promise<StayPresence[]> {
  const { rows } = await sql<MovementRow>`
    select movement.stay_id, movement.kind, movement.recorded_at, presence.places
    from stay_movement as movement
    join stay_presence as presence on presence.patient_id = movement.patient_id
      and presence.stay_id = movement.stay_id and presence.movement_id = movement.movement_id
    where movement.patient_id = ${patientId}
    order by movement.recorded_at`.execute(db)
  const stays = Map.groupBy(rows, ({ stay_id }) => stay_id)
  return [...stays].flatMap(([stayId, movements]) => presences(stayId, movements))
}

type MovementRow = Pick<AccessTables['stay_movement'], 'stay_id' | 'kind' | 'recorded_at'> & { places: string }

/** One presence for each facility that the stay went through; all of them open and close with the stay. */
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
type StaySubject = { patientId: string; stayId: string }
type MovementData = StaySubject & { movement: Movement }

function movementRows(data: MovementData, kind: MovementKind, recordedAt: string): RowOperation[] {
  const key = movementKey(data, data.movement.movementId)
  return [upsert('stay_movement', { ...key, kind, recorded_at: recordedAt }), presence(data)]
}

function presence(data: MovementData): RowOperation {
  const { movementId, facility } = data.movement
  const places: Place[] = [[facility, null], ...movementWards(data.movement).map(placeOf)]
  return upsert('stay_presence', { ...movementKey(data, movementId), places: JSON.stringify(places) })
}

const placeOf = ({ facility, code }: { facility: string; code: string }): Place => [facility, code]

function memberKey({ patientId, memberId, role }: { patientId: string; memberId: string; role: string }): MemberKey {
  return { patient_id: patientId, member_id: memberId, role }
}

function movementKey({ patientId, stayId }: StaySubject, movementId: string): MovementKey {
  return { patient_id: patientId, stay_id: stayId, movement_id: movementId }
}
