import { type AccessFacts, decideAccess, decisionInstant, type Purpose } from '@relais/access/decide'
import { loadFactsOf } from '@relais/access/facts'
import { type Person, rememberedPersonOf } from '@relais/access/links'
import type { Actor } from '@relais/contracts/actor'
import type { PatientId } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import type { HttpAppDeps } from '@relais/http/app'
import type { ProblemKind } from '@relais/http/problems'
import type { Vault } from '@relais/vault/vault'
import { identitiesOf } from '../known-identities.ts'
import { askingsAbout } from '../projections/askings.ts'
import type { PatientsTables } from '../projections/patient-records.ts'

export type PatientAccessDeps = Pick<HttpAppDeps, 'log'> & {
  vault: Vault
  database: Database<PatientsTables>
  /** In a demonstration, whoever operates it may also declare relations. */
  operatorCoordinates: boolean
  now: () => string
}

export const patientUnknown = {
  code: 'patientUnknown',
  status: 404,
  title: 'No such patient here, or not yours to see',
} as const satisfies ProblemKind

type Question = { actor: Actor; patientId: PatientId; purpose: Purpose }

/**
 * The person whom a patient is, where the actor may see him or her; whichever id is asked for, the facts about all of them
 * count. `undefined` for whom the actor may not see, and for who was forgotten.
 */
async function seenPerson(deps: PatientAccessDeps, question: Question): Promise<Person | undefined> {
  const { person, isGranted } = await decided(deps, question)
  return isGranted ? person : undefined
}

/** The same for who only wants to know who that is; `pathway` says whether the rest is the actor's to see, too. */
export async function identifiedPerson(
  deps: PatientAccessDeps,
  { actor, patientId }: Omit<Question, 'purpose'>,
): Promise<{ person: Person; pathway: boolean } | undefined> {
  const { person, isGranted, opens } = await decided(deps, { actor, patientId, purpose: 'identity' })
  return isGranted && person ? { person, pathway: opens('care') } : undefined
}

async function decided(deps: PatientAccessDeps, { actor, patientId, purpose }: Question) {
  const { db } = deps.database
  const person = await rememberedPersonOf({ db, keyring: deps.vault }, patientId)
  const facts = await factsFor(purpose, deps, person?.ids ?? [patientId])
  const question = { actor, facts, at: decisionInstant(facts, deps.now()) }
  const decision = decideAccess({ ...question, purpose })
  const outcome = decision.granted ? decision.ground : decision.reason
  deps.log.info({ actorId: actor.id, patientId, kind: purpose, outcome }, 'access decided')
  const opens = (other: Purpose) => decideAccess({ ...question, purpose: other }).granted
  return { person, isGranted: decision.granted, opens }
}

/** What is asked of whom opens the identity and nothing else: it is looked for where that is the question. */
async function factsFor(
  purpose: Purpose,
  { database: { db } }: PatientAccessDeps,
  ids: readonly string[],
): Promise<AccessFacts> {
  if (purpose !== 'identity') return loadFactsOf(db, ids)
  const [facts, asked] = await Promise.all([loadFactsOf(db, ids), askingsAbout(db, ids)])
  return { ...facts, asked }
}

/** The same for those who tend circles and links. An operator of a demonstration may do so for anybody. */
export async function coordinatedPerson(
  deps: PatientAccessDeps,
  actor: Actor,
  patientId: PatientId,
): Promise<Person | undefined> {
  if (!deps.operatorCoordinates || actor.role !== 'operateur')
    return seenPerson(deps, { actor, patientId, purpose: 'coordination' })
  return rememberedPersonOf({ db: deps.database.db, keyring: deps.vault }, patientId)
}

/**
 * The same for those who say which patients are one person: also the admissions of an establishment, of those who have a
 * number of theirs, without any stay.
 */
export async function namedPerson(
  deps: PatientAccessDeps,
  actor: Actor,
  patientId: PatientId,
): Promise<Person | undefined> {
  const coordinated = await coordinatedPerson(deps, actor, patientId)
  if (coordinated || actor.role !== 'admissions') return coordinated
  const person = await rememberedPersonOf({ db: deps.database.db, keyring: deps.vault }, patientId)
  const identities = await identitiesOf(deps, person?.ids ?? [])
  const isTheirs = identities.some(({ identity }) => identity.ipp.authority === actor.organisation)
  const outcome = isTheirs ? 'ownNumber' : 'noRelation'
  deps.log.info({ actorId: actor.id, patientId, kind: 'coordination', outcome }, 'access decided')
  return isTheirs ? person : undefined
}

/** Whoever may erase a person, on whatever ground, may find him or her. */
export async function foundPerson(
  deps: PatientAccessDeps,
  actor: Actor,
  patientId: PatientId,
): Promise<Person | undefined> {
  if (!actor.scopes.includes('patient:forget')) return namedPerson(deps, actor, patientId)
  return rememberedPersonOf({ db: deps.database.db, keyring: deps.vault }, patientId)
}
