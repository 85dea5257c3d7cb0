import { signOut } from '@relais/contracts/channel-routes'
import type { Logger } from '@relais/telemetry/logger'
import type { Issuer } from './issuer.ts'
import type { Tokens } from './sealed-session.ts'
import type { Sessions } from './sessions.ts'

/** The API of the platform, as `fetch` asks it: paths of the platform, without `/app`. */
export type PlatformApi = (request: Request) => Promise<Response>

/** Ends what was opened with a cookie, sockets included. Answers the tokens that were in use. */
export type EndSession = (secret: string | undefined) => Promise<Tokens | undefined>

type EndSessionDeps = { sessions: Sessions; issuer: Issuer; api: PlatformApi; apiUrl: string; log: Logger }

export function endingSessions({ sessions, issuer, api, apiUrl, log }: EndSessionDeps): EndSession {
  async function closeSockets({ access }: Tokens): Promise<void> {
    const headers = { authorization: `Bearer ${access}` }
    try {
      const { status } = await api(new Request(new URL(signOut.path, apiUrl), { method: 'POST', headers }))
      if (status >= 400 && status !== 401) log.warn({ status }, 'channels did not hear of a sign-out')
    } catch (error) {
      log.warn({ error }, 'channels did not hear of a sign-out')
    }
  }

  return async function endSession(secret) {
    const tokens = await sessions.end(secret)
    // Each of the two is tried whatever becomes of the other: the session is over already.
    if (tokens) await Promise.all([closeSockets(tokens), issuer.revoke(tokens)])
    return tokens
  }
}
