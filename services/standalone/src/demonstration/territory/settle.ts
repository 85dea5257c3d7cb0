import { setTimeout as pause } from 'node:timers/promises'
import type { TerritoryView } from '@relais/contracts/demonstration-routes'
import type { Logger } from '@relais/telemetry/logger'
import { z } from 'zod'
import type { KeptFile } from '../kept-file.ts'
import type { Send } from '../send.ts'
import { coordination, lookUp, type Request, type Step, stepsOfArrival } from './arrival.ts'

/** What the platform answers; 4xx and 5xx included. */
export type Ask = (request: Request) => Promise<{ status: number; body: unknown }>

/** When it was all there, in how many steps, and which protocols came with it. */
export const KeptTerritory = z.object({
  settledAt: z.string(),
  count: z.int(),
  protocols: z.array(z.string()).optional(),
})
type Kept = z.infer<typeof KeptTerritory>

export type SettlingDeps = {
  kept: KeptFile<Kept>
  ask: Ask
  send: Send
  now: () => string
  log: Logger
}

export type Settling = { view(): TerritoryView; /** Never rejects. */ run(signal: AbortSignal): Promise<void> }

const ATTEMPTS = 6
const RETRY_MILLISECONDS = 100

/** Nobody lives there, and nobody will. */
export const nobody: Settling = { view: () => ({ state: 'absent', done: 0, total: 0 }), run: async () => {} }

/**
 * Brings the territory in, one step after the other, once in the life of a data folder. Cut short, it begins again at the
 * next start: steps that were taken change nothing then. A territory of before a protocol was shipped is given it, once: what
 * its coordination makes of it stands.
 */
export function settling(deps: SettlingDeps): Settling {
  const before = deps.kept.read()
  let view: TerritoryView = { state: 'arriving', done: 0, total: 0 }
  if (before) view = { state: 'present', done: before.count, total: before.count }

  async function settle(signal: AbortSignal) {
    const steps = stepsOfArrival()
    const total = steps.length
    for (const [index, step] of steps.entries()) {
      view = { state: 'arriving', done: index, total }
      if (signal.aborted) return
      await take(deps, step, signal)
    }
    deps.kept.write({ settledAt: deps.now(), count: total, protocols: steps.filter(isProtocol).map(idOf) })
    view = { state: 'present', done: total, total }
    deps.log.info({ count: total }, 'the territory of the demonstration is there')
  }

  async function complete(kept: Kept, signal: AbortSignal) {
    const all = stepsOfArrival().filter(isProtocol)
    const missing = all.filter(({ protocolId }) => !kept.protocols?.includes(protocolId))
    for (const step of missing) await take(deps, step, signal)
    if (missing.length > 0) deps.kept.write({ ...kept, protocols: all.map(idOf) })
  }

  return {
    view: () => view,
    async run(signal) {
      if (before) {
        await complete(before, signal).catch((error: unknown) => {
          if (!signal.aborted) deps.log.error({ error }, 'a protocol is missing; the next start goes on')
        })
        return
      }
      if (view.state === 'present') return
      await settle(signal).catch((error: unknown) => {
        if (signal.aborted) return
        view = { ...view, state: 'failed' }
        deps.log.error({ error }, 'the territory of the demonstration is incomplete; the next start goes on')
      })
    },
  }
}

type ProtocolStep = Extract<Step, { kind: 'protocol' }>
const isProtocol = (step: Step): step is ProtocolStep => step.kind === 'protocol'
const idOf = ({ protocolId }: ProtocolStep) => protocolId

/** A step was answered in a way that no later attempt can change. */
class StepRefused extends Error {
  readonly code = 'stepRefused'
}

async function take(deps: SettlingDeps, step: Step, signal: AbortSignal): Promise<void> {
  switch (step.kind) {
    case 'request':
      await insist(() => answerTo(deps, step.request), signal)
      return
    case 'message':
      await insist(async () => ((await deps.send(step.bytes)) === 'AA' ? true : undefined), signal)
      return
    case 'protocol':
      await insist(() => published(deps, step), signal)
      return
    case 'ofPatient': {
      const { body } = await insist(() => answerTo(deps, lookUp(step.ipp)), signal)
      const { patientId } = z.object({ patientId: z.string() }).parse(body)
      for (const request of step.requests(patientId)) await insist(() => answerTo(deps, request), signal)
    }
  }
}

/** Unless there is one, in force or retired. */
async function published(deps: SettlingDeps, { protocolId, definition }: ProtocolStep) {
  const path = `/protocols/${protocolId}`
  const known = await deps.ask({ as: coordination, method: 'GET', path })
  if (known.status < 400) return known
  return answerTo(deps, { as: coordination, method: 'PUT', path: `${path}/versions/1`, body: { definition } })
}

/** `undefined` for what may be answered otherwise a moment later: a patient comes to be known after the message. */
async function answerTo({ ask }: SettlingDeps, request: Request) {
  const answer = await ask(request)
  if (answer.status < 400) return answer
  if (answer.status >= 500 || answer.status === 404) return undefined
  throw new StepRefused(`${request.method} of the territory was answered ${answer.status}`)
}

async function insist<Answer>(attempt: () => Promise<Answer | undefined>, signal: AbortSignal): Promise<Answer> {
  for (let tried = 1; tried <= ATTEMPTS; tried += 1) {
    const answer = await attempt()
    if (answer !== undefined) return answer
    await pause(RETRY_MILLISECONDS * tried, undefined, { signal })
  }
  throw new StepRefused('A step of the territory was not answered')
}
