import type { PostEntry } from '@relais/contracts/conversation-entries'
import { expect, test } from 'vitest'
import type { KeptAct } from '../../acts/outbox.ts'
import { firstUnread, messagesOf, type Pages, readersOf, withPost } from './thread-fold.ts'
import type { Post } from './thread-queries.ts'

const THREAD = '00000000-0000-4000-8000-000000000001'
const id = (n: number) => `00000000-0000-4000-8000-0000000000${String(n).padStart(2, '0')}`
const at = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`
const [ANNE, BORIS] = ['rpps:1', 'rpps:2']

// Ids are those of a test.
const post = (n: number, said: Partial<Post> = {}) =>
  ({
    postId: id(n),
    threadId: THREAD,
    by: ANNE,
    postedAt: at(n),
    text: `message ${n}`,
    attachments: [],
    quotes: [],
    mentions: [],
    mentionedRoles: [],
    urgent: false,
    ...said,
  }) as Post
const entry = (n: number, change: PostEntry['change'], said: object = {}) =>
  ({
    kind: 'post',
    entryId: id(90 + n),
    threadId: THREAD,
    postId: id(n),
    by: ANNE,
    change,
    happenedAt: at(n),
    recordedAt: at(n),
    ...said,
  }) as PostEntry
/** The last message first, as a page is. */
const pages = (...posts: Post[][]): Pages<undefined> => ({
  pages: posts.map((ofPage) => ({ posts: ofPage.toReversed() })),
  pageParams: [],
})
const shown = (known: Pages<undefined>) => messagesOf(THREAD, { ...known, acts: [] }).posts

test('a message that is heard of stands after those that were read, once', () => {
  const known = pages([post(3), post(4)], [post(1), post(2)])
  const heard = withPost(known, entry(5, 'posted', { text: 'message 5' }))
  expect(shown(heard).map(({ postId }) => postId)).toEqual([1, 2, 3, 4, 5].map(id))
  expect(withPost(heard, entry(5, 'posted', { text: 'message 5' }))).toBe(heard)
  expect(withPost(heard, entry(4, 'posted', { text: 'message 4' }))).toBe(heard)
})

test('a new text takes the place of the old one, and an older one says nothing', () => {
  const known = withPost(pages([post(1)]), entry(1, 'edited', { text: 'better', happenedAt: at(6) }))
  expect(shown(known)).toEqual([post(1, { text: 'better', editedAt: at(6) })])
  const again = withPost(known, entry(1, 'edited', { text: 'worse', happenedAt: at(5) }))
  expect(shown(again)).toEqual(shown(known))
})

test('what was withdrawn says nothing any more, and does not come back', () => {
  const written = post(1, { attachments: [{ fileName: 'a.pdf' } as never], quotes: [{ eventId: id(8) }] })
  const gone = withPost(pages([written]), entry(1, 'withdrawn', { happenedAt: at(7), reason: 'mistake' }))
  const { text: _, ...left } = post(1)
  expect(shown(gone)).toEqual([{ ...left, withdrawn: { at: at(7), reason: 'mistake' } }])
  const edited = withPost(gone, entry(1, 'edited', { text: 'back', happenedAt: at(8) }))
  expect(shown(edited)).toEqual(shown(gone))
})

test('a change of a message that was not loaded is none', () => {
  const known = pages([post(3)])
  expect(withPost(known, entry(1, 'withdrawn'))).toBe(known)
})

const act = (n: number, said: Partial<KeptAct> = {}): KeptAct => ({
  id: id(70 + n),
  subject: `post ${id(n)}`,
  method: 'POST',
  path: `/threads/${THREAD}/posts/${id(n)}`,
  body: { text: `waiting ${n}` },
  what: 'Message',
  affects: [],
  at: 0,
  state: 'waiting',
  ...said,
})

test('a message that waits is shown once, also when it has arrived and nobody has heard so', () => {
  const acts = [
    act(1),
    act(2),
    act(3, { path: `/threads/${id(40)}/posts/${id(3)}` }),
    act(4, { path: `/threads/${THREAD}/read` }),
  ]
  const { posts, waiting } = messagesOf(THREAD, { ...pages([post(1)]), acts })
  expect(posts.map(({ postId }) => postId)).toEqual([id(1)])
  expect(waiting.map(({ postId }) => postId)).toEqual([id(2)])
})

const mark = (by: string, n: number) => ({ by, read: { upTo: id(n), at: at(n) }, devices: [] }) as never

test('each reader stands at the last message that he or she has read', () => {
  const readers = readersOf([mark(ANNE, 3), mark(BORIS, 2), { by: 'rpps:3', devices: [] } as never], ANNE)
  expect([...readers]).toEqual([[id(2), [{ by: BORIS, at: at(2) }]]])
})

test('what is unread begins with the first message of somebody else after the last one that was read', () => {
  const posts = [post(1), post(2, { by: BORIS as never }), post(3), post(4)]
  expect(firstUnread(posts, [mark(BORIS, 1)], BORIS)).toBe(id(3))
  expect(firstUnread(posts, [], BORIS)).toBe(id(1))
  expect(firstUnread(posts, [mark(BORIS, 4)], BORIS)).toBeUndefined()
  expect(firstUnread(posts, [mark(BORIS, 60)], BORIS)).toBeUndefined()
})
