import { expect, test } from 'vitest'
import { corrected, gp, joined, left, moved, newStay, stayOf, withdrawn } from './facts.fixture.ts'
import { connect, nurse, openGateway, person, physician } from './gateway.fixture.ts'

const elsewhere = '330781360'

test('the nurse of a ward sees an admission there at once, and nothing of other wards', async () => {
  const gateway = await openGateway()
  const { follow } = await connect(gateway, nurse)
  const board = await follow('ward/3620')
  const stay = newStay()
  await gateway.record(moved('PatientAdmitted', newStay(), { ward: '9999' }))
  await gateway.record(moved('PatientAdmitted', newStay(), { ward: '3620', facility: elsewhere }))
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }))
  await board.receives(1)
  expect(board.entries()).toHaveLength(1)
  expect(board.entries()[0]?.entry).toMatchObject({ kind: 'admission', ...stay })
})

test('whoever records is ahead of the gateway’s clock: a ward hears of its patients all the same, live and resumed', async () => {
  const late = () => new Date(Date.now() - 600_000).toISOString()
  const gateway = await openGateway({ now: late })
  const [stay, next] = [newStay(), newStay()]
  const { follow } = await connect(gateway, nurse)
  const board = await follow('ward/3620')
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }))
  const patient = await follow(`patient/${stay.patientId}`)
  expect(patient.kinds()).toEqual(['admission'])
  await gateway.record(moved('PatientDischarged', stay, { ward: '3620' }))
  await gateway.record(moved('PatientAdmitted', next, { ward: '3620' }))
  await patient.receives(2)
  await board.receives(3)
  expect(board.kinds()).toEqual(['admission', 'discharge', 'admission'])
  expect((await follow('ward/3620', board.caughtUp())).kinds()).toEqual(['admission', 'discharge', 'admission'])
  expect((await follow('ward/3620')).entries().map(({ entry }) => stayOf(entry))).toEqual([next.stayId])
})

test('whoever records is ahead of the gateway’s clock: a member follows from joining on, and no longer once gone', async () => {
  const late = () => new Date(Date.now() - 600_000).toISOString()
  const gateway = await openGateway({ now: late })
  const stay = newStay()
  const { follow } = await connect(gateway, physician)
  await gateway.record(moved('PatientAdmitted', stay, { ward: '4110' }), joined(stay))
  const patient = await follow(`patient/${stay.patientId}`)
  expect(patient.kinds()).toEqual(['admission'])
  await gateway.record(left(stay))
  expect(await patient.ends()).toBe('accessEnded')
  expect((await follow(`patient/${stay.patientId}`)).ended()).toBe('forbidden')
})

test('a ward begins with the stays it holds, and resumes after a cursor with everything since', async () => {
  const gateway = await openGateway()
  const [open, closed, elsewhereNow, mistaken] = [newStay(), newStay(), newStay(), newStay()]
  const movementId = crypto.randomUUID()
  await gateway.record(moved('PatientAdmitted', elsewhereNow, { ward: '3620' }))
  await gateway.record(moved('PatientTransferred', elsewhereNow, { ward: '4110', from: '3620' }))
  await gateway.record(moved('PatientAdmitted', mistaken, { ward: '3620', movementId }))
  await gateway.record(withdrawn(mistaken, { ward: '3620', withdrawn: 'admission', movementId }))
  await gateway.record(moved('PatientAdmitted', closed, { ward: '3620' }))
  await gateway.record(moved('PatientAdmitted', open, { ward: '3620' }))
  await gateway.record(moved('PatientDischarged', closed, { ward: '3620' }))
  const { follow } = await connect(gateway, nurse)
  const board = await follow('ward/3620')
  expect(board.entries().map(({ entry }) => stayOf(entry))).toEqual([open.stayId])
  await gateway.record(moved('PatientDischarged', open, { ward: '3620' }))
  await board.receives(2)
  const again = await follow('ward/3620', board.entries()[0]?.cursor)
  expect(again.entries().map(({ entry }) => [entry.kind, stayOf(entry)])).toEqual([
    ['discharge', closed.stayId],
    ['discharge', open.stayId],
  ])
  expect((await follow('ward/3620')).entries()).toEqual([])
  expect(again.entries()[1]?.cursor).toBe(board.entries()[1]?.cursor)
})

