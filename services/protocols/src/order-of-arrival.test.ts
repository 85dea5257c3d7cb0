import { ProfessionalId } from '@relais/contracts/primitives'
import { ProtocolDefinition } from '@relais/contracts/protocols'
import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { StayEvent } from '@relais/contracts/stays'
import { circleEvents } from '@relais/contracts/patients'
import type { Decoded } from '@relais/event-store/codec'
import { derivedUuid } from '@relais/events/derived-uuid'
import { stood, type StandingDetails } from '@relais/runtime/standing-facts.fixture'
import { denied, died } from '@relais/runtime/death-facts.fixture'
import { newStay } from '@relais/runtime/stay-facts.fixture'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryTables } from './dry-run/memory-tables.ts'
import { run } from './domain/run.ts'
import type { RunState } from './domain/run-state.ts'
import { personColumns, personTables, type PersonTables } from './projections/fact-tables.ts'
import { rowsOf } from './projections/protocol-runs.ts'
import type { RunViewEvent } from './projections/run-view-event.ts'
import { runTables, type RunTables } from './projections/run-tables.ts'
import { anyAge, DISCHARGED, home, PROTOCOL } from './protocols.fixture.ts'
import type { FactSource } from './reactions/fact-source.ts'
import { followStays } from './reactions/follow-stays.ts'
import { personFacts } from './reactions/person-facts.ts'

type Tables = PersonTables & RunTables
const stay = newStay('0b7f3a52-6c1e-4f0e-9d27-3c8a5d1e7f40')
const definition = ProtocolDefinition.parse({ ...anyAge, trigger: { on: 'discharge', conditions: [] } })

/** The reaction as it serves, on tables in memory: what it is told, in this order, and then what it is told again. */
async function followed(
  events: readonly RunViewEvent[],
  toldAgain = events.length,
): Promise<{ states: RunState[]; written: RunEvent[] }> {
  const tables = memoryTables<Tables>(
    { ...personTables, ...runTables },
    {
      ...personColumns,
      run: 'patient_id',
      run_ended: 'run_id',
      deadline: 'deadline_id',
      step_item: 'run_id',
      step_owner: 'run_id',
      step_late: 'run_id',
    },
  )
  const states = new Map<string, RunState>()
  const written: RunEvent[] = []
  const version = { protocolId: PROTOCOL, version: 1, definition, effectiveFrom: '2026-01-01T00:00:00.000Z' }
  const source: FactSource = {
    seen: () => Promise.resolve(),
    personOf: (id) => Promise.resolve({ canonicalId: id, ids: [id] }),
    factsOf: (ids) =>
      Promise.resolve(
        personFacts({
          stay_standing: tables.find('stay_standing', ids),
          emergency_entry: [],
          patient_identity: [],
          circle_member: tables.find('circle_member', ids),
          circle_departure: tables.find('circle_departure', ids),
          stand_in: [],
          absence: [],
          death_report: tables.find('death_report', ids),
        }),
      ),
    runsOf: (ids) =>
      Promise.resolve(
        tables.find('run', ids).map((row) => ({
          runId: row.run_id,
          stayId: row.stay_id,
          patientId: row.patient_id,
          protocolId: row.protocol_id,
          version: row.version,
          coordinator: row.coordinator,
          because: tables.find('run_ended', [row.run_id])[0]?.because,
        })),
      ),
    patientsAskedOf: () => Promise.resolve([]),
    birthDateOf: () => Promise.resolve(undefined),
    protocols: () => Promise.resolve([[version]]),
  }
  const react = followStays({
    source,
    derivedId: derivedUuid,
    now: () => '2026-11-04T08:00:00.000Z',
    handleRun: (runId, command) => {
      const state = states.get(runId) ?? run.initialState
      const decision = run.decide(command, state)
      if (!decision.accepted) return Promise.resolve(decision)
      states.set(runId, decision.events.reduce(run.evolve, state))
      written.push(...decision.events)
      decision.events.forEach((event, index) => tables.apply(rowsOf(decoded(event, index))))
      return Promise.resolve({ accepted: true, position: 1 })
    },
  })
  for (const [revision, event] of events.entries()) {
    tables.apply(rowsOf(decoded(event, revision)))
    await react(decoded(event, revision))
  }
  for (const [index, event] of events.entries()) if (index >= toldAgain) await react(decoded(event, index))
  return { states: [...states.values()], written }
}

