import { z } from 'zod'
import {
  Attachment,
  type DigestEvent,
  PostId,
  type PostEvent,
  Quote,
  type ReadMarkEvent,
  type ThreadEvent,
  ThreadId,
  ThreadKind,
  ThreadTitle,
  WithdrawalReason,
} from './conversations.ts'
import { CircleRole } from './patients.ts'
import { DocumentRef, Instant, PatientId, Recipient } from './primitives.ts'

const entry = { entryId: z.uuid(), recordedAt: Instant, happenedAt: Instant }
const ofThread = { ...entry, threadId: ThreadId, patientId: PatientId.optional(), by: Recipient }

/** What becomes of a thread: who is in it, what it is called, whether it goes on. */
export const ThreadEntry = z.object({
  kind: z.literal('thread'),
  ...ofThread,
  change: z.enum(['opened', 'memberAdded', 'memberRemoved', 'renamed', 'closed']),
  threadKind: ThreadKind.optional(),
  title: ThreadTitle.optional(),
  members: z.array(Recipient).optional(),
})
export type ThreadEntry = z.infer<typeof ThreadEntry>

const ofPost = { ...ofThread, postId: PostId }
/** A message, a new text of it, or that it was withdrawn. */
export const PostEntry = z.object({
  kind: z.literal('post'),
  ...ofPost,
  change: z.enum(['posted', 'edited', 'withdrawn']),
  /** Absent of what was withdrawn. */
  body: DocumentRef.optional(),
  /** Opened from the vault as the entry is sent, and never kept with it. */
  text: z.string().optional(),
  attachments: z.array(Attachment).optional(),
  replyTo: PostId.optional(),
  quotes: z.array(Quote).optional(),
  mentions: z.array(Recipient).optional(),
  mentionedRoles: z.array(CircleRole).optional(),
  urgent: z.boolean().optional(),
  reason: WithdrawalReason.optional(),
})
export type PostEntry = z.infer<typeof PostEntry>

/** How far somebody has come in a thread. */
export const ThreadReceiptEntry = z.object({
  kind: z.literal('threadReceipt'),
  ...ofThread,
  receipt: z.enum(['delivered', 'read']),
  upTo: PostId,
})
export type ThreadReceiptEntry = z.infer<typeof ThreadReceiptEntry>

/** Somebody has to be told: of one message now, or of what came during the quiet hours. It is for inboxes. */
export const ThreadNewsEntry = z.object({
  kind: z.literal('threadNews'),
  ...entry,
  recipients: z.array(Recipient),
  alert: z.enum(['now', 'digest']),
  because: z.enum(['mention', 'urgent', 'quietHours']),
  /** The message, for what is told now. */
  postId: PostId.optional(),
  patientId: PatientId.optional(),
  threads: z.array(z.object({ threadId: ThreadId, unread: z.int().min(1) })),
})
export type ThreadNewsEntry = z.infer<typeof ThreadNewsEntry>

export const ConversationEntry = z.discriminatedUnion('kind', [
  ThreadEntry,
  PostEntry,
  ThreadReceiptEntry,
  ThreadNewsEntry,
])
export type ConversationEntry = z.infer<typeof ConversationEntry>

type Recorded = { entryId: string; recordedAt: Instant }
type Told = ThreadEvent | PostEvent | ReadMarkEvent | DigestEvent

/**
 * What channels carry of a fact about conversations: that of its thread, or, for news, the inboxes of its recipients;
 * `undefined` for what nobody is told. The text of a message is not in it.
 */
export function threadEntry(event: Told, recorded: Recorded): ConversationEntry | undefined {
  switch (event.type) {
    case 'ThreadOpened':
    case 'ThreadMemberAdded':
    case 'ThreadMemberRemoved':
    case 'ThreadRenamed':
    case 'ThreadClosed':
      return ofThreadEvent(event, recorded)
    case 'MessagePosted':
    case 'MessageEdited':
    case 'MessageWithdrawn':
      return ofPostEvent(event, recorded)
    case 'ThreadDelivered': {
      const receipt = { receipt: 'delivered' as const, upTo: event.data.upTo, happenedAt: event.data.deliveredAt }
      return { kind: 'threadReceipt', ...recorded, ...subjectOf(event.data), ...receipt }
    }
    case 'ThreadRead': {
      const receipt = { receipt: 'read' as const, upTo: event.data.upTo, happenedAt: event.data.readAt }
      return { kind: 'threadReceipt', ...recorded, ...subjectOf(event.data), ...receipt }
    }
    case 'PeopleAlerted': {
      const { threadId, postId, recipients, because, alertedAt } = event.data
      const news = { ...recorded, recipients, because, postId, happenedAt: alertedAt, ...patientOf(event.data) }
      return { kind: 'threadNews', ...news, alert: 'now', threads: [{ threadId, unread: 1 }] }
    }
    case 'DigestGiven': {
      const { person, threads, givenAt } = event.data
      if (threads.length === 0) return undefined
      const news = { ...recorded, recipients: [person], threads, happenedAt: givenAt }
      return { kind: 'threadNews', ...news, alert: 'digest', because: 'quietHours' }
    }
    case 'DigestAwaited':
      return undefined
  }
}

function ofThreadEvent({ type, data }: ThreadEvent, recorded: Recorded): ThreadEntry {
  const subject = { kind: 'thread' as const, ...recorded, ...subjectOf(data) }
  switch (type) {
    case 'ThreadOpened': {
      const { kind: threadKind, title, members, openedAt } = data
      return { ...subject, change: 'opened', happenedAt: openedAt, threadKind, title, members }
    }
    case 'ThreadMemberAdded':
      return { ...subject, change: 'memberAdded', happenedAt: data.addedAt, members: [data.member] }
    case 'ThreadMemberRemoved':
      return { ...subject, change: 'memberRemoved', happenedAt: data.removedAt, members: [data.member] }
    case 'ThreadRenamed':
      return { ...subject, change: 'renamed', happenedAt: data.renamedAt, title: data.title }
    case 'ThreadClosed':
      return { ...subject, change: 'closed', happenedAt: data.closedAt }
  }
}

function ofPostEvent({ type, data }: Exclude<PostEvent, { type: 'PeopleAlerted' }>, recorded: Recorded): PostEntry {
  const subject = { kind: 'post' as const, ...recorded, ...subjectOf(data), postId: data.postId }
  switch (type) {
    case 'MessagePosted': {
      const { body, attachments, replyTo, quotes, mentions, mentionedRoles, urgent, postedAt } = data
      const content = { body, attachments, quotes, mentions, mentionedRoles, urgent }
      const reply = replyTo === undefined ? {} : { replyTo }
      return { ...subject, change: 'posted', happenedAt: postedAt, ...content, ...reply }
    }
    case 'MessageEdited':
      return { ...subject, change: 'edited', happenedAt: data.editedAt, body: data.body }
    case 'MessageWithdrawn': {
      const { reason, withdrawnAt } = data
      return { ...subject, change: 'withdrawn', happenedAt: withdrawnAt, ...(reason === undefined ? {} : { reason }) }
    }
  }
}

type Subject = Pick<ThreadEntry, 'threadId' | 'patientId' | 'by'>

const subjectOf = ({ threadId, by, ...data }: Subject) => ({ threadId, by, ...patientOf(data) })
const patientOf = ({ patientId }: Pick<Subject, 'patientId'>) => (patientId === undefined ? {} : { patientId })
