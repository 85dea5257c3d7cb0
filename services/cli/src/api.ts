import { Problem } from '@relais/contracts/http'
import type { z } from 'zod'
import { refused, unreachable } from './failures.ts'

export type Request = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  body?: object
  /** Instead of `body`, for what is not JSON. */
  content?: { type: string; bytes: Uint8Array<ArrayBuffer> }
  /** A position that a command returned: the answer shows at least that. */
  atLeast?: string | undefined
}
/** A body of the schema's shape, and the position of what was written. */
export type Answer<Body> = { body: Body; position: string | undefined }
export type Api = {
  call<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<Answer<z.infer<Schema>>>
  /** As `call`; `undefined` where the answer is 404. */
  find<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<Answer<z.infer<Schema>> | undefined>
  /** What is no JSON. */
  text(request: Request): Promise<string>
}

/** Calls the platform's public HTTP interface with a token. Refusals become messages that say why. */
export function api(url: () => string, token: () => Promise<string>): Api {
  async function send({ method = 'GET', path, body, content, atLeast }: Request): Promise<Response> {
    const address = url()
    const headers = {
      authorization: `Bearer ${await token()}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(content ? { 'content-type': content.type } : {}),
      ...(atLeast === undefined ? {} : { 'relais-position': atLeast }),
    }
    try {
      const sent = content?.bytes ?? (body && JSON.stringify(body))
      return await fetch(new URL(path, address), { method, headers, ...(sent === undefined ? {} : { body: sent }) })
    } catch (cause) {
      throw unreachable(`Nothing answers at ${address}`, cause)
    }
  }
  return {
    call: async (request, schema) => read(await send(request), schema),
    find: async (request, schema) => {
      const response = await send(request)
      return response.status === 404 ? undefined : read(response, schema)
    },
    async text(request) {
      const response = await send(request)
      if (!response.ok) throw refused(await explanation(response))
      return response.text()
    },
  }
}

async function read<Schema extends z.ZodType>(response: Response, schema: Schema): Promise<Answer<z.infer<Schema>>> {
  if (!response.ok) throw refused(await explanation(response))
  const body = schema.parse(response.status === 204 ? undefined : await response.json())
  return { body, position: response.headers.get('relais-position') ?? undefined }
}

/** What a refusal says, in a person's words. */
export async function explanation(response: Response): Promise<string> {
  const problem = Problem.safeParse(await response.json().catch(() => undefined))
  if (!problem.success) return `The platform answered ${response.status}`
  const { title, type, errors = [] } = problem.data
  const code = type.replace('urn:relais:problem:', '')
  return [`${title} (${code})`, ...errors.map(({ pointer, message }) => `  ${pointer}: ${message}`)].join('\n')
}
