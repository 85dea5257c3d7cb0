import { receiver } from '@relais/attachments/receive'
import { type AttachmentsConfig, loadAttachmentsConfig } from '@relais/attachments/settings'
import { systemTimers } from '@relais/channels/timers'
import { type AbsenceEvent, absenceEvents } from '@relais/contracts/absences'
import { type DeathEvent, deathEvents } from '@relais/contracts/deaths'
import { noticeEvents, type NoticeEvent } from '@relais/contracts/notices'
import { type CircleEvent, circleEvents, type LinkEvent, linkEvents } from '@relais/contracts/patients'
import { isReferralEvent, type ReferralEvent, referralEvents } from '@relais/contracts/referrals'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import type { ReferralId } from '@relais/contracts/work'
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
import { referral } from './domain/referral.ts'
import { fileRoutes } from './http/file-routes.ts'
import { readingRoutes } from './http/reading-routes.ts'
import { receiverRoutes } from './http/receiver-routes.ts'
import { requesterRoutes } from './http/requester-routes.ts'
import { statisticsRoutes } from './http/statistics-routes.ts'
import { referrals, type ReferralTables } from './projections/referrals.ts'
import { askStandIns } from './reactions/ask-stand-ins.ts'
import { fireDeadlines } from './reactions/fire-deadlines.ts'
import { followStays } from './reactions/follow-stays.ts'
import { referralDesk } from './referral-desk.ts'

/** Composes referrals: what is asked of others about a patient, until it is closed. */
export async function createService(
  adapters: Adapters,
  config: AttachmentsConfig = loadAttachmentsConfig({}),
): Promise<Service> {
  const { store, epoch, vault, codecOf, verifier, clock, now, newId, log } = adapters
  const codec = codecOf<ReferralEvent>(referralEvents)
  const stays = codecOf<StayEvent>(stayEvents)
  const deaths = codecOf<DeathEvent>(deathEvents)
  const links = codecOf<LinkEvent>(linkEvents)
  const absences = codecOf<AbsenceEvent>(absenceEvents)
  const handleReferral = commandHandler(referral, { store, codec, now, newId })
  const loadReferral = async (id: ReferralId) => (await loadState(referral, { store, codec }, id)).state
  const database = await adapters.openViews<ReferralTables>('referrals')
  const { db } = database
  const running = { store, database, epoch, log, now }
  const view = startProjection({
    ...running,
    projection: referrals,
    codecs: codecSet([
      codec,
      stays,
      codecOf<CircleEvent>(circleEvents),
      links,
      codecOf<NoticeEvent>(noticeEvents),
      absences,
      deaths,
    ]),
    onCommitted: (decoded) => {
      if (decoded.some(({ event }) => event && isReferralEvent(event))) deadlines.wake()
    },
    onOvertaken: () => deadlines.wake(),
  })
  const deadlines = startDeadlines({
    name: 'referral-deadlines',
    database,
    view,
    clock,
    timers: systemTimers,
    log,
    fire: fireDeadlines({ handleReferral, now }),
  })
  const following = startReaction({
    ...running,
    name: 'follow-stays-1',
    codecs: codecSet([stays, deaths, links]),
    react: followStays({ db, view, handleReferral, derivedId: derivedUuid, now }),
  })
  const standingIn = startReaction({
    ...running,
    name: 'ask-stand-ins-1',
    codecs: codecSet([codec, absences]),
    react: askStandIns({ db, view, handleReferral, derivedId: derivedUuid, now }),
  })
  const desk = referralDesk({ db, vault, loadReferral, handleReferral, now, log })
  const receive = receiver({ vault, maxBytes: config.attachmentMaxBytes })
  const routes = { verifier, log, receive, db, vault, epoch, reaches: view.reaches, desk, now }
  return {
    app: new Hono()
      .route('/', statisticsRoutes(routes))
      .route('/', requesterRoutes(routes))
      .route('/', fileRoutes(routes))
      .route('/', receiverRoutes(routes))
      .route('/', readingRoutes(routes))
      .route('/', operationsRoutes({ service: 'referrals', running: [view], epoch, log, verifier, newId })),
    readiness: () => readinessOf([view, following, standingIn, deadlines]),
    stop: async () => {
      await following.stop()
      await standingIn.stop()
      await deadlines.stop()
      await view.stop()
    },
  }
}
