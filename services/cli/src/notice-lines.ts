import type { EhpadBoardRow, InboxItem, Receipts, StayItem, WardBoardRow, WorkItem } from '@relais/contracts/boards'
import {
  type ChannelEntry,
  isPathwayEntry,
  type NoticeEntry,
  type ReceiptEntry,
} from '@relais/contracts/channel-entries'
import type { Standing } from '@relais/contracts/standing'
import { isLoopLine, loopLine, subjectText } from './loop-lines.ts'
import { entryLine, instant } from './output.ts'
import { words, wordsFor } from './words.ts'

/** How a page calls a patient: by name where the actor may know it. */
export type NameOf = (patientId: string) => string

/** One item of an inbox: of whom, what happened, how the stay stands; then what to do, and until or since when. */
export function itemLine(item: InboxItem, nameOf: NameOf): string {
  return item.kind === 'work' ? workLine(item, nameOf) : stayLine(item, nameOf)
}

function workLine({ noticeId, patientId, recipient, happenedAt, work, status }: WorkItem, nameOf: NameOf): string {
  const { nature, title, expected, subject } = work
  const who = patientId === undefined ? 'somebody' : nameOf(patientId)
  const due = expected.dueAt === undefined ? '' : ` by ${instant(expected.dueAt)}`
  const todo = status === 'done' ? 'done' : `${words.action[expected.action]}${due}`
  const what = `${title}, ${words.work[nature]} ${instant(happenedAt)}  ${subjectText(subject)}`
  return [`${noticeId ?? 'no notice'}  ${who}  ${what}`, `  ${todo} (${recipient})`].join('\n')
}

function stayLine(item: StayItem, nameOf: NameOf): string {
  const { noticeId, nature, happenedAt, standing, changed, expected, receipts } = item
  const news = changed.length === 0 ? '' : `  changed: ${changed.map((fact) => wordsFor('fact', fact)).join(', ')}`
  const todo = receipts.acted ? `done (${receipts.acted.action})` : todoText(expected, standing)
  const what = `${words.notice[nature]} ${instant(happenedAt)}`
  return [`${noticeId}  ${nameOf(item.patientId)}  ${what}  ${standingText(standing)}${news}`, `  ${todo}`].join('\n')
}

/** Once the patient has left there is no date to be ready by any more. */
function todoText({ action, dueAt }: StayItem['expected'], { dischargedAt }: Standing): string {
  const what = words.expected[action]
  if (dueAt === undefined) return what
  return dueAt === dischargedAt ? `left ${instant(dischargedAt)}: ${what}` : `${what} by ${instant(dueAt)}`
}

export function wardLine(row: WardBoardRow, nameOf: NameOf): string {
  const { group, standing, departureAt, notices } = row
  const place = [standing.room, standing.bed].filter((part) => part !== undefined).join('-')
  const leaves = departureAt === undefined ? '' : `  leaves ${instant(departureAt)}`
  const head = `${words.group[group].padEnd(8)}  ${place.padEnd(7)}  ${nameOf(row.patientId)}${leaves}`
  const told = notices.map(
    ({ recipient, role, nature, receipts }) =>
      `  ${recipient} (${role}) ${words.notice[nature]}: ${receiptText(receipts)}`,
  )
  return [head, ...told].join('\n')
}

export function residentLine(row: EhpadBoardRow, nameOf: NameOf): string {
  const { room = '', place, since, expectedBackAt, expectedAt, standing } = row
  const who = row.patientId === undefined ? `resident ${row.residentId}` : nameOf(row.patientId)
  return [
    `${room.padEnd(7)}  ${words.place[place].padEnd(12)}  ${who}`,
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
      return `${instant(entry.happenedAt)}  resident ${entry.residentId} ${words.resident[entry.change]}${room}`
    }
  }
}

function noticeLine({ noticeId, happenedAt, recipient, nature, standing }: NoticeEntry): string {
  return `${instant(happenedAt)}  told ${recipient}: ${words.notice[nature]}, ${standingText(standing)}  notice ${noticeId}`
}

function receiptLine({ at, recipient, receipt, by, action, outcome, noticeId }: ReceiptEntry): string {
  const said = action ?? words.receipt[receipt]
  const how = outcome === undefined ? said : `${said} (${words.misdirection[outcome]})`
  return `${instant(at)}  ${recipient}: ${how} by ${by}  notice ${noticeId}`
}

function standingText(standing: Standing): string {
  return `${words.standing[standing.died ? 'died' : standing.status]} ${wardsText(standing)}`
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
