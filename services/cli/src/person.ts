import { userInfo } from 'node:os'
import { z } from 'zod'
import { explanation } from './api.ts'
import { misused, refused, unreachable } from './failures.ts'

/** Who asks: a token, or a person of the demonstration in a few words. */
export type PersonOptions = {
  token?: string | undefined
  as?: string | undefined
  id?: string | undefined
  organisation?: string | undefined
  wards?: readonly string[] | undefined
  expiresInSeconds?: number | undefined
}

const Issued = z.object({ token: z.string(), expiresAt: z.string() })
export type Issued = z.infer<typeof Issued>

/** `10002909371` is said for `rpps:10002909371`. */
export function professionalId(text: string): string {
  return /^\d{11}$/.test(text) ? `rpps:${text}` : text
}

/**
 * The token of whoever asks: the one that was given, else one for a person of the demonstration, for which the operator
 * key of the data folder is needed. Without `--as` it is whoever operates the demonstration.
 */
export async function tokenFor(person: PersonOptions, url: string, operatorKey: string | undefined): Promise<Issued> {
  const given = person.token ?? process.env['RELAIS_TOKEN']
  if (given !== undefined) return { token: given, expiresAt: '' }
  if (operatorKey === undefined) throw misused('Say who asks: --token <jwt> or RELAIS_TOKEN')
  const response = await ask(new URL('/tokens', url), operatorKey, describe(person))
  if (response.status === 404) throw misused('This Relais issues no tokens: give one with --token or RELAIS_TOKEN')
  if (!response.ok) throw refused(await explanation(response))
  return Issued.parse(await response.json())
}

function describe({ as = 'operateur', id, organisation, wards = [], expiresInSeconds }: PersonOptions) {
  return {
    id: professionalId(id ?? `${as}:${userInfo().username}`),
    role: as,
    wards,
    ...(organisation === undefined ? {} : { organisation }),
    ...(expiresInSeconds === undefined ? {} : { expiresInSeconds }),
  }
}

async function ask(url: URL, operatorKey: string, body: object): Promise<Response> {
  const headers = { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' }
  try {
    return await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  } catch (cause) {
    throw unreachable(`Nothing answers at ${url.origin}`, cause)
  }
}
