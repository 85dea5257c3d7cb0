import { mayFollowWard } from '@relais/access/decide'
import { mayAnswerFor, maySortFor } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import type { ChannelName } from '@relais/contracts/channels'
import { wardName } from '../domain/stay-history.ts'

/** A channel as the gateway knows it: its name says the facility, so that a cursor of one ward means nothing in another. */
export type Channel =
  | { kind: 'patient'; name: string; patientId: string }
  | { kind: 'ward'; name: string; facility: string; code: string }
  | { kind: 'circle'; name: string; memberId: string }
  | { kind: 'inbox'; name: string; recipient: string }
  | { kind: 'ehpad'; name: string; recipient: string }
  /** A referral, or the run of a protocol, for those who are asked and those who ask. */
  | { kind: 'loop'; name: string }
  | { kind: 'thread'; name: string; threadId: string }

/**
 * What an actor means by a channel's name; `undefined` when it is none of the actor's: the ward of others, the circle or
 * the inbox of someone else. Who may follow a patient, a referral, a run or a thread is for the facts to say.
 */
export function resolveChannel(channel: ChannelName, actor: Actor): Channel | undefined {
  const slash = channel.indexOf('/')
  const subject = channel.slice(slash + 1)
  switch (channel.slice(0, slash)) {
    case 'patient':
      return { kind: 'patient', name: channel, patientId: subject }
    case 'ward': {
      const { organisation: facility } = actor
      if (facility === undefined || !mayFollowWard(actor, subject)) return undefined
      return { kind: 'ward', name: wardName({ facility, code: subject }), facility, code: subject }
    }
    case 'circle':
      return subject === actor.id ? { kind: 'circle', name: channel, memberId: subject } : undefined
    case 'inbox':
      return maySortFor(actor, subject) ? { kind: 'inbox', name: channel, recipient: subject } : undefined
    case 'ehpad': {
      const recipient = `finess:${subject}`
      return mayAnswerFor(actor, recipient) ? { kind: 'ehpad', name: channel, recipient } : undefined
    }
    case 'referral':
    case 'run':
      return { kind: 'loop', name: channel }
    case 'thread':
      return { kind: 'thread', name: channel, threadId: subject }
    default:
      return undefined
  }
}
