import type { Server } from 'node:http'
import { randomUUID } from 'node:crypto'
import { platformProblems } from '@relais/contracts/documents/problem-codes'
import { healthRoutes } from '@relais/http/health'
import { serve, type ServeOptions } from '@relais/http/serve'
import { Hono } from 'hono'

/** What is behind the door once it is all there. Whoever has pages reads bodies by itself, and comes first. */
export type Behind = { api: Hono; portal?: Hono; oidc?: Hono }

export type Door = {
  /** Such as `http://localhost:8080`. */
  url: string
  port: number
  server: Server
  /** From now on. */
  answers(behind: Behind): void
  /** Closes this together with the door. */
  beside(close: () => Promise<unknown>): void
  /** Once, however often it is asked for. */
  close(): Promise<void>
}

const OF_PORTAL = /^[a-z]+:\/\/[^/?#]+\/app(?:[/?#]|$)/
const OF_ISSUER = /^[a-z]+:\/\/[^/?#]+\/oidc(?:[/?#]|$)/

/**
 * Listens before there is anything to answer with, because what is behind has to know the port: until then everything is
 * answered 503.
 */
export async function openDoor(
  options: Omit<ServeOptions, 'fallbackToFreePort'>,
  graceMilliseconds: number,
): Promise<Door> {
  const starting = new Hono()
    .route('/', healthRoutes({ checks: () => [{ name: 'start', ready: false }] }))
    .all('*', (c) => c.json(notReady(), 503, { 'content-type': 'application/problem+json', 'retry-after': '1' }))
  let behind: Behind = { api: starting }
  const appFor = ({ url }: Request) => {
    if (behind.portal && OF_PORTAL.test(url)) return behind.portal
    return behind.oidc && OF_ISSUER.test(url) ? behind.oidc : behind.api
  }
  const fetch: Hono['fetch'] = (request, ...rest) => appFor(request).fetch(request, ...rest)
  const http = await serve({ fetch }, { ...options, fallbackToFreePort: true })
  const closing: (() => Promise<unknown>)[] = [() => http.close(graceMilliseconds)]
  return {
    url: `http${options.tls ? 's' : ''}://localhost:${http.port}`,
    port: http.port,
    server: http.server,
    answers: (found) => void (behind = found),
    beside: (close) => void closing.push(close),
    // Together: a socket that does not answer the closing handshake is cut by the HTTP server's grace.
    close: async () => void (await Promise.all(closing.splice(0).map((close) => close()))),
  }
}

function notReady() {
  const { code, status, title } = platformProblems.notReady
  return { type: `urn:relais:problem:${code}`, title, status, instance: `urn:relais:request:${randomUUID()}` }
}
