import type { ChannelEntry, WorkEntry } from '@relais/contracts/channel-entries'
import type { ConversationEntry } from '@relais/contracts/conversation-entries'
import type { LoopEntry } from '@relais/contracts/loop-entries'
import type { WorkSubject } from '@relais/contracts/work'
import { instant } from './output.ts'
import { words, wordsFor } from './words.ts'

type Line = WorkEntry | LoopEntry | ConversationEntry
const kinds: ReadonlySet<string> = new Set(['work', 'loop', 'thread', 'post', 'threadReceipt', 'threadNews'])

export function isLoopLine(entry: ChannelEntry): entry is Line {
  return kinds.has(entry.kind)
}

/** One line for what is asked, for what became of it, and for what is said of it. */
export function loopLine(entry: Line): string {
  const at = instant(entry.happenedAt)
  switch (entry.kind) {
    case 'work': {
      const { nature, title, expected, subject, state } = entry.work
      const due = expected.dueAt === undefined ? '' : ` by ${instant(expected.dueAt)}`
      const todo = state === 'open' ? `${words.action[expected.action]}${due}` : state
      return `${at}  asked ${entry.recipient}: ${title}, ${words.work[nature]}: ${todo}  ${subjectText(subject)}`
    }
    case 'loop':
      return `${at}  ${words.loop[entry.change]}${loopDetails(entry)}`
    case 'thread':
      return `${at}  thread ${entry.threadId}: ${words.thread[entry.change]} by ${entry.by}`
    case 'post':
      return `${at}  ${entry.by}: ${entry.text ?? words.post[entry.change]}`
    case 'threadReceipt':
      return `${at}  ${entry.by} ${entry.receipt} up to message ${entry.upTo}`
    case 'threadNews': {
      const unread = entry.threads.reduce((sum, thread) => sum + thread.unread, 0)
      return `${at}  ${unread} new ${unread === 1 ? 'message' : 'messages'} (${words.news[entry.because]})`
    }
  }
}

export function subjectText(subject: WorkSubject): string {
  return subject.kind === 'referral'
    ? `referral ${subject.referralId}`
    : `step ${subject.stepId} of run ${subject.runId}`
}

function loopDetails({ title, recipient, by, because, dueAt, startsAt, stepId, referralId, runId }: LoopEntry): string {
  const parts = [
    stepId,
    title,
    recipient && `→ ${recipient}`,
    by && `by ${by}`,
    because && `(${wordsFor('because', because)})`,
    startsAt && `at ${instant(startsAt)}`,
    dueAt && `due ${instant(dueAt)}`,
    referralId && `referral ${referralId}`,
    runId && `run ${runId}`,
  ]
  return parts.flatMap((part) => (part ? [`  ${part}`] : [])).join('')
}
