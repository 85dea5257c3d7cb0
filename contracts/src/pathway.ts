import { z } from 'zod'
import { ThreadEntry } from './conversation-entries.ts'
import { type DeathEvent, DeathText } from './deaths.ts'
import { Finess } from './directory.ts'
import { LoopEntry } from './loop-entries.ts'
import { type CircleEvent, CircleRole } from './patients.ts'
import { Authority, Instant, MovementId, PatientId, ProfessionalId, StayId, Ward } from './primitives.ts'
import { Discharge, Flag, type Movement, MovementKind, PatientClass } from './movements.ts'
import { Standing } from './standing.ts'
import { movementKinds, type StayEvent } from './stays.ts'

export const EntryKind = z.enum([
  ...MovementKind.options,
  'correction',
  'withdrawal',
  /** The stay was attributed to the wrong patient: what that one is told, and the right one. */
  'movedAway',
  'movedHere',
  'madeConfidential',
  'released',
  'circleJoined',
  'circleLeft',
  /** That the person has died, where no stay says so; and that it is not so. */
  'deathReported',
  'deathDenied',
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
  /** Wards that hold the patient all the same, although the movement does not name them. */
  holding: z.array(Ward).optional(),
  /** For a withdrawal: wards that hold the patient again. */
  returning: z.array(Ward).optional(),
  patientClass: PatientClass.optional(),
  room: z.string().optional(),
  bed: z.string().optional(),
  attendingPhysician: ProfessionalId.optional(),
  expectedDischargeAt: Instant.optional(),
  /** For when an admission or a transfer is planned, and where to. */
  plannedAt: Instant.optional(),
  plannedWard: Ward.optional(),
  discharge: Discharge.optional(),
  /** For a correction: the names of the fields that changed. */
  changed: z.array(z.string()).optional(),
  member: z
    .object({ memberId: ProfessionalId, role: CircleRole, source: z.enum(['reported', 'declared']).optional() })
    .optional(),
  /** Who says of a death that it was, or was not: the register of an EHPAD, or else a message; the date as it was written. */
  death: z.object({ ehpad: Finess.optional(), diedText: DeathText.optional() }).optional(),
  flags: z.array(Flag),
})
export type PathwayEntry = z.infer<typeof PathwayEntry>

/** What a stay now is. Without `arrivedAt`, nobody announced how a stay that is not only expected began. */
export const PathwayStay = Standing.extend({ stayId: StayId })
export type PathwayStay = z.infer<typeof PathwayStay>

/** What people asked of each other, planned and opened for the patient, beside what happened to him or her. */
export const Exchange = z.discriminatedUnion('kind', [LoopEntry, ThreadEntry])
export type Exchange = z.infer<typeof Exchange>

/** `GET /pathways/{id}`: entries by when they happened; what was corrected or withdrawn stays, and says so. */
export const PathwayView = z.object({
  patientId: PatientId,
  primaryPhysician: z
    .object({ memberId: ProfessionalId, source: z.enum(['reported', 'declared']), since: Instant })
    .optional(),
  stays: z.array(PathwayStay),
  entries: z.array(
    PathwayEntry.extend({
      state: z.enum(['current', 'corrected', 'withdrawn']),
      /** The entry that corrected or withdrew this one. */
      supersededBy: z.uuid().optional(),
    }),
  ),
  /** Referrals, the runs of protocols and the threads about the patient, by when each fact happened. */
  exchanges: z.array(Exchange),
})
export type PathwayView = z.infer<typeof PathwayView>

type MovementFact = Extract<StayEvent, { data: { movement: Movement } }>
type Recorded = { entryId: string; recordedAt: Instant }

/** The wards a movement names, once each. */
export function movementWards({
  medicalWard,
  careWard,
}: Pick<Movement, 'medicalWard' | 'careWard'>): PathwayEntry['wards'] {
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
  event: StayEvent | CircleEvent | DeathEvent,
  recorded: Recorded,
): PathwayEntry | undefined {
  switch (event.type) {
    case 'MovementCorrected': {
      const { kind: movementKind, changed } = event.data
      return { ...movementEntry(event, recorded), kind: 'correction', movementKind, changed }
    }
    case 'MovementWithdrawn':
      return withdrawalEntry(event, recorded)
    case 'StayTakenFromPatient':
      // Nobody outside had been told.
      if (event.data.confidential) return undefined
      return { ...stayEntry(event, recorded), kind: 'movedAway', happenedAt: event.data.reportedAt, wards: [] }
    case 'StayMovedToPatient':
      return { ...stayEntry(event, recorded), kind: 'movedHere', happenedAt: event.data.reportedAt }
    case 'ConfidentialityChanged': {
      const { confidential, changedAt } = event.data
      const kind = confidential ? ('madeConfidential' as const) : ('released' as const)
      return { ...stayEntry(event, recorded), kind, happenedAt: changedAt }
    }
    case 'MemberJoined':
    case 'MemberLeft':
      return memberEntry(event, recorded)
    case 'DeathReported':
    case 'DeathDenied':
      return event.data.again ? undefined : deathEntry(event, recorded)
    case 'PatientDisowned':
    case 'MovementConfirmed':
    case 'IdentityReported':
    case 'ParticipantsReported':
    case 'StandingChanged':
      return undefined
    default: {
      const kind = movementKinds[event.type]
      return { ...movementEntry(event, recorded), kind, movementKind: kind }
    }
  }
}

