import { completeStep, listStepNotes, skipStep } from '@relais/contracts/run-routes'
import type { DocumentRef } from '@relais/contracts/primitives'
import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { RunId, StepId } from '@relais/contracts/work'
import type { Actor } from '@relais/contracts/actor'
import { derivedUuid } from '@relais/events/derived-uuid'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import { DocumentIdReused } from '@relais/vault/documents'
import type { Vault } from '@relais/vault/vault'
import { isSettled, type StartedRun, stepOf } from '../domain/run-state.ts'
import { holdersOfRun } from '../reactions/planned-again.ts'
import { recipientIn, seenRun } from './run-access.ts'
import { runProblems, type RunRoutesDeps } from './run-routes.ts'

export type StepRoutesDeps = RunRoutesDeps & {
  vault: Pick<Vault, 'put' | 'get'>
  /** What was said of the steps of a run, as it was recorded. */
  loadFacts: (runId: RunId) => Promise<readonly RunEvent[]>
}

type Named = { runId: RunId; stepId: StepId }

const TEXT = 'text/plain; charset=utf-8'

/** What people say of their steps. Two of them may say it at once: it is on record once. */
export function stepRoutes({ epoch, reaches, handleRun, source, vault, loadFacts, ...deps }: StepRoutesDeps) {
  const { now } = deps
  const app = httpApp(deps)
  for (const act of ['done', 'skip']) app.use(`/runs/:runId/steps/:stepId/${act}`, requireScope('run:write'))
  app.use('/runs/:runId/steps/:stepId/notes', requireScope('run:read'))

  app.openapi(completeStep, async (c) => {
    const { runId, stepId } = c.req.valid('param')
    const { requestId, note } = c.req.valid('json')
    const actor = c.get('actor')
    const acting = await actingOn(actor, { runId, stepId })
    if ('refusal' in acting) return problem(c, runProblems[acting.refusal])
    const written = await keep(acting.state, { stepId, requestId, text: note })
    if (written === 'reused') return problem(c, runProblems.requestIdReused)
    const { recipient, holders } = acting
    const said = { stepId, by: actor.id, for: recipient, holders, at: now() }
    const result = await handleRun(runId, { type: 'CompleteStep', note: written, ...said }, commandContext(c))
    return answerCommand(c, epoch, { result, problems: runProblems })
  })
  app.openapi(skipStep, async (c) => {
    const { runId, stepId } = c.req.valid('param')
    const { requestId, reason, comment } = c.req.valid('json')
    const actor = c.get('actor')
    const acting = await actingOn(actor, { runId, stepId }, { coordinators: true })
    if ('refusal' in acting) return problem(c, runProblems[acting.refusal])
    const written = await keep(acting.state, { stepId, requestId, text: comment })
    if (written === 'reused') return problem(c, runProblems.requestIdReused)
    const { recipient, holders } = acting
    const said = { stepId, by: actor.id, for: recipient, holders, at: now() }
    const result = await handleRun(runId, { type: 'SkipStep', reason, comment: written, ...said }, commandContext(c))
    return answerCommand(c, epoch, { result, problems: runProblems })
  })
  app.openapi(listStepNotes, async (c) => {
    const { runId, stepId } = c.req.valid('param')
    await waitForPosition(c, epoch, reaches)
    const seen = await seenRun(deps, c.get('actor'), runId)
    if (!seen || seen.as === 'coordination') return problem(c, runProblems.runUnknown)
    const notes = []
    for (const { by, at, document } of notesOn(await loadFacts(runId), stepId)) {
      const kept = await vault.get(document.documentId)
      if (kept !== undefined && kept !== 'forgotten') notes.push({ by, at, text: Buffer.from(kept.bytes).toString() })
    }
    return c.json({ notes }, 200)
  })
  return app

  /** Whoever takes part in the care, or was asked; who coordinates may also say why a step of somebody else is not done. */
  async function actingOn(actor: Actor, { runId, stepId }: Named, { coordinators = false } = {}) {
    const seen = await seenRun(deps, actor, runId)
    if (!seen) return { refusal: 'runUnknown' as const }
    const recipient = recipientIn(seen.state, stepId, actor)
    const isTheirs = seen.as === 'care' || recipient !== undefined || (coordinators && seen.coordinates)
    const step = stepOf(seen.state, stepId)
    // Of a step that somebody has just done, who had it is told so, not that it was never theirs.
    if (!isTheirs && !(step && isSettled(step))) return { refusal: 'notYoursToDo' as const }
    return { state: seen.state, recipient, holders: await holdersOfRun(source, seen.state) }
  }

  type Written = { stepId: StepId; requestId: string; text: string | undefined }

  async function keep(
    state: StartedRun,
    { stepId, requestId, text }: Written,
  ): Promise<DocumentRef | 'reused' | undefined> {
    const step = stepOf(state, stepId)
    // What is settled already is on record without it.
    if (text === undefined || !step || isSettled(step)) return undefined
    const { runId, patientId: owner } = state.subject
    const documentId = derivedUuid('note', runId, stepId, requestId)
    try {
      return (await vault.put({ owner, mediaType: TEXT, bytes: Buffer.from(text), documentId })).ref
    } catch (error) {
      if (error instanceof DocumentIdReused) return 'reused'
      throw error
    }
  }
}

function notesOn(facts: readonly RunEvent[], stepId: StepId) {
  return facts.flatMap((fact) => {
    if (fact.type === 'StepDone' && fact.data.stepId === stepId && fact.data.note)
      return [{ by: fact.data.by, at: fact.data.doneAt, document: fact.data.note }]
    if (fact.type === 'StepSkipped' && fact.data.stepId === stepId && fact.data.comment)
      return [{ by: fact.data.by, at: fact.data.skippedAt, document: fact.data.comment }]
    return []
  })
}
