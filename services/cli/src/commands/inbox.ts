import { getInbox, readIdentities } from '@relais/contracts/http'
import type { Context } from '../context.ts'
import { itemLine, type NameOf } from '../notice-lines.ts'

const Page = getInbox.responses[200].content['application/json'].schema
const Identities = readIdentities.responses[200].content['application/json'].schema

export type PageOptions = { after?: string | undefined; limit?: string | undefined }
export type InboxOptions = PageOptions & { done?: boolean | undefined }

/** Prints what somebody was told, what is due first. What is printed counts as delivered. */
export async function inbox(context: Context, { done, after, limit }: InboxOptions): Promise<void> {
  const { body } = await context.api.call(
    { path: `/inbox${query({ status: done ? 'done' : 'open', after, limit })}` },
    Page,
  )
  const nameOf = await namesOf(
    context,
    body.items.flatMap(({ patientId }) => patientId ?? []),
  )
  const lines = body.items.map((item) => itemLine(item, nameOf))
  const more = body.next === undefined ? [] : [`more: --after ${body.next}`]
  context.out.result(body, lines.length === 0 ? 'Nothing here' : [...lines, ...more].join('\n'))
}

export function query(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) given.set(name, value)
  return given.size === 0 ? '' : `?${given.toString()}`
}

/** Views hold no names: a page asks for those that the actor may know. */
export async function namesOf({ api, out }: Context, patientIds: readonly string[]): Promise<NameOf> {
  const wanted = [...new Set(patientIds)].slice(0, 100)
  if (out.json || wanted.length === 0) return (patientId) => patientId
  const request = { method: 'POST' as const, path: readIdentities.path, body: { patientIds: wanted } }
  const { body } = await api.call(request, Identities)
  const names = new Map(
    body.identities.map(({ patientId, identity: { usedName, birthName, givenName, birthDate } }) => [
      String(patientId),
      [usedName ?? birthName, givenName, birthDate].filter((part) => part !== undefined).join(' '),
    ]),
  )
  return (patientId) => names.get(patientId) ?? `patient ${patientId}`
}
