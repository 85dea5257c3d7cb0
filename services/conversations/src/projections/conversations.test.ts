import {
  type ConversationEvent,
  type DigestEvent,
  digestEvents,
  type PostEvent,
  postEvents,
  type PreferenceEvent,
  preferenceEvents,
  type ReadMarkEvent,
  readMarkEvents,
  type ThreadEvent,
  threadEvents,
} from '@relais/contracts/conversations'
import type { EventFamily } from '@relais/contracts/primitives'
import { type NoticeEvent, noticeEvents } from '@relais/contracts/notices'
import { type CircleEvent, circleEvents, type LinkEvent, linkEvents } from '@relais/contracts/patients'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import { eventCodec } from '@relais/events/codec'
import { anyCareFact } from '@relais/runtime/care-facts.fixture'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { anyProfessionalId } from '@relais/testkit/arbitraries'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { test } from 'vitest'
import { conversations } from './conversations.ts'

const at = '2026-11-03T09:00:00.000Z'
const uuid = (kind: string, n: number) => `${kind.repeat(8)}-0000-4000-8000-00000000000${n}`
const few = fc.integer({ min: 1, max: 3 })
const position = `${uuid('e', 1)}:1`
const body = { documentId: uuid('d', 1), size: 1, mediaType: 'text/plain', sha256: 'a'.repeat(64) }
const quietHours = { from: '20:00', to: '07:00', zone: 'Europe/Paris' }

type Drawn = { thread: number; post: number; by: string; other: string }
/** Every fact of conversations, about few threads, messages and people. */
function said({ thread, post, by, other }: Drawn): [EventFamily<ConversationEvent>, string, object, string][] {
  const subject = { threadId: uuid('1', thread), keyOwner: uuid('1', thread) }
  const ofPost = { ...subject, postId: uuid('2', post) }
  const digest = { digestId: uuid('3', post), keyOwner: 'conversations', person: by, dueAt: at }
  const lists = { attachments: [], quotes: [], mentions: [other], mentionedRoles: [], urgent: post === 1 }
  const mark = { ...subject, by, upTo: ofPost.postId, position }
  const onDevice = post === 1 ? {} : { device: uuid('7', post) }
  const preference = { muted: [subject.threadId], quietHours, digest: post === 1 }
  const of = <Event extends ConversationEvent>(family: EventFamily<Event>) => family as EventFamily<ConversationEvent>
  const [threads, posts, marks] = [
    of<ThreadEvent>(threadEvents),
    of<PostEvent>(postEvents),
    of<ReadMarkEvent>(readMarkEvents),
  ]
  const digests = of<DigestEvent>(digestEvents)
  const opened = { ...subject, kind: 'group', title: 'x', members: [by, other], by, openedAt: at }
  return [
    [threads, 'ThreadOpened', opened, subject.threadId],
    [threads, 'ThreadMemberAdded', { ...subject, member: other, by, addedAt: at }, subject.threadId],
    [threads, 'ThreadMemberRemoved', { ...subject, member: other, by, removedAt: at }, subject.threadId],
    [threads, 'ThreadRenamed', { ...subject, title: `n${post}`, by, renamedAt: at }, subject.threadId],
    [threads, 'ThreadClosed', { ...subject, by, closedAt: at }, subject.threadId],
    [posts, 'MessagePosted', { ...ofPost, by, body, ...lists, postedAt: at }, ofPost.postId],
    [posts, 'PeopleAlerted', { ...ofPost, because: 'mention', recipients: [other], alertedAt: at }, ofPost.postId],
    [posts, 'MessageEdited', { ...ofPost, editId: uuid('4', post), by, body, editedAt: at }, ofPost.postId],
    [posts, 'MessageWithdrawn', { ...ofPost, by, reason: 'mistake', withdrawnAt: at }, ofPost.postId],
    [marks, 'ThreadDelivered', { ...mark, deliveredAt: at, ...onDevice }, uuid('5', thread)],
    [marks, 'ThreadRead', { ...mark, readAt: at }, uuid('5', thread)],
    [
      of<PreferenceEvent>(preferenceEvents),
      'PreferenceSet',
      { keyOwner: 'conversations', person: by, preference, setAt: at },
      uuid('6', thread),
    ],
    [digests, 'DigestAwaited', { ...digest, awaitedAt: at }, digest.digestId],
    [digests, 'DigestGiven', { ...digest, threads: [], givenAt: at }, digest.digestId],
  ]
}

const conversationFact = fc
  .tuple(few, few, anyProfessionalId, anyProfessionalId, fc.nat(13))
  .map(([thread, post, by, other, n]): Recordable => {
    const [family, type, data, owner] = said({ thread, post, by, other })[n] ?? []
    if (!family || !owner) throw new Error('No such fact')
    return (record) => record(family, family.schema.parse({ type, data }), { owner })
  })

eachDatabase('threads and messages', (open) => {
  test('are the same, stopped anywhere and resumed from any earlier checkpoint', async () => {
    const property = resumesFromAnywhere({
      projection: conversations,
      codecs: (keyring) => [
        eventCodec<ThreadEvent>(threadEvents, keyring),
        eventCodec<PostEvent>(postEvents, keyring),
        eventCodec<ReadMarkEvent>(readMarkEvents, keyring),
        eventCodec<PreferenceEvent>(preferenceEvents, keyring),
        eventCodec<DigestEvent>(digestEvents, keyring),
        eventCodec<StayEvent>(stayEvents, keyring),
        eventCodec<CircleEvent>(circleEvents, keyring),
        eventCodec<LinkEvent>(linkEvents, keyring),
        eventCodec<NoticeEvent>(noticeEvents, keyring),
      ],
      facts: fc.oneof({ weight: 2, arbitrary: conversationFact }, anyCareFact),
      open,
    })
    await fc.assert(property, { numRuns: 6 })
  })
})
