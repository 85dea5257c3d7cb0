import { embeddedEventStore } from '@relais/event-store-embedded/adapter'
import type { LogStatistics } from '@relais/event-store-embedded/log'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { esdbEventStore } from '@relais/event-store-esdb/store'
import type { EventStore } from '@relais/event-store/port'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { type Options, ROUNDS } from '../options.ts'
import { answer, startProgram } from '../processes.ts'
import type { Cell, Report } from '../report.ts'
import { medians } from '../sampling.ts'
import { z } from 'zod'
import { insertBare } from './bare-sqlite.ts'
import type { ServedLogSettings } from './served-log.ts'
import { drive, type Load } from './writers.ts'

const IN_FLIGHT = [1, 64, 256] as const
const STREAMS = ['own', 'one'] as const
/** There are many measurements: each takes this part of `--seconds`. */
const SHARE_OF_SECONDS = 0.2
const WARM_UP_SECONDS = 1

const Statistics = z.object({ flushes: z.number(), appends: z.number(), events: z.number() })

type Figures = { perSecond: number; p99: number; flushesPer1000: number }
type Measurement = { subject: string; inFlight: number; streams: string; run: () => Promise<Figures> }
type OpenStore = { store: EventStore; statistics: () => Promise<LogStatistics>; close: () => Promise<void> }

/** Durable appends of one event: in process, through the client, and what SQLite does without a log around it. */
export async function benchLog(options: Options): Promise<Report> {
  const inProcess = await openInProcess(options)
  const served = await openServed(options)
  const seconds = options.seconds * SHARE_OF_SECONDS
  const measurements = [
    ...bare(options, seconds),
    ...IN_FLIGHT.flatMap((inFlight) => STREAMS.map((streams) => ({ inFlight, streams, seconds }))).flatMap((load) => [
      { subject: 'embedded log', ...load, run: () => measure(inProcess, load) },
      { subject: 'client, served log', ...load, run: () => measure(served, load) },
    ]),
  ]
  for (const { store } of [inProcess, served])
    await drive(store, { inFlight: 64, streams: 'own', seconds: WARM_UP_SECONDS })
  const rounds = new Map(measurements.map((measurement): [Measurement, Figures[]] => [measurement, []]))
  for (let round = 0; round < ROUNDS; round += 1) for (const [{ run }, figures] of rounds) figures.push(await run())
  await inProcess.close()
  await served.close()
  return report(new Map([...rounds].map(([measurement, figures]) => [measurement, medians(figures)])))
}

async function measure({ store, statistics }: OpenStore, load: Load): Promise<Figures> {
  const before = await statistics()
  const { perSecond, p99, events } = await drive(store, load)
  const flushes = (await statistics()).flushes - before.flushes
  return { perSecond, p99, flushesPer1000: (flushes * 1000) / events }
}

function bare({ slowFlush }: Options, seconds: number): Measurement[] {
  const flushDelayMilliseconds = slowFlush ? 1 : 0
  return IN_FLIGHT.map((group) => ({
    subject: group === 1 ? 'bare SQLite, a transaction per event' : `bare SQLite, ${group} grouped by hand`,
    inFlight: group,
    streams: '',
    run: async () => ({ ...insertBare({ group, seconds, flushDelayMilliseconds }), flushesPer1000: 1000 / group }),
  }))
}

async function openInProcess({ slowFlush }: Options): Promise<OpenStore> {
  const log = await openEmbeddedLog({ folder: temporaryFolder(), flushDelayMilliseconds: slowFlush ? 1 : 0 })
  const store = embeddedEventStore(log)
  return { store, statistics: async () => log.statistics(), close: () => store.close() }
}

async function openServed(options: Options): Promise<OpenStore> {
  const settings: ServedLogSettings = { flushDelayMilliseconds: options.slowFlush ? 1 : 0 }
  const module = new URL('./served-log.ts', import.meta.url)
  const program = { ...options, slowFlush: false }
  const { child, port, stop } = await startProgram(module, settings, program)
  const store = esdbEventStore({ connectionString: `esdb://127.0.0.1:${port}?tls=false` })
  return {
    store,
    async statistics() {
      child.send('statistics')
      return answer(child, Statistics)
    },
    async close() {
      await store.close()
      await stop()
    },
  }
}

function report(figures: ReadonlyMap<Measurement, Figures>): Report {
  const bareRates = new Map([...figures].filter(([{ streams }]) => streams === '').map(toRate))
  const rows = [...figures].map(([{ subject, inFlight, streams }, { perSecond, p99, flushesPer1000 }]): Cell[] => {
    const [single = NaN, grouped = NaN] = [bareRates.get(1), bareRates.get(inFlight)]
    return [subject, inFlight, streams, perSecond, p99, perSecond / single, perSecond / grouped, flushesPer1000]
  })
  return {
    columns: ['', 'in flight', 'streams', 'events/s', 'p99 ms', '÷ single', '÷ grouped', 'flushes per 1,000'],
    rows: rows.toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
    notes: [
      `Appends of one event of some 600 bytes, medians of ${ROUNDS} rounds. *own*: each on a new stream; *one*: all on one ` +
        'stream, at the revision that the one before will have. *÷ single* is the rate over that of a bare transaction per ' +
        'event, *÷ grouped* over as many events as are in flight inserted in one bare transaction. The served log runs in a ' +
        'process of its own.',
    ],
  }
}

function toRate([{ inFlight }, { perSecond }]: [Measurement, Figures]): [number, number] {
  return [inFlight, perSecond]
}
