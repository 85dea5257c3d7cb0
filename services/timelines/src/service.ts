import { circleEvents, type CircleEvent } from '@relais/contracts/patients'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import { codecSet } from '@relais/events/codec'
import { operationsRoutes } from '@relais/projections/operations-routes'
import { readinessOf } from '@relais/projections/readiness'
import { startProjection } from '@relais/projections/runner'
import type { Adapters } from '@relais/runtime/adapters'
import type { Service } from '@relais/runtime/service-process'
import { Hono } from 'hono'
import { pathwayRoutes } from './http/pathway-routes.ts'
import { pathway, type PathwayTables } from './projections/pathway.ts'

/** Composes the pathways of patients. */
export async function createService(adapters: Adapters): Promise<Service> {
  const { store, epoch, vault, codecOf, verifier, now, newId, log } = adapters
  const codecs = codecSet([codecOf<StayEvent>(stayEvents), codecOf<CircleEvent>(circleEvents)])
  const database = await adapters.openViews<PathwayTables>('timelines')
  const view = startProjection({ projection: pathway, store, codecs, database, epoch, log, now })
  return {
    app: new Hono()
      .route('/', pathwayRoutes({ verifier, log, keyring: vault, database, epoch, reaches: view.reaches, now }))
      .route('/', operationsRoutes({ service: 'timelines', running: [view], epoch, log, verifier, newId })),
    readiness: () => readinessOf([view]),
    stop: () => view.stop(),
  }
}
