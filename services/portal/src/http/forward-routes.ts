import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { problem, type ProblemKind } from '@relais/http/problems'
import type { PlatformApi } from '../end-session.ts'
import type { Sessions } from '../sessions.ts'
import { readCookie } from './cookies.ts'
import { requirePortal } from './from-portal.ts'
import { signedOut } from './session-routes.ts'

const PREFIX = '/app/api'

/** What of a request the platform is told; who asks is said by the session. */
const askedHeaders = [
  'accept',
  'accept-language',
  'content-disposition',
  'content-length',
  'content-type',
  'if-match',
  'if-none-match',
  'relais-position',
  'traceparent',
  'x-correlation-id',
]
/** What of an answer the browser is told. Neither cookies, nor what is between proxies, nor whose challenge it was. */
const answeredHeaders = [
  'allow',
  'cache-control',
  'content-disposition',
  'content-language',
  'content-length',
  'content-security-policy',
  'content-type',
  'cross-origin-resource-policy',
  'etag',
  'last-modified',
  'location',
  'relais-position',
  'retry-after',
  'x-content-type-options',
  'x-correlation-id',
]

const apiUnavailable: ProblemKind = {
  code: 'apiUnavailable',
  status: 503,
  title: 'The platform cannot be reached; try again',
}

type ForwardRoutesDeps = HttpAppDeps & {
  publicUrl: string
  sessions: Sessions
  api: PlatformApi
  apiUrl: string
  now: () => string
}

/** The API of the platform, asked by whoever is signed in. Bodies go through as they come, both ways. */
export function forwardRoutes({ publicUrl, sessions, api, apiUrl, now, ...deps }: ForwardRoutesDeps) {
  const app = httpApp({ ...deps, isStreamed: (path) => path.startsWith(`${PREFIX}/`) })
  app.use(`${PREFIX}/*`, requirePortal(publicUrl))
  app.all(`${PREFIX}/*`, async (c) => {
    const secret = readCookie(c, 'relais')
    const found = await sessions.find(secret)
    if (!found) return problem(c, signedOut)
    const headers = picked(c.req.raw.headers, askedHeaders)
    headers.set('authorization', `Bearer ${found.tokens.access}`)
    headers.set('x-correlation-id', c.get('correlationId'))
    // `fetch` would decode the body, and leave the headers of the encoded one.
    headers.set('accept-encoding', 'identity')
    const { pathname, search } = new URL(c.req.url)
    const { method, body, signal } = c.req.raw
    const asked = new Request(onPlatform(apiUrl, pathname.slice(PREFIX.length), search), {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(body === null ? {} : { body, duplex: 'half' }),
    })
    const answer = await api(asked).catch((error: unknown) => {
      c.get('log').warn({ error }, 'the platform cannot be reached')
      return undefined
    })
    if (answer === undefined) return problem(c, apiUnavailable)
    if (answer.status === 401) {
      // The platform does not believe the token any more: neither should this session.
      await answer.body?.cancel()
      await sessions.end(secret)
      return problem(c, signedOut)
    }
    const told = picked(answer.headers, answeredHeaders)
    if (!told.has('cache-control')) told.set('cache-control', 'no-store')
    told.set('x-relais-now', now())
    return new Response(answer.body, { status: answer.status, headers: told })
  })
  return app
}

/** MUST NOT resolve the path as a link: one that begins with `//` names a host, which would be given the token. */
function onPlatform(apiUrl: string, path: string, search: string): URL {
  const address = new URL(apiUrl)
  address.pathname = `${address.pathname.replace(/\/$/, '')}${path}`
  address.search = search
  return address
}

function picked(headers: Headers, names: readonly string[]): Headers {
  const kept = new Headers()
  for (const name of names) {
    const value = headers.get(name)
    if (value !== null) kept.set(name, value)
  }
  return kept
}
