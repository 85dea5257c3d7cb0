import { createRoute, z } from '@hono/zod-openapi'
import { Actor } from './actor.ts'
import { Instant } from './primitives.ts'
import { json, problems } from './route-parts.ts'

/** What a browser sends with everything that changes something, so that no other site can have it sent. */
export const PORTAL_HEADER = 'x-relais'
export const PORTAL_HEADER_VALUE = 'portal'

const cookie = [{ portalCookie: [] }]

export const PortalSession = z.object({
  person: Actor.extend({ name: z.string(), organisationName: z.string().optional() }),
  /** Unless something is asked again before. */
  expiresAt: Instant,
  mode: z.enum(['demonstration', 'production']),
})
export type PortalSession = z.infer<typeof PortalSession>

export const readSession = createRoute({
  method: 'get',
  path: '/app/session',
  summary: 'Who is signed in with this browser, and until when; asking for it keeps the session',
  security: cookie,
  responses: { 200: json(PortalSession, 'Somebody is'), default: problems },
})

export const SignedOut = z.object({
  continueAt: z.url().describe('Where the browser goes on to, so that the issuer forgets who was signed in too'),
})
export type SignedOut = z.infer<typeof SignedOut>

export const signOutOfPortal = createRoute({
  method: 'post',
  path: '/app/sign-out',
  summary: 'End the session of this browser, its sockets included; asks for the header `x-relais: portal`',
  security: cookie,
  responses: { 200: json(SignedOut, 'Nobody is signed in any more'), default: problems },
})

export const portalRoutes = [readSession, signOutOfPortal] as const
