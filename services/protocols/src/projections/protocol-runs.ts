import { deathRows } from '@relais/access/deaths'
import { accessRows, accessTables } from '@relais/access/facts'
import { isAbsenceEvent } from '@relais/contracts/absences'
import { isDeathEvent } from '@relais/contracts/deaths'
import { type CircleEvent, circleEvents, type PatientEvent } from '@relais/contracts/patients'
import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { ProtocolEvent } from '@relais/contracts/protocols'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import { type Projection, type RowOperation, type Table, upsert } from '@relais/projections/projection'
import { factRows, factTables, type FactTables } from './fact-tables.ts'
import { pastRows, pastTables, type PastTables } from './past-tables.ts'
import { protocolRows, protocolTables, type ProtocolTables } from './protocol-tables.ts'
import { runRows, runTables, type RunTables } from './run-tables.ts'
import type { RunViewEvent } from './run-view-event.ts'

const hourTables = {
  /** Where in the log each hour ends, so that a dry run begins where its period does. */
  log_hour: { columns: { hour: 'text', position: 'integer' }, key: ['hour'] },
} satisfies Record<string, Table>

export type RunViewTables = FactTables &
  PastTables &
  ProtocolTables &
  RunTables & { log_hour: { hour: string; position: number } }

/** Protocols, runs, what is due when, and the facts that all of it is decided on. */
export const protocolRuns: Projection<RunViewEvent> = {
  name: 'protocol-runs-3',
  tables: { ...accessTables, ...factTables, ...pastTables, ...protocolTables, ...runTables, ...hourTables },
  rows: (decoded) => {
    const known = rowsOf(decoded)
    return [...known, ...pastRows(decoded, known), hourRow(decoded)]
  },
}

/** What an event changes in the tables that a dry run fills as well. */
export function rowsOf(decoded: Decoded<RunViewEvent>): readonly RowOperation[] {
  const { event } = decoded
  if (event === undefined) return []
  if (isRunEvent(event)) return runRows(event)
  if (isAbsenceEvent(event)) return factRows({ ...decoded, event })
  if (isDeathEvent(event)) return deathRows(event)
  if (isProtocolEvent(event)) return protocolRows(event)
  const known = accessRows({ ...decoded, event })
  return hasFacts(event) ? [...known, ...factRows({ ...decoded, event })] : known
}

export const hourOf = (instant: string) => instant.slice(0, 13)

function hourRow({ metadata, position }: Decoded<RunViewEvent>): RowOperation {
  return upsert('log_hour', { hour: hourOf(metadata.recordedAt), position })
}

export const isRunEvent = (event: RunViewEvent): event is RunEvent => 'runId' in event.data
const isProtocolEvent = (event: RunViewEvent): event is ProtocolEvent => 'keyOwner' in event.data
const hasFacts = (event: { type: string }): event is StayEvent | CircleEvent | PatientEvent =>
  event.type in stayEvents.versions || event.type in circleEvents.versions || event.type === 'IdentityRecorded'
