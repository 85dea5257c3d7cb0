import { setImmediate } from 'node:timers/promises'
import type { DryRunReport } from '@relais/contracts/protocol-routes'
import { runEvents } from '@relais/contracts/protocol-runs'
import type { Instant } from '@relais/contracts/primitives'
import type { Decoded } from '@relais/event-store/codec'
import type { EventStore, RecordedEvent } from '@relais/event-store/port'
import type { CodecSet } from '@relais/events/codec'
import type { Kysely } from 'kysely'
import type { Version } from '../domain/applicable.ts'
import { asksAge } from '../domain/facts.ts'
import { hourOf, type RunViewTables } from '../projections/protocol-runs.ts'
import type { RunViewEvent } from '../projections/run-view-event.ts'
import type { FactSourceDeps } from '../reactions/fact-source.ts'
import { simulationOf, type Trial, versionsFor } from './simulation.ts'

export type DryRunDeps = Pick<FactSourceDeps, 'vault' | 'loadProtocols'> & {
  store: EventStore
  codecs: CodecSet<RunViewEvent>
  db: Kysely<RunViewTables>
}
type Watching = { signal: AbortSignal; onProgress: (handled: number, at: Instant) => void }

const CATEGORIES = ['stay', 'circle', 'link', 'patient', 'absence', runEvents.category]
/** What runs are decided on; others are passed over without being opened. */
const ALWAYS = ['StandingChanged', 'StayTakenFromPatient', 'MemberJoined', 'MemberLeft', 'PatientsLinked']
const ALSO = ['PatientsUnlinked', 'AbsenceBegan', 'AbsenceEnded', ...Object.keys(runEvents.versions)]
const ARRIVALS = ['PatientRegistered', 'PatientAdmitted', 'MovementCorrected', 'MovementWithdrawn']
/** Others get a turn of the event loop after so many events. */
const EVENTS_PER_TURN = 100

/**
 * Goes through what was recorded in a period as if a definition had been published when it began, with the reaction, the run
 * and the deadlines that serve; nothing is written. What people really did of a run is done in it as well. That somebody
 * says "not my patient" is heard of as the departure that follows.
 */
export async function dryRun(deps: DryRunDeps, trial: Trial, { signal, onProgress }: Watching): Promise<DryRunReport> {
  const { store, codecs, db, vault, loadProtocols } = deps
  const [published = []] = await loadProtocols(trial.protocolId)
  const protocols = [versionsFor(trial, published)]
  const after = await lastPositionBefore(db, trial.from)
  const simulation = await simulationOf({ store, codecs, db, vault, after: after ?? 0, protocols }, trial)
  const isLookedAt = lookingFor(trial, protocols.flat())
  const period = { after, categories: codecs.categories.filter((each) => CATEGORIES.includes(each)), signal }
  const stopping = new AbortController()
  const subscription = store.subscribe({ ...period, signal: AbortSignal.any([signal, stopping.signal]) })
  let handled = 0
  for await (const notification of subscription) {
    if (notification.type === 'caughtUp') break
    if (notification.type !== 'events') continue
    for (let first = 0; first < notification.events.length; first += EVENTS_PER_TURN) {
      const turn = notification.events.slice(first, first + EVENTS_PER_TURN)
      const isOver = await simulation.take(await opened(codecs, turn.filter(isLookedAt)))
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

/** Arrivals and identities are of use where a version asks for them; other protocols’ runs never are. */
function lookingFor({ protocolId }: Trial, versions: readonly Version[]) {
  const wanted = new Set([...ALWAYS, ...ALSO])
  for (const { definition } of versions) {
    const { trigger, steps } = definition
    if (trigger.on === 'emergencyArrival') for (const type of ARRIVALS) wanted.add(type)
    if (asksAge([...trigger.conditions, ...steps.flatMap(({ when = [] }) => when)])) wanted.add('IdentityRecorded')
  }
  return ({ type, stream, data }: RecordedEvent): boolean => {
    if (!wanted.has(type.slice(0, type.lastIndexOf('.')))) return false
    return !stream.startsWith(`${runEvents.category}-`) || data['protocolId'] === protocolId
  }
}

/** In one go: keys that are not at hand are then asked for together. */
async function opened(codecs: CodecSet<RunViewEvent>, events: readonly RecordedEvent[]) {
  const decoded = await Promise.all(events.map(async (recorded) => codecs.decode(recorded)))
  return decoded.filter((one): one is Decoded<RunViewEvent> => one?.event !== undefined)
}
