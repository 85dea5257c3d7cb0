import type { Actor } from '@relais/contracts/actor'
import { AskedOfLink, LinkDoubt, LinkId, type ReportedIdentity } from '@relais/contracts/patients'
import { MessageId, PatientId } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { identitiesOf } from '../known-identities.ts'
import type { PatientsTables } from '../projections/patient-records.ts'
import { namedPerson, type PatientAccessDeps } from './patient-access.ts'

type Page = { after?: MessageId | undefined; limit: number }

/** A page of what messages said of two patients that waits for this actor to decide, with who each of the two is. */
export async function doubtsFor(deps: PatientAccessDeps, actor: Actor, page: Page) {
  const doubts = await selectDoubts(deps.database, page, actor)
  return Promise.all(
    doubts.map(async (doubt) => {
      const [patient, other] = await Promise.all([
        ownIdentity(deps, actor, doubt.patientId),
        ownIdentity(deps, actor, doubt.otherId),
      ])
      return { ...doubt, ...(patient && { patient }), ...(other && { other }) }
    }),
  )
}

/** That of this very id: the two to compare may stand for one person by now. */
async function ownIdentity(
  deps: PatientAccessDeps,
  actor: Actor,
  patientId: PatientId,
): Promise<ReportedIdentity | undefined> {
  if (!(await namedPerson(deps, actor, patientId))) return undefined
  const [known] = await identitiesOf(deps, [patientId])
  return known?.identity
}

async function selectDoubts({ db }: Database<PatientsTables>, { after, limit }: Page, actor: Actor) {
  const { role, organisation } = actor
  if (role !== 'operateur' && (role !== 'admissions' || organisation === undefined)) return []
  let query = db.selectFrom('link_doubt').selectAll().orderBy('doubted_at').orderBy('message_id').limit(limit)
  if (role !== 'operateur') query = query.where('authority', '=', organisation ?? '')
  if (after) {
    const from = db.selectFrom('link_doubt').select('doubted_at').where('message_id', '=', after)
    query = query.where(({ eb, or, and }) =>
      or([eb('doubted_at', '>', from), and([eb('doubted_at', '=', from), eb('message_id', '>', after)])]),
    )
  }
  const rows = await query.execute()
  return rows.map((row) => ({
    linkId: LinkId.parse(row.link_id),
    messageId: MessageId.parse(row.message_id),
    patientId: PatientId.parse(row.patient_id),
    otherId: PatientId.parse(row.other_id),
    asked: AskedOfLink.parse(row.asked),
    doubt: LinkDoubt.parse(row.doubt),
    authority: row.authority,
    reportedAt: row.reported_at,
    doubtedAt: row.doubted_at,
  }))
}
