import type { Database } from '@relais/database/database'
import type { VaultTables } from './migrations.ts'

/** Gives the number of a stay to another owner, in one transaction with the question whether that one is forgotten. */
export function stayGiver({ db, kind }: Database<VaultTables>) {
  return async (stayId: string, { from, to }: { from: readonly string[]; to: string }): Promise<void> => {
    if (from.length === 0) return
    await db.transaction().execute(async (transaction) => {
      const key = transaction.selectFrom('data_key').select('owner').where('owner', '=', to)
      const lasting = key.where('wrapped', 'is not', null)
      // Whoever forgets this owner waits until the number is there to be taken along.
      const isLasting = await (kind === 'postgres' ? lasting.forShare() : lasting).executeTakeFirst()
      if (isLasting)
        await transaction
          .updateTable('alias')
          .set({ owner: to })
          .where('owner', 'in', from)
          .where('kind', '=', 'stay')
          .where('id', '=', stayId)
          .execute()
      else
        await transaction
          .deleteFrom('alias')
          .where('owner', 'in', from)
          .where('kind', '=', 'stay')
          .where('id', '=', stayId)
          .execute()
    })
  }
}
