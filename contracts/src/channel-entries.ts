import { z } from 'zod'
import { Expected, expectedOf } from './boards.ts'
import { PostEntry, ThreadEntry, ThreadNewsEntry, ThreadReceiptEntry } from './conversation-entries.ts'
import { LoopEntry } from './loop-entries.ts'
import { MisdirectionOutcome, NoticeAction, type NoticeEvent, NoticeId, NoticeNature } from './notices.ts'
import { EntryKind, PathwayEntry } from './pathway.ts'
import { CircleRole, type LinkEvent } from './patients.ts'
import { Authority, Instant, PatientId, ProfessionalId, StayId, Ward, Recipient } from './primitives.ts'
import { type ResidentEvent, ResidentId, type ResidentMatchEvent, Room } from './residents.ts'
import { Finess } from './directory.ts'
import { Standing } from './standing.ts'
import { Work, WorkSubject } from './work.ts'

const notice = {
  /** The id of the event it comes from. */
  entryId: z.uuid(),
  noticeId: NoticeId,
  recipient: Recipient,
  /** When Relais learned of it. */
  recordedAt: Instant,
}

/** Something sent to someone. An inbox holds one item for each stay: the last notice takes the place of the one before. */
export const NoticeEntry = z.object({
  kind: z.literal('notice'),
  ...notice,
  patientId: PatientId,
  stayId: StayId,
  role: CircleRole,
  nature: NoticeNature,
  happenedAt: Instant,
  standing: Standing,
  changed: z.array(z.string()),
  expected: Expected,
})
export type NoticeEntry = z.infer<typeof NoticeEntry>

/** What is asked of someone. An inbox holds one item for each referral and each step, as it was last said. */
export const WorkEntry = z.object({
  kind: z.literal('work'),
  ...notice,
  /** Absent while who the patient is stays unsaid. */
  patientId: PatientId.optional(),
  happenedAt: Instant,
  work: Work,
})
export type WorkEntry = z.infer<typeof WorkEntry>

/** What became of a notice: one receipt, by whom and when. */
export const ReceiptEntry = z.object({
  kind: z.literal('receipt'),
  ...notice,
  patientId: PatientId.optional(),
  /** The stay, and as what the recipient was told of it; or the work. */
  stayId: StayId.optional(),
  role: CircleRole.optional(),
  work: WorkSubject.optional(),
  receipt: z.enum(['delivered', 'read', 'acted', 'returned', 'misdirectionClosed']),
  by: ProfessionalId,
  at: Instant,
  action: NoticeAction.optional(),
  outcome: MisdirectionOutcome.optional(),
  /** Whose notice it was. */
  facility: Authority.optional(),
  wards: z.array(Ward),
})
export type ReceiptEntry = z.infer<typeof ReceiptEntry>

/** What changes in the register of an EHPAD. Where its residents are is told by notices. It names nobody. */
export const ResidentEntry = z.object({
  kind: z.literal('resident'),
  entryId: z.uuid(),
  recordedAt: Instant,
  happenedAt: Instant,
  residentId: ResidentId,
  ehpad: Finess,
  change: z.enum(['entered', 'identityChanged', 'moved', 'left', 'matched', 'unmatched']),
  room: Room.optional(),
  /** Who the resident is for hospitals, once matched. */
  patientId: PatientId.optional(),
})
export type ResidentEntry = z.infer<typeof ResidentEntry>

/** That two patients are one person, or no longer: what channels of either carry is that of both from then on, or apart. */
export const LinkEntry = z.object({
  kind: z.literal('link'),
  entryId: z.uuid(),
  /** The one to keep, and the other one. */
  patientId: PatientId,
  otherId: PatientId,
  linked: z.boolean(),
  /** When it was said. */
  happenedAt: Instant,
  recordedAt: Instant,
})
export type LinkEntry = z.infer<typeof LinkEntry>

/** Whatever a channel carries; `kind` tells which. */
export const ChannelEntry = z.discriminatedUnion('kind', [
  PathwayEntry,
  NoticeEntry,
  WorkEntry,
  ReceiptEntry,
  ResidentEntry,
  LinkEntry,
  LoopEntry,
  ThreadEntry,
  PostEntry,
  ThreadReceiptEntry,
  ThreadNewsEntry,
])
export type ChannelEntry = z.infer<typeof ChannelEntry>

/** What another entry comes with: of stays, and of what was asked for them. */
export const StateEntry = z.discriminatedUnion('kind', [PathwayEntry, LoopEntry])
export type StateEntry = z.infer<typeof StateEntry>

