import type { Instant, PatientId, StayId } from '@relais/contracts/primitives'
import type { ResidentId } from '@relais/contracts/residents'
import type { Standing } from '@relais/contracts/standing'
import { type Connection, repeated, type Repeated, type Run, type Statement } from '@relais/database/statements'
import type { KnownStay } from '../domain/whereabouts.ts'
import { type Json, readJson } from './told.ts'

/** A resident, and the numbers under which he or she was matched. */
export type Resident = {
  residentId: ResidentId
  enteredAt: Instant
  room: string | null
  patientIds: PatientId[]
}
/** A page of residents, the stays of their own numbers, and which of these are known to be somebody else's too. */
export type Residents = { residents: Resident[]; linked: PatientId[]; stays: KnownStay[] }

export async function readResidents(
  run: Run,
  db: Connection,
  { ehpad, after, limit }: { ehpad: string; after: string; limit: number },
): Promise<Residents> {
  const { rows } = await run(db, residentsOf, [ehpad, after, limit])
  const residents: Resident[] = []
  const linked: PatientId[] = []
  const stays: KnownStay[] = []
  for (const row of rows) {
    const { resident_id: residentId, entered_at: enteredAt, room, patient_id: patientId } = row
    let resident = residents.at(-1)
    if (resident?.residentId !== residentId)
      residents.push((resident = { residentId, enteredAt, room, patientIds: [] }))
    if (patientId !== null && !resident.patientIds.includes(patientId)) resident.patientIds.push(patientId)
    if (patientId !== null && row.is_linked === 1) linked.push(patientId)
    if (isStay(row)) stays.push(knownStay(row))
  }
  return { residents, linked, stays }
}

/** The stays of these patients that may be told outside the establishment. */
export async function readStaysOf(run: Run, db: Connection, patientIds: readonly string[]): Promise<KnownStay[]> {
  if (patientIds.length === 0) return []
  return (await run(db, staysOf(patientIds.length), patientIds)).rows.map(knownStay)
}

type StayRow = { stay_id: StayId; patient_id: PatientId; standing: Json<Standing> }
type ResidentRow = { resident_id: ResidentId; entered_at: Instant; room: string | null; is_linked: number } & {
  [Column in keyof StayRow]: StayRow[Column] | null
}

const MAY_BE_TOLD = 'stay.is_current = 1 and stay.confidential = 0'

/** A row for each number of each resident, and for each stay of it: as fast as residents alone, for few have any. */
const residentsOf: Statement<ResidentRow> = `
  select resident.resident_id, resident.entered_at, place.room, known.patient_id,
    case when exists (select 1 from patient_link where patient_link.patient_id = known.patient_id) then 1 else 0 end
      as is_linked,
    stay.stay_id, stay.standing
  from (
    select resident_id, entered_at from resident
    where ehpad = ? and resident_id > ? order by resident_id limit cast(? as integer)
  ) as resident
  left join resident_room as place on place.resident_id = resident.resident_id
  left join resident_match as known on known.resident_id = resident.resident_id
  left join board_stay as stay on stay.patient_id = known.patient_id and ${MAY_BE_TOLD}
  order by resident.resident_id`

const staysOf: Repeated<StayRow> = repeated(
  `select stay_id, patient_id, standing from board_stay as stay where ${MAY_BE_TOLD} and patient_id in (`,
  '?',
  ')',
)

const isStay = (row: ResidentRow): row is ResidentRow & StayRow => row.stay_id !== null

function knownStay({ stay_id, patient_id, standing }: StayRow): KnownStay {
  return { stayId: stay_id, patientId: patient_id, standing: readJson(standing) }
}
