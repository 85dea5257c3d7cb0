import { ReportedIdentity } from '@relais/contracts/patients'
import type { Database } from '@relais/database/database'
import type { Vault } from '@relais/vault/vault'
import type { PatientsTables } from './projections/patient-records.ts'

export type KnownIdentitiesDeps = { database: Database<PatientsTables>; vault: Pick<Vault, 'get'> }
export type KnownIdentity = { patientId: string; identity: ReportedIdentity }

/** Who these patients are said to be, what was said last first; nothing of who was forgotten. */
export async function identitiesOf(
  { database, vault }: KnownIdentitiesDeps,
  ids: readonly string[],
): Promise<KnownIdentity[]> {
  if (ids.length === 0) return []
  const rows = await database.db
    .selectFrom('patient_identity')
    .select(['patient_id', 'document_id'])
    .where('patient_id', 'in', ids)
    .orderBy('reported_at', 'desc')
    .orderBy('patient_id')
    .execute()
  const known: KnownIdentity[] = []
  for (const { patient_id, document_id } of rows) {
    const document = await vault.get(document_id)
    if (document === undefined || document === 'forgotten') continue
    const identity = ReportedIdentity.parse(JSON.parse(new TextDecoder().decode(document.bytes)))
    known.push({ patientId: patient_id, identity })
  }
  return known
}
