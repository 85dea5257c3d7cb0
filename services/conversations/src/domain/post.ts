import type { EditId, PostEvent, WithdrawalReason } from '@relais/contracts/conversations'
import type { DocumentRef, Instant, Recipient } from '@relais/contracts/primitives'
import { accept, type Decider, type Decision, reject } from '@relais/decider/decider'
import { same } from '@relais/decider/same'
import type { ThreadSubject } from './thread.ts'

type Fact<Type extends PostEvent['type']> = Extract<PostEvent, { type: Type }>['data']
type Message = Fact<'MessagePosted'>

type Post = {
  type: 'PostMessage'
  message: Message
  /** Whom it has to reach now. */
  alerted: readonly Recipient[]
  isClosed: boolean
}
type Said = { threadId: string; by: Recipient; at: Instant }
type Edit = { type: 'EditMessage'; editId: EditId; body: DocumentRef; isClosed: boolean } & Said
type Withdraw = { type: 'WithdrawMessage'; reason: WithdrawalReason } & Said
export type PostCommand = Post | Edit | Withdraw

export type PostRejection =
  | { code: 'postUnknown' }
  | { code: 'postIdReused' }
  | { code: 'editIdReused' }
  | { code: 'notAuthor' }
  | { code: 'postWithdrawn' }
  | { code: 'threadClosed' }

export type Version = { at: Instant; body: DocumentRef; editId?: EditId }
type Posted = { message: Message; versions: readonly Version[]; isWithdrawn: boolean }
export type PostState = { status: 'notPosted' } | ({ status: 'posted' } & Posted)
type PostDecision = Decision<PostEvent, PostRejection>

function evolve(state: PostState, event: PostEvent): PostState {
  if (event.type === 'MessagePosted') return state.status === 'posted' ? state : posted(event.data)
  if (state.status === 'notPosted') return state
  switch (event.type) {
    case 'PeopleAlerted':
      return state
    case 'MessageEdited': {
      const { editId, body, editedAt } = event.data
      return { ...state, versions: [...state.versions, { at: editedAt, body, editId }] }
    }
    case 'MessageWithdrawn':
      return { ...state, isWithdrawn: true }
  }
}

function posted(message: Message): PostState {
  const versions = [{ at: message.postedAt, body: message.body }]
  return { status: 'posted', message, versions, isWithdrawn: false }
}

function decide(command: PostCommand, state: PostState): PostDecision {
  switch (command.type) {
    case 'PostMessage':
      return post(command, state)
    case 'EditMessage':
      return edit(command, state)
    case 'WithdrawMessage':
      return withdraw(command, state)
  }
}

function post({ message: said, alerted, isClosed }: Post, state: PostState): PostDecision {
  if (state.status === 'posted') return saysTheSame(state.message, said) ? accept() : reject({ code: 'postIdReused' })
  if (isClosed) return reject({ code: 'threadClosed' })
  const recipients = alerted.filter((recipient) => recipient !== said.by)
  if (recipients.length === 0) return accept({ type: 'MessagePosted', data: said })
  const because = said.urgent ? ('urgent' as const) : ('mention' as const)
  const alert = { ...subjectOf(said), because, recipients, alertedAt: said.postedAt }
  return accept<PostEvent>({ type: 'MessagePosted', data: said }, { type: 'PeopleAlerted', data: alert })
}

function edit({ editId, body, threadId, by, at, isClosed }: Edit, state: PostState): PostDecision {
  if (state.status === 'notPosted' || state.message.threadId !== threadId) return reject({ code: 'postUnknown' })
  if (state.message.by !== by) return reject({ code: 'notAuthor' })
  const known = state.versions.find((version) => version.editId === editId)
  if (known) return known.body.sha256 === body.sha256 ? accept() : reject({ code: 'editIdReused' })
  if (state.isWithdrawn) return reject({ code: 'postWithdrawn' })
  if (isClosed) return reject({ code: 'threadClosed' })
  return accept({ type: 'MessageEdited', data: { ...subjectOf(state.message), editId, by, body, editedAt: at } })
}

function withdraw({ reason, threadId, by, at }: Withdraw, state: PostState): PostDecision {
  if (state.status === 'notPosted' || state.message.threadId !== threadId) return reject({ code: 'postUnknown' })
  if (state.message.by !== by) return reject({ code: 'notAuthor' })
  if (state.isWithdrawn) return accept()
  return accept({ type: 'MessageWithdrawn', data: { ...subjectOf(state.message), by, reason, withdrawnAt: at } })
}

function subjectOf({ postId, threadId, keyOwner, patientId }: ThreadSubject & Pick<Message, 'postId'>) {
  return { postId, threadId, keyOwner, ...(patientId === undefined ? {} : { patientId }) }
}

function saysTheSame(one: Message, other: Message): boolean {
  return same({ ...one, postedAt: '' }, { ...other, postedAt: '' })
}

/** A message of a thread, its texts, and whether it still says anything. */
export const message: Decider<PostCommand, PostEvent, PostState, PostRejection> = {
  initialState: { status: 'notPosted' },
  evolve,
  decide,
}
