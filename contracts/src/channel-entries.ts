import { z } from 'zod'
import { Expected, expectedOf } from './boards.ts'
import { MisdirectionOutcome, NoticeAction, type NoticeEvent, NoticeId, NoticeNature, Recipient } from './notices.ts'
import { PathwayEntry } from './pathway.ts'
import { CircleRole, type LinkEvent } from './patients.ts'
import { Authority, Instant, PatientId, ProfessionalId, StayId, Ward } from './primitives.ts'
import { type ResidentEvent, ResidentId, type ResidentMatchEvent, Room } from './residents.ts'
import { Finess } from './directory.ts'
import { Standing } from './standing.ts'

const notice = {
  /** The id of the event it comes from. */
  entryId: z.uuid(),
  patientId: PatientId,
  stayId: StayId,
  noticeId: NoticeId,
  recipient: Recipient,
  role: CircleRole,
  /** When Relais learned of it. */
  recordedAt: Instant,
}

/** Something sent to someone. An inbox holds one item for each stay: the last notice takes the place of the one before. */
export const NoticeEntry = z.object({
  kind: z.literal('notice'),
  ...notice,
  nature: NoticeNature,
  happenedAt: Instant,
  standing: Standing,
  changed: z.array(z.string()),
  expected: Expected,
})
export type NoticeEntry = z.infer<typeof NoticeEntry>

/** What became of a notice: one receipt, by whom and when. */
export const ReceiptEntry = z.object({
  kind: z.literal('receipt'),
  ...notice,
  receipt: z.enum(['delivered', 'read', 'acted', 'returned', 'misdirectionClosed']),
  by: ProfessionalId,
  at: Instant,
  action: NoticeAction.optional(),
  outcome: MisdirectionOutcome.optional(),
  /** Whose notice it was. */
  facility: Authority,
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
  ReceiptEntry,
  ResidentEntry,
  LinkEntry,
])
export type ChannelEntry = z.infer<typeof ChannelEntry>

export function isPathwayEntry(entry: ChannelEntry): entry is PathwayEntry {
  return entry.kind !== 'notice' && entry.kind !== 'receipt' && entry.kind !== 'resident' && entry.kind !== 'link'
}

type Recorded = { entryId: string; recordedAt: Instant }

/** What a channel carries of a fact about a notice. */
export function noticeEntry({ type, data }: NoticeEvent, recorded: Recorded): NoticeEntry | ReceiptEntry {
  const { noticeId, patientId, stayId, recipient, role } = data
  const subject = { ...recorded, noticeId, patientId, stayId, recipient, role }
  switch (type) {
    case 'NoticeSent': {
      const { nature, happenedAt, standing, changed } = data
      return { kind: 'notice', ...subject, nature, happenedAt, standing, changed, expected: expectedOf(data) }
    }
    case 'NoticeDelivered':
      return { ...receiptOf(data, subject), receipt: 'delivered', at: data.deliveredAt }
    case 'NoticeRead':
      return { ...receiptOf(data, subject), receipt: 'read', at: data.readAt }
    case 'NoticeActedUpon':
      return { ...receiptOf(data, subject), receipt: 'acted', at: data.actedAt, action: data.action }
    case 'NoticeReturned':
      return { ...receiptOf(data, subject), receipt: 'returned', at: data.returnedAt }
    case 'MisdirectionClosed':
      return { ...receiptOf(data, subject), receipt: 'misdirectionClosed', at: data.closedAt, outcome: data.outcome }
  }
}

type Sender = Pick<ReceiptEntry, 'by' | 'facility' | 'wards'>

function receiptOf<Subject>({ by, facility, wards }: Sender, subject: Subject) {
  return { kind: 'receipt' as const, ...subject, by, facility, wards }
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
