import { connectChannels } from '@relais/channels/client'
import type { ChannelEntry } from '@relais/contracts/channel-entries'
import { ChannelName } from '@relais/contracts/channels'
import { noticeEvents, type NoticeEvent } from '@relais/contracts/notices'
import { eventCodec } from '@relais/events/codec'
import { stood, type StandingDetails } from '@relais/runtime/standing-facts.fixture'
import { waitUntil } from '@relais/testkit/wait-until'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { FACILITY, gp, type Stay } from './facts.fixture.ts'
import { type Gateway, person } from './gateway.fixture.ts'

export const EHPAD = 'finess:990000028'
export const physician = person({
  id: gp,
  role: 'medecin',
  organisation: undefined,
  scopes: ['channel:follow', 'notice:acknowledge'],
})
export const caregiver = (id: string) =>
  person({ id, role: 'infirmier', organisation: '990000028', scopes: ['channel:follow', 'notice:acknowledge'] })
export const wardNurse = person({ wards: ['3620'], scopes: ['channel:follow', 'board:read'] })

export const stands = (stay: Stay, details: StandingDetails = {}) =>
  stood(stay, { ward: '3620', facility: FACILITY, ...details })

/** Every fact about notices that was written so far, in order. */
export async function notices({ store, vault }: Gateway): Promise<NoticeEvent[]> {
  const codec = eventCodec<NoticeEvent>(noticeEvents, vault)
  const found: NoticeEvent[] = []
  for await (const recorded of store.readAll()) {
    const event = (await codec.decode(recorded))?.event
    if (event) found.push(event)
  }
  return found
}

export const sentIn = (events: readonly NoticeEvent[]) =>
  events.flatMap((event) => (event.type === 'NoticeSent' ? [event.data] : []))
const lines = (events: readonly NoticeEvent[]) =>
  sentIn(events).map(({ recipient, nature, standing }) => `${recipient} ${nature} ${standing.status}`)

/** Waits until so many notices were sent, and shows them. */
export async function told(gateway: Gateway, count: number): Promise<string[]> {
  await waitUntil(async () => sentIn(await notices(gateway)).length >= count, `${count} notices`)
  return lines(await notices(gateway))
}

/** What a device of somebody shows: the last notice of each stay, and its receipts. */
export function device(
  gateway: Gateway,
  token: string,
  { channel, after }: { channel: string; after?: string | undefined },
) {
  const received: ChannelEntry[] = []
  const began = Promise.withResolvers<void>()
  const client = connectChannels({ url: gateway.url, token: async () => token, webSocket: WebSocket, random: () => 0 })
  onTestFinished(() => client.close())
  const subscription = client.subscribe(ChannelName.parse(channel), {
    after,
    onEntry: ({ entry }) => void received.push(entry),
    onCaughtUp: () => began.resolve(),
  })
  const kinds = (): string[] => received.map((entry) => (entry.kind === 'receipt' ? entry.receipt : entry.kind))
  const noticeOf = () => received.findLast((entry) => entry.kind === 'notice')?.noticeId ?? ''
  const shows = (...expected: string[]) =>
    waitUntil(() => expected.every((kind) => kinds().includes(kind)), `${expected.join(', ')} on ${channel}`)
  return { began: began.promise, client, subscription, kinds, noticeOf, shows, received }
}
