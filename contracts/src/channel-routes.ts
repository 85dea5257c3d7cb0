import { createRoute, z } from '@hono/zod-openapi'
import { ChannelTicket } from './channels.ts'
import { Instant } from './primitives.ts'
import { bearer, json, problems } from './route-parts.ts'

/** The ticket is good until then, once; what it opens lasts as long as the token. */
export const IssuedTicket = z.object({ ticket: ChannelTicket, expiresAt: Instant })
export type IssuedTicket = z.infer<typeof IssuedTicket>

export const issueTicket = createRoute({
  method: 'post',
  path: '/channels/tickets',
  summary: 'A ticket that opens or renews one socket, so that a page needs no token',
  security: bearer,
  responses: {
    201: json(IssuedTicket, 'Good once, until `expiresAt`; what it opens lasts as long as the token'),
    default: problems,
  },
})

export const signOut = createRoute({
  method: 'post',
  path: '/channels/sign-out',
  summary:
    'Ends the sign-in that the token names by its claim `sid`: its sockets are closed, its tickets are worthless',
  security: bearer,
  responses: { 204: { description: 'Ended, or ended before' }, default: problems },
})
