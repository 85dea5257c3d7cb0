import type { CursorCodec } from '@relais/channels/cursor'
import { type ContextDeps, loadContext, type Needs } from './context.ts'
import type { Channel } from './channel.ts'
import { offer, sharing } from './delivery.ts'
import type { Heard } from './heard.ts'
import { withoutForgotten } from './forgotten.ts'
import { ofOwners } from './loop-reader.ts'
import { personsIn } from './persons.ts'
import type { Subscriber, Subscribers } from './subscribers.ts'

export type ReplayDeps = ContextDeps & {
  cursors: CursorCodec
  subscribers: Subscribers
  /** Everything up to this position can be read. */
  committed: () => number
}

const PAGE = 200

/**
 * Sends the past, then goes live. The subscriber is registered already: what is committed meanwhile is not sent, it is
 * noted, and read from the view like the rest. Going live happens in the same turn as the check that nothing was noted,
 * hence no gap; and nothing is sent at or below the last position, hence no duplicate.
 */
export async function replay(deps: ReplayDeps, subscriber: Subscriber, after: number | undefined): Promise<void> {
  const { feed, committed, cursors } = deps
  const { channel, request } = subscriber
  if (after === undefined) {
    const until = committed()
    await sendAll(deps, subscriber, { entries: await feed.state(channel, until), isState: true })
    subscriber.last = Math.max(subscriber.last, until)
  } else subscriber.last = after

  for (;;) {
    subscriber.hasNews = false
    const until = committed()
    const page = await feed.after(channel, subscriber.last, PAGE)
    await sendAll(deps, subscriber, { entries: page, isState: false })
    if (subscriber.phase === 'over') return
    // Of what is not shown any more, nothing was offered.
    subscriber.last = Math.max(subscriber.last, page.at(-1)?.position ?? 0)
    if (page.length === PAGE || subscriber.hasNews) continue
    subscriber.last = Math.max(subscriber.last, until)
    subscriber.phase = 'live'
    return request.onCaughtUp(cursors.seal(channel.name, subscriber.last))
  }
}

/** `isState` for entries that a newcomer is shown, `false` for those that a live subscriber would have been sent. */
type Past = { entries: readonly Heard[]; isState: boolean }

/** Waits for the socket where needed, and decides anew after each wait. */
async function sendAll(deps: ReplayDeps, subscriber: Subscriber, past: Past): Promise<void> {
  const { isState } = past
  const entries = await withoutForgotten(deps.db, await ofOwners(deps.db, past.entries))
  const share = sharing(deps.cursors)
  let next = 0
  while (next < entries.length && subscriber.phase !== 'over') {
    const page = entries.slice(next, next + PAGE)
    const personOf = await personsIn(deps, page)
    const context = await loadContext(deps, page, { ...needsOf(subscriber.channel, isState), personOf })
    for (const heard of page) {
      const room = subscriber.request.room()
      if (room) {
        await room
        break
      }
      offer(deps.subscribers, subscriber, { heard, context, share })
      next += 1
    }
  }
}

function needsOf(channel: Channel, isState: boolean): Needs {
  return {
    circles: channel.kind === 'circle' && !isState,
    listens: (name) => name === channel.name,
  }
}
