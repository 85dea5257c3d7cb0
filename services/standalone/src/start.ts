import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { loadAttachmentsConfig } from '@relais/attachments/settings'
import { createService as channels, loadChannelsConfig } from '@relais/channels-service/service'
import { createService as conversations } from '@relais/conversations-service/service'
import { createService as directory } from '@relais/directory-service/service'
import type { EventStore } from '@relais/event-store/port'
import { embeddedEventStore } from '@relais/event-store-embedded/adapter'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { healthRoutes } from '@relais/http/health'
import { tokenVerifier, type TokenVerifier } from '@relais/identity/tokens'
import { createService as identity, loadOrCreateSigningKeys } from '@relais/identity-service/service'
import { createService as patients } from '@relais/patients-service/service'
import { createService as portal, loadPortalConfig, type PortalConfig } from '@relais/portal-service/service'
import { createService as protocols } from '@relais/protocols-service/service'
import { createService as referrals } from '@relais/referrals-service/service'
import { openAdapters } from '@relais/runtime/adapters'
import type { Service } from '@relais/runtime/service-process'
import { InvalidSettings, readTls, refuseUnsafe, type Variables } from '@relais/runtime/settings'
import { createService as stays, listenForMessages, loadStaysConfig } from '@relais/stays-service/service'
import { logger, type Logger } from '@relais/telemetry/logger'
import { createService as timelines } from '@relais/timelines-service/service'
import { Hono } from 'hono'
import type { StandaloneConfig } from './config.ts'
import { announce, type DataFolder, modeOfFolder, openDataFolder } from './data-folder.ts'
import { openDemonstration } from './demonstration/demonstration.ts'
import { peopleWhoSignIn } from './demonstration/people-who-sign-in.ts'
import { openDoor } from './door.ts'
import { fetchFromSelf } from './fetch-from-self.ts'
import { lineFile } from './line-file.ts'

export type Started = {
  folder: DataFolder
  http: { url: string; wanted: number; got: number }
  mllp: { host: string; wanted: number; got: number }
  log?: { port: number }
  /** Where the portal is, unless the issuer knows of none. */
  portal?: string
  /** Whether there are people whom a visitor may be. */
  hasTerritory: boolean
  close(): Promise<void>
}

const GRACE_MILLISECONDS = 1500

/** What was opened, to be closed in reverse, whether the start went through or not. */
type Opened = {
  /** Goes no further once the start is no longer wanted. */
  add(resource: { close(): unknown }): void
  close(): Promise<void>
}

function openedUntil(signal: AbortSignal): Opened {
  const resources: { close(): unknown }[] = []
  return {
    add(resource) {
      resources.push(resource)
      signal.throwIfAborted()
    },
    async close() {
      for (const resource of resources.splice(0).toReversed()) await resource.close()
    },
  }
}

/**
 * Starts every service in this process on the data folder, or on the log and database that the environment names.
 * @throws InvalidSettings, UnusableFolder, FolderInUse, PortInUse, the reason of the signal; nothing stays open then
 */
export async function start(config: StandaloneConfig, variables: Variables, signal: AbortSignal): Promise<Started> {
  const opened = openedUntil(signal)
  try {
    return { ...(await open(config, variables, opened)), close: opened.close }
  } catch (error) {
    await opened.close()
    throw error
  }
}

