import { issueTicket, signOut } from '@relais/contracts/channel-routes'
import type { Instant } from '@relais/contracts/primitives'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope, requireToken, unauthorised } from '@relais/http/auth'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import { rememberedUntil, sessionIdOf } from '../sessions/ended-sessions.ts'
import type { Sessions } from '../sessions.ts'

const sessionProblems = {
  signInUnnamed: { code: 'signInUnnamed', status: 422, title: 'The token does not say which sign-in it comes from' },
  signedOut: { code: 'signedOut', status: 401, title: 'The sign-in that the token comes from is over' },
} as const satisfies Record<string, ProblemKind>

type SessionRoutesDeps = HttpAppDeps & {
  sessions: Pick<Sessions, 'tickets' | 'ended' | 'handleSession' | 'machineNow'>
  epoch: string
  now: () => Instant
}

/** Tickets for pages that see no token, and the end of a sign-in. */
export function sessionRoutes({ sessions, epoch, now, ...deps }: SessionRoutesDeps) {
  const { tickets, ended, handleSession, machineNow } = sessions
  const app = httpApp(deps)
  app.use(issueTicket.path, requireScope('channel:follow'))
  app.use(signOut.path, requireToken())
  app.openapi(issueTicket, async (c) => {
    const { actor, expiresAt, sid } = c.get('verified')
    const signIn = sid === undefined ? undefined : sessionIdOf(sid)
    if (signIn !== undefined && (await ended.has(signIn))) return unauthorised(c, sessionProblems.signedOut)
    return c.json(await tickets.issue({ actor, expiresAt, signIn }), 201)
  })
  app.openapi(signOut, async (c) => {
    const { expiresAt, sid } = c.get('verified')
    if (sid === undefined) return problem(c, sessionProblems.signInUnnamed)
    const sessionId = sessionIdOf(sid)
    const until = rememberedUntil(machineNow())
    // MUST come before the fact, so that whoever comes after the sockets were closed is refused.
    await ended.remember([{ sessionId, until: expiresAt > until ? expiresAt : until }])
    const result = await handleSession(sessionId, { type: 'EndSession', sessionId, at: now() }, commandContext(c))
    return answerCommand(c, epoch, { result, problems: {} })
  })
  return app
}
