import { queuesOf } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import type { ProtocolId } from '@relais/contracts/protocols'
import type { RunView } from '@relais/contracts/run-routes'
import { type Kysely, sql } from 'kysely'
import type { RunViewTables } from './protocol-runs.ts'

type Asked = { protocolId: ProtocolId; status: RunView['status']; keys: readonly string[]; limit: number }
export type CoordinatedRun = { runId: string; triggerAt: string }

/** A page of the runs of a protocol which this actor coordinates: whoever only has a step of one finds it elsewhere. */
export async function coordinatedRuns(
  db: Kysely<RunViewTables>,
  actor: Actor,
  { protocolId, status, keys, limit }: Asked,
): Promise<CoordinatedRun[]> {
  const base = db
    .selectFrom('run')
    .leftJoin('run_ended as ended', 'ended.run_id', 'run.run_id')
    .where('run.protocol_id', '=', protocolId)
    .where('run.coordinator', 'in', queuesOf(actor))
    .where('ended.run_id', status === 'ended' ? 'is not' : 'is', null)
  const [triggerAt, runId] = keys
  const before = sql<boolean>`(run.trigger_at, run.run_id) < (${triggerAt}, ${runId})`
  const rows = await (runId === undefined ? base : base.where(before))
    .select(['run.run_id', 'run.trigger_at'])
    .orderBy('run.trigger_at', 'desc')
    .orderBy('run.run_id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ runId: row.run_id, triggerAt: row.trigger_at }))
}
