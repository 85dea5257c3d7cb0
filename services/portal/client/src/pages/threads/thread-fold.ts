import type { PostEntry } from '@relais/contracts/conversation-entries'
import type { PostBody } from '@relais/contracts/post-routes'
import type { KeptAct } from '../../acts/outbox.ts'
import type { Post, Thread } from './thread-queries.ts'

type Page = { posts: Post[]; next?: string | undefined }
export type Pages<PageParam> = { pages: Page[]; pageParams: PageParam[] }

/**
 * What was read of a thread, with what a channel says since: a message once, whether it was read or heard of first. The
 * same pages, where there is nothing new in it.
 */
export function withPost<PageParam>(known: Pages<PageParam>, entry: PostEntry): Pages<PageParam> {
  const has = known.pages.some(({ posts }) => posts.some(({ postId }) => postId === entry.postId))
  if (entry.change === 'posted') {
    const [first, ...others] = known.pages
    return has || !first
      ? known
      : { ...known, pages: [{ ...first, posts: [postOf(entry), ...first.posts] }, ...others] }
  }
  if (!has) return known
  const pages = known.pages.map((page) => ({
    ...page,
    posts: page.posts.map((post) => (post.postId === entry.postId ? changed(post, entry) : post)),
  }))
  return { ...known, pages }
}

function postOf(entry: PostEntry): Post {
  const { postId, threadId, by, happenedAt: postedAt, text, replyTo } = entry
  const { attachments = [], quotes = [], mentions = [], mentionedRoles = [], urgent = false } = entry
  return {
    postId,
    threadId,
    by,
    postedAt,
    attachments,
    quotes,
    mentions,
    mentionedRoles,
    urgent,
    ...(text === undefined ? {} : { text }),
    ...(replyTo === undefined ? {} : { replyTo }),
  }
}

function changed(post: Post, { change, text, happenedAt, reason }: PostEntry): Post {
  if (change === 'edited')
    // An older text that is heard of again says nothing new.
    return text === undefined || post.withdrawn || (post.editedAt ?? '') >= happenedAt
      ? post
      : { ...post, text, editedAt: happenedAt }
  const { text: _, ...left } = post
  const withdrawn = { at: happenedAt, ...(reason === undefined ? {} : { reason }) }
  return { ...left, attachments: [], quotes: [], withdrawn }
}

/** A message that somebody has written and that is not on record yet. */
export type Waiting = { act: KeptAct; postId: string; body: PostBody }

const PLACE = /^\/threads\/([0-9a-f-]{36})\/posts\/([0-9a-f-]{36})$/

/** Messages of a thread in the order of reading, then those that wait: each once, also while it is both. */
export function messagesOf(
  threadId: string,
  { pages, acts }: { pages: readonly Page[]; acts: readonly KeptAct[] },
): { posts: Post[]; waiting: Waiting[] } {
  const posts = [...new Map(pages.flatMap((page) => page.posts).map((post) => [post.postId, post])).values()]
  const onRecord = new Set<string>(posts.map(({ postId }) => postId))
  const waiting = acts.flatMap((act): Waiting[] => {
    const [, ofThread, postId] = PLACE.exec(act.path) ?? []
    if (act.method !== 'POST' || ofThread !== threadId || postId === undefined || onRecord.has(postId)) return []
    // `postAct` wrote it.
    return [{ act, postId, body: act.body as PostBody }]
  })
  return { posts: posts.toReversed(), waiting }
}

type Marks = Thread['marks']
export type Reader = { by: string; at: string }

/** By message, those who have read up to it and no further; not who asks. */
export function readersOf(marks: Marks, self: string): ReadonlyMap<string, Reader[]> {
  const readers = new Map<string, Reader[]>()
  for (const { by, read } of marks)
    if (read && by !== self) readers.set(read.upTo, [...(readers.get(read.upTo) ?? []), { by, at: read.at }])
  return readers
}

/** The first message of others that came after what was read; `undefined` where there is none, or it was not loaded. */
export function firstUnread(posts: readonly Post[], marks: Marks, self: string): string | undefined {
  const upTo = marks.find(({ by }) => by === self)?.read?.upTo
  const place = posts.findIndex(({ postId }) => postId === upTo)
  if (upTo !== undefined && place === -1) return undefined
  return posts.slice(place + 1).find(({ by }) => by !== self)?.postId
}

export type OfDay = { date: string; posts: Post[] }

/** By day of the device. */
export function byDay(posts: readonly Post[]): OfDay[] {
  const days = Map.groupBy(posts, ({ postedAt }) => new Date(postedAt).toDateString())
  return [...days].map(([date, ofDay]) => ({ date, posts: ofDay }))
}
