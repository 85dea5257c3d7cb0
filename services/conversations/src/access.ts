import { type AccessFacts, type AccessQuestion, decideAccess, decisionInstant } from '@relais/access/decide'
import { loadFactsOf } from '@relais/access/facts'
import { rememberedPersonOf } from '@relais/access/links'
import { givesCare, mayAnswerFor } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import type { ThreadId, ThreadKind } from '@relais/contracts/conversations'
import type { Instant, PatientId } from '@relais/contracts/primitives'
import type { Keyring } from '@relais/events/sealing'
import type { Logger } from '@relais/telemetry/logger'
import type { Kysely } from 'kysely'
import type { ConversationTables } from './projections/tables.ts'

export type AccessDeps = {
  db: Kysely<ConversationTables>
  keyring: Pick<Keyring, 'openingKey'>
  now: () => Instant
  log: Logger
}
export type AskedThread = {
  threadId: ThreadId
  kind: ThreadKind
  patientId?: PatientId | undefined
  members: readonly string[]
}

export type ThreadAccess = ReturnType<typeof threadAccess>

/** Who may read a thread and write in it: the question is asked, and its answer recorded, each time. */
export function threadAccess({ db, keyring, now, log }: AccessDeps) {
  /** Of the person whom a patient is; `undefined` for who was forgotten, or never known. */
  async function factsOf(patientId: PatientId): Promise<{ ids: readonly string[]; facts: AccessFacts } | undefined> {
    const person = await rememberedPersonOf({ db, keyring }, patientId)
    return person && { ids: person.ids, facts: await loadFactsOf(db, person.ids) }
  }

  function questionOf(actor: Actor, facts: AccessFacts): AccessQuestion {
    return { actor, facts, purpose: 'care', at: decisionInstant(facts, now()) }
  }

  async function ofPatient(actor: Actor, patientId: PatientId): Promise<string | undefined> {
    if (!givesCare(actor)) return undefined
    const known = await factsOf(patientId)
    if (known === undefined) return undefined
    const decision = decideAccess(questionOf(actor, known.facts))
    return decision.granted ? decision.ground : undefined
  }

  async function groundOf(actor: Actor, { kind, patientId, members }: AskedThread): Promise<string | undefined> {
    if (kind === 'patient') return patientId && ofPatient(actor, patientId)
    if (kind === 'territory') return 'territory'
    if (patientId !== undefined && !givesCare(actor)) return undefined
    return members.some((member) => mayAnswerFor(actor, member)) ? 'threadMember' : undefined
  }

  return {
    factsOf,
    questionOf,
    async mayTakePart(actor: Actor, thread: AskedThread): Promise<boolean> {
      const ground = await groundOf(actor, thread)
      const { patientId, threadId } = thread
      const about = {
        actorId: actor.id,
        channel: `thread/${threadId}`,
        ...(patientId === undefined ? {} : { patientId }),
      }
      log.info({ ...about, kind: 'thread', outcome: ground ?? 'noRelation' }, 'access decided')
      return ground !== undefined
    },
    async maySeePatient(actor: Actor, patientId: PatientId): Promise<boolean> {
      const ground = await ofPatient(actor, patientId)
      log.info({ actorId: actor.id, patientId, kind: 'thread', outcome: ground ?? 'noRelation' }, 'access decided')
      return ground !== undefined
    },
  }
}
