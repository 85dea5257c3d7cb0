import { facilityEvents, type FacilityEvent } from '@relais/contracts/directory'
import { messageEvents, type MessageEvent } from '@relais/contracts/messages'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import type { OutsideIdentifier } from '@relais/contracts/primitives'
import { codecSet } from '@relais/events/codec'
import { derivedUuid } from '@relais/events/derived-uuid'
import { commandHandler } from '@relais/event-store/command-handler'
import { operationsRoutes } from '@relais/projections/operations-routes'
import { startReaction } from '@relais/projections/reaction'
import { readinessOf } from '@relais/projections/readiness'
import { startProjection } from '@relais/projections/runner'
import type { Adapters } from '@relais/runtime/adapters'
import type { Service } from '@relais/runtime/service-process'
import { Hono } from 'hono'
import type { StaysConfig } from './config.ts'
import { message } from './domain/message.ts'
import { stay } from './domain/stay.ts'
import { hl7v2Routes } from './http/hl7v2-routes.ts'
import { quarantineRoutes } from './http/quarantine-routes.ts'
import { senderRoutes } from './http/sender-routes.ts'
import { stayRoutes } from './http/stay-routes.ts'
import { brokenFrames, intake } from './intake/receive.ts'
import { purgeHourly } from './intake/retention.ts'
import { configuredSensitiveWards, type Peer, senderOf } from './intake/senders.ts'
import { knownStays, knownStaysIn, type KnownStaysTables, seenBy, sensitivity } from './projections/known-stays.ts'
import { awaitingIn, quarantine, type QuarantineTables } from './projections/quarantine.ts'
import { senderReport, type SenderReportTables } from './projections/sender-report.ts'
import { quarantineDesk } from './quarantine-desk.ts'
import { whatFollows } from './reactions/what-follows.ts'
import { stayDesk } from './stay-desk.ts'

export type StaysService = Service & {
  /** One HL7 v2 message from a peer; the acknowledgment to give back. */
  receive(bytes: Uint8Array, peer: Peer): Promise<Uint8Array>
  /** A frame from a peer that was too large, or cut before its end: it came, and nothing of it is kept. */
  refuseFrame(head: Uint8Array, reason: 'frameTooLarge' | 'frameTruncated', peer: Peer): Promise<void>
  /** Whether a peer is bound to a sender; anybody else is answered AR. */
  knows(peer: Peer): boolean
}

/** Composes the intake of hospital movements, the quarantine and their routes. */
export async function createService(adapters: Adapters, config: StaysConfig): Promise<StaysService> {
  const { mode, store, epoch, vault, codecOf, verifier, now, newId, log } = adapters
  const stays = codecOf<StayEvent>(stayEvents)
  const messages = codecOf<MessageEvent>(messageEvents)
  const handleStay = commandHandler(stay, { store, codec: stays, now, newId })
  const handleMessage = commandHandler(message, { store, codec: messages, now, newId })
  const facilities = codecOf<FacilityEvent>(facilityEvents)
  const database = await adapters.openViews<QuarantineTables & SenderReportTables & KnownStaysTables>('stays')
  const running = { store, database, epoch, log, now }

  const dossierKey = ({ authority, number }: OutsideIdentifier) => vault.blindIndex('dossier', authority, number)
  const view = startProjection({ ...running, projection: quarantine, codecs: codecSet([messages]) })
  const sent = startProjection({ ...running, projection: senderReport, codecs: codecSet([stays, messages]) })
  const everything = codecSet([stays, messages, facilities])
  const known = startProjection({ ...running, projection: knownStays(dossierKey), codecs: everything })
  const knowing = knownStaysIn(database, dossierKey)

  const recording = {
    vault,
    store,
    stays,
    handleStay,
    handleMessage,
    isSensitive: sensitivity(configuredSensitiveWards(config.senders), knowing),
    now,
    kind: mode,
    ...config,
  }
  const desk = quarantineDesk({ ...recording, codec: messages, database })
  const reaction = startReaction({
    ...running,
    name: 'what-follows-1',
    codecs: everything,
    react: whatFollows({
      ...recording,
      awaiting: awaitingIn(database, view),
      replay: desk.replay,
      seen: seenBy(known),
      known: knowing,
      derivedId: derivedUuid,
    }),
  })
  const arriving = { ...recording, loadMessage: desk.loadMessage, newId, log }
  const receive = intake(arriving)
  const refuseFrame = brokenFrames(arriving)
  const purging = purgeHourly({ vault, now, log })

  return {
    receive: (bytes, peer) => receive(bytes, senderOf(config.senders, peer)),
    refuseFrame: (head, reason, peer) => refuseFrame(head, reason, senderOf(config.senders, peer)),
    knows: (peer) => senderOf(config.senders, peer) !== undefined,
    app: new Hono()
      .route('/', hl7v2Routes({ verifier, log, receive }))
      .route('/', quarantineRoutes({ verifier, log, desk, mayTend: desk.mayTend, epoch, reaches: view.reaches }))
      .route('/', stayRoutes({ verifier, log, desk: stayDesk(recording), epoch }))
      .route(
        '/',
        senderRoutes({ verifier, log, senders: config.senders, db: database.db, epoch, reaches: sent.reaches, now }),
      )
      .route('/', operationsRoutes({ service: 'stays', running: [view, sent, known], epoch, log, verifier, newId })),
    readiness: () => readinessOf([view, sent, known, reaction]),
    stop: async () => {
      clearInterval(purging)
      await reaction.stop()
      await view.stop()
      await sent.stop()
      await known.stop()
    },
  }
}

export { loadStaysConfig, StaysEnvironment } from './config.ts'
export { listenForMessages } from './intake/listener.ts'