test('a transfer is heard by the ward left and by the ward entered, live and resumed', async () => {
  const gateway = await openGateway()
  const [one, other] = [nurse, person({ wards: ['4110'] })]
  const stay = newStay()
  const [from, to] = [await connect(gateway, one), await connect(gateway, other)]
  const [leaving, entering] = [await from.follow('ward/3620'), await to.follow('ward/4110')]
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620', at: '2026-11-21T08:00:00.000Z' }))
  await gateway.record(moved('PatientTransferred', stay, { ward: '4110', from: '3620' }))
  await gateway.record(moved('PatientDischarged', stay, { ward: '4110', at: '2026-11-23T08:00:00.000Z' }))
  await entering.receives(2)
  const since = async (here: typeof from, feed: typeof leaving, ward: string) =>
    (await here.follow(`ward/${ward}`, feed.caughtUp())).entries().map(({ cursor }) => cursor)
  expect(leaving.kinds()).toEqual(['admission', 'transfer'])
  expect(entering.kinds()).toEqual(['transfer', 'discharge'])
  expect(await since(from, leaving, '3620')).toEqual(leaving.entries().map(({ cursor }) => cursor))
  expect(await since(to, entering, '4110')).toEqual(entering.entries().map(({ cursor }) => cursor))
})

test('an admission recorded in the wrong ward: both wards hear of the correction, the wrong one follows no more', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  const movementId = crypto.randomUUID()
  const [wrong, right] = [await connect(gateway, nurse), await connect(gateway, person({ wards: ['4110'] }))]
  const [wrongBoard, rightBoard] = [await wrong.follow('ward/3620'), await right.follow('ward/4110')]
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620', movementId }))
  await wrongBoard.receives(1)
  const patient = await wrong.follow(`patient/${stay.patientId}`)
  await gateway.record(corrected(stay, { ward: '4110', from: '3620', movementId }))
  expect(await patient.ends()).toBe('accessEnded')
  await rightBoard.receives(1)
  expect(wrongBoard.kinds()).toEqual(['admission', 'correction'])
  expect(patient.kinds()).toEqual(['admission'])
})

test('a ward learns that its admission is withdrawn, and follows the patient no more', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  const movementId = crypto.randomUUID()
  const { follow } = await connect(gateway, nurse)
  const board = await follow('ward/3620')
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620', movementId }))
  await board.receives(1)
  const patient = await follow(`patient/${stay.patientId}`)
  await gateway.record(withdrawn(stay, { ward: '3620', withdrawn: 'admission', movementId }))
  await board.receives(2)
  expect(await patient.ends()).toBe('accessEnded')
  expect((await follow('ward/3620', board.caughtUp())).kinds()).toEqual(['admission', 'withdrawal'])
  expect((await follow(`patient/${stay.patientId}`)).ended()).toBe('forbidden')
})

test('a transfer is withdrawn: the ward that was left hears that it holds the patient again', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  const movementId = crypto.randomUUID()
  const { follow } = await connect(gateway, nurse)
  const board = await follow('ward/3620')
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }))
  await gateway.record(moved('PatientTransferred', stay, { ward: '4110', from: '3620', movementId }))
  await gateway.record(withdrawn(stay, { ward: '4110', from: '3620', withdrawn: 'transfer', movementId }))
  await board.receives(3)
  expect(board.kinds()).toEqual(['admission', 'transfer', 'withdrawal'])
  expect((await follow('ward/3620')).kinds()).toEqual(['admission', 'transfer', 'withdrawal'])
})

