import { z } from 'zod'
import { CircleRole } from './patients.ts'
import {
  DocumentRef,
  event,
  type EventFamily,
  Instant,
  LogPosition,
  PatientId,
  PlainText,
  Recipient,
} from './primitives.ts'

export const ThreadId = z.uuid().lowercase().brand<'ThreadId'>()
export type ThreadId = z.infer<typeof ThreadId>
export const PostId = z.uuid().lowercase().brand<'PostId'>()
export type PostId = z.infer<typeof PostId>
export const EditId = z.uuid().lowercase().brand<'EditId'>()
export type EditId = z.infer<typeof EditId>
/** One of the devices of a person, under an id that it keeps. */
export const DeviceId = z.uuid().lowercase().brand<'DeviceId'>()
export type DeviceId = z.infer<typeof DeviceId>

/**
 * Whom a thread is for: those who take part in the care of its patient; the recipients it names; every professional of
 * the platform; or its members alone, to everybody else as if it did not exist.
 */
export const ThreadKind = z.enum(['patient', 'wardCommunity', 'territory', 'group'])
export type ThreadKind = z.infer<typeof ThreadKind>

/** Short, and never clinical. */
export const ThreadTitle = PlainText.min(1).max(120)

const fileNamePattern =
  /^(?:[^\u0000-\u001F"*/:<>?\\|\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uD800-\uDFFF\uFEFF\uFFF0-\uFFFB]|[\uD800-\uDB3F\uDB41-\uDBFF][\uDC00-\uDFFF]){1,120}$/
/** What a file is called: no path, nothing invisible, nothing that turns the text around. */
export const FileName = z.string().regex(fileNamePattern)

export const Attachment = z.object({ document: DocumentRef, fileName: FileName })
export type Attachment = z.infer<typeof Attachment>

/** Whose key seals what is said: the patient's, or that of the thread where it is about nobody. */
const keyOwner = z.uuid().lowercase()
const thread = { threadId: ThreadId, keyOwner, patientId: PatientId.optional() }

export const ThreadEvent = z.discriminatedUnion('type', [
  event('ThreadOpened', {
    ...thread,
    kind: ThreadKind,
    title: ThreadTitle,
    /** Of a `wardCommunity` and a `group`; the others are open to whoever they are for. */
    members: z.array(Recipient),
    by: Recipient,
    openedAt: Instant,
  }),
  event('ThreadMemberAdded', { ...thread, member: Recipient, by: Recipient, addedAt: Instant }),
  event('ThreadMemberRemoved', { ...thread, member: Recipient, by: Recipient, removedAt: Instant }),
  event('ThreadRenamed', { ...thread, title: ThreadTitle, by: Recipient, renamedAt: Instant }),
  event('ThreadClosed', { ...thread, by: Recipient, closedAt: Instant }),
])
export type ThreadEvent = z.infer<typeof ThreadEvent>

const routing = ['threadId', 'keyOwner', 'patientId'] as const
const sealedBy = 'keyOwner'

export const threadEvents = {
  category: 'thread',
  routing,
  sealedBy,
  schema: ThreadEvent,
  versions: { ThreadOpened: 1, ThreadMemberAdded: 1, ThreadMemberRemoved: 1, ThreadRenamed: 1, ThreadClosed: 1 },
  upcasts: {},
} satisfies EventFamily<ThreadEvent>

/** An entry of the patient's pathway, by the id under which pathways show it. */
export const Quote = z.object({ eventId: z.uuid().lowercase() })
export const WithdrawalReason = z.enum(['mistake', 'wrongThread', 'wrongPatient', 'other'])
export type WithdrawalReason = z.infer<typeof WithdrawalReason>

const post = { postId: PostId, ...thread }
export const PostEvent = z.discriminatedUnion('type', [
  event('MessagePosted', {
    ...post,
    by: Recipient,
    body: DocumentRef,
    attachments: z.array(Attachment),
    replyTo: PostId.optional(),
    quotes: z.array(Quote),
    mentions: z.array(Recipient),
    mentionedRoles: z.array(CircleRole),
    urgent: z.boolean(),
    postedAt: Instant,
  }),
  /** Beside the message that asks for it: whom it has to reach now, whatever their preferences. Never who wrote it. */
  event('PeopleAlerted', {
    ...post,
    because: z.enum(['mention', 'urgent']),
    recipients: z.array(Recipient),
    alertedAt: Instant,
  }),
  event('MessageEdited', { ...post, editId: EditId, by: Recipient, body: DocumentRef, editedAt: Instant }),
  event('MessageWithdrawn', {
    ...post,
    by: Recipient,
    reason: WithdrawalReason.optional(),
    withdrawnAt: Instant,
  }),
])
export type PostEvent = z.infer<typeof PostEvent>

export const postEvents = {
  category: 'post',
  routing: ['postId', ...routing],
  sealedBy,
  schema: PostEvent,
  versions: { MessagePosted: 1, PeopleAlerted: 1, MessageEdited: 1, MessageWithdrawn: 1 },
  upcasts: {},
} satisfies EventFamily<PostEvent>

/** `position` is where the message stands in the log: a mark only ever moves forward. */
const mark = { ...thread, by: Recipient, upTo: PostId, position: LogPosition }
/** How far one person has come in one thread; one stream for each pair. */
export const ReadMarkEvent = z.discriminatedUnion('type', [
  event('ThreadDelivered', { ...mark, device: DeviceId.optional(), deliveredAt: Instant }),
  event('ThreadRead', { ...mark, readAt: Instant }),
])
export type ReadMarkEvent = z.infer<typeof ReadMarkEvent>

export const readMarkEvents = {
  category: 'readMark',
  routing,
  sealedBy,
  schema: ReadMarkEvent,
  versions: { ThreadDelivered: 1, ThreadRead: 1 },
  upcasts: {},
} satisfies EventFamily<ReadMarkEvent>

/** A preference tells of no patient: one key for all of them, so that nothing is special about their events. */
export const CONVERSATIONS_KEY = 'conversations' as const
const ofPerson = { keyOwner: z.literal(CONVERSATIONS_KEY), person: Recipient }

const LocalTime = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/)
/** Every day, over midnight where it ends before it begins. An IANA zone. */
export const QuietHours = z.object({
  from: LocalTime,
  to: LocalTime,
  zone: z.string().regex(/^[A-Z][A-Za-z_]+\/[A-Z][A-Za-z_]+$/),
})
export type QuietHours = z.infer<typeof QuietHours>

/** What a person is not woken for. Mentions and what is urgent come through all the same. */
export const Preference = z.object({
  muted: z.array(ThreadId).max(200),
  quietHours: QuietHours.optional(),
  /** To be told once, when the quiet hours end, of what came during them. */
  digest: z.boolean(),
})
export type Preference = z.infer<typeof Preference>

export const PreferenceEvent = z.discriminatedUnion('type', [
  event('PreferenceSet', { ...ofPerson, preference: Preference, setAt: Instant }),
])
export type PreferenceEvent = z.infer<typeof PreferenceEvent>

export const preferenceEvents = {
  category: 'threadPreference',
  routing: ['keyOwner'],
  sealedBy,
  schema: PreferenceEvent,
  versions: { PreferenceSet: 1 },
  upcasts: {},
} satisfies EventFamily<PreferenceEvent>

export const DigestId = z.uuid().lowercase().brand<'DigestId'>()
export type DigestId = z.infer<typeof DigestId>

const digest = { digestId: DigestId, ...ofPerson, dueAt: Instant }
/** What one person is told when one night of quiet hours ends; counts only, so that it tells of no patient. */
export const DigestEvent = z.discriminatedUnion('type', [
  event('DigestAwaited', { ...digest, awaitedAt: Instant }),
  event('DigestGiven', {
    ...digest,
    threads: z.array(z.object({ threadId: ThreadId, unread: z.int().min(1) })),
    givenAt: Instant,
  }),
])
export type DigestEvent = z.infer<typeof DigestEvent>

export const digestEvents = {
  category: 'threadDigest',
  routing: ['digestId', 'keyOwner'],
  sealedBy,
  schema: DigestEvent,
  versions: { DigestAwaited: 1, DigestGiven: 1 },
  upcasts: {},
} satisfies EventFamily<DigestEvent>

export type ConversationEvent = ThreadEvent | PostEvent | ReadMarkEvent | PreferenceEvent | DigestEvent
