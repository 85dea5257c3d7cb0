import type { EventStore } from '@relais/event-store/port'
import { percentile } from '../sampling.ts'
import { newEvent, streamName } from './events.ts'

export type Load = { inFlight: number; streams: 'own' | 'one'; seconds: number }
export type Throughput = { perSecond: number; p99: number }

/** Keeps so many appends of one event in flight, each on a new stream of its own, or all on one stream. */
export async function drive(store: Pick<EventStore, 'append'>, { inFlight, streams, seconds }: Load) {
  const latencies: number[] = []
  const startedAt = performance.now()
  const until = startedAt + seconds * 1000
  const shared = streamName()
  let written = 0
  // The log answers in the order of the calls, so that the revision of an append in flight is known already.
  const next = (): [string, 'noStream' | number] => {
    if (streams === 'own') return [streamName(), 'noStream']
    const revision = written++ - 1
    return [shared, revision < 0 ? 'noStream' : revision]
  }
  const writer = async () => {
    while (performance.now() < until) {
      const askedAt = performance.now()
      const result = await store.append(...next(), [newEvent()])
      if (!result.appended) throw new Error('An append was refused')
      latencies.push(performance.now() - askedAt)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, writer))
  return { events: latencies.length, ...throughput(latencies, startedAt) }
}

/** @param startedAt by `performance.now()` */
export function throughput(latencies: readonly number[], startedAt: number): Throughput {
  const elapsed = performance.now() - startedAt
  return { perSecond: (latencies.length * 1000) / elapsed, p99: percentile(latencies, 0.99) }
}
