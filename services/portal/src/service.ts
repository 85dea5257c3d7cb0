import type { Adapters } from '@relais/runtime/adapters'
import type { Service } from '@relais/runtime/service-process'
import { InvalidSettings } from '@relais/runtime/settings'
import { Hono } from 'hono'
import { openClient } from './client-build.ts'
import type { PortalConfig } from './config.ts'
import { endingSessions, type PlatformApi } from './end-session.ts'
import { clientRoutes } from './http/client-routes.ts'
import { forwardRoutes } from './http/forward-routes.ts'
import { sessionRoutes } from './http/session-routes.ts'
import { signInRoutes } from './http/sign-in-routes.ts'
import { issuerAt, type IssuerFetch } from './issuer.ts'
import { portalMigrations, type PortalTables } from './session-tables.ts'
import { sessions as openSessions } from './sessions.ts'
import { arrivalLimits, type ArrivalLimits, arrivals } from './sign-in-arrivals.ts'
import { signIns as openSignIns } from './sign-ins.ts'

export type Surroundings = {
  /** The API of the platform in this process; that at `API_URL` unless given. */
  api?: PlatformApi
  /** For an issuer that `fetch` would not reach. */
  issuerFetch?: IssuerFetch
  /** How often somebody may begin, or end, to sign in. */
  limits?: ArrivalLimits & { open?: number }
}

/**
 * Composes the portal: who is signed in with a browser, the API of the platform for them, and the application itself. To
 * be mounted before anything that reads bodies.
 * @throws InvalidSettings without an API, DatabaseUnavailable
 */
export async function createService(
  adapters: Adapters,
  config: PortalConfig,
  { api, issuerFetch, limits = arrivalLimits }: Surroundings = {},
): Promise<Service> {
  const { verifier, siteKey, clock, log, newId, mode } = adapters
  if (api === undefined && config.apiUrl === undefined) throw new InvalidSettings('The portal alone needs API_URL')
  const database = await adapters.openViews<PortalTables>('portal')
  await database.migrate(portalMigrations(database.kind))
  // The dates of tokens, and of sessions that end with them, know the machine's time only.
  const now = clock.machineNow
  const machineTime = () => Date.parse(now())
  const issuer = issuerAt({ ...config, ...(issuerFetch ? { fetch: issuerFetch } : {}), now: machineTime })
  const sessions = openSessions({ database, issuer, verifier, siteKey, config, now, log })
  const signIns = openSignIns({
    database,
    siteKey,
    now,
    ...(limits.open === undefined ? {} : { mostOpen: limits.open }),
  })
  const platform = { api: api ?? fetch, apiUrl: config.apiUrl ?? config.publicUrl }
  const endSession = endingSessions({ sessions, issuer, ...platform, log })
  const client = openClient({ mayBuild: config.mayBuild, log })
  const { publicUrl } = config
  const routes = {
    verifier,
    log,
    newId,
    publicUrl,
    mode,
    issuer,
    sessions,
    signIns,
    endSession,
    arrivals: arrivals(limits, machineTime),
    client,
    now: adapters.now,
  }
  return {
    app: new Hono()
      .route('/', forwardRoutes({ ...routes, ...platform }))
      .route('/', signInRoutes(routes))
      .route('/', sessionRoutes(routes))
      .route('/', clientRoutes(routes)),
    readiness: () => [],
    stop: () => client.close(),
  }
}

export { loadPortalConfig, type PortalConfig, PortalEnvironment } from './config.ts'