const pathwayKinds: ReadonlySet<string> = new Set(EntryKind.options)

export function isPathwayEntry(entry: ChannelEntry): entry is PathwayEntry {
  return pathwayKinds.has(entry.kind)
}

type Recorded = { entryId: string; recordedAt: Instant }

/** What a channel carries of a fact about a notice. */
export function noticeEntry({ type, data }: NoticeEvent, recorded: Recorded): NoticeEntry | WorkEntry | ReceiptEntry {
  switch (type) {
    case 'NoticeSent': {
      const { noticeId, recipient, patientId, stayId, role, nature, happenedAt, standing, changed } = data
      const subject = { ...recorded, noticeId, recipient, patientId, stayId, role }
      return { kind: 'notice', ...subject, nature, happenedAt, standing, changed, expected: expectedOf(data) }
    }
    case 'WorkNoticeSent':
      return workEntry(data, recorded)
    case 'NoticeDelivered':
      return { ...receiptOf(data, recorded), receipt: 'delivered', at: data.deliveredAt }
    case 'NoticeRead':
      return { ...receiptOf(data, recorded), receipt: 'read', at: data.readAt }
    case 'NoticeActedUpon':
      return { ...receiptOf(data, recorded), receipt: 'acted', at: data.actedAt, action: data.action }
    case 'NoticeReturned':
      return { ...receiptOf(data, recorded), receipt: 'returned', at: data.returnedAt }
    case 'MisdirectionClosed':
      return { ...receiptOf(data, recorded), receipt: 'misdirectionClosed', at: data.closedAt, outcome: data.outcome }
  }
}

type Sent<Type extends NoticeEvent['type']> = Extract<NoticeEvent, { type: Type }>['data']

function workEntry(data: Sent<'WorkNoticeSent'>, recorded: Recorded): WorkEntry {
  const { noticeId, recipient, patientId, happenedAt, work } = data
  const common = { kind: 'work' as const, ...recorded, noticeId, recipient, happenedAt }
  if (!work.withheld) return { ...common, patientId, work }
  const { stayId: _, ...unnamed } = work
  return { ...common, work: unnamed }
}

function receiptOf(data: Omit<Sent<'NoticeDelivered'>, 'deliveredAt'>, recorded: Recorded) {
  const { noticeId, recipient, patientId, stayId, role, work, withheld, by, facility, wards } = data
  const common = { kind: 'receipt' as const, ...recorded, noticeId, recipient, by, wards }
  return {
    ...common,
    ...(withheld ? {} : { patientId }),
    ...(stayId === undefined ? {} : { stayId }),
    ...(role === undefined ? {} : { role }),
    ...(work ? { work } : {}),
    ...(facility === undefined ? {} : { facility }),
  }
}

/** What the channel of an EHPAD carries of its register; `undefined` for what only a person has to settle. */
export function residentEntry(
  { type, data }: ResidentEvent | ResidentMatchEvent,
  recorded: Recorded,
): ResidentEntry | undefined {
  const { residentId, ehpad } = data
  const subject = { kind: 'resident' as const, ...recorded, residentId, ehpad }
  switch (type) {
    case 'ResidentEntered': {
      const { room, enteredAt } = data
      return { ...subject, change: 'entered', happenedAt: enteredAt, ...(room === undefined ? {} : { room }) }
    }
    case 'ResidentIdentityChanged':
      return { ...subject, change: 'identityChanged', happenedAt: data.changedAt }
    case 'ResidentMoved':
      return { ...subject, change: 'moved', happenedAt: data.movedAt, room: data.room }
    case 'ResidentLeft':
      return { ...subject, change: 'left', happenedAt: data.leftAt }
    case 'ResidentMatched':
      return { ...subject, change: 'matched', happenedAt: data.matchedAt, patientId: data.patientId }
    case 'ResidentUnmatched':
      return { ...subject, change: 'unmatched', happenedAt: data.unmatchedAt, patientId: data.patientId }
    case 'ResidentMatchDoubted':
    case 'ResidentDoubtCleared':
      return undefined
  }
}

/** What a channel carries of a link; `undefined` for what was only said again, or is for a person to decide. */
export function linkEntry({ type, data }: LinkEvent, recorded: Recorded): LinkEntry | undefined {
  if ((type !== 'PatientsLinked' && type !== 'PatientsUnlinked') || data.again) return undefined
  const { patientId, otherId, reportedAt } = data
  return { kind: 'link', ...recorded, patientId, otherId, linked: type === 'PatientsLinked', happenedAt: reportedAt }
}
