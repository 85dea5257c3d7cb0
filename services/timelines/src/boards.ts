import { deathEvents, type DeathEvent } from '@relais/contracts/deaths'
import { noticeEvents, type NoticeEvent, shownEvents, type ShownEvent } from '@relais/contracts/notices'
import { circleEvents, type CircleEvent, linkEvents, type LinkEvent } from '@relais/contracts/patients'
import { runEvents, type RunEvent } from '@relais/contracts/protocol-runs'
import { referralEvents, type ReferralEvent } from '@relais/contracts/referrals'
import {
  residentEvents,
  type ResidentEvent,
  residentMatchEvents,
  type ResidentMatchEvent,
} from '@relais/contracts/residents'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { commandHandler } from '@relais/event-store/command-handler'
import { codecSet } from '@relais/events/codec'
import { startProjection } from '@relais/projections/runner'
import type { Adapters } from '@relais/runtime/adapters'
import { Hono } from 'hono'
import { shown } from './domain/shown.ts'
import { ehpadBoardRoutes } from './http/ehpad-board-routes.ts'
import { inboxRoutes } from './http/inbox-routes.ts'
import { wardBoardRoutes } from './http/ward-board-routes.ts'
import { boards, type BoardTables } from './projections/boards.ts'

/** The boards of wards and EHPAD, and the inboxes, on a view of their own. */
export async function boardsOf(adapters: Adapters) {
  const { store, epoch, vault, codecOf, verifier, now, newId, log } = adapters
  const codecs = codecSet([
    codecOf<StayEvent>(stayEvents),
    codecOf<CircleEvent>(circleEvents),
    codecOf<LinkEvent>(linkEvents),
    codecOf<NoticeEvent>(noticeEvents),
    codecOf<DeathEvent>(deathEvents),
    codecOf<ResidentEvent>(residentEvents),
    codecOf<ResidentMatchEvent>(residentMatchEvents),
    codecOf<ReferralEvent>(referralEvents),
    codecOf<RunEvent>(runEvents),
  ])
  const database = await adapters.openViews<BoardTables>('boards')
  const view = startProjection({ projection: boards, store, codecs, database, epoch, log, now })
  const handleShown = commandHandler(shown, { store, codec: codecOf<ShownEvent>(shownEvents), now, newId })
  const routes = { verifier, log, database, keyring: vault, epoch, reaches: view.reaches, now }
  const app = new Hono()
    .route('/', inboxRoutes({ ...routes, handleShown }))
    .route('/', wardBoardRoutes(routes))
    .route('/', ehpadBoardRoutes(routes))
  return { view, app, database }
}
