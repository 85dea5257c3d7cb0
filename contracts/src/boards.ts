import { z } from 'zod'
import { isElsewhere } from './elsewhere.ts'
import { NoticeAction, NoticeId, NoticeNature } from './notices.ts'
import { CircleRole } from './patients.ts'
import { Instant, PatientId, ProfessionalId, StayId, Recipient } from './primitives.ts'
import { ResidentId, Room } from './residents.ts'
import { Standing } from './standing.ts'
import { Work } from './work.ts'

/** What a notice waits for, and by when where a date is known: once the patient has left, that of the discharge. */
export const Expected = z.object({
  action: z.enum(['acknowledge', 'prepareReturn', 'planFollowUp']),
  dueAt: Instant.optional(),
})
export type Expected = z.infer<typeof Expected>

const given = { by: ProfessionalId, at: Instant }

/** The receipts of a notice so far. Each is a fact of its own: none says anything of the others. */
export const Receipts = z.object({
  sentAt: Instant,
  delivered: z.object(given).optional(),
  read: z.object(given).optional(),
  acted: z.object({ ...given, action: NoticeAction }).optional(),
  returned: z.object(given).optional(),
})
export type Receipts = z.infer<typeof Receipts>

const status = z.enum(['open', 'done'])

/** All that a recipient has been told of one stay, as it was last told. It names nobody but professionals. */
export const StayItem = z.object({
  kind: z.literal('stay'),
  /** Of the last notice about this stay: the one to acknowledge. */
  noticeId: NoticeId,
  recipient: Recipient,
  role: CircleRole,
  patientId: PatientId,
  stayId: StayId,
  nature: NoticeNature,
  happenedAt: Instant,
  standing: Standing,
  changed: z.array(z.string()),
  expected: Expected,
  receipts: Receipts,
  /** Done once the last notice was acted upon. */
  status,
})
export type StayItem = z.infer<typeof StayItem>

/** What a recipient is asked: one item for each referral and each step, as it was last said. */
export const WorkItem = z.object({
  kind: z.literal('work'),
  /** Of the notice that says so; absent until it is written, and of what the recipient caused, which is told to nobody. */
  noticeId: NoticeId.optional(),
  recipient: Recipient,
  /** Absent while who the patient is stays unsaid. */
  patientId: PatientId.optional(),
  happenedAt: Instant,
  work: Work,
  receipts: Receipts.optional(),
  /** Open as long as something is expected; what is only to be acknowledged, until it is. */
  status,
})
export type WorkItem = z.infer<typeof WorkItem>

export const InboxItem = z.discriminatedUnion('kind', [StayItem, WorkItem])
export type InboxItem = z.infer<typeof InboxItem>

/** One stay on the board of a ward. */
export const WardBoardRow = z.object({
  stayId: StayId,
  patientId: PatientId,
  /** `left` shows for three days after a discharge, so that its receipts are seen. */
  group: z.enum(['present', 'onLeave', 'expected', 'left']),
  /** A discharge, or a transfer away, is announced. */
  departureAt: Instant.optional(),
  standing: Standing,
  /** Who was told last of what, and what became of it. */
  notices: z.array(
    z.object({ noticeId: NoticeId, recipient: Recipient, role: CircleRole, nature: NoticeNature, receipts: Receipts }),
  ),
})
export type WardBoardRow = z.infer<typeof WardBoardRow>

/** One resident on the board of an EHPAD. */
export const EhpadBoardRow = z.object({
  residentId: ResidentId,
  room: Room.optional(),
  enteredAt: Instant,
  /** Who the resident is for hospitals, once matched. */
  patientId: PatientId.optional(),
  /** `onLeave` from a hospital; `present` also for who is not matched, and of whom no hospital can tell. */
  place: z.enum(['present', 'emergency', 'hospitalised', 'onLeave', 'deceased']),
  since: Instant.optional(),
  expectedBackAt: Instant.optional(),
  /** An admission is announced. */
  expectedAt: Instant.optional(),
  /** The stay that says so. */
  stayId: StayId.optional(),
  standing: Standing.optional(),
})
export type EhpadBoardRow = z.infer<typeof EhpadBoardRow>

type Told = { nature: NoticeNature; standing: Standing; role: CircleRole }

/**
 * What is expected of who is told: whoever houses the patient prepares the return, others what follows the stay. Nothing
 * but to know of it once the patient has died, in the stay or elsewhere, or has gone on to another hospital.
 */
export function expectedOf({ nature, standing, role }: Told): Expected {
  const dueAt = standing.dischargedAt ?? standing.expectedDischargeAt
  const isOver = standing.died || nature === 'died' || standing.status === 'withdrawn' || isElsewhere(standing)
  if (isOver || isOutpatient(standing) || dueAt === undefined) return { action: 'acknowledge' }
  return { action: role === 'ehpad' ? 'prepareReturn' : 'planFollowUp', dueAt }
}

/** Consultations, séances and remote monitoring. */
function isOutpatient({ patientClass }: Standing): boolean {
  return patientClass !== undefined && patientClass !== 'E' && patientClass !== 'I'
}
