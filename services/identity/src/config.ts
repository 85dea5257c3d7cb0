import { readSettings, readTls, refuseUnsafe, SharedEnvironment, type Variables } from '@relais/runtime/settings'
import { z } from 'zod'

export const IdentityEnvironment = z.object({
  OIDC_ISSUER: z.url().describe('Name of this issuer in its tokens'),
  OPERATOR_KEY: z.string().min(32).describe('Whoever presents it may have any token made'),
  KEYS_FOLDER: z.string().min(1).describe('Where the signing key is kept; made on first start'),
})

/** @throws InvalidSettings, also when the address could be reached from elsewhere: this issuer is for demonstrations */
export function loadConfig(variables: Variables) {
  const settings = readSettings(SharedEnvironment.extend(IdentityEnvironment.shape), variables)
  refuseUnsafe('demonstration', settings)
  const tls = readTls(settings)
  return {
    http: { host: settings.HOST, port: settings.PORT, ...(tls ? { tls } : {}) },
    issuer: settings.OIDC_ISSUER,
    audience: settings.OIDC_AUDIENCE,
    operatorKey: settings.OPERATOR_KEY,
    keysFolder: settings.KEYS_FOLDER,
    logLevel: settings.LOG_LEVEL,
  }
}
