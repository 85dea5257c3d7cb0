import { InvalidSettings, type Mode, readSettings, SharedEnvironment, type Variables } from '@relais/runtime/settings'
import { z } from 'zod'

export const PortalEnvironment = z.object({
  PORTAL_URL: z
    .url()
    .transform((text) => new URL(text).origin)
    .optional()
    .describe('Address at which browsers find the portal, without a path; `start` takes its own in a demonstration'),
  PORTAL_CLIENT_ID: z
    .string()
    .min(1)
    .optional()
    .describe('Name of the portal at `OIDC_ISSUER`; left out with another issuer, there is no portal'),
  PORTAL_CLIENT_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe('Its secret there, or `PORTAL_CLIENT_SECRET_FILE`; left out for a client that has none'),
  PORTAL_SCOPE: z.string().default('openid profile').describe('What the portal asks the issuer for'),
  PORTAL_IDLE_MINUTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(1440)
    .default(30)
    .describe('After how long without any activity, and without an open page, a person is signed out'),
  PORTAL_SESSION_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .max(168)
    .default(12)
    .describe('After how long a person signs in again in any case'),
  PORTAL_BUILD: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true')
    .describe('In a demonstration, `false` leaves the browser application as it was last built'),
  API_URL: z.url().optional().describe('Where the API of the platform is, for `services/portal` alone'),
})

export type PortalConfig = {
  mode: Mode
  /** The origin that browsers see. */
  publicUrl: string
  issuer: string
  client: { id: string; secret?: string }
  scope: string
  idleMilliseconds: number
  sessionMilliseconds: number
  /** Whether the browser application is built when it is not there as it should. */
  mayBuild: boolean
  apiUrl?: string
}

/** What `start` knows once it listens: where, and the name of the portal at the built-in issuer. */
export type BuiltIn = { url: string; client: { id: string; secret: string } }

/**
 * Reads the portal's settings. Where it is found may be known later: what is answered then makes the configuration, or
 * nothing where another issuer is configured that knows of no portal.
 * @throws InvalidSettings
 */
export function loadPortalConfig(mode: Mode, variables: Variables): (builtIn?: BuiltIn) => PortalConfig | undefined {
  const settings = readSettings(
    PortalEnvironment.extend(SharedEnvironment.pick({ OIDC_ISSUER: true }).shape),
    variables,
  )
  const { PORTAL_URL, API_URL } = settings
  const lasting = {
    mode,
    scope: settings.PORTAL_SCOPE,
    idleMilliseconds: settings.PORTAL_IDLE_MINUTES * 60_000,
    sessionMilliseconds: settings.PORTAL_SESSION_HOURS * 3_600_000,
    mayBuild: mode === 'demonstration' && settings.PORTAL_BUILD,
    ...(API_URL === undefined ? {} : { apiUrl: API_URL }),
  }
  const outside = outsideClient(mode, settings)
  return (builtIn) => {
    if (!builtIn) return outside && { ...lasting, ...outside }
    const publicUrl = PORTAL_URL ?? builtIn.url
    return { ...lasting, publicUrl, issuer: `${publicUrl}/oidc`, client: builtIn.client }
  }
}

type Settings = z.infer<typeof PortalEnvironment> & { OIDC_ISSUER?: string | undefined }

function outsideClient(
  mode: Mode,
  settings: Settings,
): Pick<PortalConfig, 'publicUrl' | 'issuer' | 'client'> | undefined {
  const { PORTAL_URL, PORTAL_CLIENT_ID, PORTAL_CLIENT_SECRET, OIDC_ISSUER } = settings
  if (PORTAL_CLIENT_ID === undefined) return undefined
  if (PORTAL_URL === undefined || OIDC_ISSUER === undefined)
    throw new InvalidSettings('PORTAL_CLIENT_ID needs PORTAL_URL and OIDC_ISSUER')
  if (mode === 'production' && !PORTAL_URL.startsWith('https:'))
    throw new InvalidSettings('PORTAL_URL must be https: browsers keep the cookie of a session for that alone')
  const client = { id: PORTAL_CLIENT_ID, ...(PORTAL_CLIENT_SECRET ? { secret: PORTAL_CLIENT_SECRET } : {}) }
  return { publicUrl: PORTAL_URL, issuer: OIDC_ISSUER, client }
}
