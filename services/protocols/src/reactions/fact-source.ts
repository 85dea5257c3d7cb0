import { type Person, rememberedPersonOf } from '@relais/access/links'
import { ReportedIdentity } from '@relais/contracts/patients'
import { DatabaseUnavailable } from '@relais/database/errors'
import { repeated, type Repeated, runnerFor } from '@relais/database/statements'
import type { RunningProjection } from '@relais/projections/projection'
import type { Vault } from '@relais/vault/vault'
import type { Kysely } from 'kysely'
import type { Version } from '../domain/applicable.ts'
import type { RunViewTables } from '../projections/protocol-runs.ts'
import type { LoadProtocols } from '../projections/protocol-tables.ts'
import { type PersonFacts, personFacts } from './person-facts.ts'

/** A run of a person as the view has it; `because` once it has ended. */
export type KnownRun = {
  runId: string
  stayId: string
  patientId: string
  protocolId: string
  version: number
  coordinator: string
  because?: string | undefined
}

/** Where the facts come from that protocols are decided on: the view, or the past that a dry run goes through. */
export type FactSource = {
  /** Waits until the facts show everything up to a position. @throws DatabaseUnavailable: try again */
  seen(position: number): Promise<void>
  /** `undefined` for who was forgotten. */
  personOf(patientId: string): Promise<Person | undefined>
  factsOf(ids: readonly string[]): Promise<PersonFacts>
  runsOf(ids: readonly string[]): Promise<readonly KnownRun[]>
  /** Those about whom somebody has an open step. */
  patientsAskedOf(recipient: string): Promise<readonly string[]>
  /** As it was last reported, `1941-07-09`. */
  birthDateOf(ids: readonly string[]): Promise<string | undefined>
  /** The versions of each protocol, in order. */
  protocols(): Promise<readonly (readonly Version[])[]>
}

const SLOWEST_VIEW_MILLISECONDS = 5000

export type FactSourceDeps = {
  db: Kysely<RunViewTables>
  vault: Pick<Vault, 'get' | 'openingKey'>
  view: Pick<RunningProjection, 'reaches' | 'status'>
  loadProtocols: LoadProtocols
}

/** The facts of the view that serves. */
export function factSource({ db, vault, view, loadProtocols }: FactSourceDeps): FactSource {
  const run = runnerFor(db)
  const oneState = db.transaction().setAccessMode('read only').setIsolationLevel('repeatable read')
  return {
    async seen(position) {
      const isThere = view.status().hasCaughtUp && (await view.reaches(position, SLOWEST_VIEW_MILLISECONDS))
      if (!isThere) throw new DatabaseUnavailable('The view of the protocols is not that far yet')
    },
    personOf: (patientId) => rememberedPersonOf({ db, keyring: vault }, patientId),
    // One state: a replacement seen in the circle, and not yet whose it is, would be taken for the médecin traitant's.
    factsOf: (ids) => oneState.execute((state) => factsIn(state, ids)),
    async runsOf(ids) {
      const { rows } = await run(db, runsOf(ids.length), ids)
      return rows.map((row) => ({
        runId: row.run_id,
        stayId: row.stay_id,
        patientId: row.patient_id,
        protocolId: row.protocol_id,
        version: row.version,
        coordinator: row.coordinator,
        because: row.because ?? undefined,
      }))
    },
    async patientsAskedOf(recipient) {
      const rows = await db
        .selectFrom('step_item')
        .innerJoin('run', 'run.run_id', 'step_item.run_id')
        .select('run.patient_id')
        .distinct()
        .where('recipient', '=', recipient)
        .orderBy('run.patient_id')
        .execute()
      return rows.map(({ patient_id }) => patient_id)
    },
    async birthDateOf(ids) {
      const rows = await db
        .selectFrom('patient_identity')
        .select('document_id')
        .where('patient_id', 'in', ids)
        .orderBy('reported_at', 'desc')
        .execute()
      for (const { document_id } of rows) {
        const birthDate = await birthDateIn(vault, document_id)
        if (birthDate !== undefined) return birthDate
      }
      return undefined
    },
    protocols: () => loadProtocols(),
  }
}

async function factsIn(db: Kysely<RunViewTables>, ids: readonly string[]): Promise<PersonFacts> {
  const run = runnerFor(db)
  /** Of nobody, nothing is asked. */
  const rowsOf = async <Row>(statement: Repeated<Row>, of: readonly string[]): Promise<Row[]> =>
    of.length === 0 ? [] : (await run(db, statement(of.length), of)).rows
  const stay_standing = await rowsOf(ofPatients.stay_standing, ids)
  const circle_member = await rowsOf(ofPatients.circle_member, ids)
  return personFacts({
    stay_standing,
    emergency_entry: await rowsOf(
      emergenciesOf,
      stay_standing.map(({ stay_id }) => stay_id),
    ),
    patient_identity: await rowsOf(ofPatients.patient_identity, ids),
    circle_member,
    circle_departure: await rowsOf(ofPatients.circle_departure, ids),
    stand_in: await rowsOf(ofPatients.stand_in, ids),
    death_report: await rowsOf(ofPatients.death_report, ids),
    absence: await rowsOf(
      absencesOf,
      circle_member.map(({ member_id }) => member_id),
    ),
  })
}

// Written out: having Kysely build them costs three times as much, at every fact about a person.
type OfPatients =
  | 'stay_standing'
  | 'circle_member'
  | 'patient_identity'
  | 'circle_departure'
  | 'stand_in'
  | 'death_report'
const ofPatient = <Table extends OfPatients>(table: Table): Repeated<RunViewTables[Table]> =>
  repeated(`select * from ${table} where patient_id in (`, '?', ')')
const ofPatients = {
  stay_standing: ofPatient('stay_standing'),
  circle_member: ofPatient('circle_member'),
  patient_identity: ofPatient('patient_identity'),
  circle_departure: ofPatient('circle_departure'),
  stand_in: ofPatient('stand_in'),
  death_report: ofPatient('death_report'),
}
const emergenciesOf: Repeated<RunViewTables['emergency_entry']> = repeated(
  'select * from emergency_entry where stay_id in (',
  '?',
  ')',
)
const absencesOf: Repeated<RunViewTables['absence']> = repeated(
  'select * from absence where professional_id in (',
  '?',
  ')',
)
const runsOf: Repeated<RunViewTables['run'] & { because: RunViewTables['run_ended']['because'] | null }> = repeated(
  'select run.*, run_ended.because from run left join run_ended on run_ended.run_id = run.run_id where patient_id in (',
  '?',
  ')',
)

/** Of a document that is no identity, or of one that was forgotten, none. */
export async function birthDateIn(vault: Pick<Vault, 'get'>, documentId: string): Promise<string | undefined> {
  const document = await vault.get(documentId)
  if (document === undefined || document === 'forgotten') return undefined
  return ReportedIdentity.safeParse(JSON.parse(Buffer.from(document.bytes).toString())).data?.birthDate
}
