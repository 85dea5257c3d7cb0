import { systemTimers } from '@relais/channels/timers'
import { type AbsenceEvent, absenceEvents } from '@relais/contracts/absences'
import { type DeathEvent, deathEvents } from '@relais/contracts/deaths'
import { noticeEvents, type NoticeEvent } from '@relais/contracts/notices'
import {
  type CircleEvent,
  circleEvents,
  type LinkEvent,
  linkEvents,
  type PatientEvent,
  patientEvents,
} from '@relais/contracts/patients'
import { type RunEvent, runEvents } from '@relais/contracts/protocol-runs'
import { type ProtocolEvent, protocolEvents, type ProtocolId } from '@relais/contracts/protocols'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import type { RunId } from '@relais/contracts/work'
import { startDeadlines } from '@relais/deadlines/scheduler'
import { codecSet } from '@relais/events/codec'
import { derivedUuid } from '@relais/events/derived-uuid'
import { commandHandler, loadState } from '@relais/event-store/command-handler'
import { operationsRoutes } from '@relais/projections/operations-routes'
import { startReaction } from '@relais/projections/reaction'
import { readinessOf } from '@relais/projections/readiness'
import { startProjection } from '@relais/projections/runner'
import type { Adapters } from '@relais/runtime/adapters'
import type { Service } from '@relais/runtime/service-process'
import { Hono } from 'hono'
import { protocol } from './domain/protocol.ts'
import { run } from './domain/run.ts'
import { dryRuns } from './dry-run/dry-runs.ts'
import { fireDeadlines } from './reactions/fire-deadlines.ts'
import { dryRunRoutes } from './http/dry-run-routes.ts'
import { protocolRoutes } from './http/protocol-routes.ts'
import { runRoutes } from './http/run-routes.ts'
import { stepRoutes } from './http/step-routes.ts'
import { isRunEvent, protocolRuns, type RunViewTables } from './projections/protocol-runs.ts'
import { protocolReader } from './projections/protocol-tables.ts'
import { factSource } from './reactions/fact-source.ts'
import { followStays } from './reactions/follow-stays.ts'
import { dischargeHome } from './shipped/discharge-home.ts'
import { ehpadToEmergency } from './shipped/ehpad-to-emergency.ts'
import { returnToEhpad } from './shipped/return-to-ehpad.ts'

/** What a territory may begin with, once its own coordination stands in it. */
export const shippedProtocols = [dischargeHome, returnToEhpad, ehpadToEmergency]

/** Composes the protocols of the territories and their runs. */
export async function createService(adapters: Adapters): Promise<Service> {
  const { store, epoch, vault, codecOf, verifier, clock, now, newId, log } = adapters
  const protocols = codecOf<ProtocolEvent>(protocolEvents)
  const runs = codecOf<RunEvent>(runEvents)
  const codecs = codecSet([
    codecOf<StayEvent>(stayEvents),
    codecOf<CircleEvent>(circleEvents),
    codecOf<LinkEvent>(linkEvents),
    codecOf<NoticeEvent>(noticeEvents),
    codecOf<PatientEvent>(patientEvents),
    codecOf<DeathEvent>(deathEvents),
    codecOf<AbsenceEvent>(absenceEvents),
    protocols,
    runs,
  ])
  const handleProtocol = commandHandler(protocol, { store, codec: protocols, now, newId })
  const handleRun = commandHandler(run, { store, codec: runs, now, newId })
  const loadRun = async (runId: RunId) => (await loadState(run, { store, codec: runs }, runId)).state
  const loadProtocol = async (id: ProtocolId) => (await loadState(protocol, { store, codec: protocols }, id)).state
  const loadFacts = async (runId: RunId) => {
    const facts: RunEvent[] = []
    for await (const recorded of store.readStream(`${runEvents.category}-${runId}`)) {
      const event = (await runs.decode(recorded))?.event
      if (event) facts.push(event)
    }
    return facts
  }

  const database = await adapters.openViews<RunViewTables>('protocols')
  const { db } = database
  const running = { store, database, epoch, log, now }
  const view = startProjection({
    ...running,
    projection: protocolRuns,
    codecs,
    onCommitted: (decoded) => {
      if (decoded.some(({ event }) => event && isRunEvent(event))) deadlines.wake()
    },
    onOvertaken: () => deadlines.wake(),
  })
  const loadProtocols = protocolReader(db)
  const source = factSource({ db, vault, view, loadProtocols })
  const deadlines = startDeadlines({
    name: 'protocol-deadlines',
    database,
    view,
    clock,
    timers: systemTimers,
    log,
    fire: fireDeadlines({ source, loadRun, handleRun, now }),
  })
  const reaction = startReaction({
    ...running,
    name: 'follow-stays-1',
    codecs,
    react: followStays({ source, handleRun, derivedId: derivedUuid, now }),
  })
  const trials = dryRuns({ store, codecs, db, vault, loadProtocols, log })

  const shared = { verifier, log, epoch, reaches: view.reaches, now }
  const ofProtocols = { ...shared, loadProtocols, loadProtocol, handleProtocol }
  const ofRuns = { ...shared, db, keyring: vault, loadRun, source, handleRun }
  return {
    app: new Hono()
      .route('/', dryRunRoutes({ ...ofProtocols, trials }))
      .route('/', protocolRoutes(ofProtocols))
      .route('/', runRoutes(ofRuns))
      .route('/', stepRoutes({ ...ofRuns, vault, loadFacts }))
      .route('/', operationsRoutes({ service: 'protocols', running: [view], epoch, log, verifier, newId })),
    readiness: () => readinessOf([view, reaction, deadlines]),
    stop: async () => {
      await trials.stop()
      await reaction.stop()
      await deadlines.stop()
      await view.stop()
    },
  }
}
