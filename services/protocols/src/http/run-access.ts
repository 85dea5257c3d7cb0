import { decideStayAccess, decisionInstant } from '@relais/access/decide'
import { loadFactsOf } from '@relais/access/facts'
import { rememberedPersonOf } from '@relais/access/links'
import { mayAnswerFor, maySortFor } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import type { Recipient } from '@relais/contracts/primitives'
import type { RunId, StepId } from '@relais/contracts/work'
import type { Keyring } from '@relais/events/sealing'
import type { HttpAppDeps } from '@relais/http/app'
import type { Kysely } from 'kysely'
import { isOpen, type OpenStep, type RunState, type StartedRun, stepOf } from '../domain/run-state.ts'
import type { RunViewTables } from '../projections/protocol-runs.ts'

export type RunAccessDeps = Pick<HttpAppDeps, 'log'> & {
  db: Kysely<RunViewTables>
  keyring: Keyring
  loadRun: (runId: RunId) => Promise<RunState>
  now: () => string
}

/**
 * As what somebody sees a run: `care` takes part in the care of the patient, `step` has an open step of it, `coordination`
 * answers for the protocol, and learns who the patient is only where a step is left to it.
 */
export type Standing = 'care' | 'step' | 'coordination'
export type SeenRun = { state: StartedRun; as: Standing; coordinates: boolean; namesPatient: boolean }

/** The run as this actor may see it; `undefined` for one that is unknown, forgotten, or not the actor's to see. */
export async function seenRun(deps: RunAccessDeps, actor: Actor, runId: RunId): Promise<SeenRun | undefined> {
  const state = await deps.loadRun(runId)
  if (state.status === 'notStarted') return undefined
  const { patientId, stayId } = state.subject
  const coordinates = maySortFor(actor, state.plan.coordinator)
  const isAsked = state.steps.some(({ planned }) => recipientIn(state, planned.stepId, actor) !== undefined)
  const as = (await careOf(deps, actor, { patientId, stayId })) ?? (isPartOf(state, actor) ? 'step' : undefined)
  const standing = as ?? (coordinates ? 'coordination' : undefined)
  deps.log.info({ actorId: actor.id, patientId, kind: 'run', outcome: standing ?? 'noRelation' }, 'access decided')
  return standing && { state, as: standing, coordinates, namesPatient: as !== undefined || isAsked }
}

type OfStay = { patientId: string; stayId: string }

async function careOf({ db, keyring, now }: RunAccessDeps, actor: Actor, { patientId, stayId }: OfStay) {
  const person = await rememberedPersonOf({ db, keyring }, patientId)
  const facts = await loadFactsOf(db, person?.ids ?? [patientId])
  const question = { actor, facts, purpose: 'care', at: decisionInstant(facts, now()) } as const
  return decideStayAccess(question, stayId).granted ? ('care' as const) : undefined
}

function isPartOf({ steps }: StartedRun, actor: Actor): boolean {
  return steps.some((step) => isOpen(step) && askedOf(step).some((each) => mayAnswerFor(actor, each)))
}

/** Whose item an actor answers by doing a step: the actor's own, or that of a queue where he or she works. */
export function recipientIn(run: Pick<StartedRun, 'steps'>, stepId: StepId, actor: Actor): Recipient | undefined {
  const step = stepOf(run, stepId)
  if (step === undefined || !isOpen(step)) return undefined
  const asked = askedOf(step).filter((each) => maySortFor(actor, each))
  return asked.find((each) => each === actor.id) ?? asked[0]
}

const askedOf = ({ owner, escalatedTo }: OpenStep) => [owner, ...escalatedTo.map((each) => each.owner)]
