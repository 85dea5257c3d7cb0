import type { InboxItem, StayItem } from '@relais/contracts/boards'
import { useMemo } from 'react'
import { usePerform } from '../../acts/acts.tsx'
import { givesCare, hasScope, usePerson } from '../../api/session.ts'
import { useConnection } from '../../live/live.tsx'
import { useWords } from '../../messages/language.tsx'
import type { InboxAct, Reader } from './inbox-acts.ts'
import { workSubject } from './inbox-items.ts'
import { inboxWords } from './inbox-words.ts'

/** What an act about an item is about, in the outbox: one at a time for each. */
export function subjectOf(item: InboxItem): string {
  return item.kind === 'stay' ? `notice/${item.noticeId}` : workSubject(item.work.subject)
}

/** As what the person who reads may act. */
export function useReader(): Reader {
  const person = usePerson()
  return useMemo(
    () => ({
      givesCare: givesCare(person),
      mayAct: (scope) => hasScope(person, scope),
      isQueue: (recipient) => recipient !== person.id,
    }),
    [person],
  )
}

/** Those of the acts that need nothing more than a key. `false` for one that has a question first. */
export function useDirectAct(): (item: InboxItem, act: InboxAct) => boolean {
  const perform = usePerform()
  const words = useWords(inboxWords)
  const { state } = useConnection()
  return (item, act) => {
    const request = requestOf(item, act)
    if (!request) return false
    // What its reader does about what is asked comes by no channel; a receipt comes by that of the inbox.
    const isHeard = item.kind === 'stay' && state === 'open'
    perform({
      subject: subjectOf(item),
      method: 'POST',
      what: words.acts[act].done,
      affects: [['inbox', 'done'], ...(isHeard ? [] : [['inbox', 'open']]), ...alsoAffected(item)],
      ...request,
    })
    return true
  }
}

/** What is shown elsewhere of the same thing. */
function alsoAffected(item: InboxItem): string[][] {
  if (item.kind === 'stay') return []
  const { subject } = item.work
  return subject.kind === 'referral' ? [['referral', subject.referralId], ['referrals']] : [['run', subject.runId]]
}

function requestOf(item: InboxItem, act: InboxAct): { path: string; body: object } | undefined {
  const { noticeId, recipient } = item
  switch (act) {
    case 'acknowledge':
    case 'handle': {
      const action = act === 'handle' ? 'handled' : 'acknowledged'
      return noticeId && { path: `/notices/${noticeId}/receipts`, body: { receipt: 'acted', action } }
    }
    case 'accept':
    case 'take': {
      if (item.kind !== 'work' || item.work.subject.kind !== 'referral') return undefined
      return { path: `/referrals/${item.work.subject.referralId}/${act}`, body: { recipient } }
    }
    case 'done': {
      if (item.kind !== 'work' || item.work.subject.kind !== 'step') return undefined
      const { runId, stepId } = item.work.subject
      return { path: `/runs/${runId}/steps/${stepId}/done`, body: { requestId: crypto.randomUUID() } }
    }
    case 'decline':
    case 'answer':
    case 'ask':
    case 'schedule':
    case 'seen':
    case 'askOthers':
    case 'skip':
    case 'notMine':
      return undefined
  }
}

/** "Not my patient": the access of who says so ends at once. */
export function useNotMine(): (item: StayItem) => void {
  const perform = usePerform()
  const words = useWords(inboxWords)
  return (item) => {
    perform({
      subject: subjectOf(item),
      method: 'POST',
      path: `/notices/${item.noticeId}/return`,
      body: { reason: 'notMyPatient' },
      what: words.acts.notMine.done,
      affects: [['inbox'], ['pathway', item.patientId], ['circle', item.patientId], ['identity', item.patientId]],
    })
  }
}
