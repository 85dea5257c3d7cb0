import { readSession, signOutOfPortal } from '@relais/contracts/portal-routes'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { problem, type ProblemKind } from '@relais/http/problems'
import type { Mode } from '@relais/runtime/settings'
import type { EndSession } from '../end-session.ts'
import type { Issuer } from '../issuer.ts'
import type { Sessions } from '../sessions.ts'
import { dropCookie, readCookie } from './cookies.ts'
import { requirePortal } from './from-portal.ts'

export const signedOut: ProblemKind = { code: 'signedOut', status: 401, title: 'Nobody is signed in with this browser' }

type SessionRoutesDeps = HttpAppDeps & {
  publicUrl: string
  mode: Mode
  issuer: Issuer
  sessions: Sessions
  endSession: EndSession
  /** The clock of the platform: that of a demonstration goes its own way. */
  now: () => string
}

/** Who is signed in, and signing out. */
export function sessionRoutes({ publicUrl, mode, issuer, sessions, endSession, now, ...deps }: SessionRoutesDeps) {
  const app = httpApp(deps)
  for (const { path } of [readSession, signOutOfPortal]) app.use(path, requirePortal(publicUrl))
  app.openapi(readSession, async (c) => {
    c.header('cache-control', 'no-store')
    const found = await sessions.find(readCookie(c, 'relais'))
    if (!found) return problem(c, signedOut)
    const { actor, display, expiresAt } = found
    const { name = actor.id, organisationName } = display
    const person = { ...actor, name, ...(organisationName === undefined ? {} : { organisationName }) }
    c.header('x-relais-now', now())
    return c.json({ person, expiresAt, mode }, 200)
  })
  app.openapi(signOutOfPortal, async (c) => {
    const tokens = await endSession(readCookie(c, 'relais'))
    dropCookie(c, 'relais')
    c.header('cache-control', 'no-store')
    const home = `${publicUrl}/app/`
    // Whoever is signed out here stays signed out, whatever the issuer answers.
    const continueAt = tokens ? await issuer.signOutUrl(tokens).catch(() => home) : home
    return c.json({ continueAt }, 200)
  })
  return app
}
