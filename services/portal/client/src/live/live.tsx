import type { ChannelsClient, ClientState } from '@relais/channels/client'
import type { ChannelEntry } from '@relais/contracts/channel-entries'
import type { EndedReason } from '@relais/contracts/channels'
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { answer } from '../api/call.ts'
import { sessionQuery } from '../api/session.ts'
import { following } from './followed.ts'
import { useLatest } from './latest.ts'

/** How the page stands with the platform. `since` is when the connection was lost, or found again. */
export type Connection = { state: ClientState; since: number; hasBeenLost: boolean }

type Live = { client: ChannelsClient | undefined; connection: Connection }

const LiveContext = createContext<Live>({ client: undefined, connection: fresh() })
function fresh(): Connection {
  return { state: 'connecting', since: Date.now(), hasBeenLost: false }
}

/** One socket for the page, opened with tickets that are good once: no token comes this far. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [client, setClient] = useState<ChannelsClient>()
  const [connection, setConnection] = useState(fresh)
  const queries = useQueryClient()
  useEffect(() => {
    let open: ChannelsClient | undefined
    let isOver = false
    const onState = (state: ClientState) => {
      // Closed for good: most likely its person signed out in another tab.
      if (state === 'closed' && !isOver) void queries.invalidateQueries(sessionQuery)
      setConnection((before) => ({
        state,
        since: Date.now(),
        hasBeenLost:
          state === 'reconnecting' || (before.hasBeenLost && state !== 'open') || before.state === 'reconnecting',
      }))
    }
    // By itself because a page is worth showing before it is live.
    void import('./channels-client.ts').then(({ connectChannels }) => {
      if (isOver) return
      open = connectChannels({ url: new URL('/channels', location.href).href.replace(/^http/, 'ws'), ticket, onState })
      setClient(open)
    })
    return () => {
      isOver = true
      open?.close()
      setClient(undefined)
    }
  }, [queries])
  const live = useMemo(() => ({ client, connection }), [client, connection])
  return <LiveContext value={live}>{children}</LiveContext>
}

async function ticket(): Promise<string> {
  return (await answer<{ ticket: string }>({ method: 'POST', path: '/channels/tickets' })).ticket
}

export function useConnection(): Connection {
  return useContext(LiveContext).connection
}

export type ChannelHandlers = {
  onEntry(entry: ChannelEntry): void
  /** What was missed has come: of a first subscription, and after each lost connection. */
  onCaughtUp?(): void
  onEnded?(reason: EndedReason): void
}

/** Follows a channel while the component is there; `undefined` follows nothing. Nothing is missed in between. */
export function useChannel(channel: string | undefined, handlers: ChannelHandlers): void {
  useChannels(channel === undefined ? [] : [channel], handlers)
}

/** Follows several channels at once: those of a person and of his or her teams. The list MUST keep its order. */
export function useChannels(channels: readonly string[], handlers: ChannelHandlers): void {
  const { client } = useContext(LiveContext)
  const latest = useLatest(handlers)
  const key = channels.join(' ')
  useEffect(() => (key === '' ? undefined : following(key.split(' ').length)), [key])
  useEffect(() => {
    if (!client || key === '') return
    const subscriptions = key.split(' ').map((channel) =>
      // Names are checked by the gateway, which answers `forbidden` to what is none.
      client.subscribe(channel, {
        onEntry: ({ entry }) => latest.current.onEntry(entry),
        onCaughtUp: () => latest.current.onCaughtUp?.(),
        onEnded: (reason) => latest.current.onEnded?.(reason),
      }),
    )
    return () => {
      for (const subscription of subscriptions) subscription.stop()
    }
  }, [client, key, latest])
}
