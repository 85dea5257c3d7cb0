import { randomUUID } from 'node:crypto'
import { circleEvents } from '@relais/contracts/patients'
import { stayEvents } from '@relais/contracts/stays'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { codecSet, type EventOf, eventCodec } from '@relais/events/codec'
import { inMemoryKeyring } from '@relais/events/in-memory-keyring'
import type { Projection } from '@relais/projections/projection'
import { startProjection } from '@relais/projections/runner'
import { eachDatabase, type OpenDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import { afterAll, expect, test } from 'vitest'
import {
  actor,
  confidential,
  day,
  facility,
  joined,
  left,
  memberId,
  moved,
  movedTo,
  withdrawn,
} from './events.fixture.ts'
import { accessRows, type AccessTables, accessTables, loadAccessFacts } from './facts.ts'

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
    expect(await learn(randomUUID())).toEqual({ members: [], stays: [], confidential: [] })
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

  test('close a stay that was discharged twice when the second was learned', async () => {
    const { learn } = await facts()
    const { patientId, subject, first, second } = someone()
    const { stays } = await learn(
      patientId,
      [4, moved('PatientDischarged', subject, [first, { medical: '2610' }])],
      [9, moved('PatientDischarged', subject, [second, { medical: '2610' }])],
    )
    expect(stays).toEqual([{ stayId: subject.stayId, facility, wards: ['2610'], openedAt: day(4), closedAt: day(9) }])
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

  test('go with a stay that is moved to another patient, whole', async () => {
    const { learn } = await facts()
    const { patientId, subject, first, second } = someone()
    const other = randomUUID()
    await learn(patientId, [2, moved('PatientAdmitted', subject, [first, { medical: '2610' }])])
    const { stays } = await learn(other, [3, movedTo(other, subject)])
    const whole = { stayId: subject.stayId, facility, wards: ['2610'], openedAt: day(2) }
    expect(stays).toEqual([whole])
    expect((await learn(patientId)).stays).toEqual([])
    const later = await learn(other, [
      4,
      moved('PatientTransferred', { ...subject, patientId: other }, [second, { medical: '2620' }]),
    ])
    expect(later.stays).toEqual([{ ...whole, wards: ['2610', '2620'] }])
  })

  test('say which stays are confidential, also once all their movements are withdrawn', async () => {
    const { learn } = await facts()
    const { patientId, subject, first } = someone()
    const hidden = await learn(
      patientId,
      [2, confidential(subject, true)],
      [2, moved('PatientAdmitted', subject, [first, { medical: '2610' }])],
      [3, withdrawn('admission', subject, first)],
    )
    expect(hidden).toEqual({ members: [], stays: [], confidential: [subject.stayId] })
    expect((await learn(patientId, [4, confidential(subject, false)])).confidential).toEqual([])
  })

  test('tell the ward that a planned transfer goes to', async () => {
    const { learn } = await facts()
    const { patientId, subject, first } = someone()
    const { stays } = await learn(patientId, [
      2,
      moved('TransferPlanned', subject, [first, { medical: '2610', planned: '2620' }]),
    ])
    expect(stays).toEqual([{ stayId: subject.stayId, facility, wards: ['2610', '2620'], openedAt: day(2) }])
  })

  test('are the same when they are built again from the log', async () => {
    const { running } = await facts()
    expect(await running.verify()).toMatchObject({ matches: true })
  })
})
