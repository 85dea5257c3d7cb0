import type { InboxItem, StayItem, WorkItem } from '@relais/contracts/boards'
import type { WorkAction } from '@relais/contracts/work'

/** What may be done about an item with one key. */
export type InboxAct =
  | 'acknowledge'
  | 'handle'
  | 'accept'
  | 'decline'
  | 'answer'
  | 'ask'
  | 'schedule'
  | 'seen'
  | 'take'
  | 'askOthers'
  | 'done'
  | 'skip'
  | 'notMine'

/** One key for each, the same whatever the language: what is shown beside a button is what is pressed. */
export const actKeys: Readonly<Record<InboxAct, string>> = {
  acknowledge: 'c',
  handle: 'f',
  accept: 'a',
  decline: 'x',
  answer: 'r',
  ask: 'q',
  schedule: 'd',
  seen: 'v',
  take: 'p',
  askOthers: 'o',
  done: 'f',
  skip: 'x',
  notMine: 'n',
}

export type Reader = { givesCare: boolean; mayAct: (scope: string) => boolean; isQueue: (recipient: string) => boolean }

/** What its reader may do about an item, what is expected first. */
export function actsOn(item: InboxItem, reader: Reader): InboxAct[] {
  if (item.status === 'done') return []
  return item.kind === 'stay' ? actsOnStay(item, reader) : actsOnWork(item, reader)
}

function actsOnStay({ expected }: StayItem, { mayAct, givesCare }: Reader): InboxAct[] {
  if (!mayAct('notice:acknowledge') || !givesCare) return []
  return expected.action === 'acknowledge' ? ['acknowledge', 'notMine'] : ['handle', 'acknowledge', 'notMine']
}

function actsOnWork(item: WorkItem, reader: Reader): InboxAct[] {
  const { work } = item
  // What was sent to a team is sorted by whoever works there; what it says is answered by those who give care.
  const mayAnswer = reader.givesCare || !reader.isQueue(item.recipient)
  if (work.expected.action === 'acknowledge')
    return mayAnswer && item.noticeId !== undefined && reader.mayAct('notice:acknowledge') ? ['acknowledge'] : []
  if (work.subject.kind === 'step') return reader.mayAct('run:write') ? ['done', 'skip'] : []
  if (!reader.mayAct('referral:write')) return []
  return actsOnReferral(item, { mayAnswer, isQueue: reader.isQueue(item.recipient) })
}

/** What is expected first; a referral itself knows which of the others are possible as it stands. */
const answers: Readonly<Record<WorkAction, readonly InboxAct[]>> = {
  answerReferral: ['accept', 'decline', 'ask', 'answer'],
  schedule: ['schedule', 'seen', 'answer', 'ask'],
  see: ['seen', 'schedule', 'answer', 'ask'],
  answerQuestion: ['answer', 'ask'],
  giveInformation: ['answer'],
  lookElsewhere: ['askOthers'],
  doStep: [],
  acknowledge: [],
}

function actsOnReferral(
  { work }: WorkItem,
  { mayAnswer, isQueue }: Record<'mayAnswer' | 'isQueue', boolean>,
): InboxAct[] {
  const { action } = work.expected
  const acts = mayAnswer ? answers[action] : []
  const isAsked = action !== 'giveInformation' && action !== 'lookElsewhere'
  return isQueue && isAsked && work.nature !== 'referralTaken' ? [...acts, 'take'] : [...acts]
}

/** What its reader hands to somebody, and does not answer. */
export function isToSort({ recipient, work }: WorkItem, { givesCare, isQueue }: Reader): boolean {
  return !givesCare && isQueue(recipient) && work.subject.kind === 'referral' && work.expected.action !== 'acknowledge'
}
