import { randomUUID } from 'node:crypto'
import { OpenAPIHono } from '@hono/zod-openapi'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { isStreamedBody } from '@relais/contracts/route-parts'
import type { TokenVerifier } from '@relais/identity/tokens'
import type { Logger } from '@relais/telemetry/logger'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { METHOD_NAME_ALL, METHODS } from 'hono/router'
import { routePath } from 'hono/route'
import { correlationOf } from './correlation.ts'
import { answerFault } from './faults.ts'
import { problem, type ProblemResponse } from './problems.ts'
import type { RequestEnv } from './request-context.ts'
import { refuseInvalidInput } from './validation.ts'

export type HttpAppDeps = {
  verifier: TokenVerifier
  log: Logger
  /** 1 MiB unless given. Of several mounted apps, the first one's limit holds. */
  maxBodyBytes?: number
  /** Whose bodies are read as they arrive, with a limit of their own; attachments unless given. */
  isStreamed?: (path: string) => boolean
  newId?: () => string
}

const DEFAULT_BODY_BYTES = 1_048_576
/** No route reads a body of theirs. */
const BODILESS = new Set(['GET', 'HEAD'])

/**
 * An app whose every answer that is not a success is `application/problem+json`: invalid input, unknown route, wrong
 * method, body too large, faults. Several of them may be mounted on one root, theirs or a bare Hono.
 */
export function httpApp(deps: HttpAppDeps): OpenAPIHono<RequestEnv> {
  const app = new OpenAPIHono<RequestEnv>({ defaultHook: refuseInvalidInput })
  app.onError(answerFault)
  app.notFound((c) => answerUnknown(c, allowedMethods(app, c.req.path)))
  app.use(contextFor(app, deps))
  return app
}

/** MUST tolerate running several times per request because each app mounted on a root brings its own. */
function contextFor(app: OpenAPIHono<RequestEnv>, deps: HttpAppDeps): MiddlewareHandler<RequestEnv> {
  const { verifier, log, maxBodyBytes = DEFAULT_BODY_BYTES, newId = randomUUID } = deps
  const { isStreamed = () => false } = deps
  const limited = bodyLimit({
    maxSize: maxBodyBytes,
    onError: (c) => (c.res = problem(c, platformProblems.bodyTooLarge)),
  })
  return async function requestContext(c, next) {
    c.set('verifier', verifier)
    if (c.get('correlationId') !== undefined) {
      await next()
      return correctMethod(app, c)
    }
    const { correlationId, traceparent } = correlationOf((name) => c.req.header(name), newId)
    c.set('correlationId', correlationId)
    c.set('traceparent', traceparent)
    c.set('log', log.child({ correlationId }))
    // Looking for a body makes a request object of its own, which costs as much as routing.
    const isWhole = !isStreamedBody(c.req.path) && !isStreamed(c.req.path)
    const isUnlimited = BODILESS.has(c.req.method) || !isWhole
    const answering = isUnlimited ? next() : limited(c, next)
    // Hono's own error handling takes instances of Error only: anything else thrown arrives here.
    await answering.catch((thrown: unknown) => (c.res = answerFault(thrown, c)))
    correctMethod(app, c)
    if (isBareNotFound(c)) c.res = answerUnknown(c, [])
    secure(c)
    c.get('log').debug({ method: c.req.method, route: routePath(c, -1), status: c.res.status }, 'request answered')
  }
}

/** A root that is a bare Hono answers what it does not know in plain text. */
function isBareNotFound(c: Context<RequestEnv>): boolean {
  return c.res.status === 404 && c.res.headers.get('content-type')?.startsWith('text/plain') === true
}

function correctMethod(app: OpenAPIHono<RequestEnv>, c: Context<RequestEnv>): void {
  if (!isBareNotFound(c)) return
  const allowed = allowedMethods(app, c.req.path)
  if (allowed.length > 0) c.res = answerUnknown(c, allowed)
}

function answerUnknown(c: Context<RequestEnv>, allowed: readonly string[]): ProblemResponse {
  if (allowed.length === 0) return problem(c, platformProblems.routeUnknown)
  c.header('allow', allowed.join(', '))
  return problem(c, platformProblems.methodNotAllowed)
}

/** The methods under which a path is answered; middleware is registered under all of them and does not count. */
function allowedMethods(app: OpenAPIHono<RequestEnv>, path: string): readonly string[] {
  const methods = METHODS.map((method) => method.toUpperCase())
  return methods.filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method !== METHOD_NAME_ALL),
  )
}

/** MUST come after the handler, and keep what a page of documentation or a portal has set for itself. */
function secure(c: Context<RequestEnv>): void {
  const { headers } = c.res
  headers.set('x-correlation-id', c.get('correlationId'))
  headers.set('x-content-type-options', 'nosniff')
  if (!headers.has('referrer-policy')) headers.set('referrer-policy', 'no-referrer')
  if (!headers.has('content-security-policy'))
    headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  if (c.req.header('authorization') !== undefined && !headers.has('cache-control'))
    headers.set('cache-control', 'no-store')
}
