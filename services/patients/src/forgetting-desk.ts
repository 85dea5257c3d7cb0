import { isForgotten } from '@relais/access/links'
import { type ForgettingEvent, ForgettingId } from '@relais/contracts/forgetting'
import { PatientId, type ProfessionalId } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import type { CommandContext, CommandResult } from '@relais/event-store/command-handler'
import type { Vault } from '@relais/vault/vault'
import type { ForgetPerson, ForgettingRejection } from './domain/forgetting.ts'
import type { LinkView } from './link-view.ts'
import type { PatientsTables } from './projections/patient-records.ts'

export type ForgettingDeskDeps = {
  database: Database<PatientsTables>
  vault: Pick<Vault, 'forget' | 'openingKey'>
  view: LinkView
  handleForgetting: (
    id: string,
    command: ForgetPerson,
    context: CommandContext,
  ) => Promise<CommandResult<ForgettingEvent, ForgettingRejection>>
  derivedId: (...parts: string[]) => string
  now: () => string
}
export type ForgettingDesk = ReturnType<typeof forgettingDesk>

type Asked = { patientId: PatientId; motive: string; by: ProfessionalId }
type Rejection = ForgettingRejection | { code: 'patientUnknown' }
type Handled = { accepted: true; position: number | undefined } | { accepted: false; rejection: Rejection }

/**
 * Where a person is forgotten, under all ids that links lead to at that moment. The decision is on record before anything
 * is destroyed: what a crash leaves undone, `forget-1` does.
 */
export function forgettingDesk({ database, vault, view, handleForgetting, derivedId, now }: ForgettingDeskDeps) {
  return {
    async forget({ patientId, motive, by }: Asked, context: CommandContext): Promise<Handled> {
      const { canonicalId, ids } = await view.person(patientId)
      const left: PatientId[] = []
      for (const id of ids) if (!(await isForgotten(vault, id))) left.push(PatientId.parse(id))
      if (left.length === 0) return { accepted: true, position: undefined }
      // MUST be asked of the view, because residents and stays have keys of their own in the vault.
      if (!(await isKnown(database, ids))) return { accepted: false, rejection: { code: 'patientUnknown' } }
      const forgettingId = ForgettingId.parse(derivedId('forgetting', canonicalId))
      const known = { patientIds: left, isDoubted: await view.isDoubted(ids) }
      const command = { type: 'ForgetPerson', forgettingId, ...known, motive, by, at: now() } as const
      const result = await handleForgetting(forgettingId, command, context)
      if (!result.accepted) return result
      for (const id of left) await vault.forget(id)
      return result
    },
  }
}

async function isKnown({ db }: Database<PatientsTables>, ids: readonly string[]): Promise<boolean> {
  const tables = ['patient_identity', 'stay_owner', 'circle_member', 'patient_link'] as const
  for (const table of tables) {
    const row = await db.selectFrom(table).select('patient_id').where('patient_id', 'in', ids).executeTakeFirst()
    if (row) return true
  }
  return false
}
