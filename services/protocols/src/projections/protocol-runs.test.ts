import { absenceEvents } from '@relais/contracts/absences'
import { noticeEvents } from '@relais/contracts/notices'
import { circleEvents, linkEvents, PatientEvent, patientEvents } from '@relais/contracts/patients'
import { runEvents } from '@relais/contracts/protocol-runs'
import { ProtocolDefinition, protocolEvents, PROTOCOLS_KEY } from '@relais/contracts/protocols'
import { stayEvents } from '@relais/contracts/stays'
import { eventCodec } from '@relais/events/codec'
import { START } from '@relais/runtime/adapters.fixture'
import { anyAbsenceFact, anyCareFact } from '@relais/runtime/care-facts.fixture'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { stood } from '@relais/runtime/standing-facts.fixture'
import { moved, newStay, withdrawn } from '@relais/runtime/stay-facts.fixture'
import { anyPatientId } from '@relais/testkit/arbitraries'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { test } from 'vitest'
import { run } from '../domain/run.ts'
import { call, complete, follow, medicines, stop, subject } from '../domain/run.fixture.ts'
import { dischargeHome } from '../shipped/discharge-home.ts'
import { protocolRuns } from './protocol-runs.ts'

const stay = { ...newStay(subject.patientId), stayId: subject.stayId }
const stays = [moved('PatientRegistered', stay), stood(stay), withdrawn(stay, { kind: 'registration' })]
const history = [
  follow(),
  { type: 'MarkLate' as const, stepId: call, dueAt: '2026-11-05T09:00:00.000Z', at: '2026-11-05T09:00:00.000Z' },
  complete(call),
  complete(medicines),
  stop('stayWithdrawn'),
  follow({ stayRevision: 5 }),
]
const { events } = history.reduce(
  ({ state, events }, command) => {
    const decision = run.decide(command, state)
    const found = decision.accepted ? decision.events : []
    return { state: found.reduce(run.evolve, state), events: [...events, ...found] }
  },
  { state: run.initialState, events: [] as Parameters<typeof run.evolve>[1][] },
)
const { protocolId, definition } = dischargeHome
const published = protocolEvents.schema.parse({
  type: 'ProtocolPublished',
  data: {
    keyOwner: PROTOCOLS_KEY,
    protocolId,
    version: 1,
    definition: ProtocolDefinition.parse(definition),
    effectiveFrom: START,
    by: 'cpts:alix',
    publishedAt: START,
  },
})
const retired = protocolEvents.schema.parse({
  type: 'ProtocolRetired',
  data: { keyOwner: PROTOCOLS_KEY, protocolId, version: 1, at: START, by: 'cpts:alix', retiredAt: START },
})

function identified(patientId: string) {
  const messageId = patientId.replace(/^a/, 'd')
  const identity = { documentId: messageId, size: 1, mediaType: 'application/json', sha256: '0'.repeat(64) }
  const said = { messageId, reportedAt: START, identity, status: 'provisional', hasIns: false }
  return PatientEvent.parse({ type: 'IdentityRecorded', data: { patientId, ...said } })
}

const anyFact: fc.Arbitrary<Recordable> = fc.oneof(
  fc.constantFrom(...events).map(
    (event): Recordable =>
      (record) =>
        record(runEvents, event, { owner: subject.runId }),
  ),
  fc.constantFrom(...stays).map(
    (event): Recordable =>
      (record) =>
        record(stayEvents, event, { owner: stay.stayId }),
  ),
  fc.constantFrom(published, retired).map(
    (event): Recordable =>
      (record) =>
        record(protocolEvents, event, { owner: protocolId }),
  ),
  anyCareFact,
  anyAbsenceFact,
  anyPatientId.map(
    (patientId): Recordable =>
      (record) =>
        record(patientEvents, identified(patientId), { owner: patientId }),
  ),
)

eachDatabase('runs and what they are decided on', (open) => {
  test('stopped anywhere and resumed from any earlier checkpoint, the view is the same', () =>
    fc.assert(
      resumesFromAnywhere({
        projection: protocolRuns,
        codecs: (keyring) => [
          eventCodec(stayEvents, keyring),
          eventCodec(circleEvents, keyring),
          eventCodec(linkEvents, keyring),
          eventCodec(noticeEvents, keyring),
          eventCodec(patientEvents, keyring),
          eventCodec(protocolEvents, keyring),
          eventCodec(runEvents, keyring),
          eventCodec(absenceEvents, keyring),
        ],
        facts: anyFact,
        open,
      }),
      { numRuns: 10 },
    ))
})