async function open(config: StandaloneConfig, variables: Variables, opened: Opened): Promise<Omit<Started, 'close'>> {
  const mode = modeOfFolder(config.RELAIS_FOLDER, config.RELAIS_MODE)
  const staysConfig = loadStaysConfig(mode, variables)
  const channelsConfig = loadChannelsConfig(variables)
  const attachmentsConfig = loadAttachmentsConfig(variables)
  const portalAt = loadPortalConfig(mode, variables)
  refuseUnsafe(mode, config, [staysConfig.mllp.host])
  const folder = openDataFolder(config.RELAIS_FOLDER, mode, () => new Date().toISOString())
  const log = openLogger(config, folder, opened)
  const { store, served } = await openStore(config, folder, opened)
  const tls = readTls(config)
  // First of all doors, because the issuer is named after the port that was got.
  const door = await openDoor({ host: config.HOST, port: config.PORT, ...(tls ? { tls } : {}) }, GRACE_MILLISECONDS)
  opened.add(door)
  const { url } = door
  const builtIn = folder.mode === 'demonstration' && config.OIDC_ISSUER === undefined
  const portalConfig = portalAt(builtIn ? { url, client: newClient() } : undefined)
  const issuer = builtIn ? await openIssuer(config, { folder, log, portalConfig }) : undefined
  const hasTerritory = builtIn && config.DEMONSTRATION_TERRITORY
  const demonstration = mode === 'demonstration' ? openDemonstration({ folder, hasTerritory, log }) : undefined
  const { adapters, close } = await openAdapters({
    mode: folder.mode,
    ...(demonstration ? { clock: demonstration.clock } : {}),
    store,
    databaseUrl: config.DATABASE_URL ?? folder.databaseUrl,
    verifier: issuer?.verifier ?? outsideVerifier(config),
    ...keys(config, folder),
    log,
  })
  opened.add({ close })
  const intake = await created(opened, stays(adapters, staysConfig))
  const services: readonly Service[] = [
    intake,
    await created(opened, patients(adapters)),
    await created(opened, directory(adapters)),
    await created(opened, timelines(adapters)),
    await created(opened, conversations(adapters, attachmentsConfig)),
    await created(opened, channels(adapters, channelsConfig)),
    await created(opened, protocols(adapters)),
    await created(opened, referrals(adapters, attachmentsConfig)),
  ]
  const app = new Hono().route('/', healthRoutes({ checks: () => services.flatMap((service) => service.readiness()) }))
  for (const service of services) app.route('/', service.app)
  if (issuer) app.route('/', issuer.app)
  if (demonstration) app.route('/', demonstration.routes(adapters.verifier))
  const api = async (request: Request) => app.fetch(request)
  const isOwn = builtIn && tls !== undefined && portalConfig?.publicUrl === url
  const surroundings = { api, ...(isOwn ? { issuerFetch: fetchFromSelf } : {}) }
  const pages = portalConfig && (await created(opened, portal(adapters, portalConfig, surroundings)))

  // Again, so that doors are closed before what is behind them.
  opened.add(door)
  door.answers({ api: app, ...(pages ? { portal: pages.app } : {}), ...(issuer?.oidc ? { oidc: issuer.oidc } : {}) })
  for (const service of services) if (service.attach) door.beside(service.attach(door.server).close)
  const mllp = await listenForMessages(intake, { ...staysConfig.mllp, fallbackToFreePort: true }, log)
  door.beside(() => mllp.close(GRACE_MILLISECONDS))

  const { host } = staysConfig.mllp
  const running = { pid: process.pid, http: url, mllp: { host, port: mllp.port }, ...(served ? { log: served } : {}) }
  opened.add({ close: announce(folder.path, running) })
  const listener = { host, port: mllp.port, isTls: tls !== undefined }
  if (demonstration) opened.add(demonstration.begin({ app, issuer: issuer?.app, services, listener }))
  return {
    folder,
    http: { url, wanted: config.PORT, got: door.port },
    mllp: { host, wanted: staysConfig.mllp.port, got: mllp.port },
    ...(served ? { log: served } : {}),
    ...(portalConfig ? { portal: `${portalConfig.publicUrl}/app` } : {}),
    hasTerritory,
  }
}

/** One service at a time: those that are there when the next one fails are stopped. */
async function created<Created extends Service>(opened: Opened, creating: Promise<Created>): Promise<Created> {
  const service = await creating
  opened.add({ close: () => service.stop() })
  return service
}

