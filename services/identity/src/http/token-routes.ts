import { createHash, timingSafeEqual } from 'node:crypto'
import { issueToken, readJwks } from '@relais/contracts/http'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { bearerToken, unauthorised } from '@relais/http/auth'
import type { ProblemKind } from '@relais/http/problems'
import type { RequestEnv } from '@relais/http/request-context'
import type { MiddlewareHandler } from 'hono'
import type { Issue } from '../issue.ts'
import type { SigningKeys } from '../signing-keys.ts'

const operatorKeyRefused: ProblemKind = {
  code: 'operatorKeyRefused',
  status: 401,
  title: 'This route asks for the operator key',
}

type TokenRoutesDeps = HttpAppDeps & { issue: Issue; jwks: SigningKeys['jwks']; operatorKey: string }

/** Tokens for whoever holds the operator key, and the public keys that verify them. */
export function tokenRoutes({ issue, jwks, operatorKey, ...deps }: TokenRoutesDeps) {
  const app = httpApp(deps)
  app.use(issueToken.path, requireOperatorKey(operatorKey))
  app.openapi(issueToken, async (c) => {
    const request = c.req.valid('json')
    const issued = await issue(request)
    c.get('log').info({ actorId: request.id, role: request.role }, 'token issued')
    return c.json(issued, 201)
  })
  app.openapi(readJwks, (c) => {
    c.header('cache-control', 'public, max-age=300')
    return c.json(jwks, 200)
  })
  return app
}

function requireOperatorKey(operatorKey: string): MiddlewareHandler<RequestEnv> {
  const expected = digest(operatorKey)
  return async function operatorKeyRequired(c, next) {
    const received = bearerToken(c.req.header('authorization'))
    if (received === undefined || !timingSafeEqual(digest(received), expected))
      return unauthorised(c, operatorKeyRefused)
    await next()
  }
}

/** Digests have one length, which a constant-time comparison asks for. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
