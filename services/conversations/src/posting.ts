import type { Actor } from '@relais/contracts/actor'
import type { EditId, PostId, ThreadId, WithdrawalReason } from '@relais/contracts/conversations'
import type { PostBody } from '@relais/contracts/post-routes'
import type { DocumentRef, Instant } from '@relais/contracts/primitives'
import type { CommandContext } from '@relais/event-store/command-handler'
import { derivedUuid } from '@relais/events/derived-uuid'
import { OwnerForgotten } from '@relais/events/sealing'
import { DocumentIdReused } from '@relais/vault/documents'
import type { Vault } from '@relais/vault/vault'
import type { ThreadAccess } from './access.ts'
import type { PostCommand, PostRejection } from './domain/post.ts'
import type { KnownThread } from './domain/thread.ts'
import type { FindThread } from './known-threads.ts'
import type { FindPost } from './posts-in-log.ts'
import type { CheckReferences, ReferenceRejection } from './references.ts'

export type PostingRejection = PostRejection | ReferenceRejection | { code: 'threadUnknown' }
export type Handled<Rejection> =
  | { accepted: true; position: number | undefined }
  | { accepted: false; rejection: Rejection }
type HandlePost = (id: string, command: PostCommand, context: CommandContext) => Promise<Handled<PostRejection>>
type Outcome = Promise<Handled<PostingRejection>>

const TEXT = 'text/plain; charset=utf-8'

type Deps = {
  findThread: FindThread
  findPost: FindPost
  access: Pick<ThreadAccess, 'mayTakePart'>
  checkReferences: CheckReferences
  vault: Pick<Vault, 'put'>
  handlePost: HandlePost
  now: () => Instant
}
type Asked = { actor: Actor; threadId: ThreadId; postId: PostId; context: CommandContext }
export type Posting = ReturnType<typeof posting>

const refused = <Code extends PostingRejection['code']>(code: Code) =>
  ({ accepted: false, rejection: { code } }) as const

/** Writing in a thread: who may is asked first, and the text is in the vault before the log says that there is one. */
export function posting({ findThread, findPost, access, checkReferences, vault, handlePost, now }: Deps) {
  async function theirThread({ actor, threadId }: Asked): Promise<KnownThread | undefined> {
    const thread = await findThread(threadId)
    return thread && (await access.mayTakePart(actor, { ...thread, ...thread.subject })) ? thread : undefined
  }

  /** `undefined` where the vault has another text under this id. */
  async function keep(owner: string, documentId: string, text: string): Promise<DocumentRef | undefined> {
    const bytes = new TextEncoder().encode(text)
    try {
      const stored = await vault.put({ owner, documentId, mediaType: TEXT, bytes })
      return stored.owner === owner ? stored.ref : undefined
    } catch (error) {
      if (error instanceof DocumentIdReused) return undefined
      throw error
    }
  }

  async function post(asked: Asked, { text, ...said }: PostBody): Outcome {
    const { actor, threadId, postId, context } = asked
    const thread = await theirThread(asked)
    if (thread === undefined) return refused('threadUnknown')
    // Unless it is said again, nothing is kept of what is not said any more.
    const isClosed = thread.closedAt !== undefined
    if (isClosed && !(await findPost(postId))) return refused('threadClosed')
    const checked = await checkReferences({ actor, thread, said })
    if ('rejection' in checked) return { accepted: false, rejection: checked.rejection }
    const { keyOwner } = thread.subject
    const body = await keep(keyOwner, derivedUuid('message', postId), text)
    if (body === undefined) return refused('postIdReused')
    const subject = { ...thread.subject, threadId, postId }
    const command: PostCommand = {
      type: 'PostMessage',
      message: { ...subject, by: actor.id, body, ...said, postedAt: now() },
      alerted: checked.alerted,
      isClosed,
    }
    return handlePost(postId, command, context)
  }

  async function edit(asked: Asked, { editId, text }: { editId: EditId; text: string }): Outcome {
    const { actor, threadId, postId, context } = asked
    const thread = await theirThread(asked)
    if (thread === undefined) return refused('threadUnknown')
    const found = await findPost(postId)
    if (found?.state.message.threadId !== threadId) return refused('postUnknown')
    if (found.state.message.by !== actor.id) return refused('notAuthor')
    const body = await keep(thread.subject.keyOwner, derivedUuid('message edit', postId, editId), text)
    if (body === undefined) return refused('editIdReused')
    const said = { threadId, by: actor.id, at: now(), isClosed: thread.closedAt !== undefined }
    return handlePost(postId, { type: 'EditMessage', editId, body, ...said }, context)
  }

  /** A text that is kept while its owner is being forgotten is refused by the vault, or by the log. */
  const unlessForgotten = async (outcome: Outcome): Outcome => {
    try {
      return await outcome
    } catch (error) {
      if (error instanceof OwnerForgotten) return refused('threadUnknown')
      throw error
    }
  }

  return {
    post: (asked: Asked, body: PostBody) => unlessForgotten(post(asked, body)),
    edit: (asked: Asked, body: { editId: EditId; text: string }) => unlessForgotten(edit(asked, body)),
    async withdraw(asked: Asked, reason: WithdrawalReason): Outcome {
      const { actor, threadId, postId, context } = asked
      if ((await theirThread(asked)) === undefined) return refused('threadUnknown')
      const said = { threadId, by: actor.id, at: now() }
      return unlessForgotten(handlePost(postId, { type: 'WithdrawMessage', reason, ...said }, context))
    },
  }
}
