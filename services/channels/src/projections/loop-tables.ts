import { wardRecipient } from '@relais/access/recipients'
import type { ThreadKind } from '@relais/contracts/conversations'
import { type Work, type WorkSubject, workKey } from '@relais/contracts/work'
import type { Decoded } from '@relais/event-store/codec'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'
import { workChannel } from '../domain/entry-channels.ts'
import type { FeedEvent, LoopEvent } from './feed-codecs.ts'

/** Who takes part in referrals, runs and threads, what each was last asked, and which messages were withdrawn. */
export const loopTables = {
  /** `channel` is that of the referral, or of the run. */
  loop: {
    columns: { channel: 'text', patient_id: 'text', stay_id: 'text?' },
    key: ['channel'],
    indexes: [['patient_id'], ['stay_id']],
  },
  /** `part` is `asks`, `receives`, or the step that somebody has: `step/{id}`. */
  loop_party: {
    columns: { channel: 'text', recipient: 'text', part: 'text' },
    key: ['channel', 'recipient', 'part'],
  },
  /** The last notice of one piece of work: the one whose receipts count. */
  asked: {
    columns: { recipient: 'text', subject: 'text', notice_id: 'text', position: 'integer', is_open: 'integer' },
    key: ['recipient', 'subject'],
  },
  thread: {
    columns: { thread_id: 'text', kind: 'text', patient_id: 'text?' },
    key: ['thread_id'],
    indexes: [['patient_id']],
  },
  thread_member: { columns: { thread_id: 'text', member: 'text' }, key: ['thread_id', 'member'] },
  withdrawn_post: { columns: { post_id: 'text' }, key: ['post_id'] },
} satisfies Record<string, Table>

/** The same tables, for a query. */
export type LoopTables = {
  loop: { channel: string; patient_id: string; stay_id: string | null }
  loop_party: { channel: string; recipient: string; part: string }
  asked: { recipient: string; subject: string; notice_id: string; position: number; is_open: number }
  thread: { thread_id: string; kind: ThreadKind; patient_id: string | null }
  thread_member: { thread_id: string; member: string }
  withdrawn_post: { post_id: string }
}

/** What an event changes in `loopTables`, from the event alone. */
export function loopRows({ event, position }: Decoded<FeedEvent>): readonly RowOperation[] {
  switch (event?.type) {
    case 'WorkGiven':
      return parties(event.data)
    case 'WorkNoticeSent': {
      const { noticeId, recipient, work } = event.data
      const key = { recipient, subject: workKey(work.subject) }
      return [upsert('asked', { ...key, notice_id: noticeId, position, is_open: work.state === 'open' ? 1 : 0 })]
    }
    case 'ReferralRequested': {
      const { referralId, patientId, stayId, from } = event.data
      const channel = `referral/${referralId}`
      const asking = [...new Set([from.by, ...from.told])].map((recipient) => party(channel, recipient, 'asks'))
      return [upsert('loop', { channel, patient_id: patientId, stay_id: stayId ?? null }), ...asking]
    }
    case 'RunStarted': {
      const { runId, patientId, stayId } = event.data
      return [upsert('loop', { channel: `run/${runId}`, patient_id: patientId, stay_id: stayId })]
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

type Given = Extract<LoopEvent, { type: 'WorkGiven' }>['data']

/** Whoever is asked, whoever asks, and the wards of who asks. Of who no longer has a step, nothing is left there. */
function parties(given: Given): RowOperation[] {
  const { work } = given
  const channel = workChannel(work.subject)
  const part = partOf(work.subject, given)
  const receiver = { channel, recipient: work.recipient, part }
  const isOver = work.subject.kind === 'step' && work.state === 'withdrawn'
  return [
    ...asking(work).map((recipient) => party(channel, recipient, 'asks')),
    isOver ? remove('loop_party', receiver) : upsert('loop_party', receiver),
  ]
}

function asking({ from: { by, organisation, wards } }: Work): string[] {
  const ofWards = wards.flatMap((ward) => (ward.facility === organisation ? (wardRecipient(ward) ?? []) : []))
  return [...new Set([by, ...ofWards])]
}

function partOf(subject: WorkSubject, given: Given): string {
  if (subject.kind === 'step') return `step/${subject.stepId}`
  return 'party' in given && given.party === 'requester' ? 'asks' : 'receives'
}

function party(channel: string, recipient: string, part: string) {
  return upsert('loop_party', { channel, recipient, part })
}
