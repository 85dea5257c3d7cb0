import { TokenRejected } from '@relais/identity/tokens'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { answerPage, languageOf } from '@relais/http/html-page'
import { addressOf } from '@relais/http/node-exchange'
import type { RequestEnv } from '@relais/http/request-context'
import type { Context } from 'hono'
import type { EndSession } from '../end-session.ts'
import { type Issuer, IssuerRefused, IssuerUnavailable } from '../issuer.ts'
import { returnPath } from '../return-path.ts'
import { isSecret, newSecret } from '../secrets.ts'
import type { Sessions } from '../sessions.ts'
import type { Arrivals } from '../sign-in-arrivals.ts'
import { SIGN_IN_SECONDS, type SignIns } from '../sign-ins.ts'
import { readCookie, writeCookie } from './cookies.ts'
import { type SignInFailure, signInFailurePage } from './pages.ts'

type SignInRoutesDeps = HttpAppDeps & {
  publicUrl: string
  issuer: Issuer
  sessions: Sessions
  signIns: SignIns
  endSession: EndSession
  arrivals: Arrivals
}

/** While the issuer sends nobody back, a place is free when the first of them has given up. */
const FULL_SECONDS = 60

/** To the issuer and back. Whatever goes wrong ends on a page that says what to do. */
export function signInRoutes({
  publicUrl,
  issuer,
  sessions,
  signIns,
  endSession,
  arrivals,
  ...deps
}: SignInRoutesDeps) {
  const failed = (c: Context<RequestEnv>, failure: SignInFailure, returnTo = '/app/') =>
    answerPage(c, signInFailurePage(languageOf(c.req.header('accept-language')), failure, returnTo))

  const busy = (c: Context<RequestEnv>, seconds: number, returnTo?: string) => {
    c.header('retry-after', String(seconds))
    return failed(c, 'busy', returnTo)
  }

  return httpApp(deps)
    .get('/app/sign-in', async (c) => {
      const returnTo = returnPath(c.req.query('return'))
      const wait = arrivals(addressOf(c))
      if (wait !== undefined) return busy(c, wait, returnTo)
      const known = readCookie(c, 'relais-sign-in')
      const browser = isSecret(known) ? known : newSecret()
      const isChange = c.req.query('change') === '1'
      const before = readCookie(c, 'relais')
      try {
        if (!isChange && (await sessions.find(before))) return c.redirect(returnTo, 303)
        // Whoever was signed in here and is not any more may have left: the issuer asks who it is now.
        const asksAgain = isChange || before !== undefined
        const challenge = await signIns.open(browser, returnTo)
        if (challenge === undefined) return busy(c, FULL_SECONDS, returnTo)
        const address = await issuer.signInUrl(challenge, asksAgain)
        writeCookie(c, 'relais-sign-in', [browser, SIGN_IN_SECONDS])
        c.header('cache-control', 'no-store')
        return c.redirect(address, 303)
      } catch (error) {
        return failed(c, reasonOf(error, c), returnTo)
      }
    })
    .get('/app/signed-in', async (c) => {
      const wait = arrivals(addressOf(c))
      if (wait !== undefined) return busy(c, wait)
      const taken = await signIns.take(readCookie(c, 'relais-sign-in'), c.req.query('state'))
      if (taken === undefined) return failed(c, 'expired')
      const { returnTo, ...challenge } = taken
      try {
        const callback = new URL(`${publicUrl}/app/signed-in${new URL(c.req.url).search}`)
        const { tokens, display } = await issuer.redeem(callback, challenge)
        const { secret, actor } = await sessions.begin(tokens, display)
        await endSession(readCookie(c, 'relais'))
        writeCookie(c, 'relais', [secret])
        c.get('log').info({ actorId: actor.id, role: actor.role }, 'signed in')
        c.header('cache-control', 'no-store')
        return c.redirect(returnTo, 303)
      } catch (error) {
        return failed(c, reasonOf(error, c), returnTo)
      }
    })
}

function reasonOf(error: unknown, c: Context<RequestEnv>): SignInFailure {
  if (error instanceof IssuerRefused) {
    c.get('log').info({ reason: error.reason }, 'sign-in refused')
    return error.reason === 'access_denied' ? 'cancelled' : 'refused'
  }
  if (error instanceof TokenRejected) {
    c.get('log').warn({ reason: error.code }, 'signed in with a token that is not valid here')
    return 'unknown'
  }
  if (!(error instanceof IssuerUnavailable)) throw error
  c.get('log').warn({ error }, 'the issuer cannot be reached')
  return 'unavailable'
}
