import { cursorCodec } from '@relais/channels/cursor'
import { systemTimers } from '@relais/channels/timers'
import { attachChannels } from '@relais/channels/ws-adapter'
import { operationsRoutes } from '@relais/projections/operations-routes'
import { readinessOf } from '@relais/projections/readiness'
import { startProjection } from '@relais/projections/runner'
import type { Adapters } from '@relais/runtime/adapters'
import type { Service } from '@relais/runtime/service-process'
import { Hono } from 'hono'
import { type ChannelsConfig, loadChannelsConfig } from './config.ts'
import { acknowledgments } from './feed/acknowledgments.ts'
import { feedReader } from './feed/feed-reader.ts'
import { feedHub } from './feed/hub.ts'
import { feedPush } from './feed/push.ts'
import { textsFrom } from './feed/texts.ts'
import { openSubscribers } from './feed/subscribers.ts'
import { misdirectionRoutes } from './http/misdirection-routes.ts'
import { noticeRoutes } from './http/notice-routes.ts'
import { sessionRoutes } from './http/session-routes.ts'
import { notices } from './notices.ts'
import { channelFeed, type FeedTables } from './projections/channel-feed.ts'
import { feedCodecs } from './projections/feed-codecs.ts'
import { openSessions } from './sessions.ts'

export type ChannelsService = Service & Required<Pick<Service, 'attach'>>

/** Composes the gateway of `docs/channels.md`: one view of the log, pushed to sockets as it is committed; and notices. */
export async function createService(
  adapters: Adapters,
  config: ChannelsConfig = loadChannelsConfig({}),
): Promise<ChannelsService> {
  const { store, epoch, vault, codecOf, verifier, siteKey, clock, now, newId, log } = adapters
  const database = await adapters.openViews<FeedTables>(config.schema)
  const { db } = database
  const sessions = await openSessions(adapters)
  const following = { projection: channelFeed, codecs: feedCodecs(codecOf), store, database, epoch, log, now }
  const view = startProjection({
    ...following,
    // Sockets of who has signed out are closed before anything else reaches them.
    async onCommitted(decoded) {
      try {
        await sessions.onCommitted(decoded)
      } finally {
        await pushing.onCommitted(decoded)
      }
    },
    async onOvertaken() {
      pushing.onOvertaken()
      await sessions.onOvertaken()
    },
    // Because a cursor says that everything before it is in the view, also after the database server has crashed.
    flushed: true,
  })
  const { handleNotice, loadNotice, reactions } = notices({ adapters, database, view })
  const acknowledge = acknowledgments({ db, handleNotice, now, newId })
  const reading = { db, feed: feedReader(db), cursors: cursorCodec(siteKey, epoch), subscribers: openSubscribers() }
  const feed = {
    ...reading,
    openText: textsFrom(vault),
    acknowledge,
    committed: () => view.status().position ?? 0,
    now,
    log,
  }
  const pushing = feedPush(feed)
  const isReady = () => view.status().hasCaughtUp
  // Sessions end with their tokens, which know the machine's time only.
  const time = { timers: systemTimers, now: clock.machineNow }
  const channels = { hub: feedHub(feed), verifier: sessions.verifier, ...time, newId, log, isReady }
  const origins = config.origins ? { origins: config.origins } : {}
  const routes = { verifier, log, db, loadNotice, handleNotice, epoch, reaches: view.reaches, now }
  return {
    app: new Hono()
      .route('/', noticeRoutes(routes))
      .route('/', misdirectionRoutes(routes))
      .route('/', sessionRoutes({ ...routes, sessions }))
      .route('/', operationsRoutes({ service: 'channels', running: [view], epoch, log, verifier, newId })),
    readiness: () => readinessOf([view, ...reactions]),
    attach: (server) => sessions.attached(attachChannels(server, { ...channels, ...origins })),
    stop: async () => {
      for (const reaction of reactions) await reaction.stop()
      await view.stop()
    },
  }
}

export { loadChannelsConfig } from './config.ts'

export { ChannelsEnvironment } from './config.ts'
