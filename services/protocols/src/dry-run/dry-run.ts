import { setImmediate } from 'node:timers/promises'
import type { DryRunReport } from '@relais/contracts/protocol-routes'
import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { Instant } from '@relais/contracts/primitives'
import type { ProtocolDefinition, ProtocolId } from '@relais/contracts/protocols'
import type { Decoded } from '@relais/event-store/codec'
import type { EventStore, JsonObject, RecordedEvent } from '@relais/event-store/port'
import type { CodecSet } from '@relais/events/codec'
import { derivedUuid } from '@relais/events/derived-uuid'
import type { RowOperation } from '@relais/projections/projection'
import type { Kysely } from 'kysely'
import { fireDeadlines } from '../reactions/fire-deadlines.ts'
import { type RunCommand, run } from '../domain/run.ts'
import type { RunState } from '../domain/run-state.ts'
import { hourOf, isRunEvent, rowsOf, type RunViewEvent, type RunViewTables } from '../projections/protocol-runs.ts'
import { runRows } from '../projections/run-tables.ts'
import type { FactSourceDeps } from '../reactions/fact-source.ts'
import { followStays } from '../reactions/follow-stays.ts'
import { holdersOfRun } from '../reactions/planned-again.ts'
import { dueByHour } from './due-by-hour.ts'
import { past } from './past.ts'
import { reportOf, tally } from './tally.ts'

export type DryRunDeps = Pick<FactSourceDeps, 'vault' | 'loadProtocols'> & {
  store: EventStore
  codecs: CodecSet<RunViewEvent>
  db: Kysely<RunViewTables>
}
export type Trial = { protocolId: ProtocolId; definition: ProtocolDefinition; from: Instant; to: Instant }
type Watching = { signal: AbortSignal; onProgress: (handled: number, at: Instant) => void }

/** What protocols look at; others are passed over without being opened. */
const CATEGORIES = ['stay', 'circle', 'link', 'patient', 'protocolRun']
const PASSED_OVER = new Set(['ParticipantsReported', 'IdentityReported', 'PatientTransferred', 'PatientDischarged'])
/** Others get a turn of the event loop after so many events. */
const EVENTS_PER_TURN = 50

/**
 * Goes through what was recorded in a period as if a definition had been in force, with the reaction, the run and the
 * deadlines that serve; nothing is written. What people really did of a step is done in it as well.
 */
export async function dryRun(deps: DryRunDeps, trial: Trial, { signal, onProgress }: Watching): Promise<DryRunReport> {
  const { store, codecs, db } = deps
  const simulation = await simulationOf(deps, trial)
  const { categories } = codecs
  const after = await lastPositionBefore(db, trial.from)
  const period = { after, categories: categories.filter((each) => CATEGORIES.includes(each)), signal }
  const stopping = new AbortController()
  const subscription = store.subscribe({ ...period, signal: AbortSignal.any([signal, stopping.signal]) })
  let handled = 0
  for await (const notification of subscription) {
    if (notification.type === 'caughtUp') break
    if (notification.type !== 'events') continue
    for (let first = 0; first < notification.events.length; first += EVENTS_PER_TURN) {
      const turn = notification.events.slice(first, first + EVENTS_PER_TURN)
      const isOver = await simulation.take(await opened(codecs, turn))
      handled += turn.length
      onProgress(handled, simulation.now())
      await setImmediate()
      signal.throwIfAborted()
      if (isOver) stopping.abort()
      if (isOver) break
    }
  }
  signal.throwIfAborted()
  return simulation.report(handled)
}

async function lastPositionBefore(db: Kysely<RunViewTables>, from: Instant): Promise<number | undefined> {
  const query = db.selectFrom('log_hour').select('position').where('hour', '<', hourOf(from))
  return (await query.orderBy('hour', 'desc').limit(1).executeTakeFirst())?.position
}

async function opened(codecs: CodecSet<RunViewEvent>, events: readonly RecordedEvent[]) {
  const known: Decoded<RunViewEvent>[] = []
  for (const recorded of events) {
    if (PASSED_OVER.has(recorded.type.replace(/\.v\d+$/, ''))) continue
    const decoded = await codecs.decode(recorded)
    if (decoded?.event) known.push(decoded)
  }
  return known
}