test('a physician is refused, then joins the circle, is given the open stay, and follows the patient', async () => {
  const gateway = await openGateway()
  const { follow } = await connect(gateway, physician)
  const past = newStay()
  const stay = newStay(past.patientId)
  const own = await follow(`circle/${gp}`)
  await gateway.record(
    moved('PatientAdmitted', past, { ward: '3620' }),
    moved('PatientDischarged', past, { ward: '3620' }),
  )
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }))
  expect((await follow(`patient/${stay.patientId}`)).ended()).toBe('forbidden')

  await gateway.record(joined(stay))
  await own.receives(1)
  expect(own.entries()[0]?.entry).toMatchObject({ kind: 'circleJoined', member: { memberId: gp } })
  expect(own.entries()[0]?.state?.map(({ kind, stayId }) => [kind, stayId])).toEqual([['admission', stay.stayId]])

  const patient = await follow(`patient/${stay.patientId}`)
  await gateway.record(moved('PatientDischarged', stay, { ward: '3620' }))
  await patient.receives(2)
  await own.receives(2)
  expect(patient.kinds()).toEqual(['admission', 'discharge'])
  expect(own.entries()[1]?.entry.kind).toBe('discharge')
  const resumed = await follow(`circle/${gp}`, own.caughtUp())
  expect(resumed.entries().map(({ cursor, entry, state }) => ({ cursor, entry, state }))).toEqual(
    own.entries().map(({ cursor, entry, state }) => ({ cursor, entry, state })),
  )
})

test('whoever joins in the same breath as something happens is told of it once: in the state, or after it', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  const { follow } = await connect(gateway, physician)
  const own = await follow(`circle/${gp}`)
  const [before, during] = [moved('PatientAdmitted', stay, { ward: '3620' }), joined(stay)]
  await Promise.all([gateway.record(before), gateway.record(during)])
  await gateway.record(moved('PatientDischarged', stay, { ward: '3620' }))
  await own.receives(2)
  const told = own.entries().flatMap(({ entry, state = [] }) => [...state.map(({ kind }) => kind), entry.kind])
  expect(told).toEqual(['admission', 'circleJoined', 'discharge'])
})

test('a circle begins with the open stays of its patients, whenever they joined', async () => {
  const gateway = await openGateway()
  const [open, closed, foreign] = [newStay(), newStay(), newStay()]
  await gateway.record(moved('PatientAdmitted', open, { ward: '3620' }), joined(open))
  await gateway.record(moved('PatientAdmitted', closed, { ward: '3620' }), joined(closed))
  await gateway.record(moved('PatientDischarged', closed, { ward: '3620' }))
  await gateway.record(moved('PatientAdmitted', foreign, { ward: '3620' }), joined(foreign), left(foreign))
  const { follow } = await connect(gateway, physician)
  const own = await follow(`circle/${gp}`)
  expect(own.entries().map(({ entry }) => [entry.kind, stayOf(entry)])).toEqual([['admission', open.stayId]])
})

test('a removal cuts at once, and the last thing heard on the own circle is the departure', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }), joined(stay))
  const { follow } = await connect(gateway, physician)
  const [patient, own] = [await follow(`patient/${stay.patientId}`), await follow(`circle/${gp}`)]
  await gateway.record(left(stay))
  expect(await patient.ends()).toBe('accessEnded')
  await gateway.record(moved('PatientDischarged', stay, { ward: '3620' }))
  const other = newStay()
  await gateway.record(moved('PatientAdmitted', other, { ward: '3620' }), joined(other))
  await own.receives(3)
  expect(patient.kinds()).toEqual(['admission'])
  expect(own.entries().map(({ entry }) => [entry.kind, entry.patientId])).toEqual([
    ['admission', stay.patientId],
    ['circleLeft', stay.patientId],
    ['circleJoined', other.patientId],
  ])
  expect((await follow(`patient/${stay.patientId}`)).ended()).toBe('forbidden')
})

test('a removal cuts nobody who has another ground', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }), joined(stay))
  await gateway.record(joined({ ...stay, role: 'medecin' }), joined({ ...stay, memberId: 'rpps:10100000001' }))
  const [here, ward] = [await connect(gateway, physician), await connect(gateway, nurse)]
  const feeds = [await here.follow(`patient/${stay.patientId}`), await ward.follow(`patient/${stay.patientId}`)]
  await gateway.record(left(stay), left({ ...stay, memberId: 'rpps:10100000001' }))
  await gateway.record(moved('PatientDischarged', stay, { ward: '3620' }))
  for (const feed of feeds) await feed.receives(4)
  expect(feeds.map((feed) => [feed.kinds(), feed.ended()])).toEqual([
    [['admission', 'circleLeft', 'circleLeft', 'discharge'], undefined],
    [['admission', 'circleLeft', 'circleLeft', 'discharge'], undefined],
  ])
})

