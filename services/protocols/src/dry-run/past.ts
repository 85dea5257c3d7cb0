import { type Person, personIn } from '@relais/access/links'
import type { Instant } from '@relais/contracts/primitives'
import { type RowOperation, upsert } from '@relais/projections/projection'
import type { Kysely } from 'kysely'
import { birthDateIn, type FactSource, type FactSourceDeps } from '../reactions/fact-source.ts'
import { personFacts } from '../reactions/person-facts.ts'
import { personColumns, personTables, type PersonTables } from '../projections/fact-tables.ts'
import type { RunViewTables } from '../projections/protocol-runs.ts'
import { runTables, type RunTables } from '../projections/run-tables.ts'
import { memoryTables } from './memory-tables.ts'

const tables = { ...personTables, ...runTables }
const columns = {
  ...personColumns,
  run: 'patient_id',
  run_ended: 'run_id',
  deadline: 'deadline_id',
  step_item: 'run_id',
  step_late: 'run_id',
} as const
type Tables = PersonTables & RunTables

/** In one query. SQLite takes 32,766 values, PostgreSQL 65,535. */
const PEOPLE_AT_ONCE = 1000

type PastDeps = Pick<FactSourceDeps, 'vault'> & {
  db: Kysely<RunViewTables>
  /** When the period begins. */
  from: Instant
  protocols: Awaited<ReturnType<FactSource['protocols']>>
}
export type Past = FactSource & {
  /** Learns of the people whom the next events are about what was known of them when the period began. */
  meet(patientIds: readonly string[], stayIds: readonly string[]): Promise<void>
  apply(operations: readonly RowOperation[]): void
  deadline(deadlineId: string): RunTables['deadline'] | undefined
}

/** The facts of a period of the past, which begin as they stood then and go on as events are applied. */
export function past({ db, vault, from, protocols }: PastDeps): Past {
  const memory = memoryTables<Tables>(tables, columns)
  const met = new Set<string>()
  const birthDates = new Map<string, Promise<string | undefined>>()

  async function meetPeople(patientIds: readonly string[]): Promise<void> {
    let strangers = [...new Set(patientIds)].filter((id) => !met.has(id))
    while (strangers.length > 0) {
      for (const id of strangers) met.add(id)
      const others: string[] = []
      for (let first = 0; first < strangers.length; first += PEOPLE_AT_ONCE)
        others.push(...(await introduce(strangers.slice(first, first + PEOPLE_AT_ONCE))))
      strangers = [...new Set(others)].filter((id) => !met.has(id))
    }
  }

  /** Answers with whom they are one person. */
  async function introduce(ids: readonly string[]): Promise<string[]> {
    const [links, identities, members, departures, standIns] = await Promise.all([
      db.selectFrom('patient_link').selectAll().where('patient_id', 'in', ids).execute(),
      db.selectFrom('patient_identity').selectAll().where('patient_id', 'in', ids).execute(),
      db.selectFrom('circle_member').selectAll().where('patient_id', 'in', ids).where('joined_at', '<', from).execute(),
      db
        .selectFrom('circle_departure')
        .selectAll()
        .where('patient_id', 'in', ids)
        .where('left_at', '<', from)
        .execute(),
      db.selectFrom('stand_in').selectAll().where('patient_id', 'in', ids).execute(),
    ])
    memory.apply([
      ...links.map((row) => upsert('patient_link', row)),
      ...identities.map((row) => upsert('patient_identity', row)),
      ...members.map((row) => upsert('circle_member', row)),
      ...departures.map((row) => upsert('circle_departure', row)),
      ...standIns.map((row) => upsert('stand_in', row)),
    ])
    return links.map(({ other_id }) => other_id)
  }

  function personOf(patientId: string): Person {
    const links: { patientId: string; otherId: string }[] = []
    const ids = new Set([patientId])
    // A set grows while it is walked.
    for (const id of ids)
      for (const { patient_id, other_id, survives } of memory.find('patient_link', [id])) {
        ids.add(other_id)
        if (survives === 1) links.push({ patientId: patient_id, otherId: other_id })
      }
    return personIn(links, patientId)
  }

  return {
    async meet(patientIds, stayIds) {
      await meetPeople(patientIds)
      const strangers = [...new Set(stayIds)].filter((id) => !met.has(id))
      for (const id of strangers) met.add(id)
      for (let first = 0; first < strangers.length; first += PEOPLE_AT_ONCE) {
        const ids = strangers.slice(first, first + PEOPLE_AT_ONCE)
        const rows = await db.selectFrom('emergency_entry').selectAll().where('stay_id', 'in', ids).execute()
        memory.apply(rows.map((row) => upsert('emergency_entry', row)))
      }
    },
    apply: memory.apply,
    deadline: (deadlineId) => memory.find('deadline', [deadlineId])[0],
    seen: () => Promise.resolve(),
    personOf: (patientId) => Promise.resolve(personOf(patientId)),
    factsOf(ids) {
      const stay_standing = memory.find('stay_standing', ids)
      const stays = stay_standing.map(({ stay_id }) => stay_id)
      return Promise.resolve(
        personFacts({
          stay_standing,
          emergency_entry: memory.find('emergency_entry', stays),
          patient_identity: memory.find('patient_identity', ids),
          circle_member: memory.find('circle_member', ids),
          circle_departure: memory.find('circle_departure', ids),
          stand_in: memory.find('stand_in', ids),
          absence: [],
        }),
      )
    },
    runsOf(ids) {
      const runs = memory.find('run', ids).map((row) => ({
        runId: row.run_id,
        stayId: row.stay_id,
        patientId: row.patient_id,
        protocolId: row.protocol_id,
        version: row.version,
        coordinator: row.coordinator,
        because: memory.find('run_ended', [row.run_id])[0]?.because,
      }))
      return Promise.resolve(runs)
    },
    /** Who stands in is known from circles alone: absences are not gone through. */
    patientsAskedOf: () => Promise.resolve([]),
    async birthDateOf(ids) {
      const rows = memory
        .find('patient_identity', ids)
        .toSorted((one, other) => (one.reported_at > other.reported_at ? -1 : 1))
      for (const { document_id } of rows) {
        const reading = birthDates.get(document_id) ?? birthDateIn(vault, document_id)
        birthDates.set(document_id, reading)
        const birthDate = await reading
        if (birthDate !== undefined) return birthDate
      }
      return undefined
    },
    protocols: () => Promise.resolve(protocols),
  }
}
