import type { Scope } from '@relais/contracts/actor'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { TokenRejected } from '@relais/identity/tokens'
import type { Context, MiddlewareHandler } from 'hono'
import { problem, type ProblemKind, type ProblemResponse } from './problems.ts'
import type { RequestEnv } from './request-context.ts'

/**
 * Middleware that lets a request through when its bearer token is good (else 401) and carries `scope`, or one of the
 * `others` (else 403), and leaves the actor in the context. A token is verified once per request, however many scopes are
 * asked for.
 */
export function requireScope(scope: Scope, ...others: Scope[]): MiddlewareHandler<RequestEnv> {
  return async function scopeRequired(c, next) {
    const refused = await authenticate(c)
    if (refused) return refused
    const { scopes } = c.get('actor')
    if (![scope, ...others].some((each) => scopes.includes(each)))
      return problem(c, platformProblems.scopeMissing, { scope })
    await next()
  }
}

/** Middleware that lets a request through when its bearer token is good (else 401), whatever its scopes. */
export function requireToken(): MiddlewareHandler<RequestEnv> {
  return async function tokenRequired(c, next) {
    const refused = await authenticate(c)
    if (refused) return refused
    await next()
  }
}

async function authenticate(c: Context<RequestEnv>): Promise<ProblemResponse | undefined> {
  if (c.get('actor') !== undefined) return undefined
  const token = bearerToken(c.req.header('authorization'))
  if (token === undefined) return unauthorised(c, platformProblems.tokenMissing)
  try {
    const verified = await c.get('verifier').verify(token)
    const { actor } = verified
    c.set('verified', verified)
    c.set('actor', actor)
    c.set('log', c.get('log').child({ actorId: actor.id }))
    return undefined
  } catch (error) {
    if (error instanceof TokenRejected) return unauthorised(c, platformProblems[error.code])
    throw error
  }
}

/** The token of an `Authorization: Bearer` header. The scheme is written in any case (RFC 9110 §11.1). */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^bearer +(?<token>[\w.~+/-]+=*)$/i.exec(authorization ?? '')?.groups?.['token']
}

/** A 401 with the challenge that RFC 9110 §15.5.2 asks for. */
export function unauthorised(c: Context<RequestEnv>, kind: ProblemKind): ProblemResponse {
  c.header('www-authenticate', kind.code === 'tokenMissing' ? 'Bearer' : 'Bearer error="invalid_token"')
  return problem(c, kind)
}
