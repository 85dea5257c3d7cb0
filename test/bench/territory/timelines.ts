import { join } from 'node:path'
import { embeddedEventStore } from '@relais/event-store-embedded/adapter'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { serve } from '@relais/http/serve'
import { waitUntil } from '@relais/testkit/wait-until'
import { createService } from '@relais/timelines-service/service'
import type { JSONWebKeySet } from 'jose'
import { openTerritory } from './open-territory.ts'

/** The service of pathways, boards and inboxes, alone, on the folder of a territory. */
export type TimelinesSettings = { folder: string; jwks: JSONWebKeySet }

const LONGEST_SECONDS = 3600

// Written by startProgram.
const { folder, jwks } = JSON.parse(process.argv[2] ?? '{}') as TimelinesSettings
const log = await openEmbeddedLog({ folder: join(folder, 'log') })
const { adapters, close } = await openTerritory(folder, embeddedEventStore(log), jwks)
const service = await createService(adapters)
await waitUntil(() => service.readiness().every(({ ready }) => ready), 'the views', LONGEST_SECONDS)
const serving = await serve(service.app, { host: '127.0.0.1', port: 0 })
process.once('disconnect', () => void serving.close(1000).then(service.stop).then(close))
process.send?.({ port: serving.port })
