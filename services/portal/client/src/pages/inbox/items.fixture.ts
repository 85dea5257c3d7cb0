import { type InboxItem, StayItem, WorkItem } from '@relais/contracts/boards'
import { NoticeEntry, ReceiptEntry, WorkEntry } from '@relais/contracts/channel-entries'

export const ME = 'rpps:99700000013'
export const TEAM = 'finess:990000051'

/** Ids that tell one thing from another, and are otherwise nothing. */
export const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

type StayWords = { number?: number; notice?: number; dueAt?: string; sentAt?: string; recipient?: string }

export function stay(words: StayWords = {}): StayItem {
  const { number = 1, notice = number, dueAt, sentAt = '2026-11-27T08:00:00.000Z', recipient = ME } = words
  return StayItem.parse({
    kind: 'stay',
    noticeId: id(notice),
    recipient,
    role: 'medecin-traitant',
    patientId: id(100 + number),
    stayId: id(200 + number),
    nature: 'discharged',
    happenedAt: sentAt,
    standing: { status: 'discharged', facility: '990000010', wards: [], died: false, confidential: false },
    changed: [],
    expected: dueAt === undefined ? { action: 'acknowledge' } : { action: 'planFollowUp', dueAt },
    receipts: { sentAt },
    status: 'open',
  })
}

type WorkWords = {
  number?: number
  action?: WorkItem['work']['expected']['action']
  dueAt?: string
  happenedAt?: string
  recipient?: string
  isStep?: boolean
  /** What its reader did is told to nobody. */
  isTold?: boolean
  state?: WorkItem['work']['state']
  nature?: WorkItem['work']['nature']
}

export function work(words: WorkWords = {}): WorkItem {
  const {
    number = 1,
    action = 'answerReferral',
    dueAt,
    recipient = ME,
    isStep = false,
    state = 'open',
    isTold = true,
  } = words
  const { happenedAt = '2026-11-27T08:00:00.000Z', nature = 'referralAsked' } = words
  const subject = isStep
    ? { kind: 'step', runId: id(300 + number), stepId: 'call' }
    : { kind: 'referral', referralId: id(400 + number) }
  return WorkItem.parse({
    kind: 'work',
    ...(isTold ? { noticeId: id(500 + number) } : {}),
    recipient,
    patientId: id(100 + number),
    happenedAt,
    work: {
      subject,
      recipient,
      nature,
      state,
      expected: { action, ...(dueAt === undefined ? {} : { dueAt }) },
      urgency: 'routine',
      title: 'Cardiologie',
      withheld: false,
      from: { by: 'rpps:99700000146', wards: [] },
    },
    receipts: { sentAt: happenedAt },
    status: state === 'open' ? 'open' : 'done',
  })
}

/** What is told by a channel of an item; what an entry has no place for is left out. */
export function noticeOf(item: StayItem): NoticeEntry {
  return NoticeEntry.parse({ ...item, kind: 'notice', entryId: id(900), recordedAt: item.receipts.sentAt })
}

export function workEntryOf(item: WorkItem): WorkEntry {
  return WorkEntry.parse({ ...item, entryId: id(901), recordedAt: item.happenedAt })
}

export function receiptOf(item: InboxItem, receipt: ReceiptEntry['receipt'], at = '2026-11-27T09:00:00.000Z') {
  const about = item.kind === 'stay' ? { stayId: item.stayId } : { work: item.work.subject }
  const { noticeId, recipient, patientId } = item
  const common = { kind: 'receipt', entryId: id(902), noticeId, recipient, patientId, recordedAt: at }
  return ReceiptEntry.parse({ ...common, ...about, receipt, by: ME, at, wards: [] })
}
