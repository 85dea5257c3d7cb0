import { type AccessQuestion, decideAccess, decideStayAccess, decisionInstant } from '@relais/access/decide'
import { loadFactsOf } from '@relais/access/facts'
import { rememberedPersonOf } from '@relais/access/links'
import type { Actor } from '@relais/contracts/actor'
import { PatientId } from '@relais/contracts/primitives'
import type { Keyring } from '@relais/events/sealing'
import type { HttpAppDeps } from '@relais/http/app'
import type { Kysely } from 'kysely'
import { readExchanges } from '../projections/exchanges.ts'
import { type PathwayTables, readPathway } from '../projections/pathway.ts'

export type PersonAccessDeps = Pick<HttpAppDeps, 'log'> & {
  db: Kysely<PathwayTables>
  keyring: Keyring
  now: () => string
}
type Asked = { actor: Actor; patientId: PatientId; kind: 'pathway' | 'explanation' }

/** All that this actor may see of a person, whichever id is asked for; `undefined` where that is nothing. Logged each time. */
export async function seenPathway({ db, keyring, now, log }: PersonAccessDeps, { actor, patientId, kind }: Asked) {
  // The rows of a forgotten patient stay in the view until it is built again.
  const person = await rememberedPersonOf({ db, keyring }, patientId)
  const facts = await loadFactsOf(db, person?.ids ?? [patientId])
  const question: AccessQuestion = { actor, facts, purpose: 'care', at: decisionInstant(facts, now()) }
  const decision = decideAccess(question)
  const outcome = decision.granted ? decision.ground : decision.reason
  log.info({ actorId: actor.id, patientId, kind, outcome }, 'access decided')
  if (!decision.granted || !person) return undefined
  const { ids } = person
  const known = await readPathway(db, ids)
  const maySee = ({ stayId }: { stayId?: string | undefined }) => decideStayAccess(question, stayId).granted
  return {
    patientId: PatientId.parse(person.canonicalId),
    ids,
    entries: known.entries.filter(maySee),
    stays: known.stays.filter(maySee),
    exchanges: (await readExchanges(db, { ids, owners: known.owners })).filter(maySee),
  }
}
export type SeenPathway = NonNullable<Awaited<ReturnType<typeof seenPathway>>>
