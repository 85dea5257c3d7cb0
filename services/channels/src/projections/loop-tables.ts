import type { ThreadKind } from '@relais/contracts/conversations'
import type { Decoded } from '@relais/event-store/codec'
import { wardRecipient } from '@relais/access/recipients'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'
import type { Work, WorkSubject } from '@relais/contracts/work'
import { workChannel } from '../domain/entry-channels.ts'
import type { FeedEvent } from './feed-codecs.ts'

/** Who takes part in referrals, runs and threads, what each was last asked, and which messages were withdrawn. */
export const loopTables = {
  /** `channel` is that of the referral, or of the run. */
  loop_party: {
    columns: { channel: 'text', recipient: 'text', patient_id: 'text' },
    key: ['channel', 'recipient'],
  },
  /** The last notice of one piece of work: the one whose receipts count. */
  asked: {
    columns: { subject: 'text', recipient: 'text', notice_id: 'text' },
    key: ['subject', 'recipient'],
  },
  thread: { columns: { thread_id: 'text', kind: 'text', patient_id: 'text?' }, key: ['thread_id'] },
  thread_member: { columns: { thread_id: 'text', member: 'text' }, key: ['thread_id', 'member'] },
  withdrawn_post: { columns: { post_id: 'text' }, key: ['post_id'] },
} satisfies Record<string, Table>

/** The same tables, for a query. */
export type LoopTables = {
  loop_party: { channel: string; recipient: string; patient_id: string }
  asked: { subject: string; recipient: string; notice_id: string }
  thread: { thread_id: string; kind: ThreadKind; patient_id: string | null }
  thread_member: { thread_id: string; member: string }
  withdrawn_post: { post_id: string }
}

/** What an event changes in `loopTables`, from the event alone. */
export function loopRows({ event }: Decoded<FeedEvent>): readonly RowOperation[] {
  switch (event?.type) {
    case 'WorkGiven':
      return parties(event.data)
    case 'WorkNoticeSent': {
      const { noticeId, recipient, work } = event.data
      return [upsert('asked', { subject: subjectKey(work.subject), recipient, notice_id: noticeId })]
    }
    case 'ReferralRequested': {
      const { referralId, patientId, from } = event.data
      const channel = `referral/${referralId}`
      return [from.by, ...from.told].map((recipient) => party({ channel, recipient, patientId }))
    }
    case 'ThreadOpened': {
      const { threadId, kind, patientId = null, members, by } = event.data
      const named = kind === 'group' || kind === 'wardCommunity' ? new Set([...members, by]) : new Set<string>()
      return [
        upsert('thread', { thread_id: threadId, kind, patient_id: patientId }),
        ...[...named].map((member) => upsert('thread_member', { thread_id: threadId, member })),
      ]
    }
    case 'ThreadMemberAdded':
      return [upsert('thread_member', { thread_id: event.data.threadId, member: event.data.member })]
    case 'ThreadMemberRemoved':
      return [remove('thread_member', { thread_id: event.data.threadId, member: event.data.member })]
    case 'MessageWithdrawn':
      return [upsert('withdrawn_post', { post_id: event.data.postId })]
    default:
      return []
  }
}

/** One text for what is asked, whoever is asked. */
export function subjectKey(subject: WorkSubject): string {
  return subject.kind === 'step' ? `${workChannel(subject)}/${subject.stepId}` : workChannel(subject)
}

/** Whoever is asked, whoever asks, and the wards of who asks. */
function parties({ patientId, work }: { patientId: string; work: Work }): RowOperation[] {
  const { by, organisation, wards } = work.from
  const ofWards = wards.flatMap((ward) => (ward.facility === organisation ? (wardRecipient(ward) ?? []) : []))
  const channel = workChannel(work.subject)
  return [...new Set([work.recipient, by, ...ofWards])].map((recipient) => party({ channel, recipient, patientId }))
}

function party({ channel, recipient, patientId }: { channel: string; recipient: string; patientId: string }) {
  return upsert('loop_party', { channel, recipient, patient_id: patientId })
}
