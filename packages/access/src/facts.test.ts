import { randomUUID } from 'node:crypto'
import { circleEvents } from '@relais/contracts/patients'
import { stayEvents } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { codecSet, type EventOf, eventCodec } from '@relais/events/codec'
import { inMemoryKeyring } from '@relais/events/in-memory-keyring'
import type { Projection, RowOperation } from '@relais/projections/projection'
import { startProjection } from '@relais/projections/runner'
import { anyMovementId, anyPatientId, anyStayId } from '@relais/testkit/arbitraries'
import { eachDatabase, type OpenDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { accessRows, type AccessTables, accessTables, loadAccessFacts } from './facts.ts'

const facility = '010000024'
const memberId = 'rpps:10000000001'
const actor = { id: 'ch:1', role: 'admissions' }
const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T08:00:00.000Z`

type Place = { medical?: string; care?: string; wardFacility?: string; facility?: string }
const wards = ({ medical, care, wardFacility = facility }: Place) => ({
  ...(medical === undefined ? {} : { medicalWard: { facility: wardFacility, code: medical } }),
  ...(care === undefined ? {} : { careWard: { facility: wardFacility, code: care } }),
})
const movement = (movementId: string, place: Place) => ({
  movementId,
  source: { authority: facility, number: '1' },
  effectiveAt: day(1),
  effectiveLocal: '20261101090000',
  reportedAt: day(1),
  historic: false,
  nature: 'M',
  patientClass: 'I',
  facility: place.facility ?? facility,
  ...wards(place),
})

type Subject = { patientId: string; stayId: string }
const moved = (type: string, subject: Subject, [movementId, place]: [string, Place]) => {
  const corrected = { leaving: [], kind: 'admission', changed: [] }
  const data = { ...subject, messageId: randomUUID(), movement: movement(movementId, place), flags: [], ...corrected }
  return stayEvents.schema.parse({ type, data })
}
const withdrawn = (kind: string, { patientId, stayId }: Subject, movementId: string) => {
  const what = { movementId, withdrawn: kind, facility, wards: [], effectiveAt: day(1), flags: [] }
  return stayEvents.schema.parse({
    type: 'MovementWithdrawn',
    data: { patientId, stayId, messageId: randomUUID(), ...what },
  })
}
const joined = (patientId: string, joinedAt: string, role = 'infirmier') =>
  circleEvents.schema.parse({
    type: 'MemberJoined',
    data: { patientId, memberId, role, ground: 'exchange', joinedAt, source: 'declared' },
  })
const left = (patientId: string, leftAt: string, role = 'infirmier') =>
  circleEvents.schema.parse({ type: 'MemberLeft', data: { patientId, memberId, role, leftAt, reason: 'removed' } })

const keyring = inMemoryKeyring()
const stayCodec = eventCodec(stayEvents, keyring)
const circleCodec = eventCodec(circleEvents, keyring)
const codecs = codecSet([stayCodec, circleCodec])
type Event = EventOf<typeof stayCodec> | EventOf<typeof circleCodec>

const projection: Projection<Event> = { name: 'access-1', tables: accessTables, rows: accessRows }
const silent = { info: () => {}, warn: () => {}, error: () => {} }

async function startFacts(open: OpenDatabase) {
  const store = inMemoryEventStore()
  const database = await open<AccessTables>('access')
  const now = () => day(1)
  const running = startProjection({ projection, store, codecs, database, epoch: randomUUID(), log: silent, now })

  /** Appends what was learned on these days, and answers with what is known of the patient once it is in the view. */
  async function learn(patientId: string, ...learned: [number, Event][]) {
    let position = 0
    for (const [recordedOn, event] of learned) {
      const id = randomUUID()
      const isStay = 'stayId' in event.data
      const stored = isStay ? await stayCodec.encode(stayEvents.schema.parse(event), id) : await encodeCircle(event, id)
      const metadata = { $correlationId: 'c', recordedAt: day(recordedOn), actor }
      const result = await store.append(`${isStay ? 'stay' : 'circle'}-${id}`, 'noStream', [
        { id, ...stored, metadata },
      ])
      if (result.appended) position = result.position
    }
    await waitUntil(() => running.status().hasCaughtUp && running.reaches(position, 1000), 'the view')
    return loadAccessFacts(database.db, patientId)
  }
  const stop = async () => {
    await running.stop()
    await store.close()
  }
  return { learn, running, stop }
}
const encodeCircle = (event: Event, id: string) => circleCodec.encode(circleEvents.schema.parse(event), id)

function someone() {
  const patientId = randomUUID()
  return { patientId, subject: { patientId, stayId: randomUUID() }, first: randomUUID(), second: randomUUID() }
}

eachDatabase('the facts of a patient', (open) => {
  let started: ReturnType<typeof startFacts> | undefined
  const facts = () => (started ??= startFacts(open))
  afterAll(async () => (await started)?.stop())

  test('are empty when nothing was ever said', async () => {
    const { learn } = await facts()
    expect(await learn(randomUUID())).toEqual({ members: [], stays: [] })
  })

  test('tell when a member joined and left', async () => {
    const { learn } = await facts()
    const { patientId } = someone()
    const member = { memberId, role: 'infirmier', ground: 'exchange', joinedAt: day(2) }
    expect((await learn(patientId, [3, joined(patientId, day(2))])).members).toEqual([member])
    expect((await learn(patientId, [6, left(patientId, day(5))])).members).toEqual([{ ...member, leftAt: day(5) }])
  })

  test('tell the last membership of whoever came back, and keep roles apart', async () => {
    const { learn } = await facts()
    const { patientId } = someone()
    const { members } = await learn(
      patientId,
      [2, joined(patientId, day(2))],
      [3, joined(patientId, day(3), 'medecin')],
      [4, left(patientId, day(4))],
      [5, left(patientId, day(5), 'medecin')],
      [6, joined(patientId, day(6))],
    )
    expect(members).toEqual([
      { memberId, role: 'medecin', ground: 'exchange', joinedAt: day(3), leftAt: day(5) },
      { memberId, role: 'infirmier', ground: 'exchange', joinedAt: day(6) },
    ])
  })

  test('tell every ward that a stay went through, from when it was learned', async () => {
    const { learn } = await facts()
    const { patientId, subject, first, second } = someone()
    const { stays } = await learn(
      patientId,
      [2, moved('PatientAdmitted', subject, [first, { medical: '2610', care: '2611' }])],
      [3, moved('PatientTransferred', subject, [second, { medical: '2620', care: '2620' }])],
      [4, joined(randomUUID(), day(4))],
    )
    expect(stays).toEqual([{ stayId: subject.stayId, facility, wards: ['2610', '2611', '2620'], openedAt: day(2) }])
  })

  test('keep the wards of each facility with that facility', async () => {
    const { learn } = await facts()
    const { patientId, subject, first, second } = someone()
    const { stays } = await learn(
      patientId,
      [2, moved('PatientAdmitted', subject, [first, { medical: '2610' }])],
      [3, moved('PatientTransferred', subject, [second, { medical: '2610', care: '9', wardFacility: '690000015' }])],
    )
    expect(stays).toEqual([
      { stayId: subject.stayId, facility, wards: ['2610'], openedAt: day(2) },
      { stayId: subject.stayId, facility: '690000015', wards: ['2610', '9'], openedAt: day(2) },
    ])
  })

  test('know the facility of a stay whose movement names no ward', async () => {
    const { learn } = await facts()
    const { patientId, subject, first } = someone()
    const { stays } = await learn(patientId, [2, moved('PatientPreadmitted', subject, [first, {}])])
    expect(stays).toEqual([{ stayId: subject.stayId, facility, wards: [], openedAt: day(2) }])
  })

  test('forget the wards that a correction takes back', async () => {
    const { learn } = await facts()
    const { patientId, subject, first } = someone()
    const { stays } = await learn(
      patientId,
      [2, moved('PatientAdmitted', subject, [first, { medical: '2610', care: '2611' }])],
      [5, moved('MovementCorrected', subject, [first, { medical: '2640' }])],
    )
    expect(stays).toEqual([{ stayId: subject.stayId, facility, wards: ['2640'], openedAt: day(2) }])
  })

  test('close a stay when its discharge is learned, and open it again when the discharge is withdrawn', async () => {
    const { learn } = await facts()
    const { patientId, subject, first, second } = someone()
    const open = { stayId: subject.stayId, facility, wards: ['2610'], openedAt: day(2) }
    const closed = await learn(
      patientId,
      [2, moved('PatientAdmitted', subject, [first, { medical: '2610' }])],
      [7, moved('PatientDischarged', subject, [second, { medical: '2610' }])],
      [8, moved('MovementCorrected', subject, [second, { medical: '2610' }])],
    )
    expect(closed.stays).toEqual([{ ...open, closedAt: day(7) }])
    const reopened = await learn(patientId, [9, withdrawn('discharge', subject, second)])
    expect(reopened.stays).toEqual([open])
  })

  test('keep nothing of a stay whose only movement was withdrawn', async () => {
    const { learn } = await facts()
    const { patientId, subject, first } = someone()
    const { stays } = await learn(
      patientId,
      [2, moved('PatientAdmitted', subject, [first, { medical: '2610' }])],
      [3, withdrawn('admission', subject, first)],
    )
    expect(stays).toEqual([])
  })

  test('are the same when they are built again from the log', async () => {
    const { running } = await facts()
    expect(await running.verify()).toMatchObject({ matches: true })
  })
})

const anySubject = fc.record({ patientId: anyPatientId, stayId: anyStayId })
const anyPlace = fc.record({ medical: fc.constantFrom('1', '2'), care: fc.constantFrom('1', '2') })
const anyMove = fc.tuple(anyMovementId, anyPlace)
const kinds = ['PatientAdmitted', 'PatientTransferred', 'PatientDischarged', 'MovementCorrected']
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.tuple(fc.constantFrom(...kinds), anySubject, anyMove).map((drawn) => moved(...drawn)),
  fc.tuple(fc.constant('admission'), anySubject, anyMovementId).map((drawn) => withdrawn(...drawn)),
  fc.tuple(anyPatientId, fc.constant(day(2)), fc.constantFrom('medecin', 'infirmier')).map((drawn) => joined(...drawn)),
  fc.tuple(anyPatientId, fc.constant(day(3)), fc.constantFrom('medecin', 'infirmier')).map((drawn) => left(...drawn)),
)

const decoded = (event: Event | undefined): Decoded<Event> => ({
  id: randomUUID(),
  stream: 'stay-1',
  revision: 0,
  position: 1,
  metadata: { $correlationId: 'c', recordedAt: day(1), actor },
  type: 'Any',
  routing: {},
  event,
})

/** The view that these events leave: rows by table and key. */
function view(events: readonly Event[]): Map<string, RowOperation> {
  const rows = new Map<string, RowOperation>()
  for (const operation of events.flatMap((event) => accessRows(decoded(event)))) {
    const table = Object.entries(accessTables).find(([name]) => name === operation.table)?.[1]
    const values = operation.op === 'upsert' ? operation.row : operation.key
    rows.set(JSON.stringify([operation.table, table?.key.map((column) => values[column])]), operation)
  }
  return rows
}

test('events delivered again from any earlier one leave the same view', () =>
  expect(() =>
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), fc.nat(12), (events, from) => {
        expect(view([...events, ...events.slice(from)])).toEqual(view(events))
      }),
    ),
  ).not.toThrow())

test('a forgotten event changes nothing', () => {
  expect(accessRows(decoded(undefined))).toEqual([])
})
