import { setTimeout as pause } from 'node:timers/promises'
import { issueToken } from '@relais/contracts/http'
import type { TokenVerifier } from '@relais/identity/tokens'
import type { Service } from '@relais/runtime/service-process'
import { InvalidSettings } from '@relais/runtime/settings'
import type { Logger } from '@relais/telemetry/logger'
import type { DataFolder } from '../data-folder.ts'
import { demonstrationClock } from './clock.ts'
import { keptFile } from './kept-file.ts'
import { performing } from './performing.ts'
import { KeptDay, player } from './player.ts'
import { demonstrationRoutes } from './routes.ts'
import { hospital, type Listener, type Send } from './send.ts'
import type { Asker } from './territory/arrival.ts'
import { type Ask, KeptTerritory, nobody, settling } from './territory/settle.ts'

export type DemonstrationDeps = {
  folder: DataFolder
  /** Whether a territory comes to live there. Without a built-in issuer nobody could be anybody of it. */
  hasTerritory: boolean
  log: Logger
}

type Answering = { request(path: string, init: RequestInit): Response | Promise<Response> }
type Running = {
  app: Answering
  /** The built-in issuer. */
  issuer: Answering | undefined
  services: readonly Pick<Service, 'readiness'>[]
  listener: Listener
}

const READINESS_MILLISECONDS = 25
const Issued = issueToken.responses[201].content['application/json'].schema

/**
 * What only a demonstration has: a clock that is moved, a territory, days that are played.
 * @throws InvalidSettings for any other folder, UnusableFolder
 */
export function openDemonstration({ folder, hasTerritory, log }: DemonstrationDeps) {
  if (folder.mode !== 'demonstration') throw new InvalidSettings('There is no demonstration in a production folder')
  const clock = demonstrationClock(folder.path)
  const running = Promise.withResolvers<Running & { send: Send }>()
  const send: Send = async (bytes) => (await running.promise).send(bytes)
  const ask = askingWith(folder, running.promise)
  const kept = keptFile(folder.path, 'territory', KeptTerritory)
  const territory = hasTerritory ? settling({ kept, ask, send, now: clock.now, log }) : nobody
  const settled = Promise.withResolvers<void>()
  const ofDay = { kept: keptFile(folder.path, 'day', KeptDay), settled: settled.promise }
  const days = player({ ...ofDay, clock, send, perform: performing({ ask, log }), log })

  return {
    clock,
    hasTerritory,
    routes: (verifier: TokenVerifier) =>
      demonstrationRoutes({ verifier, log, clock, player: days, territory: territory.view }),
    /** Once everything listens. What is closed goes on at the next start. */
    begin(started: Running): { close(): Promise<void> } {
      const stopping = new AbortController()
      const software = hospital(started.listener)
      running.resolve({ ...started, send: software.send })
      const arriving = untilReady(started, stopping.signal)
        .then(() => territory.run(stopping.signal))
        .catch(() => undefined)
        .finally(settled.resolve)
      return {
        async close() {
          stopping.abort()
          await days.stop()
          await arriving
          software.close()
        },
      }
    },
  }
}

/** A territory that arrives is no reason to be ready later. */
async function untilReady({ services }: Running, signal: AbortSignal): Promise<void> {
  const isReady = () => services.every((service) => service.readiness().every(({ ready }) => ready))
  while (!isReady()) await pause(READINESS_MILLISECONDS, undefined, { signal })
}

/** Asks as anybody would who may read the folder. */
function askingWith(folder: DataFolder, running: Promise<Running>): Ask {
  const tokens = new Map<string, Promise<string>>()
  return async ({ as, method, path, body }) => {
    const { app, issuer } = await running
    const who = JSON.stringify(as)
    const issued = tokens.get(who) ?? tokenOf(issuer, folder.secret('operator').toString('hex'), as)
    tokens.set(who, issued)
    const response = await app.request(path, { method, ...json(body, await issued) })
    return { status: response.status, body: await read(response) }
  }
}

async function tokenOf(issuer: Answering | undefined, operatorKey: string, as: Asker): Promise<string> {
  const asked = { method: 'POST', ...json({ id: 'demonstration:territory', ...as }, operatorKey) }
  const response = await issuer?.request(issueToken.path, asked)
  const issued = Issued.safeParse(response && (await read(response)))
  if (!issued.success) throw new Error('The built-in issuer gave no token')
  return issued.data.token
}

function json(body: object | undefined, token: string) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return { headers, ...(body ? { body: JSON.stringify(body) } : {}) }
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text()
  return text === '' ? undefined : JSON.parse(text)
}
