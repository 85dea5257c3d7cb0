import { accessRows } from '@relais/access/facts'
import { wardRecipient } from '@relais/access/recipients'
import type {
  ConversationEvent,
  DigestEvent,
  PostEvent,
  ReadMarkEvent,
  ThreadEvent,
} from '@relais/contracts/conversations'
import type { NoticeEvent } from '@relais/contracts/notices'
import { movementWards, pathwayEntry, restatedEntries } from '@relais/contracts/pathway'
import { type CircleEvent, isLinkEvent, type LinkEvent } from '@relais/contracts/patients'
import type { StayEvent } from '@relais/contracts/stays'
import { clearDeadline, deadlineIdOf, setDeadline } from '@relais/deadlines/deadline'
import type { Decoded } from '@relais/event-store/codec'
import { type Projection, remove, type RowOperation, upsert } from '@relais/projections/projection'
import { conversationTables } from './tables.ts'

export type ReadEvent = ConversationEvent | StayEvent | CircleEvent | LinkEvent | NoticeEvent

/** Threads and what was written in them, how far each person has read, and the facts that decide who may. */
export const conversations: Projection<ReadEvent> = {
  name: 'conversations-2',
  tables: conversationTables,
  rows: (decoded) => {
    const { event } = decoded
    if (!event) return []
    if (isThreadEvent(event)) return threadRows(event, decoded.position)
    if (isPostEvent(event)) return postRows(event, decoded.position)
    switch (event.type) {
      case 'ThreadDelivered':
      case 'ThreadRead':
        return [markRow(event)]
      case 'PreferenceSet': {
        const { person, preference } = event.data
        const hasDigest = preference.digest && preference.quietHours !== undefined
        return [upsert('preference', { person, has_digest: hasDigest ? 1 : 0, preference: JSON.stringify(preference) })]
      }
      case 'DigestAwaited':
      case 'DigestGiven':
        return [deadlineRow(event)]
      default:
        return careRows(event, decoded)
    }
  },
}

const threadTypes = new Set([
  'ThreadOpened',
  'ThreadMemberAdded',
  'ThreadMemberRemoved',
  'ThreadRenamed',
  'ThreadClosed',
])
const isThreadEvent = (event: ReadEvent): event is ThreadEvent => threadTypes.has(event.type)
const postTypes = new Set(['MessagePosted', 'PeopleAlerted', 'MessageEdited', 'MessageWithdrawn'])
const isPostEvent = (event: ReadEvent): event is PostEvent => postTypes.has(event.type)

function threadRows({ type, data }: ThreadEvent, position: number): RowOperation[] {
  const key = { thread_id: data.threadId }
  switch (type) {
    case 'ThreadOpened': {
      const { kind, keyOwner, patientId = null, by, openedAt, title, members } = data
      const row = { ...key, kind, key_owner: keyOwner, patient_id: patientId, opened_by: by, opened_at: openedAt }
      return [
        upsert('thread', row),
        upsert('thread_title', { ...key, title }),
        upsert('thread_activity', { ...key, position }),
        ...members.map((member) => upsert('thread_member', { ...key, member })),
      ]
    }
    case 'ThreadMemberAdded':
      return [upsert('thread_member', { ...key, member: data.member })]
    case 'ThreadMemberRemoved':
      return [remove('thread_member', { ...key, member: data.member })]
    case 'ThreadRenamed':
      return [upsert('thread_title', { ...key, title: data.title })]
    case 'ThreadClosed':
      return [upsert('thread_closed', { ...key, closed_at: data.closedAt })]
  }
}

/** Of a message, as the view keeps it. */
export type PostContent = Pick<
  Extract<PostEvent, { type: 'MessagePosted' }>['data'],
  'attachments' | 'replyTo' | 'quotes' | 'mentions' | 'mentionedRoles' | 'urgent'
>

