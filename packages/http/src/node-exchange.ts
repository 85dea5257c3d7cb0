import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'

/** What `serve` was given by Node for a request. */
export type NodeExchange = { incoming: IncomingMessage; outgoing: ServerResponse }

/** For routes behind `serve` only. @throws Error for a request that did not come over HTTP */
export function nodeExchange(c: Context): NodeExchange {
  // `serve` leaves them there; `app.request` does not.
  const { incoming, outgoing } = (c.env ?? {}) as Partial<HttpBindings>
  if (incoming === undefined || outgoing === undefined) throw new Error('This route is answered over HTTP only')
  return { incoming, outgoing }
}

/** Of the TCP connection; behind a proxy, the proxy's. `undefined` for a request that did not come over HTTP. */
export function addressOf(c: Context): string | undefined {
  // As above.
  return ((c.env ?? {}) as Partial<HttpBindings>).incoming?.socket.remoteAddress
}

/**
 * Has a request answered by a handler written for Node, which sees it as if it were mounted at `prefix`. Its body MUST NOT
 * have been read.
 */
export async function answerByNode(
  c: Context,
  prefix: string,
  handler: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<unknown>,
): Promise<Response> {
  const { incoming, outgoing } = nodeExchange(c)
  const originalUrl = incoming.url ?? '/'
  Object.assign(incoming, { originalUrl, url: originalUrl.slice(prefix.length) || '/' })
  await handler(incoming, outgoing)
  return RESPONSE_ALREADY_SENT
}