/** A demonstration's terminal is for its reader, so lines go to a file; production's are for a collector. */
function openLogger(config: StandaloneConfig, folder: DataFolder, opened: Opened): Logger {
  if (folder.mode === 'production') return logger({ level: config.LOG_LEVEL })
  const destination = lineFile(join(folder.path, 'relais.log'))
  opened.add(destination)
  return logger({ level: config.LOG_LEVEL, destination })
}

async function openStore(
  config: StandaloneConfig,
  folder: DataFolder,
  opened: Opened,
): Promise<{ store: EventStore; served?: { port: number } }> {
  if (config.EVENTSTORE_URL !== undefined) {
    // Loaded here because its client is slow to load, and most starts do without.
    const { esdbEventStore } = await import('@relais/event-store-esdb/store')
    const outside = esdbEventStore({ connectionString: config.EVENTSTORE_URL })
    opened.add(outside)
    return { store: outside }
  }
  const log = await openEmbeddedLog({ folder: folder.log })
  opened.add(log)
  const store = embeddedEventStore(log)
  if (!config.serveLog) return { store }
  const tls = readTls(config)
  if (!tls)
    throw new InvalidSettings('--serve-log needs TLS_CERT_FILE and TLS_KEY_FILE: clients send a password over TLS only')
  const { serveLog } = await import('@relais/event-store-embedded/server/serve')
  const server = await serveLog(log, {
    port: config.LOG_PORT,
    tls: { certificate: tls.cert, key: tls.key },
    credentials: { user: 'relais', password: folder.secret('log').toString('hex') },
  })
  opened.add(server)
  return { store, served: { port: server.port } }
}

/** The portal and the built-in issuer are of one process: what they know each other by is nobody else's. */
const newClient = () => ({ id: 'relais-portal', secret: randomBytes(32).toString('base64url') })

type IssuerSurroundings = { folder: DataFolder; log: Logger; portalConfig: PortalConfig | undefined }

async function openIssuer(config: StandaloneConfig, { folder, log, portalConfig }: IssuerSurroundings) {
  const secret = portalConfig?.client.secret
  if (!portalConfig || secret === undefined) throw new Error('The built-in issuer has no portal to sign in to')
  const { publicUrl, issuer, client } = portalConfig
  const keys = await loadOrCreateSigningKeys(folder.secrets)
  const operatorKey = folder.secret('operator').toString('hex')
  const now = () => new Date().toISOString()
  const uris = { redirectUris: [`${publicUrl}/app/signed-in`], postLogoutRedirectUris: [`${publicUrl}/app/`] }
  const signIn = { people: peopleWhoSignIn, client: { id: client.id, secret, ...uris } }
  return identity({ keys, issuer, audience: config.OIDC_AUDIENCE, operatorKey, signIn, now, log })
}

function outsideVerifier({ OIDC_ISSUER, OIDC_JWKS_URL, OIDC_AUDIENCE }: StandaloneConfig): TokenVerifier {
  if (OIDC_ISSUER === undefined || OIDC_JWKS_URL === undefined)
    throw new InvalidSettings('OIDC_ISSUER and OIDC_JWKS_URL go together')
  return tokenVerifier({ issuer: OIDC_ISSUER, audience: OIDC_AUDIENCE, keys: { jwksUrl: new URL(OIDC_JWKS_URL) } })
}

/** Generated keys are for what stays in the folder: a database elsewhere outlives it. */
function keys(config: StandaloneConfig, folder: DataFolder): { siteKey: Buffer; masterKey: Buffer } {
  const { SITE_KEY, MASTER_KEY, DATABASE_URL } = config
  if (SITE_KEY && MASTER_KEY) return { siteKey: SITE_KEY, masterKey: MASTER_KEY }
  if (DATABASE_URL !== undefined) throw new InvalidSettings('DATABASE_URL needs SITE_KEY and MASTER_KEY')
  return { siteKey: SITE_KEY ?? folder.secret('site'), masterKey: MASTER_KEY ?? folder.secret('master') }
}