async function simulationOf({ db, vault, loadProtocols }: DryRunDeps, trial: Trial) {
  const { protocolId, definition, from, to } = trial
  const [published] = await loadProtocols(protocolId)
  const version = (published?.at(-1)?.version ?? 0) + 1
  const protocols = [[{ protocolId, version, definition, effectiveFrom: from, until: to }]]
  const facts = past({ db, vault, from, protocols })
  const [would, did, due] = [tally(), tally(), dueByHour(from)]
  const states = new Map<string, RunState>()
  let now = from
  const loadRun = (runId: string) => Promise.resolve(states.get(runId) ?? run.initialState)

  async function handleRun(runId: string, command: RunCommand) {
    const state = await loadRun(runId)
    const decision = run.decide(command, state)
    if (!decision.accepted) return decision
    states.set(runId, decision.events.reduce(run.evolve, state))
    for (const event of decision.events) keep(event)
    return { ...decision, position: undefined }
  }
  function keep(event: RunEvent): void {
    would.add(event)
    const operations = runRows(event)
    facts.apply(operations)
    for (const operation of operations)
      if (isDeadline(operation)) due.put(operation.row.deadline_id, operation.row.due_at)
  }

  const clock = { now: () => now }
  const react = followStays({ source: facts, handleRun, derivedId: derivedUuid, ...clock })
  const fire = fireDeadlines({ source: facts, loadRun, handleRun, ...clock })

  async function moveClock(until: Instant): Promise<void> {
    for (const id of due.take(until)) {
      const row = facts.deadline(id)
      if (row === undefined || row.due_at > until) continue
      now = row.due_at > now ? row.due_at : now
      const { kind, subject, due_at: dueAt } = row
      // Only `setDeadline` writes it.
      await fire({ deadlineId: id, kind, subject, dueAt, detail: JSON.parse(row.detail) as JsonObject })
    }
    if (until > now) now = until
  }

  /** What really happened under the versions in force, and what of it would have been the same. */
  async function happened(event: RunEvent): Promise<void> {
    if (event.data.protocolId !== protocolId) return
    did.add(event)
    if (event.type !== 'StepDone' && event.type !== 'StepSkipped') return
    const { runId, stepId, by } = event.data
    const state = await loadRun(runId)
    if (state.status === 'notStarted') return
    const at = event.type === 'StepDone' ? event.data.doneAt : event.data.skippedAt
    await handleRun(runId, { type: 'CompleteStep', stepId, by, holders: await holdersOfRun(facts, state), at })
    would.done(runId, stepId, at)
  }

  return {
    now: () => now,
    /** Whether the period is over. */
    async take(events: readonly Decoded<RunViewEvent>[]): Promise<boolean> {
      const inPeriod = events.filter(({ metadata }) => metadata.recordedAt >= from && metadata.recordedAt <= to)
      await facts.meet(...named(inPeriod))
      for (const decoded of inPeriod) {
        await moveClock(decoded.metadata.recordedAt)
        if (decoded.event && isRunEvent(decoded.event)) await happened(decoded.event)
        else {
          facts.apply(rowsOf(decoded))
          await react(decoded)
        }
      }
      return events.some(({ metadata }) => metadata.recordedAt > to)
    },
    async report(events: number): Promise<DryRunReport> {
      await moveClock(to)
      return reportOf(would, did, events)
    },
  }
}

type DeadlineSet = { op: 'upsert'; table: 'deadline'; row: RunViewTables['deadline'] }

function isDeadline(operation: RowOperation): operation is DeadlineSet {
  return operation.op === 'upsert' && operation.table === 'deadline'
}

function named(events: readonly Decoded<RunViewEvent>[]): [patientIds: string[], stayIds: string[]] {
  const patients = events.flatMap(({ routing }) => [routing['patientId'], routing['otherId']])
  const stays = events.flatMap(({ routing }) => routing['stayId'])
  return [patients.filter((id) => id !== undefined), stays.filter((id) => id !== undefined)]
}
