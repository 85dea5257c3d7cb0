import { join } from 'node:path'
import { embeddedEventStore } from '@relais/event-store-embedded/adapter'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { waitUntil } from '@relais/testkit/wait-until'
import { createService } from '@relais/timelines-service/service'
import { z } from 'zod'
import { residentMebibytes } from '../sampling.ts'
import { AUDIENCE, ISSUER, openTerritory } from './open-territory.ts'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'

/** Rebuilds a view of the timelines service by its own route, and tells how long it took and what it held meanwhile. */
export type RebuilderSettings = { folder: string; projection: string }

const SHARES = [0.1, 0.5, 1]
const LONGEST_SECONDS = 3600
const Started = z.object({ jobId: z.string() })
const Job = z.object({ state: z.string(), handled: z.number(), total: z.number() })

// Written by startProgram.
const { folder, projection } = JSON.parse(process.argv[2] ?? '{}') as RebuilderSettings
const { privateKey, publicKey } = await generateKeyPair('ES256')
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }] }
const log = await openEmbeddedLog({ folder: join(folder, 'log') })
const { adapters, close } = await openTerritory(folder, embeddedEventStore(log), jwks)
const service = await createService(adapters)
await waitUntil(() => service.readiness().every(({ ready }) => ready), 'the views', LONGEST_SECONDS)
process.on('message', () => void rebuild().then((answer) => process.send?.(answer)))
process.once('disconnect', () => void service.stop().then(close))
process.send?.({ port: 0 })

async function ask(path: string, body?: object): Promise<unknown> {
  const token = await new SignJWT({ role: 'operateur', scope: 'operate' })
    .setProtectedHeader({ alg: 'ES256', kid: 'bench' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject('relais:bench')
    .setExpirationTime('1h')
    .sign(privateKey)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const posted = body ? { method: 'POST', body: JSON.stringify(body) } : {}
  const answer = await service.app.request(path, { headers, ...posted })
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`)
  return answer.json()
}

async function rebuild() {
  const startedAt = performance.now()
  const { jobId } = Started.parse(await ask('/operations/timelines/jobs', { kind: 'rebuild', projection }))
  const resident: number[] = []
  for (;;) {
    const { state, handled, total } = Job.parse(await ask(`/operations/timelines/jobs/${jobId}`))
    const due = SHARES[resident.length]
    if (due !== undefined && total > 0 && handled >= total * due) resident.push(residentMebibytes(process.pid))
    if (state === 'failed') throw new Error('The view could not be rebuilt')
    if (state === 'done') return { seconds: (performance.now() - startedAt) / 1000, resident }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
