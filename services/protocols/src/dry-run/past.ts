import { type Person, personIn } from '@relais/access/links'
import { DIRECTORY_KEY } from '@relais/contracts/directory'
import { stayEvents } from '@relais/contracts/stays'
import type { EventStore } from '@relais/event-store/port'
import type { CodecSet } from '@relais/events/codec'
import { type RowOperation, upsert } from '@relais/projections/projection'
import type { Kysely } from 'kysely'
import { birthDateIn, type FactSource, type FactSourceDeps } from '../reactions/fact-source.ts'
import { personFacts } from '../reactions/person-facts.ts'
import { factRows, personColumns, personTables, type PersonTables } from '../projections/fact-tables.ts'
import type { RunViewTables } from '../projections/protocol-runs.ts'
import type { RunViewEvent } from '../projections/run-view-event.ts'
import { runTables, type RunTables } from '../projections/run-tables.ts'
import { memoryTables } from './memory-tables.ts'

const tables = { ...personTables, ...runTables }
const columns = {
  ...personColumns,
  run: 'patient_id',
  run_ended: 'run_id',
  deadline: 'deadline_id',
  step_item: 'recipient',
  step_owner: 'run_id',
  step_late: 'run_id',
} as const
type Tables = PersonTables & RunTables

/** In one query. SQLite takes 32,766 values, PostgreSQL 65,535. */
const PEOPLE_AT_ONCE = 1000

export type PastDeps = Pick<FactSourceDeps, 'vault'> & {
  store: EventStore
  codecs: CodecSet<RunViewEvent>
  db: Kysely<RunViewTables>
  /** Where in the log the past begins: facts are known as they stood then. */
  after: number
  protocols: Awaited<ReturnType<FactSource['protocols']>>
}
export type Past = FactSource & {
  /** Learns what was known of these people, and of those who are one with them. Answers those who were not known. */
  meet(patientIds: readonly string[]): Promise<string[]>
  apply(operations: readonly RowOperation[]): void
  deadline(deadlineId: string): RunTables['deadline'] | undefined
}

/** The facts of the past, which begin as they stood then and go on as events are applied. */
export async function past({ db, store, codecs, vault, after, protocols }: PastDeps): Promise<Past> {
  const memory = memoryTables<Tables>(tables, columns)
  const met = new Set<string>()
  const patientOfRun = new Map<string, string>()
  const birthDates = new Map<string, Promise<string | undefined>>()
  await recall([DIRECTORY_KEY])

  async function recall(subjects: readonly string[]): Promise<void> {
    const known = db.selectFrom('fact_change').select('change').where('subject', 'in', subjects)
    const rows = await known.where('position', '<=', after).orderBy('position').execute()
    // The projection wrote it from row operations.
    for (const { change } of rows) memory.apply(JSON.parse(change) as RowOperation[])
  }

  async function meet(patientIds: readonly string[]): Promise<string[]> {
    const all: string[] = []
    let strangers = strangersIn(patientIds)
    while (strangers.length > 0) {
      for (const id of strangers) met.add(id)
      all.push(...strangers)
      const others: string[] = []
      for (let first = 0; first < strangers.length; first += PEOPLE_AT_ONCE)
        others.push(...(await introduce(strangers.slice(first, first + PEOPLE_AT_ONCE))))
      strangers = strangersIn(others)
    }
    return all
  }
  const strangersIn = (ids: readonly string[]) => [...new Set(ids)].filter((id) => !met.has(id))

  /** Answers with whom they are one person, and whose their stays were. */
  async function introduce(ids: readonly string[]): Promise<string[]> {
    await recall(ids)
    const standings = await standingsOf(ids)
    return [...memory.find('patient_link', ids).map(({ other_id }) => other_id), ...standings]
  }

  async function standingsOf(ids: readonly string[]): Promise<string[]> {
    const theirs = db.selectFrom('standing_change').select('stay_id').where('patient_id', 'in', ids)
    const known = db.selectFrom('standing_change').selectAll().where('stay_id', 'in', theirs)
    const rows = await known.where('position', '<=', after).orderBy('position').execute()
    const last = new Map(rows.map((row) => [row.stay_id, row]))
    if (last.size === 0) return []
    const now = db
      .selectFrom('stay_standing')
      .selectAll()
      .where('stay_id', 'in', [...last.keys()])
    const current = new Map((await now.execute()).map((row) => [row.stay_id, row]))
    for (const { stay_id, revision } of last.values()) {
      const row = current.get(stay_id)
      if (row?.revision === revision) memory.apply([upsert('stay_standing', row)])
      else memory.apply(await standingAt(stay_id, revision))
    }
    return rows.map(({ patient_id }) => patient_id)
  }

  /** Of a stay that stands otherwise today. */
  async function standingAt(stayId: string, revision: number): Promise<RowOperation[]> {
    const stream = `${stayEvents.category}-${stayId}`
    for await (const recorded of store.readStream(stream, { from: revision, limit: 1 })) {
      const event = (await codecs.decode(recorded))?.event
      if (event?.type === 'StandingChanged') return factRows({ event, revision })
    }
    return []
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
    meet,
    apply(operations) {
      memory.apply(operations)
      for (const operation of operations)
        if (operation.op === 'upsert' && operation.table === 'run')
          patientOfRun.set(String(operation.row['run_id']), String(operation.row['patient_id']))
    },
    deadline: (deadlineId) => memory.find('deadline', [deadlineId])[0],
    seen: () => Promise.resolve(),
    personOf: (patientId) => Promise.resolve(personOf(patientId)),
    factsOf(ids) {
      const stay_standing = memory.find('stay_standing', ids)
      const stays = stay_standing.map(({ stay_id }) => stay_id)
      const circle_member = memory.find('circle_member', ids)
      const members = new Set(circle_member.map(({ member_id }) => member_id))
      return Promise.resolve(
        personFacts({
          stay_standing,
          emergency_entry: memory.find('emergency_entry', stays),
          patient_identity: memory.find('patient_identity', ids),
          circle_member,
          circle_departure: memory.find('circle_departure', ids),
          stand_in: memory.find('stand_in', ids),
          absence: memory.find('absence', [...members]),
          death_report: memory.find('death_report', ids),
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
    patientsAskedOf(recipient) {
      const patients = memory.find('step_item', [recipient]).flatMap(({ run_id }) => patientOfRun.get(run_id) ?? [])
      return Promise.resolve([...new Set(patients)].toSorted())
    },
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