function decoded(event: RunViewEvent, revision: number): Decoded<RunViewEvent> {
  const metadata = { $correlationId: 'test', recordedAt: DISCHARGED, actor: { id: 'sender:test', role: 'system' } }
  const id = `00000000-0000-4000-8000-${String(revision).padStart(12, '0')}`
  return { id, stream: 'stay-1', revision, position: revision, metadata, type: event.type, routing: {}, event }
}

const present: StandingDetails = { nature: 'corrected', arrivedAt: '2026-11-01T09:00:00.000Z' }
const later: StandingDetails = { ...home, dischargedAt: '2026-11-03T15:00:00.000Z' }
const standings = [
  present,
  home,
  later,
  { status: 'withdrawn' as const },
  { ...home, died: true },
  { ...home, confidential: true },
]
const joined = (memberId: string, role: string) =>
  circleEvents.schema.parse({
    type: 'MemberJoined',
    data: {
      patientId: stay.patientId,
      memberId: ProfessionalId.parse(memberId),
      role,
      ground: 'exchange',
      joinedAt: DISCHARGED,
      source: 'declared',
    },
  })
const circle = [joined('rpps:10000000001', 'infirmier'), joined('rpps:10000000004', 'medecin-traitant')]

/** What people are asked in the end. */
function asked({ states }: Awaited<ReturnType<typeof followed>>) {
  return states.flatMap((state) =>
    state.status === 'running'
      ? state.steps.map((step) =>
          step.status === 'open' ? [step.planned.stepId, step.owner, step.dueAt] : step.status,
        )
      : [],
  )
}

test('whatever was heard of a stay before, and in whatever order, what it is in the end decides what people are asked', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...standings), { maxLength: 6 }),
      fc.constantFrom(...standings),
      fc.nat({ max: 7 }),
      async (before, last, place) => {
        const told = [...before, last].map((details): StayEvent => stood(stay, details))
        const events: RunViewEvent[] = [...told.slice(0, place), ...circle, ...told.slice(place)]
        const alone = await followed([...circle, stood(stay, last)])
        expect(asked(await followed(events))).toEqual(asked(alone))
      },
    ),
  ))

test('what is heard of twice, from anywhere on, is done once', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...standings), { minLength: 1, maxLength: 6 }),
      fc.nat(),
      async (told, back) => {
        const events: RunViewEvent[] = [...circle, ...told.map((details) => stood(stay, details))]
        const once = await followed(events)
        const again = await followed(events, back % events.length)
        expect(asked(again)).toEqual(asked(once))
        expect(again.written).toEqual(once.written)
      },
    ),
  ))

const register = { ehpad: '990000028', residentId: '00000000-0000-4000-8000-00000000e001' }
const deaths = [died(stay.patientId), denied(stay.patientId), died(stay.patientId, { register })]

test('a death that no stay says ends what is asked, before or after what is heard of stays, and as long as it is said', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...standings), { maxLength: 3 }),
      fc.array(fc.constantFrom(...deaths), { minLength: 1, maxLength: 3 }),
      fc.nat({ max: 3 }),
      async (before, said, place) => {
        const told = [...before, home].map((details): StayEvent => stood(stay, details))
        const events: RunViewEvent[] = [...circle, ...told.slice(0, place), ...said, ...told.slice(place)]
        const sources = new Map(said.map((event) => [event.data.register, event.type]))
        const isDead = [...sources.values()].includes('DeathReported')
        const once = await followed(events)
        expect(asked(once)).toEqual(isDead ? [] : asked(await followed([...circle, stood(stay, home)])))
        expect((await followed(events, place)).written).toEqual(once.written)
      },
    ),
  ))
