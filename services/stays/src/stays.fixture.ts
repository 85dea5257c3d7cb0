import { facilityEvents } from '@relais/contracts/directory'
import { type MessageEvent, messageEvents } from '@relais/contracts/messages'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import { codecSet, eventCodec } from '@relais/events/codec'
import { readAck } from '@relais/hl7v2/ack'
import { type PamMessage, pamBytes } from '@relais/hl7v2/fixtures'
import {
  asking,
  hasReacted,
  closingOnce,
  openTestAdapters,
  person,
  type TestAdapterOptions,
  type TestAdapters,
} from '@relais/runtime/adapters.fixture'
import type { Adapters } from '@relais/runtime/adapters'
import { loadStaysConfig, type StaysConfig } from './config.ts'
import type { Peer, Sender } from './intake/senders.ts'
import { createService } from './service.ts'

export const loopback: Peer = { address: '127.0.0.1' }
/** The facility of the fixtures, and another one. */
export const FACILITY = '990000010'
export const ELSEWHERE = '990000028'

export type StaysOptions = TestAdapterOptions & {
  senders?: readonly Sender[]
  adapt?: (adapters: Adapters) => Adapters
}
export type Stays = Awaited<ReturnType<typeof openStays>>

/** A sender of one facility, known by its address. */
export function senderAt(address: string, details: Partial<Sender> = {}): Sender {
  const authorities = [{ id: FACILITY, wards: ['4101', '4102'] }]
  return { id: `sender-${address.replaceAll('.', '-')}`, address, authorities, quarantineAnswer: 'AE', ...details }
}

/** The service on an in-memory log, or on what `options` give, and what a test asks of it. */
export async function openStays({ senders, adapt = (adapters) => adapters, ...options }: StaysOptions = {}) {
  const opened = await openTestAdapters(options)
  const test = { ...opened, adapters: adapt(opened.adapters) }
  const { adapters } = test
  const defaults = loadStaysConfig(adapters.mode, {})
  const config: StaysConfig = { ...defaults, ...(senders ? { senders } : {}) }
  const service = await createService(adapters, config)
  const close = await closingOnce(service, test)

  async function send(message: Partial<PamMessage> | string | Uint8Array, peer = loopback) {
    const bytes = await service.receive(bytesOf(message), peer)
    const text = new TextDecoder().decode(bytes)
    return { ...(readAck(bytes) ?? { code: '', controlId: '', errors: [] }), text }
  }

  return {
    ...test,
    service,
    send,
    close,
    ask: async (details: Parameters<typeof person>[0]) =>
      asking(service.app, await test.tokenFor(person(details)), JSON.parse),
    facts: () => factsIn(test),
    settled: () => hasReacted(test, { schema: 'stays', categories: followed }),
  }
}

const followed = [stayEvents.category, messageEvents.category, facilityEvents.category]

export function bytesOf(message: Partial<PamMessage> | string | Uint8Array): Uint8Array {
  if (message instanceof Uint8Array) return message
  return typeof message === 'string' ? new TextEncoder().encode(message) : pamBytes(message)
}

/** Every fact in the log, in order. */
async function factsIn({ store, adapters }: Pick<TestAdapters, 'store' | 'adapters'>) {
  const { vault } = adapters
  const codecs = codecSet([eventCodec<StayEvent>(stayEvents, vault), eventCodec<MessageEvent>(messageEvents, vault)])
  const facts: Decoded<StayEvent | MessageEvent>[] = []
  for await (const recorded of store.readAll()) {
    const decoded = await codecs.decode(recorded)
    if (decoded) facts.push(decoded)
  }
  return facts
}
