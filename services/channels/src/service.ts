import { cursorCodec } from '@relais/channels/cursor'
import { systemTimers } from '@relais/channels/timers'
import { attachChannels } from '@relais/channels/ws-adapter'
import { circleEvents, type CircleEvent } from '@relais/contracts/patients'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { codecSet } from '@relais/events/codec'
import { operationsRoutes } from '@relais/projections/operations-routes'
import { readinessOf } from '@relais/projections/readiness'
import { startProjection } from '@relais/projections/runner'
import type { Adapters } from '@relais/runtime/adapters'
import type { Service } from '@relais/runtime/service-process'
import { Hono } from 'hono'
import { type ChannelsConfig, loadChannelsConfig } from './config.ts'
import { feedReader } from './feed/feed-reader.ts'
import { feedHub } from './feed/hub.ts'
import { feedPush } from './feed/push.ts'
import { openSubscribers } from './feed/subscribers.ts'
import { channelFeed, type FeedTables } from './projections/channel-feed.ts'

export type ChannelsService = Service & Required<Pick<Service, 'attach'>>

/** Composes the gateway of `docs/channels.md`: one view of the log, pushed to sockets as it is committed. */
export async function createService(
  adapters: Adapters,
  config: ChannelsConfig = loadChannelsConfig({}),
): Promise<ChannelsService> {
  const { store, epoch, codecOf, verifier, siteKey, now, newId, log } = adapters
  const codecs = codecSet([codecOf<StayEvent>(stayEvents), codecOf<CircleEvent>(circleEvents)])
  const database = await adapters.openViews<FeedTables>(config.schema)
  const feed = {
    db: database.db,
    feed: feedReader(database.db),
    cursors: cursorCodec(siteKey, epoch),
    subscribers: openSubscribers(),
    committed: () => view.status().position ?? 0,
    now,
    log,
  }
  const pushing = feedPush(feed)
  const following = { store, codecs, database, epoch, log, now, ...pushing }
  // Flushed because a cursor says that everything before it is in the view, also after the database server has crashed.
  const view = startProjection({ projection: channelFeed, ...following, flushed: true })
  const isReady = () => view.status().hasCaughtUp
  const channels = { hub: feedHub(feed), verifier, timers: systemTimers, now, newId, log, isReady }
  return {
    app: new Hono().route('/', operationsRoutes({ service: 'channels', running: [view], epoch, log, verifier, newId })),
    readiness: () => readinessOf([view]),
    attach: (server) => attachChannels(server, { ...channels, ...(config.origins ? { origins: config.origins } : {}) }),
    stop: () => view.stop(),
  }
}

export { loadChannelsConfig } from './config.ts'

export { ChannelsEnvironment } from './config.ts'
