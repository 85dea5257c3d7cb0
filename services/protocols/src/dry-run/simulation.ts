import type { DryRunReport } from '@relais/contracts/protocol-routes'
import { type RunEvent, runEvents } from '@relais/contracts/protocol-runs'
import type { Instant } from '@relais/contracts/primitives'
import type { ProtocolDefinition, ProtocolId } from '@relais/contracts/protocols'
import type { Decoded } from '@relais/event-store/codec'
import type { JsonObject } from '@relais/event-store/port'
import { derivedUuid } from '@relais/events/derived-uuid'
import type { RowOperation } from '@relais/projections/projection'
import type { Version } from '../domain/applicable.ts'
import { type RunCommand, run } from '../domain/run.ts'
import type { RunState } from '../domain/run-state.ts'
import { isRunEvent, rowsOf, type RunViewTables } from '../projections/protocol-runs.ts'
import type { RunViewEvent } from '../projections/run-view-event.ts'
import { runRows } from '../projections/run-tables.ts'
import { fireDeadlines } from '../reactions/fire-deadlines.ts'
import { followStays } from '../reactions/follow-stays.ts'
import { dueInOrder } from './due-in-order.ts'
import { past, type PastDeps } from './past.ts'
import { actOf } from './persons-acts.ts'
import { reportOf, tally } from './tally.ts'

export type Trial = { protocolId: ProtocolId; definition: ProtocolDefinition; from: Instant; to: Instant }

/** As if the definition had been published when the period began: what was in force before is, for moments before. */
export function versionsFor({ protocolId, definition, from }: Trial, published: readonly Version[]): Version[] {
  const before = published.map((version): Version => {
    const { until = from } = version
    return { ...version, until: until < from ? until : from }
  })
  const version = (published.at(-1)?.version ?? 0) + 1
  return [...before, { protocolId, version, definition, effectiveFrom: from }]
}

/** The reaction, the run and the deadlines that serve, at work on the past: runs under way go on from where they were. */
export async function simulationOf(deps: PastDeps, { protocolId, from, to }: Trial) {
  const { store, codecs, db, after } = deps
  const facts = await past(deps)
  const [would, did, due] = [tally(), tally(), dueInOrder()]
  const states = new Map<string, RunState>()
  let now = from
  const loadRun = (runId: string) => Promise.resolve(states.get(runId) ?? run.initialState)

  async function handleRun(runId: string, command: RunCommand) {
    const decision = run.decide(command, await loadRun(runId))
    if (!decision.accepted) return decision
    for (const event of decision.events) {
      would.add(event)
      keep(event)
    }
    return { ...decision, position: undefined }
  }
  function keep(event: RunEvent): void {
    const { runId } = event.data
    states.set(runId, run.evolve(states.get(runId) ?? run.initialState, event))
    const operations = runRows(event)
    facts.apply(operations)
    for (const operation of operations)
      if (isDeadline(operation)) due.put({ deadlineId: operation.row.deadline_id, dueAt: operation.row.due_at })
  }

  const clock = { now: () => now }
  const react = followStays({ source: facts, handleRun, derivedId: derivedUuid, ...clock })
  const fire = fireDeadlines({ source: facts, loadRun, handleRun, ...clock })
  const act = actOf({ source: facts, loadRun, handleRun })

  async function moveClock(until: Instant): Promise<void> {
    for (let next = due.take(until); next !== undefined; next = due.take(until)) {
      const { deadlineId, dueAt } = next
      const row = facts.deadline(deadlineId)
      if (row?.due_at !== dueAt) continue
      now = dueAt > now ? dueAt : now
      const { kind, subject, detail } = row
      // Only `setDeadline` writes it.
      await fire({ deadlineId, kind, subject, dueAt, detail: JSON.parse(detail) as JsonObject })
    }
    if (until > now) now = until
  }

  /** Whoever is met for the first time comes with the runs that he or she had when the period began. */
  async function meet(patientIds: readonly string[]): Promise<void> {
    const strangers = await facts.meet(patientIds)
    if (strangers.length === 0) return
    const known = db.selectFrom('run').select('run_id').where('patient_id', 'in', strangers)
    for (const { run_id } of await known.where('protocol_id', '=', protocolId).execute()) await recall(run_id)
  }
  async function recall(runId: string): Promise<void> {
    for await (const recorded of store.readStream(`${runEvents.category}-${runId}`)) {
      if (recorded.position > after) return
      const event = (await codecs.decode(recorded))?.event
      if (event && isRunEvent(event)) keep(event)
    }
  }

  /** What really happened under the versions in force, and what people did of it. */
  async function happened(event: RunEvent): Promise<void> {
    did.add(event)
    await act(event)
    if (event.type === 'StepDone') would.done(event.data.runId, event.data.stepId, event.data.doneAt)
    if (event.type === 'StepSkipped') would.done(event.data.runId, event.data.stepId, event.data.skippedAt)
  }

  async function learn(decoded: Decoded<RunViewEvent>): Promise<void> {
    const { event, metadata } = decoded
    const isBefore = metadata.recordedAt < from
    if (!isBefore) await moveClock(metadata.recordedAt)
    if (event && isRunEvent(event)) return isBefore ? keep(event) : happened(event)
    facts.apply(rowsOf(decoded))
    if (!isBefore) await react(decoded)
  }

  await meet(await patientsUnderWay(deps, { protocolId, from }))
  return {
    now: () => now,
    /** Whether the period is over. */
    async take(events: readonly Decoded<RunViewEvent>[]): Promise<boolean> {
      const inPeriod = events.filter(({ metadata }) => metadata.recordedAt <= to)
      await meet(inPeriod.flatMap(patientsIn))
      for (const decoded of inPeriod) await learn(decoded)
      return inPeriod.length < events.length
    },
    async report(events: number): Promise<DryRunReport> {
      await moveClock(to)
      return reportOf(would, did, events)
    },
  }
}

/** Whose runs of the protocol were not over when the period began. */
async function patientsUnderWay({ db }: PastDeps, { protocolId, from }: Pick<Trial, 'protocolId' | 'from'>) {
  const rows = await db
    .selectFrom('run')
    .leftJoin('run_ended', 'run_ended.run_id', 'run.run_id')
    .select('run.patient_id')
    .distinct()
    .where('run.protocol_id', '=', protocolId)
    .where(({ or, eb }) => or([eb('run_ended.ended_at', 'is', null), eb('run_ended.ended_at', '>=', from)]))
    .execute()
  return rows.map(({ patient_id }) => patient_id)
}

type DeadlineSet = { op: 'upsert'; table: 'deadline'; row: RunViewTables['deadline'] }

function isDeadline(operation: RowOperation): operation is DeadlineSet {
  return operation.op === 'upsert' && operation.table === 'deadline'
}

function patientsIn({ routing }: Decoded<RunViewEvent>): string[] {
  return [routing['patientId'], routing['otherId']].filter((id) => id !== undefined)
}
