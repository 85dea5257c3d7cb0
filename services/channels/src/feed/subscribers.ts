import type { FollowRequest } from '@relais/channels/hub'
import type { Channel } from './channel.ts'

/** One subscription of one session, from the moment it is asked for. */
export type Subscriber = {
  channel: Channel
  request: FollowRequest
  phase: 'deciding' | 'replaying' | 'live' | 'over'
  /** Everything up to here was sent, or was not for this subscriber. */
  last: number
  /** Something for this subscriber was committed while it was not live. */
  hasNews: boolean
}

/** Who listens to what, by the name of the channel. */
export function openSubscribers() {
  const byChannel = new Map<string, Set<Subscriber>>()
  const counts = { circle: 0, thread: 0 }
  const count = ({ kind }: Channel, change: 1 | -1) => {
    if (kind === 'circle' || kind === 'thread') counts[kind] += change
  }

  return {
    add(subscriber: Subscriber) {
      const { channel } = subscriber
      const others = byChannel.get(channel.name)
      if (others) others.add(subscriber)
      else byChannel.set(channel.name, new Set([subscriber]))
      count(channel, 1)
    },
    /** Once over, nothing reaches it any more. */
    remove(subscriber: Subscriber) {
      if (subscriber.phase === 'over') return
      subscriber.phase = 'over'
      const { channel } = subscriber
      const others = byChannel.get(channel.name)
      others?.delete(subscriber)
      if (others?.size === 0) byChannel.delete(channel.name)
      count(channel, -1)
    },
    of: (channel: string): Iterable<Subscriber> => byChannel.get(channel) ?? [],
    has: (channel: string) => byChannel.has(channel),
    hasCircles: () => counts.circle > 0,
    hasThreads: () => counts.thread > 0,
    isEmpty: () => byChannel.size === 0,
    all: (): Subscriber[] => [...byChannel.values()].flatMap((subscribers) => [...subscribers]),
  }
}
export type Subscribers = ReturnType<typeof openSubscribers>
