import { receiver } from '@relais/attachments/receive'
import { type AttachmentsConfig, loadAttachmentsConfig } from '@relais/attachments/settings'
import { systemTimers } from '@relais/channels/timers'
import { operationsRoutes } from '@relais/projections/operations-routes'
import { startReaction } from '@relais/projections/reaction'
import { readinessOf } from '@relais/projections/readiness'
import { startProjection } from '@relais/projections/runner'
import { codecSet } from '@relais/events/codec'
import { startDeadlines } from '@relais/deadlines/scheduler'
import type { Adapters } from '@relais/runtime/adapters'
import type { Service } from '@relais/runtime/service-process'
import { Hono } from 'hono'
import { threadAccess } from './access.ts'
import { commandsOver } from './commands.ts'
import { digestGiver } from './reactions/give-digests.ts'
import { attachmentRoutes } from './http/attachment-routes.ts'
import { postRoutes } from './http/post-routes.ts'
import { preferenceRoutes } from './http/preference-routes.ts'
import { threadRoutes } from './http/thread-routes.ts'
import { knownThreads } from './known-threads.ts'
import { posting } from './posting.ts'
import { postsInLog } from './posts-in-log.ts'
import { conversations } from './projections/conversations.ts'
import type { ConversationTables } from './projections/tables.ts'
import { awaitDigests } from './reactions/await-digests.ts'
import { indexWords } from './reactions/index-words.ts'
import { reading } from './reading.ts'
import { referenceChecks } from './references.ts'
import { wordIndex, wordMigration, type WordTables } from './word-index.ts'

/** Composes threads, what is written in them, and what it is written with. */
export async function createService(
  adapters: Adapters,
  config: AttachmentsConfig = loadAttachmentsConfig({}),
): Promise<Service> {
  const { store, epoch, vault, verifier, clock, now, newId, log } = adapters
  const { codecs, viewed, loadDigest, ...commands } = commandsOver(adapters)
  const database = await adapters.openViews<ConversationTables & WordTables>('conversations')
  await database.migrate({ '0001-words': wordMigration(database.kind) })
  const { db } = database
  const running = { store, database, epoch, log, now }
  const view = startProjection({
    ...running,
    projection: conversations,
    codecs: viewed,
    onCommitted: () => deadlines.wake(),
    onOvertaken: () => deadlines.wake(),
  })

  const access = threadAccess({ db, keyring: vault, now, log })
  const texts = reading({ db, vault, access, now })
  const deadlines = startDeadlines({
    name: 'digests',
    database,
    view,
    clock,
    timers: systemTimers,
    log,
    fire: digestGiver({ ...commands, reading: texts, loadDigest, now }),
  })
  const index = wordIndex({ database, vault })
  const ofPosts = { ...running, codecs: codecSet([codecs.post]) }
  const reactions = [
    startReaction({ ...ofPosts, name: 'index-words-1', react: indexWords({ index, textOf: texts.textOf }) }),
    startReaction({ ...ofPosts, name: 'await-digests-1', react: awaitDigests({ ...commands, db, view, now }) }),
  ]

  const findThread = knownThreads({ store, codec: codecs.thread, keyring: vault })
  const findPost = postsInLog({ store, codec: codecs.post })
  const checkReferences = referenceChecks({ db, access, vault, findPost })
  const writing = posting({ ...commands, findThread, findPost, access, checkReferences, vault, now })
  const receive = receiver({ vault, maxBytes: config.attachmentMaxBytes })
  const shared = { ...commands, verifier, log, db, vault, epoch, reaches: view.reaches, now }
  const routes = { ...shared, access, findThread, findPost, reading: texts, posting: writing, index, receive }
  return {
    app: new Hono()
      .route('/', preferenceRoutes(routes))
      .route('/', postRoutes(routes))
      .route('/', threadRoutes(routes))
      .route('/', attachmentRoutes(routes))
      .route('/', operationsRoutes({ service: 'conversations', running: [view], epoch, log, verifier, newId })),
    readiness: () => readinessOf([view, deadlines, ...reactions]),
    stop: async () => {
      await deadlines.stop()
      for (const reaction of reactions) await reaction.stop()
      await view.stop()
    },
  }
}
