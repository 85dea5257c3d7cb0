import { PORTAL_HEADER, PORTAL_HEADER_VALUE } from '@relais/contracts/portal-routes'
import { problem, type ProblemKind } from '@relais/http/problems'
import type { RequestEnv } from '@relais/http/request-context'
import type { MiddlewareHandler } from 'hono'

const notFromPortal: ProblemKind = {
  code: 'notFromPortal',
  status: 403,
  title: 'This is for the pages of the portal only',
}

const READING = new Set(['GET', 'HEAD'])

/**
 * Middleware that lets through what a page of ours asks. Browsers say where a request comes from; what changes something
 * also carries a header that no other site can have sent.
 */
export function requirePortal(publicUrl: string): MiddlewareHandler<RequestEnv> {
  return async function portalRequired(c, next) {
    const [site, origin] = [c.req.header('sec-fetch-site'), c.req.header('origin')]
    const isOurs = (site ?? 'same-origin') === 'same-origin' && (origin ?? publicUrl) === publicUrl
    // Reading: a link that is typed or bookmarked comes from nowhere.
    const isRead = READING.has(c.req.method) && (isOurs || (site === 'none' && origin === undefined))
    const isAct = isOurs && c.req.header(PORTAL_HEADER) === PORTAL_HEADER_VALUE
    if (!isRead && !isAct) return problem(c, notFromPortal)
    await next()
  }
}
