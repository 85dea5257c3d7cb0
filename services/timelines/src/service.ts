import { threadEvents, type ThreadEvent } from '@relais/contracts/conversations'
import { deathEvents, type DeathEvent } from '@relais/contracts/deaths'
import { noticeEvents, type NoticeEvent } from '@relais/contracts/notices'
import { circleEvents, type CircleEvent, linkEvents, type LinkEvent } from '@relais/contracts/patients'
import { runEvents, type RunEvent } from '@relais/contracts/protocol-runs'
import { referralEvents, type ReferralEvent } from '@relais/contracts/referrals'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { codecSet } from '@relais/events/codec'
import { operationsRoutes } from '@relais/projections/operations-routes'
import { readinessOf } from '@relais/projections/readiness'
import { startProjection } from '@relais/projections/runner'
import type { Adapters } from '@relais/runtime/adapters'
import type { Service } from '@relais/runtime/service-process'
import { Hono } from 'hono'
import { boardsOf } from './boards.ts'
import { explanationRoutes } from './http/explanation-routes.ts'
import { pathwayRoutes } from './http/pathway-routes.ts'
import { pathway, type PathwayTables } from './projections/pathway.ts'

/** Composes the pathways of patients, boards and inboxes. */
export async function createService(adapters: Adapters): Promise<Service> {
  const { store, epoch, vault, codecOf, verifier, now, newId, log } = adapters
  const codecs = codecSet([
    codecOf<StayEvent>(stayEvents),
    codecOf<CircleEvent>(circleEvents),
    codecOf<LinkEvent>(linkEvents),
    codecOf<NoticeEvent>(noticeEvents),
    codecOf<DeathEvent>(deathEvents),
    codecOf<ReferralEvent>(referralEvents),
    codecOf<RunEvent>(runEvents),
    codecOf<ThreadEvent>(threadEvents),
  ])
  const database = await adapters.openViews<PathwayTables>('timelines')
  const view = startProjection({ projection: pathway, store, codecs, database, epoch, log, now })
  const boards = await boardsOf(adapters)
  const running = [view, boards.view]
  const routes = { verifier, log, keyring: vault, database, epoch, reaches: view.reaches, now }
  const reachesBoth = async (position: number, timeoutMilliseconds: number) => {
    const reached = await Promise.all(running.map((each) => each.reaches(position, timeoutMilliseconds)))
    return reached.every(Boolean)
  }
  return {
    app: new Hono()
      .route('/', pathwayRoutes(routes))
      .route('/', explanationRoutes({ ...routes, boards: boards.database, reaches: reachesBoth }))
      .route('/', boards.app)
      .route('/', operationsRoutes({ service: 'timelines', running, epoch, log, verifier, newId })),
    readiness: () => readinessOf(running),
    stop: async () => {
      for (const each of running) await each.stop()
    },
  }
}
