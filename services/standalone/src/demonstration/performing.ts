import { setTimeout as pause } from 'node:timers/promises'
import { listPatientRuns } from '@relais/contracts/run-routes'
import { derivedUuid } from '@relais/events/derived-uuid'
import type { Logger } from '@relais/telemetry/logger'
import { z } from 'zod'
import type { Act } from './day/acts.ts'
import { lookUp, type Request } from './territory/arrival.ts'
import type { Ask } from './territory/settle.ts'

/** Does what somebody does on the day that is played. Never rejects: a day goes on without what was refused. */
export type Perform = (act: Act, signal: AbortSignal) => Promise<void>

const ATTEMPTS = 5
const RETRY_MILLISECONDS = 100

const Known = z.object({ patientId: z.string() })
const Runs = listPatientRuns.responses[200].content['application/json'].schema

/** Performs acts through the public routes, as those people. Done again after a restart, they change nothing. */
export function performing({ ask, log }: { ask: Ask; log: Logger }): Perform {
  /** What was written a moment ago may not be shown yet: 404 and 5xx are asked again. */
  async function insist(request: Request, signal: AbortSignal): Promise<{ status: number; body: unknown }> {
    for (let tried = 1; ; tried += 1) {
      const answer = await ask(request)
      const isFinal = answer.status < 500 && answer.status !== 404
      if (isFinal || tried === ATTEMPTS) return answer
      await pause(RETRY_MILLISECONDS * tried, undefined, { signal })
    }
  }

  async function said(request: Request, signal: AbortSignal): Promise<void> {
    const { status } = await insist(request, signal)
    // Somebody at the keyboard may have acted first.
    if (status >= 400) log.info({ status, method: request.method }, 'an act of the day was refused')
  }

  async function patientOf(ipp: string, signal: AbortSignal): Promise<string | undefined> {
    return Known.safeParse((await insist(lookUp(ipp), signal)).body).data?.patientId
  }

  async function doSteps({ ipp, as, names }: Extract<Act, { kind: 'steps' }>, signal: AbortSignal): Promise<void> {
    const patientId = await patientOf(ipp, signal)
    if (patientId === undefined) return
    const { body } = await ask({ as, method: 'GET', path: `/patients/${patientId}/runs` })
    const runs = Runs.safeParse(body).data?.runs ?? []
    for (const { runId, steps } of runs)
      for (const { stepId, status, owner = '' } of steps) {
        if (status !== 'open' || !names.includes(owner)) continue
        const path = `/runs/${runId}/steps/${stepId}/done`
        const requestId = derivedUuid('demonstration', 'step', runId, stepId)
        await said({ as, method: 'POST', path, body: { requestId } }, signal)
      }
  }

  return async function perform(act, signal) {
    try {
      if (act.kind === 'asked') return await said(act.request, signal)
      if (act.kind === 'steps') return await doSteps(act, signal)
      const patientId = await patientOf(act.ipp, signal)
      if (patientId !== undefined) await said(act.request(patientId), signal)
    } catch (error) {
      if (!signal.aborted) log.warn({ error }, 'an act of the day failed')
    }
  }
}
