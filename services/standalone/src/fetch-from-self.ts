import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { Readable } from 'node:stream'

type Init = { method?: string; headers?: Record<string, string>; body?: unknown; signal?: AbortSignal }

/**
 * `fetch` for the TLS listener of this very process, on loopback: whoever signed its certificate says nothing, and nobody
 * else is asked.
 */
export async function fetchFromSelf(url: string, init: Init): Promise<Response> {
  const { method = 'GET', headers = {}, body, signal } = init
  const text = body instanceof URLSearchParams ? body.toString() : typeof body === 'string' ? body : undefined
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method, headers, rejectUnauthorized: false, ...(signal ? { signal } : {}) }
    request(new URL(url), options, resolve).once('error', reject).end(text)
  })
  const told = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
    [value ?? []].flat().map((each) => [name, each]),
  )
  const hasBody = ![204, 304].includes(answer.statusCode ?? 0)
  // The two kinds of streams are the same in this process.
  const stream = Readable.toWeb(answer) as ReadableStream<Uint8Array>
  return new Response(hasBody ? stream : null, { status: answer.statusCode ?? 500, headers: told })
}