/** What a stay took along to another patient, as the entries that it was told by: under their ids, of that patient. */
export function restatedEntries(event: StayEvent | CircleEvent | DeathEvent): PathwayEntry[] {
  const history = event.type === 'StayMovedToPatient' ? (event.data.history ?? []) : []
  return history.flatMap(({ fact, ...recorded }) => pathwayEntry(fact, recorded) ?? [])
}

/**
 * Entries in log order, each once: what a stay took along is told where it is not known otherwise, because what it was told
 * by is forgotten.
 */
export function withRestated<Entry extends Pick<PathwayEntry, 'entryId'>>(
  told: readonly { entry: Entry; restated: readonly Entry[] }[],
): Entry[] {
  const entries = told.flatMap(({ entry, restated }) => [...restated, entry])
  return [...new Map(entries.map((entry) => [entry.entryId, entry])).values()]
}

type Entry = Omit<PathwayEntry, 'kind'>
type Withdrawal = Extract<StayEvent, { type: 'MovementWithdrawn' }>

function withdrawalEntry({ data }: Withdrawal, recorded: Recorded): PathwayEntry {
  const { stayId, patientId, movementId, withdrawn, facility, wards, returning, effectiveAt, flags } = data
  return {
    ...recorded,
    patientId,
    stayId,
    movementId,
    facility,
    flags,
    kind: 'withdrawal',
    movementKind: withdrawn,
    happenedAt: effectiveAt,
    wards: wards.map(answering),
    ...(returning.length > 0 ? { returning } : {}),
  }
}

const answering = (ward: Ward) => ({ ...ward, responsibility: 'both' as const })

type StayFact = { data: { patientId: PatientId; stayId: StayId; wards?: Ward[] } }

function stayEntry({ data }: StayFact, recorded: Recorded): Omit<Entry, 'happenedAt'> {
  const { patientId, stayId, wards = [] } = data
  return { ...recorded, patientId, stayId, wards: wards.map(answering), flags: [] }
}

type MemberEvent = Extract<CircleEvent, { type: 'MemberJoined' | 'MemberLeft' }>

function memberEntry(event: MemberEvent, recorded: Recorded): PathwayEntry {
  const { patientId, memberId, role } = event.data
  const common = { ...recorded, patientId, wards: [], flags: [] }
  if (event.type === 'MemberLeft')
    return { ...common, kind: 'circleLeft', happenedAt: event.data.leftAt, member: { memberId, role } }
  const { joinedAt, source } = event.data
  return { ...common, kind: 'circleJoined', happenedAt: joinedAt, member: { memberId, role, source } }
}

function deathEntry(event: DeathEvent, recorded: Recorded): PathwayEntry {
  const { patientId, register, reportedAt } = event.data
  const by = register === undefined ? {} : { ehpad: register.ehpad }
  const common = { ...recorded, patientId, wards: [], flags: [] }
  if (event.type === 'DeathDenied') return { ...common, kind: 'deathDenied', happenedAt: reportedAt, death: by }
  const { diedAt = reportedAt, diedText } = event.data
  const death = { ...by, ...(diedText === undefined ? {} : { diedText }) }
  return { ...common, kind: 'deathReported', happenedAt: diedAt, death }
}

function movementEntry({ data }: MovementFact, recorded: Recorded): Entry {
  const { movement, stayId, patientId, flags } = data
  const { movementId, effectiveAt, facility, patientClass } = movement
  const shown = ['room', 'bed', 'attendingPhysician', 'expectedDischargeAt', 'plannedAt', 'discharge'] as const
  return {
    ...recorded,
    patientId,
    stayId,
    movementId,
    facility,
    patientClass,
    flags,
    happenedAt: effectiveAt,
    wards: movementWards(movement),
    ...('leaving' in data && data.leaving.length > 0 ? { leaving: data.leaving } : {}),
    ...('holding' in data && data.holding ? { holding: data.holding } : {}),
    ...Object.fromEntries(shown.flatMap((name) => (movement[name] === undefined ? [] : [[name, movement[name]]]))),
    ...(movement.plannedWard ? { plannedWard: movement.plannedWard } : {}),
  }
}
