import type { EhpadBoardRow, InboxItem, Receipts, StayItem, WardBoardRow, WorkItem } from '@relais/contracts/boards'
import {
  type ChannelEntry,
  isPathwayEntry,
  type NoticeEntry,
  type ReceiptEntry,
} from '@relais/contracts/channel-entries'
import type { NoticeNature } from '@relais/contracts/notices'
import type { Standing } from '@relais/contracts/standing'
import { isLoopLine, loopLine, subjectText } from './loop-lines.ts'
import { entryLine, instant } from './output.ts'

/** How a page calls a patient: by name where the actor may know it. */
export type NameOf = (patientId: string) => string

const natures: Record<NoticeNature, string> = {
  expected: 'expected',
  arrived: 'arrived',
  admitted: 'admitted',
  moved: 'moved',
  becameInpatient: 'became an inpatient',
  becameOutpatient: 'became an outpatient',
  attendingChanged: 'attending physician changed',
  leaveBegan: 'on leave',
  leaveEnded: 'back from leave',
  planned: 'planned',
  discharged: 'discharged',
  died: 'died',
  corrected: 'corrected',
  withdrawn: 'withdrawn',
  madeConfidential: 'made confidential',
  released: 'no longer confidential',
  movedToPatient: 'moved to another patient',
  joined: 'you joined the circle',
}
const expectations: Record<StayItem['expected']['action'], string> = {
  acknowledge: 'acknowledge',
  prepareReturn: 'prepare the return',
  planFollowUp: 'plan what follows',
}

/** One item of an inbox: of whom, what happened, how the stay stands; then what to do, and until or since when. */
export function itemLine(item: InboxItem, nameOf: NameOf): string {
  return item.kind === 'work' ? workLine(item, nameOf) : stayLine(item, nameOf)
}

function workLine({ noticeId, patientId, recipient, happenedAt, work, status }: WorkItem, nameOf: NameOf): string {
  const { nature, title, expected, subject } = work
  const who = patientId === undefined ? 'somebody' : nameOf(patientId)
  const due = expected.dueAt === undefined ? '' : ` by ${instant(expected.dueAt)}`
  const todo = status === 'done' ? 'done' : `${expected.action}${due}`
  const what = `${title}, ${nature} ${instant(happenedAt)}  ${subjectText(subject)}`
  return [`${noticeId ?? 'not told yet'}  ${who}  ${what}`, `  ${todo} (${recipient})`].join('\n')
}

function stayLine(item: StayItem, nameOf: NameOf): string {
  const { noticeId, nature, happenedAt, standing, changed, expected, receipts } = item
  const news = changed.length === 0 ? '' : `  changed: ${changed.join(', ')}`
  const todo = receipts.acted ? `done (${receipts.acted.action})` : todoText(expected, standing)
  const what = `${natures[nature]} ${instant(happenedAt)}`
  return [`${noticeId}  ${nameOf(item.patientId)}  ${what}  ${standingText(standing)}${news}`, `  ${todo}`].join('\n')
}

/** Once the patient has left there is no date to be ready by any more. */
function todoText({ action, dueAt }: StayItem['expected'], { dischargedAt }: Standing): string {
  const what = expectations[action]
  if (dueAt === undefined) return what
  return dueAt === dischargedAt ? `left ${instant(dischargedAt)}: ${what}` : `${what} by ${instant(dueAt)}`
}

export function wardLine(row: WardBoardRow, nameOf: NameOf): string {
  const { group, standing, departureAt, notices } = row
  const place = [standing.room, standing.bed].filter((part) => part !== undefined).join('-')
  const leaves = departureAt === undefined ? '' : `  leaves ${instant(departureAt)}`
  const head = `${group.padEnd(8)}  ${place.padEnd(7)}  ${nameOf(row.patientId)}${leaves}`
  const told = notices.map(
    ({ recipient, role, nature, receipts }) => `  ${recipient} (${role}) ${natures[nature]}: ${receiptText(receipts)}`,
  )
  return [head, ...told].join('\n')
}

export function residentLine(row: EhpadBoardRow, nameOf: NameOf): string {
  const { room = '', place, since, expectedBackAt, expectedAt, standing } = row
  const who = row.patientId === undefined ? `resident ${row.residentId}` : nameOf(row.patientId)
  return [
    `${room.padEnd(7)}  ${place.padEnd(12)}  ${who}`,
    ...(since === undefined ? [] : [`since ${instant(since)}`]),
    ...(standing === undefined ? [] : [wardsText(standing)]),
    ...(expectedBackAt === undefined ? [] : [`expected back ${instant(expectedBackAt)}`]),
    ...(expectedAt === undefined ? [] : [`admission planned ${instant(expectedAt)}`]),
  ].join('  ')
}

/** One line for whatever a channel carries. */
export function channelLine(entry: ChannelEntry): string {
  if (isPathwayEntry(entry)) return entryLine(entry)
  if (isLoopLine(entry)) return loopLine(entry)
  switch (entry.kind) {
    case 'notice':
      return noticeLine(entry)
    case 'receipt':
      return receiptLine(entry)
    case 'link': {
      const { patientId, otherId, linked } = entry
      return `${instant(entry.happenedAt)}  patient ${patientId} ${linked ? 'is' : 'is not'} patient ${otherId}`
    }
    case 'resident': {
      const room = entry.room === undefined ? '' : `  room ${entry.room}`
      return `${instant(entry.happenedAt)}  resident ${entry.residentId} ${entry.change}${room}`
    }
  }
}

function noticeLine({ noticeId, happenedAt, recipient, nature, standing }: NoticeEntry): string {
  return `${instant(happenedAt)}  told ${recipient}: ${natures[nature]}, ${standingText(standing)}  notice ${noticeId}`
}

function receiptLine({ at, recipient, receipt, by, action, outcome, noticeId }: ReceiptEntry): string {
  const how = [receipt, action, outcome].filter((part) => part !== undefined).join(' ')
  return `${instant(at)}  ${recipient}: ${how} by ${by}  notice ${noticeId}`
}

function standingText(standing: Standing): string {
  return `${standing.status} at ${wardsText(standing)}`
}

function wardsText({ wards, facility }: Standing): string {
  const names = wards.map(({ code, label }) => (label === undefined ? code : `${label} (${code})`))
  return names.length === 0 ? facility : `${names.join(', ')} at ${facility}`
}

/** What became of a notice, in brief. */
export function receiptText({ delivered, read, acted, returned }: Receipts): string {
  if (returned) return 'not their patient'
  const parts = [delivered && 'delivered', read && 'read', acted?.action].filter((part) => part !== undefined)
  return parts.length === 0 ? 'sent' : parts.join(', ')
}
