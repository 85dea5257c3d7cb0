import { queuesOf } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import { LateStep } from '@relais/contracts/run-routes'
import type { Keyring } from '@relais/events/sealing'
import { type Kysely, sql } from 'kysely'
import type { RunViewTables } from './protocol-runs.ts'

type Page = { keys: readonly string[]; limit: number }
type Deps = { db: Kysely<RunViewTables>; keyring: Pick<Keyring, 'openingKey'> }

/** A page of the steps that are late: an actor's own, and those of the protocols that he or she coordinates. */
export async function lateSteps({ db, keyring }: Deps, actor: Actor, { keys, limit }: Page): Promise<LateStep[]> {
  const recipients = queuesOf(actor)
  const base = db
    .selectFrom('step_late as late')
    .innerJoin('run', 'run.run_id', 'late.run_id')
    .innerJoin('step_owner as owner', (join) =>
      join.onRef('owner.run_id', '=', 'late.run_id').onRef('owner.step_id', '=', 'late.step_id'),
    )
    .where(({ or, eb, exists }) =>
      or([
        eb('run.coordinator', 'in', recipients),
        exists(
          db
            .selectFrom('step_item as item')
            .select('item.recipient')
            .where('item.run_id', '=', sql<string>`late.run_id`)
            .where('item.step_id', '=', sql<string>`late.step_id`)
            .where('item.recipient', 'in', recipients),
        ),
      ]),
    )
  const [dueAt, runId, stepId] = keys
  const beyond = sql<boolean>`(late.due_at, late.run_id, late.step_id) > (${dueAt}, ${runId}, ${stepId})`
  const rows = await (stepId === undefined ? base : base.where(beyond))
    .selectAll('late')
    .select(['run.patient_id', 'run.protocol_id', 'run.version', 'run.title', 'owner.owner'])
    .orderBy('late.due_at')
    .orderBy('late.run_id')
    .orderBy('late.step_id')
    .limit(limit)
    .execute()
  const steps: LateStep[] = []
  // The rows of a forgotten patient stay in the view until it is built again.
  for (const row of rows)
    if (await keyring.openingKey(row.patient_id))
      steps.push(
        LateStep.parse({
          runId: row.run_id,
          stepId: row.step_id,
          protocolId: row.protocol_id,
          version: row.version,
          protocol: row.title,
          owner: row.owner,
          dueAt: row.due_at,
        }),
      )
  return steps
}
