import type { ThreadKind, WithdrawalReason } from '@relais/contracts/conversations'
import type { PostBody } from '@relais/contracts/post-routes'
import type { Wanted } from '../../acts/acts.tsx'

export const withdrawalReasons = [
  'mistake',
  'wrongThread',
  'wrongPatient',
  'other',
] as const satisfies readonly WithdrawalReason[]

const affects = (threadId: string) => [['posts', threadId], ['thread', threadId], ['threads']]
const postPath = (threadId: string, postId: string) => `/threads/${threadId}/posts/${postId}`

type Place = { threadId: string; postId: string }

/** Written under an id of its own: sent again after a network that came back, it is the same message. */
export function postAct(
  { threadId, postId }: Place,
  body: PostBody,
  { what, back }: { what: string; back: string },
): Wanted {
  const path = postPath(threadId, postId)
  return {
    subject: `post ${postId}`,
    method: 'POST',
    path,
    body,
    what,
    affects: affects(threadId),
    undo: { method: 'POST', path: `${path}/withdraw`, body: { reason: 'mistake' }, what: back },
  }
}

export function editAct(
  { threadId, postId }: Place,
  { text, before, what, back }: { text: string; before: string; what: string; back: string },
): Wanted {
  const put = { method: 'PUT' as const, path: postPath(threadId, postId) }
  return {
    ...put,
    subject: `edit ${postId}`,
    body: { editId: crypto.randomUUID(), text },
    what,
    affects: affects(threadId),
    undo: { ...put, body: { editId: crypto.randomUUID(), text: before }, what: back },
  }
}

export function withdrawAct({ threadId, postId }: Place, reason: WithdrawalReason, what: string): Wanted {
  return {
    subject: `withdraw ${postId}`,
    method: 'POST',
    path: `${postPath(threadId, postId)}/withdraw`,
    body: { reason },
    what,
    affects: affects(threadId),
  }
}

export type Opening = { kind: ThreadKind; title: string; members: readonly string[]; patientId: string | undefined }

export function openAct(threadId: string, { kind, title, members, patientId }: Opening, what: string): Wanted {
  const isNamed = kind === 'wardCommunity' || kind === 'group'
  const isOfPatient = patientId !== undefined && (kind === 'patient' || kind === 'wardCommunity')
  return {
    subject: `thread ${threadId}`,
    method: 'POST',
    path: `/threads/${threadId}`,
    body: { kind, title, ...(isNamed ? { members } : {}), ...(isOfPatient ? { patientId } : {}) },
    what,
    affects: [['threads'], ...(isOfPatient ? [['pathway', patientId]] : [])],
  }
}

export function renameAct(
  threadId: string,
  { title, before, what, back }: { title: string; before: string; what: string; back: string },
): Wanted {
  const put = { method: 'PUT' as const, path: `/threads/${threadId}/title` }
  return {
    ...put,
    subject: `title ${threadId}`,
    body: { title },
    what,
    affects: affects(threadId),
    undo: { ...put, body: { title: before }, what: back },
  }
}

export function closeAct(threadId: string, what: string): Wanted {
  return {
    subject: `close ${threadId}`,
    method: 'POST',
    path: `/threads/${threadId}/close`,
    what,
    affects: affects(threadId),
  }
}

/** `isIn`: into the thread; else out of it. Each takes the other back. */
export function memberAct(
  { threadId, member, isIn }: { threadId: string; member: string; isIn: boolean },
  { what, back }: { what: string; back: string },
): Wanted {
  const path = `/threads/${threadId}/members/${encodeURIComponent(member)}`
  return {
    subject: `member ${threadId} ${member}`,
    method: isIn ? 'PUT' : 'DELETE',
    path,
    what,
    affects: affects(threadId),
    undo: { method: isIn ? 'DELETE' : 'PUT', path, what: back },
  }
}