test.each([
  { what: 'a patient of others', channel: () => `patient/${newStay().patientId}` },
  { what: 'a ward of others', channel: () => 'ward/4110' },
  { what: 'the circle of someone else', channel: () => `circle/${gp}` },
])('$what is refused, and the refusal is recorded', async ({ channel }) => {
  const gateway = await openGateway()
  const { follow } = await connect(gateway, nurse)
  expect((await follow(channel())).ended()).toBe('forbidden')
  expect(gateway.lines.filter(({ msg }) => msg === 'subscription decided')).toMatchObject([
    { actorId: 'rpps:10100000001', kind: channel().split('/')[0], outcome: 'noRelation' },
  ])
})

test('an admissions office follows no patient: its purpose is not care', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }))
  const { follow } = await connect(gateway, person({ role: 'admissions', wards: ['3620'] }))
  expect((await follow(`patient/${stay.patientId}`)).ended()).toBe('forbidden')
  expect((await follow('ward/3620')).entries()).toEqual([])
})

test('the decision is recorded with its ground when subscribing, and never for a push', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }), joined(stay))
  const { follow } = await connect(gateway, physician)
  const patient = await follow(`patient/${stay.patientId}`)
  await gateway.record(moved('PatientDischarged', stay, { ward: '3620' }))
  await patient.receives(2)
  expect(gateway.lines.filter(({ msg }) => msg === 'subscription decided')).toMatchObject([
    { actorId: gp, kind: 'patient', patientId: stay.patientId, outcome: 'exchange' },
  ])
})

test('a cursor of another channel, of another facility or altered is unknown', async () => {
  const gateway = await openGateway()
  const { follow } = await connect(gateway, nurse)
  const board = await follow('ward/3620')
  const cursor = board.caughtUp() ?? ''
  const neighbour = await connect(gateway, person({ wards: ['3620'], organisation: elsewhere }))
  const twoWards = await connect(gateway, person({ wards: ['3620', '4110'] }))
  expect((await follow('circle/rpps:10100000001', cursor)).ended()).toBe('cursorUnknown')
  expect((await neighbour.follow('ward/3620', cursor)).ended()).toBe('cursorUnknown')
  expect((await twoWards.follow('ward/4110', cursor)).ended()).toBe('cursorUnknown')
  expect((await follow('ward/3620', `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`)).ended()).toBe(
    'cursorUnknown',
  )
  expect((await follow('ward/3620', cursor)).ended()).toBeUndefined()
})

test('a cursor of another log is unknown', async () => {
  const [first, second] = [await openGateway(), await openGateway()]
  const cursor = (await (await connect(first, nurse)).follow('ward/3620')).caughtUp()
  expect((await (await connect(second, nurse)).follow('ward/3620', cursor)).ended()).toBe('cursorUnknown')
})

test('a patient without an open stay begins with the stay last heard of', async () => {
  const gateway = await openGateway()
  const [first, second] = [newStay(), newStay()]
  const later = { ...second, patientId: first.patientId }
  for (const stay of [first, later])
    await gateway.record(
      moved('PatientAdmitted', stay, { ward: '3620' }),
      moved('PatientDischarged', stay, { ward: '3620' }),
    )
  const { follow } = await connect(gateway, nurse)
  const patient = await follow(`patient/${first.patientId}`)
  expect(patient.entries().map(({ entry }) => stayOf(entry))).toEqual([later.stayId, later.stayId])
})

test('a patient who was forgotten has no entry on a view that is built afterwards', async () => {
  const first = await openGateway()
  const [forgotten, kept] = [newStay(), newStay()]
  await first.record(moved('PatientAdmitted', forgotten, { ward: '3620' }))
  await first.record(moved('PatientAdmitted', kept, { ward: '3620' }))
  await first.vault.forget(forgotten.patientId)
  const second = await openGateway({ ...first, port: 0, schema: 'channels_second' })
  const board = await (await connect(second, nurse)).follow('ward/3620')
  expect(board.entries().map(({ entry }) => entry.patientId)).toEqual([kept.patientId])
})
