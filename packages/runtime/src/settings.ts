import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** Invented people only, or real ones: decided once, when a folder or a database is born. */
export const Mode = z.enum(['demonstration', 'production'])
export type Mode = z.infer<typeof Mode>

export type Variables = Readonly<Record<string, string | undefined>>

const Port = z.coerce.number().int().min(0).max(65_535)
const Key = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits (32 bytes)')
  .transform((hex) => Buffer.from(hex, 'hex'))

/** What every service is given through its environment. The descriptions are the table of `docs/configuration.md`. */
export const SharedEnvironment = z.object({
  RELAIS_MODE: Mode.optional().describe(
    '`demonstration` or `production`; a folder, and a log, keeps the mode it was born with',
  ),
  HOST: z.string().default('127.0.0.1').describe('Address of the HTTP listener; a demonstration stays on loopback'),
  PORT: Port.default(8080).describe('Port of the HTTP listener; 0 takes a free one'),
  TLS_CERT_FILE: z.string().optional().describe('PEM certificate of the listeners; required in production'),
  TLS_KEY_FILE: z.string().optional().describe('PEM key of the listeners; required in production'),
  EVENTSTORE_URL: z
    .string()
    .regex(/^(esdb|kurrentdb)(\+discover)?:\/\//, 'expected an esdb:// connection string')
    .optional()
    .describe(
      'Connection string of an EventStoreDB, over TLS in production; left out, `start` uses the log in its data folder',
    ),
  DATABASE_URL: z
    .string()
    .regex(/^(sqlite:|postgres(ql)?:\/\/)/, 'expected sqlite:<file> or postgres://…')
    .optional()
    .describe(
      '`sqlite:<file>` or `postgres://…`, over TLS in production; left out, `start` uses files in its data folder',
    ),
  SITE_KEY: Key.optional().describe(
    '64 hexadecimal digits: keys the hashes of outside identifiers; required with `DATABASE_URL`',
  ),
  MASTER_KEY: Key.optional().describe(
    '64 hexadecimal digits: wraps the data keys of patients; required with `DATABASE_URL`',
  ),
  OIDC_ISSUER: z.url().optional().describe('Issuer of the tokens that are accepted; required in production'),
  OIDC_JWKS_URL: z.url().optional().describe('Where that issuer publishes its keys; required in production'),
  OIDC_AUDIENCE: z.string().default('relais').describe('Audience that tokens must name'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least important level that is written'),
})
export type SharedEnvironment = z.infer<typeof SharedEnvironment>

/** A setting is missing or wrong; the message names settings, never values. */
export class InvalidSettings extends Error {
  readonly code = 'invalidSettings'
}

/** Reads typed settings. `X_FILE` may hold the value of `X`, for secrets that are mounted as files. @throws InvalidSettings */
export function readSettings<Schema extends z.ZodType>(schema: Schema, variables: Variables): z.infer<Schema> {
  const parsed = schema.safeParse(withFiles(variables))
  if (!parsed.success) throw new InvalidSettings(`Invalid environment\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}

function withFiles(variables: Variables): Record<string, string> {
  const given = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  )
  const settings = Object.fromEntries(given)
  for (const secret of ['SITE_KEY', 'MASTER_KEY', 'PORTAL_CLIENT_SECRET']) {
    const file = settings[`${secret}_FILE`]
    if (file !== undefined) settings[secret] = contents(`${secret}_FILE`, file).trim()
  }
  return settings
}

function contents(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new InvalidSettings(`${setting} names a file that cannot be read`, { cause })
  }
}

/** The PEM certificate and key of a listener; `undefined` for a plain one. @throws InvalidSettings */
export function readTls(
  settings: Pick<SharedEnvironment, 'TLS_CERT_FILE' | 'TLS_KEY_FILE'>,
): { cert: string; key: string } | undefined {
  const { TLS_CERT_FILE, TLS_KEY_FILE } = settings
  if (TLS_CERT_FILE === undefined && TLS_KEY_FILE === undefined) return undefined
  if (TLS_CERT_FILE === undefined || TLS_KEY_FILE === undefined)
    throw new InvalidSettings('TLS_CERT_FILE and TLS_KEY_FILE go together')
  return { cert: contents('TLS_CERT_FILE', TLS_CERT_FILE), key: contents('TLS_KEY_FILE', TLS_KEY_FILE) }
}

const loopback = /^(127\.\d+\.\d+\.\d+|::1|\[::1\]|localhost)$/

/**
 * What forbids a start in this mode: a demonstration is not to be reached from elsewhere, and production is not to run
 * on what a demonstration is given for convenience.
 */
export function refuseUnsafe(mode: Mode, settings: SharedEnvironment, otherHosts: readonly string[] = []): void {
  const reasons = mode === 'demonstration' ? reachable([settings.HOST, ...otherHosts]) : convenient(settings)
  if (reasons.length > 0) throw new InvalidSettings(`Refusing to start in ${mode}:\n- ${reasons.join('\n- ')}`)
}

function reachable(hosts: readonly string[]): string[] {
  if (hosts.every((host) => loopback.test(host))) return []
  return ['a demonstration listens on loopback only: take the HOST settings away, or create a production folder']
}

function convenient(settings: SharedEnvironment): string[] {
  const required: readonly [keyof SharedEnvironment, string][] = [
    ['OIDC_ISSUER', 'the built-in issuer is for demonstrations'],
    ['OIDC_JWKS_URL', 'the built-in issuer is for demonstrations'],
    ['SITE_KEY', 'generated keys are for demonstrations'],
    ['MASTER_KEY', 'generated keys are for demonstrations'],
    ['TLS_CERT_FILE', 'plain listeners are for demonstrations'],
    ['TLS_KEY_FILE', 'plain listeners are for demonstrations'],
  ]
  const missing = required.filter(([name]) => settings[name] === undefined)
  return [...missing.map(([name, reason]) => `set ${name}: ${reason}`), ...weak(settings)]
}

const isPlain = ({ protocol, hostname }: URL) => protocol !== 'https:' && !loopback.test(hostname)

/** Several hosts may be named, with commas, which URL parsers do not read. */
function isPlainLog(url: string): boolean {
  const hosts = /^[^:]+:\/\/(?:[^:]+:[^@]+@)?([^/?]*)/.exec(url)?.[1] ?? ''
  const isHere = hosts.split(',').every((host) => loopback.test(host.replace(/:\d+$/, '')))
  return !isHere && /[?&]tls=false\b/i.test(url)
}

/** As `pg` reads it: a host among the parameters comes first, and a path is a socket of this machine. */
function isPlainDatabase(url: string): boolean {
  if (!url.startsWith('postgres')) return false
  const { hostname = '', searchParams } = URL.parse(url) ?? {}
  const host = searchParams?.get('host') || hostname
  const isHere = loopback.test(host) || /^(\/|%2f)/i.test(host)
  return !isHere && !/^(require|verify-ca|verify-full)$/.test(searchParams?.get('sslmode') ?? '')
}

function weak(settings: SharedEnvironment): string[] {
  const { OIDC_ISSUER, OIDC_JWKS_URL, EVENTSTORE_URL = '', DATABASE_URL = '', SITE_KEY, MASTER_KEY } = settings
  const urls = Object.entries({ OIDC_ISSUER, OIDC_JWKS_URL }).filter(([, url]) => url && isPlain(new URL(url)))
  const keys = Object.entries({ SITE_KEY, MASTER_KEY }).filter(([, key]) => key && new Set(key).size < 8)
  return [
    ...urls.map(([name]) => `${name} must be https: whoever answers there decides who is believed`),
    ...(isPlainLog(EVENTSTORE_URL)
      ? ['EVENTSTORE_URL must not say tls=false: whoever is on the way can change facts']
      : []),
    ...(isPlainDatabase(DATABASE_URL)
      ? ['DATABASE_URL must say sslmode=verify-full: whoever is on the way can read']
      : []),
    ...keys.map(([name]) => `${name} must be random`),
    ...(SITE_KEY && MASTER_KEY?.equals(SITE_KEY) ? ['SITE_KEY and MASTER_KEY must differ'] : []),
  ]
}