function postRows({ type, data }: PostEvent, position: number): RowOperation[] {
  const post_id = data.postId
  switch (type) {
    case 'MessagePosted': {
      const { threadId: thread_id, by: author, postedAt: posted_at, body } = data
      const { attachments, replyTo, quotes, mentions, mentionedRoles, urgent } = data
      const content: PostContent = { attachments, replyTo, quotes, mentions, mentionedRoles, urgent }
      const row = { post_id, thread_id, position, author, posted_at }
      return [
        upsert('post', { ...row, content: JSON.stringify(content) }),
        upsert('thread_activity', { ...row, urgent: urgent ? 1 : 0 }),
        upsert('post_version', { post_id, position, at: posted_at, document_id: body.documentId }),
      ]
    }
    case 'PeopleAlerted':
      return []
    case 'MessageEdited':
      return [upsert('post_version', { post_id, position, at: data.editedAt, document_id: data.body.documentId })]
    case 'MessageWithdrawn':
      return [upsert('post_withdrawn', { post_id, at: data.withdrawnAt, reason: data.reason })]
  }
}

function markRow({ type, data }: ReadMarkEvent): RowOperation {
  const place = Number(data.position.split(':')[1])
  const mark = { thread_id: data.threadId, person: data.by, post_id: data.upTo, place }
  if (type === 'ThreadRead') return upsert('thread_mark', { ...mark, receipt: 'read', device: '', at: data.readAt })
  const { device = '', deliveredAt: at } = data
  return upsert('thread_mark', { ...mark, receipt: 'delivered', device, at })
}

function deadlineRow({ type, data: { digestId, dueAt } }: DigestEvent): RowOperation {
  const deadlineId = deadlineIdOf('digest', digestId)
  return type === 'DigestGiven'
    ? clearDeadline(deadlineId)
    : setDeadline({ deadlineId, kind: 'digest', subject: digestId, dueAt })
}

type CareEvent = StayEvent | CircleEvent | LinkEvent | NoticeEvent
const isOfStayOrCircle = (event: CareEvent): event is StayEvent | CircleEvent =>
  !isLinkEvent(event) && ('stayId' in event.data ? !('noticeId' in event.data) : 'memberId' in event.data)

function careRows(event: CareEvent, decoded: Decoded<ReadEvent>): RowOperation[] {
  // Of these families only: every other one was answered above.
  const rows = [...accessRows({ ...decoded, event })]
  if (!isOfStayOrCircle(event)) return rows
  const { id: entryId, metadata } = decoded
  const entry = pathwayEntry(event, { entryId, recordedAt: metadata.recordedAt })
  for (const quotable of [...restatedEntries(event), ...(entry ? [entry] : [])])
    rows.push(
      upsert('quotable', { entry_id: quotable.entryId, patient_id: quotable.patientId, stay_id: quotable.stayId }),
    )
  switch (event.type) {
    case 'MemberJoined':
      return [...rows, upsert('circle_place', placeOf(event.data))]
    case 'MemberLeft':
      return [...rows, remove('circle_place', placeOf(event.data))]
    case 'PatientDisowned':
      return rows
    case 'StandingChanged':
      return [...rows, standingRow(event.data, metadata.recordedAt)]
    default:
      return [...rows, ...wardRows(event)]
  }
}

function placeOf({ memberId, patientId, role }: { memberId: string; patientId: string; role: string }) {
  return { member_id: memberId, patient_id: patientId, role }
}

type Standing = Extract<StayEvent, { type: 'StandingChanged' }>['data']

function standingRow({ stayId, standing }: Standing, recordedAt: string): RowOperation {
  const isOpen = standing.status === 'expected' || standing.status === 'present' || standing.status === 'onLeave'
  const wards = standing.wards.flatMap((ward) => wardRecipient(ward) ?? [])
  const row = { stay_id: stayId, ended_at: isOpen ? null : recordedAt }
  return upsert('stay_now', { ...row, wards: JSON.stringify(isOpen ? [...new Set(wards)] : []) })
}

function wardRows(event: StayEvent): RowOperation[] {
  // What a stay was told by before it was moved may be forgotten.
  if (event.type === 'StayMovedToPatient') return (event.data.history ?? []).flatMap(({ fact }) => wardRows(fact))
  if (!('movement' in event.data)) return []
  const { stayId, movement } = event.data
  const wards = [...movementWards(movement), ...(movement.plannedWard ? [movement.plannedWard] : [])]
  return wards.map(({ facility, code }) => upsert('ward_stay', { ward: `${facility}/${code}`, stay_id: stayId }))
}
