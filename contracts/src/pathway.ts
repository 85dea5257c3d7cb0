import { z } from 'zod'
import { type CircleEvent, CircleRole } from './patients.ts'
import { Authority, Instant, MovementId, PatientId, ProfessionalId, StayId, Ward } from './primitives.ts'
import { Discharge, Flag, type Movement, MovementKind, movementKinds, PatientClass, type StayEvent } from './stays.ts'

export const EntryKind = z.enum([
  'preadmission',
  'registration',
  'admission',
  'transfer',
  'discharge',
  'correction',
  'withdrawal',
  'circleJoined',
  'circleLeft',
])
export type EntryKind = z.infer<typeof EntryKind>

/** One fact of a pathway, as a page shows it and as a channel carries it. It names nobody but professionals. */
export const PathwayEntry = z.object({
  /** The id of the event it comes from. */
  entryId: z.uuid(),
  patientId: PatientId,
  kind: EntryKind,
  /** When it happened, and when Relais learned of it. */
  happenedAt: Instant,
  recordedAt: Instant,
  stayId: StayId.optional(),
  /** The movement it reports, corrects or withdraws. */
  movementId: MovementId.optional(),
  /** For a correction: what the movement now is. */
  movementKind: MovementKind.optional(),
  facility: Authority.optional(),
  wards: z.array(Ward.extend({ responsibility: z.enum(['medical', 'care', 'both']) })),
  /** Wards that held the patient, or were said to, and no longer do. */
  leaving: z.array(Ward).optional(),
  /** For a withdrawal: wards that hold the patient again. */
  returning: z.array(Ward).optional(),
  patientClass: PatientClass.optional(),
  room: z.string().optional(),
  bed: z.string().optional(),
  expectedDischargeAt: Instant.optional(),
  discharge: Discharge.optional(),
  /** For a correction: the names of the fields that changed. */
  changed: z.array(z.string()).optional(),
  member: z
    .object({ memberId: ProfessionalId, role: CircleRole, source: z.enum(['reported', 'declared']).optional() })
    .optional(),
  flags: z.array(Flag),
})
export type PathwayEntry = z.infer<typeof PathwayEntry>

/** `GET /pathways/{id}`: entries by when they happened; what was corrected or withdrawn stays, and says so. */
export const PathwayView = z.object({
  patientId: PatientId,
  primaryPhysician: z
    .object({ memberId: ProfessionalId, source: z.enum(['reported', 'declared']), since: Instant })
    .optional(),
  stays: z.array(
    z.object({
      stayId: StayId,
      status: z.enum(['expected', 'open', 'closed', 'withdrawn']),
      facility: Authority,
      wards: z.array(Ward),
      patientClass: PatientClass.optional(),
      admittedAt: Instant.optional(),
      dischargedAt: Instant.optional(),
      admissionMissing: z.boolean(),
    }),
  ),
  entries: z.array(
    PathwayEntry.extend({
      state: z.enum(['current', 'corrected', 'withdrawn']),
      /** The entry that corrected or withdrew this one. */
      supersededBy: z.uuid().optional(),
    }),
  ),
})
export type PathwayView = z.infer<typeof PathwayView>

type MovementFact = Extract<StayEvent, { data: { movement: Movement } }>
type Recorded = { entryId: string; recordedAt: Instant }

/** The wards a movement names, once each. */
export function movementWards({ medicalWard, careWard }: Movement): PathwayEntry['wards'] {
  if (medicalWard && careWard && medicalWard.facility === careWard.facility && medicalWard.code === careWard.code)
    return [{ ...medicalWard, responsibility: 'both' }]
  return [
    ...(medicalWard ? [{ ...medicalWard, responsibility: 'medical' as const }] : []),
    ...(careWard ? [{ ...careWard, responsibility: 'care' as const }] : []),
  ]
}

/** The ward alone, where it does not matter what it answers for. */
export function withoutResponsibility({ facility, code, label }: Ward): Ward {
  return { facility, code, ...(label === undefined ? {} : { label }) }
}

/** What a pathway shows of a fact; `undefined` for facts that are no entry of their own. */
export function pathwayEntry(
  event: StayEvent | CircleEvent,
  { entryId, recordedAt }: Recorded,
): PathwayEntry | undefined {
  switch (event.type) {
    case 'PatientPreadmitted':
    case 'PatientRegistered':
    case 'PatientAdmitted':
    case 'PatientTransferred':
    case 'PatientDischarged':
      return {
        ...movementEntry(event, { entryId, recordedAt }),
        kind: movementKinds[event.type],
        movementKind: movementKinds[event.type],
      }
    case 'MovementCorrected':
      return {
        ...movementEntry(event, { entryId, recordedAt }),
        kind: 'correction',
        movementKind: event.data.kind,
        changed: event.data.changed,
      }
    case 'MovementWithdrawn': {
      const { stayId, patientId, movementId, withdrawn, facility, wards, returning, effectiveAt, flags } = event.data
      return {
        entryId,
        patientId,
        stayId,
        movementId,
        facility,
        flags,
        recordedAt,
        kind: 'withdrawal',
        movementKind: withdrawn,
        happenedAt: effectiveAt,
        wards: wards.map((ward) => ({ ...ward, responsibility: 'both' as const })),
        ...(returning.length > 0 ? { returning } : {}),
      }
    }
    case 'MemberJoined':
    case 'MemberLeft': {
      const { patientId, memberId, role } = event.data
      const joined = event.type === 'MemberJoined'
      const member = { memberId, role, ...(joined ? { source: event.data.source } : {}) }
      const happenedAt = joined ? event.data.joinedAt : event.data.leftAt
      return {
        entryId,
        patientId,
        kind: joined ? 'circleJoined' : 'circleLeft',
        happenedAt,
        recordedAt,
        wards: [],
        flags: [],
        member,
      }
    }
    case 'MovementConfirmed':
    case 'IdentityReported':
    case 'ParticipantsReported':
      return undefined
  }
}

function movementEntry({ data }: MovementFact, { entryId, recordedAt }: Recorded): Omit<PathwayEntry, 'kind'> {
  const { movement, stayId, patientId, flags } = data
  const { movementId, effectiveAt, facility, patientClass, room, bed, expectedDischargeAt, discharge } = movement
  return {
    entryId,
    patientId,
    stayId,
    movementId,
    facility,
    patientClass,
    flags,
    recordedAt,
    happenedAt: effectiveAt,
    wards: movementWards(movement),
    ...('leaving' in data && data.leaving.length > 0 ? { leaving: data.leaving } : {}),
    ...(room === undefined ? {} : { room }),
    ...(bed === undefined ? {} : { bed }),
    ...(expectedDischargeAt === undefined ? {} : { expectedDischargeAt }),
    ...(discharge === undefined ? {} : { discharge }),
  }
}
