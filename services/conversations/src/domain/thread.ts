import type { ThreadEvent, ThreadId, ThreadKind } from '@relais/contracts/conversations'
import type { Instant, PatientId, Recipient } from '@relais/contracts/primitives'
import { accept, type Decider, type Decision, reject } from '@relais/decider/decider'

/** Past these, a group is a territory. */
export const MOST_MEMBERS = 200

type Opening = Extract<ThreadEvent, { type: 'ThreadOpened' }>['data']
type Said = { threadId: ThreadId; by: Recipient; at: Instant }
type Open = { type: 'OpenThread'; details: Opening }
type AddMember = { type: 'AddMember'; member: Recipient } & Said
/** `ofOneself`: of a name under which whoever asks is written to. */
type RemoveMember = { type: 'RemoveMember'; member: Recipient; ofOneself: boolean } & Said
type Rename = { type: 'Rename'; title: string } & Said
type Close = { type: 'Close' } & Said
type ChangeCommand = AddMember | RemoveMember | Rename | Close
export type ThreadCommand = Open | ChangeCommand

export type ThreadRejection =
  | { code: 'threadUnknown' }
  | { code: 'threadIdReused' }
  | { code: 'threadClosed' }
  | { code: 'membersNotNamed' }
  | { code: 'threadFull' }
  | { code: 'lastMember' }
  | { code: 'notYoursToChange' }

/** What every later fact about a thread repeats, so that its readers need no lookup. */
export type ThreadSubject = { threadId: ThreadId; keyOwner: string; patientId?: PatientId | undefined }
export type KnownThread = {
  subject: ThreadSubject
  kind: ThreadKind
  by: Recipient
  firstTitle: string
  title: string
  members: readonly Recipient[]
  openedAt: Instant
  closedAt: Instant | undefined
}
export type ThreadState = { status: 'notOpened' } | ({ status: 'opened' } & KnownThread)
type ThreadDecision = Decision<ThreadEvent, ThreadRejection>

function evolve(state: ThreadState, event: ThreadEvent): ThreadState {
  if (event.type === 'ThreadOpened') return state.status === 'opened' ? state : opened(event.data)
  if (state.status === 'notOpened') return state
  switch (event.type) {
    case 'ThreadMemberAdded':
      return { ...state, members: [...state.members, event.data.member] }
    case 'ThreadMemberRemoved':
      return { ...state, members: state.members.filter((member) => member !== event.data.member) }
    case 'ThreadRenamed':
      return { ...state, title: event.data.title }
    case 'ThreadClosed':
      return { ...state, closedAt: event.data.closedAt }
  }
}

function opened({ threadId, keyOwner, patientId, kind, by, title, members, openedAt }: Opening): ThreadState {
  const subject = { threadId, keyOwner, ...(patientId === undefined ? {} : { patientId }) }
  return { status: 'opened', subject, kind, by, firstTitle: title, title, members, openedAt, closedAt: undefined }
}

function decide(command: ThreadCommand, state: ThreadState): ThreadDecision {
  if (command.type === 'OpenThread') return open(command, state)
  if (state.status === 'notOpened') return reject({ code: 'threadUnknown' })
  switch (command.type) {
    case 'AddMember':
      return addMember(command, state)
    case 'RemoveMember':
      return removeMember(command, state)
    case 'Rename':
      return rename(command, state)
    case 'Close':
      return close(command, state)
  }
}

function open({ details }: Open, state: ThreadState): ThreadDecision {
  if (state.status === 'notOpened') return accept({ type: 'ThreadOpened', data: details })
  const { kind, by, firstTitle, subject } = state
  const isSame =
    kind === details.kind &&
    by === details.by &&
    firstTitle === details.title &&
    subject.patientId === details.patientId
  return isSame ? accept() : reject({ code: 'threadIdReused' })
}

function addMember({ member, by, at }: AddMember, state: KnownThread): ThreadDecision {
  if (!hasNamedMembers(state)) return reject({ code: 'membersNotNamed' })
  if (state.members.includes(member)) return accept()
  if (state.closedAt !== undefined) return reject({ code: 'threadClosed' })
  if (state.members.length >= MOST_MEMBERS) return reject({ code: 'threadFull' })
  return accept({ type: 'ThreadMemberAdded', data: { ...state.subject, member, by, addedAt: at } })
}

/** Whoever is in it may leave; others are taken out by who opened it. A thread that nobody is in could not be found. */
function removeMember({ member, ofOneself, by, at }: RemoveMember, state: KnownThread): ThreadDecision {
  if (!hasNamedMembers(state)) return reject({ code: 'membersNotNamed' })
  if (!state.members.includes(member)) return accept()
  if (!ofOneself && by !== state.by) return reject({ code: 'notYoursToChange' })
  if (state.members.length === 1) return reject({ code: 'lastMember' })
  return accept({ type: 'ThreadMemberRemoved', data: { ...state.subject, member, by, removedAt: at } })
}

function rename({ title, by, at }: Rename, state: KnownThread): ThreadDecision {
  if (state.title === title) return accept()
  if (state.closedAt !== undefined) return reject({ code: 'threadClosed' })
  if (!mayChange(by, state)) return reject({ code: 'notYoursToChange' })
  return accept({ type: 'ThreadRenamed', data: { ...state.subject, title, by, renamedAt: at } })
}

function close({ by, at }: Close, state: KnownThread): ThreadDecision {
  if (state.closedAt !== undefined) return accept()
  if (!mayChange(by, state)) return reject({ code: 'notYoursToChange' })
  return accept({ type: 'ThreadClosed', data: { ...state.subject, by, closedAt: at } })
}

function hasNamedMembers({ kind }: KnownThread): boolean {
  return kind === 'wardCommunity' || kind === 'group'
}

/** What care needs is for all who take part in it; a group, and a thread of everybody, is for who opened it. */
function mayChange(by: Recipient, { kind, by: opener }: KnownThread): boolean {
  return by === opener || kind === 'patient' || kind === 'wardCommunity'
}

/** A thread: whom it is for, and whether it goes on. Whether the actor is in it is asked before. */
export const thread: Decider<ThreadCommand, ThreadEvent, ThreadState, ThreadRejection> = {
  initialState: { status: 'notOpened' },
  evolve,
  decide,
}
