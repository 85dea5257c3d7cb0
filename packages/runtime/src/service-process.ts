import type { Server } from 'node:http'
import { esdbEventStore } from '@relais/event-store-esdb/store'
import { healthRoutes, type Check } from '@relais/http/health'
import { serve } from '@relais/http/serve'
import { tokenVerifier } from '@relais/identity/tokens'
import { logger } from '@relais/telemetry/logger'
import closeWithGrace from 'close-with-grace'
import { Hono } from 'hono'
import { type Adapters, type AdapterSources, openAdapters } from './adapters.ts'
import { InvalidSettings, readSettings, readTls, refuseUnsafe, SharedEnvironment, type Variables } from './settings.ts'

/** A composed service: what it answers over HTTP, what else it listens to, and whether it is ready. */
export type Service = {
  app: Hono
  readiness(): readonly Check[]
  /** Takes WebSocket upgrades of the HTTP server. */
  attach?(server: Server): { close(): Promise<void> }
  /** Closes what else it listens to: accepts nothing more, lets work end for so long, then cuts what is left. */
  closeDoors?(graceMilliseconds: number): Promise<void>
  /** Once every door is closed. */
  stop(): Promise<void>
}

/** How long requests and messages may still end. */
const GRACE_MILLISECONDS = 1500
/** After which a stop that hangs is cut short. */
const LONGEST_STOP_MILLISECONDS = 2800

/**
 * Runs one service as a process of its own, on an EventStoreDB and a database given by the environment, until SIGTERM
 * or SIGINT. Settings that are missing or unsafe end it with exit code 2 and a message that names them, anything else
 * that prevents a start with exit code 1.
 */
export async function runService(
  create: (adapters: Adapters, variables: Variables) => Promise<Service>,
  variables: Variables,
): Promise<void> {
  try {
    const running = await startService(create, variables)
    process.stdout.write(`http${running.tls ? 's' : ''}://localhost:${running.port}\n`)
    closeWithGrace({ delay: LONGEST_STOP_MILLISECONDS, logger: false }, () => running.close())
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'The service could not start'}\n`)
    process.exitCode = error instanceof InvalidSettings ? 2 : 1
  }
}

/** What was opened, to be closed in reverse, whether the start went through or not. */
type Opened = { close(): Promise<unknown> }[]

async function startService(create: Parameters<typeof runService>[0], variables: Variables) {
  const opened: Opened = []
  const close = async () => {
    for (const resource of opened.splice(0).toReversed()) await resource.close()
  }
  try {
    return { ...(await open(create, variables, opened)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function open(create: Parameters<typeof runService>[0], variables: Variables, opened: Opened) {
  const settings = readSettings(SharedEnvironment, variables)
  const { adapters, close } = await openAdapters(sourcesOf(settings))
  opened.push({ close })
  const service = await create(adapters, variables)
  opened.push({ close: () => service.stop() })
  const tls = readTls(settings)
  const app = new Hono().route('/', healthRoutes({ checks: service.readiness })).route('/', service.app)
  const http = await serve(app, { host: settings.HOST, port: settings.PORT, ...(tls ? { tls } : {}) })
  const sockets = service.attach?.(http.server)
  // Together: a socket that does not answer the closing handshake is cut by the HTTP server's grace.
  const closeDoors = () =>
    Promise.all([http.close(GRACE_MILLISECONDS), sockets?.close(), service.closeDoors?.(GRACE_MILLISECONDS)])
  opened.push({ close: closeDoors })
  return { port: http.port, tls: tls !== undefined }
}

function sourcesOf(settings: SharedEnvironment): AdapterSources {
  const { EVENTSTORE_URL, DATABASE_URL, SITE_KEY, MASTER_KEY, OIDC_ISSUER, OIDC_JWKS_URL } = settings
  const mode = settings.RELAIS_MODE ?? 'production'
  refuseUnsafe(mode, settings)
  if (!EVENTSTORE_URL || !DATABASE_URL || !SITE_KEY || !MASTER_KEY || !OIDC_ISSUER || !OIDC_JWKS_URL)
    throw new InvalidSettings(`A service alone also needs ${missing(settings).join(', ')}`)
  const log = logger({ level: settings.LOG_LEVEL })
  return {
    mode,
    store: esdbEventStore({ connectionString: EVENTSTORE_URL, log }),
    databaseUrl: DATABASE_URL,
    verifier: tokenVerifier({
      issuer: OIDC_ISSUER,
      audience: settings.OIDC_AUDIENCE,
      keys: { jwksUrl: new URL(OIDC_JWKS_URL) },
    }),
    siteKey: SITE_KEY,
    masterKey: MASTER_KEY,
    log,
  }
}

const neededAlone = [
  'EVENTSTORE_URL',
  'DATABASE_URL',
  'SITE_KEY',
  'MASTER_KEY',
  'OIDC_ISSUER',
  'OIDC_JWKS_URL',
] as const

function missing(settings: SharedEnvironment): string[] {
  return neededAlone.filter((name) => settings[name] === undefined)
}
