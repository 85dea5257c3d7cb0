import type { CursorCodec } from '@relais/channels/cursor'
import { type SharedEntry, sharedEntry } from '@relais/channels/hub'
import type { EndedReason } from '@relais/contracts/channels'
import type { PostEntry } from '@relais/contracts/conversation-entries'
import type { Channel } from './channel.ts'
import type { Context } from './context.ts'
import type { Heard } from './heard.ts'
import { stateKey } from './states.ts'
import type { Subscriber, Subscribers } from './subscribers.ts'
import type { Texts } from './texts.ts'
import { verdictOf } from './visibility.ts'

/** Writes an entry for a channel, with what has to be known beside it. */
export type Share = (channel: Channel, heard: Heard, context: Context) => SharedEntry
export type Offered = { heard: Heard; context: Context; share: Share }

/** Sends an entry to a subscriber who has not had it and may see it; ends who may follow no longer. */
export function offer(subscribers: Subscribers, subscriber: Subscriber, { heard, context, share }: Offered): void {
  const { channel, request } = subscriber
  if (subscriber.phase === 'over' || heard.position <= subscriber.last) return
  const verdict = verdictOf(channel, request.actor, { heard, context })
  if (verdict === 'end') return end(subscribers, subscriber, 'accessEnded')
  subscriber.last = heard.position
  if (verdict === 'send') request.onEntry(share(channel, heard, context))
}

export function end(subscribers: Subscribers, subscriber: Subscriber, reason: EndedReason): void {
  if (subscriber.phase === 'over') return
  subscribers.remove(subscriber)
  subscriber.request.onEnded(reason)
}

export function fail(subscribers: Subscribers, subscriber: Subscriber, error: unknown): void {
  if (subscriber.phase === 'over') return
  subscribers.remove(subscriber)
  subscriber.request.onFailed(error)
}

export function sharing(cursors: CursorCodec): Share {
  return (channel, heard, context) => {
    const { position } = heard
    const state = context.states.get(stateKey(position, channel.name))
    return sharedEntry({ cursor: cursors.seal(channel.name, position), entry: written(channel, heard, context), state })
  }
}

/** Who the patient of a referral or of a run is, its reader asks for. */
function written(channel: Channel, { position, entry, text }: Heard, { texts }: Context): string {
  if (channel.kind === 'thread' && entry.kind === 'post') return JSON.stringify(message(entry, position, texts))
  if (channel.kind !== 'loop') return text
  return JSON.stringify(entry, (name, value: unknown) =>
    name === 'patientId' || name === 'stayId' ? undefined : value,
  )
}

/** With its text; of what was withdrawn since, no more than that it was there. */
function message(entry: PostEntry, position: number, { said, withdrawn }: Texts): PostEntry {
  if (!withdrawn.has(entry.postId)) return { ...entry, text: said.get(position) }
  const { body: _, attachments: __, quotes: ___, ...left } = entry
  return left
}

/** Each entry is written, and its cursor sealed, once for all the subscribers of a channel. */
export function sharingOnce(share: Share): Share {
  const known = new Map<Heard, Map<string, SharedEntry>>()
  return (channel, heard, context) => {
    const byChannel = known.get(heard) ?? new Map<string, SharedEntry>()
    known.set(heard, byChannel)
    const written = byChannel.get(channel.name) ?? share(channel, heard, context)
    byChannel.set(channel.name, written)
    return written
  }
}
