import { CONVERSATIONS_KEY, type DigestEvent, type DigestId, type ThreadId } from '@relais/contracts/conversations'
import type { Instant, Recipient } from '@relais/contracts/primitives'
import { accept, type Decider, type Decision, reject } from '@relais/decider/decider'

type Await = { type: 'AwaitDigest'; digestId: DigestId; person: Recipient; dueAt: Instant; at: Instant }
type Give = { type: 'GiveDigest'; threads: readonly { threadId: ThreadId; unread: number }[]; at: Instant }
export type DigestCommand = Await | Give
export type DigestRejection = { code: 'digestUnknown' }

type Awaited = { digestId: DigestId; person: Recipient; dueAt: Instant; isGiven: boolean }
export type DigestState = { awaited: Awaited | undefined }

function evolve(state: DigestState, { type, data }: DigestEvent): DigestState {
  const { digestId, person, dueAt } = data
  return { awaited: { digestId, person, dueAt, isGiven: type === 'DigestGiven' || state.awaited?.isGiven === true } }
}

function decide(command: DigestCommand, { awaited }: DigestState): Decision<DigestEvent, DigestRejection> {
  if (command.type === 'AwaitDigest') {
    const { digestId, person, dueAt, at } = command
    if (awaited) return accept()
    const data = { digestId, keyOwner: CONVERSATIONS_KEY, person, dueAt, awaitedAt: at }
    return accept({ type: 'DigestAwaited', data })
  }
  if (!awaited) return reject({ code: 'digestUnknown' })
  if (awaited.isGiven) return accept()
  const { digestId, person, dueAt } = awaited
  const subject = { digestId, keyOwner: CONVERSATIONS_KEY, person, dueAt }
  return accept({ type: 'DigestGiven', data: { ...subject, threads: [...command.threads], givenAt: command.at } })
}

/** One night of quiet hours of one person, with messages in it: told once, when it ends. */
export const digest: Decider<DigestCommand, DigestEvent, DigestState, DigestRejection> = {
  initialState: { awaited: undefined },
  evolve,
  decide,
}
