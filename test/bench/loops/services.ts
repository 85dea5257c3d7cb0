import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { embeddedEventStore } from '@relais/event-store-embedded/adapter'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { serve } from '@relais/http/serve'
import { createService as createProtocols } from '@relais/protocols-service/service'
import { createService as createReferrals } from '@relais/referrals-service/service'
import { createService as createTimelines } from '@relais/timelines-service/service'
import { Hono } from 'hono'
import type { JSONWebKeySet } from 'jose'
import { openTerritory } from '../territory/open-territory.ts'

/** Some of the services, in one process, on the folder of a territory. */
export type ServicesSettings = { folder: string; jwks: JSONWebKeySet; services: readonly (keyof typeof creators)[] }

const creators = { timelines: createTimelines, referrals: createReferrals, protocols: createProtocols }
/** Views of five years take half an hour to build: whoever waits is told how far they are. */
const TOLD_EVERY_MILLISECONDS = 15_000
const LOOK_MILLISECONDS = 50

// Written by startProgram.
const { folder, jwks, services } = JSON.parse(process.argv[2] ?? '{}') as ServicesSettings
const log = await openEmbeddedLog({ folder: join(folder, 'log') })
const { adapters, close } = await openTerritory(folder, embeddedEventStore(log), jwks)
const running = await Promise.all(services.map((name) => creators[name](adapters)))
await ready()
const app = new Hono()
for (const service of running) app.route('/', service.app)
const serving = await serve(app, { host: '127.0.0.1', port: 0 })
process.once('disconnect', () => void stop())
process.send?.({ port: serving.port })

async function ready(): Promise<void> {
  let toldAt = performance.now()
  for (;;) {
    const behind = running.flatMap((service) => service.readiness()).filter((each) => !each.ready)
    if (behind.length === 0) return
    if (performance.now() - toldAt > TOLD_EVERY_MILLISECONDS) {
      toldAt = performance.now()
      console.error(`waiting for ${behind.map(({ name, detail }) => `${name} (${detail})`).join(', ')}`)
    }
    await pause(LOOK_MILLISECONDS)
  }
}

async function stop(): Promise<void> {
  await serving.close(1000)
  for (const service of running) await service.stop()
  await close()
}
