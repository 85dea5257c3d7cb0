import type { Problem } from '@relais/contracts/route-parts'
import type { z } from 'zod'
import { heardClock } from '../live/now.ts'
import { Refused, Unreachable } from './problem.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
export type Call = {
  method?: Method
  /** Under `/app/api`, unless it begins with `/app/`. */
  path: string
  query?: Readonly<Record<string, string | number | undefined>>
  /** JSON, or a file as it is. */
  body?: unknown
  signal?: AbortSignal | undefined
}

const POSITION = 'relais-position'
/** How long a page asks to see what this person has just done. */
const OWN_ACT_MILLISECONDS = 10_000

/** What this page did last: reads wait for it, so that everybody sees his or her own act. */
let lastAct: { position: string; at: number } | undefined

/** The answer that a route of the contracts describes, under 200 or 201. */
export type AnswerOf<Route> = Route extends {
  responses: { 200: { content: { 'application/json': { schema: infer Schema extends z.ZodType } } } }
}
  ? z.output<Schema>
  : Route extends {
        responses: { 201: { content: { 'application/json': { schema: infer Schema extends z.ZodType } } } }
      }
    ? z.output<Schema>
    : never

/**
 * Asks the platform, which checked its own answer: it is not checked again here.
 * @throws Refused, Unreachable; an AbortError when `signal` says so
 */
export function call<Route>(asked: Call): Promise<AnswerOf<Route>> {
  return answer<AnswerOf<Route>>(asked)
}

/** The same of what the service of this page answers itself. @throws as `call` */
export async function answer<Value>(asked: Call): Promise<Value> {
  const response = await send(asked)
  // What a service answers is what its contract says: it is what checked it.
  return (await response.json()) as Value
}

/** Says something; the answer where there is one, unchecked. @throws as `call` */
export async function tell(asked: Call & { method: Exclude<Method, 'GET'> }): Promise<unknown> {
  const response = await send(asked)
  return response.headers.get('content-type')?.startsWith('application/json') ? response.json() : undefined
}

/** The answer as it is: a file. @throws as `call` */
export async function send(asked: Call): Promise<Response> {
  const response = await fetch(address(asked), request(asked)).catch((error: unknown) => {
    if (asked.signal?.aborted) throw error
    throw new Unreachable('no answer', { cause: error })
  })
  heardClock(response.headers.get('x-relais-now'))
  if (!response.ok) throw await refusal(response)
  const position = response.headers.get(POSITION)
  if (position !== null && isAct(asked)) lastAct = { position, at: Date.now() }
  return response
}

export function address({ path, query = {} }: Call): string {
  const asked = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  const search = asked.length === 0 ? '' : `?${new URLSearchParams(asked).toString()}`
  return `${path.startsWith('/app/') ? '' : '/app/api'}${path}${search}`
}

function request(asked: Call): RequestInit {
  const { method = 'GET', body, signal } = asked
  const headers: Record<string, string> = { 'x-relais': 'portal' }
  const isFile = body instanceof Blob
  if (body !== undefined)
    headers['content-type'] = isFile ? body.type || 'application/octet-stream' : 'application/json'
  if (!isAct(asked) && lastAct && Date.now() - lastAct.at < OWN_ACT_MILLISECONDS) headers[POSITION] = lastAct.position
  return {
    method,
    headers,
    ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }
}

const isAct = ({ method = 'GET' }: Call) => method !== 'GET'

async function refusal(response: Response): Promise<Error> {
  if (response.status >= 500) {
    // What was waited for may be long in coming: the next attempt asks for what there is.
    lastAct = undefined
    return new Unreachable(`answered ${response.status}`)
  }
  const problem: unknown = await response.json().catch(() => undefined)
  // Every refusal of the platform is a problem; another one says at least its status.
  return new Refused((problem as Problem | undefined) ?? { type: 'unknown', status: response.status })
}
