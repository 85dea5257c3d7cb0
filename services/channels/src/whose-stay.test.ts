import { StayEvent } from '@relais/contracts/stays'
import { type ChannelEntry, isPathwayEntry } from '@relais/contracts/channel-entries'
import type { EventStore } from '@relais/event-store/port'
import { accepted, requested, runStarted } from '@relais/runtime/loop-facts.fixture'
import { standing } from '@relais/runtime/standing-facts.fixture'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import { FACILITY, gp, joined, moved, newStay, type Stay } from './facts.fixture.ts'
import { connect, nurse, openGateway, person, physician } from './gateway.fixture.ts'
import { forgotten, writing } from './loops.fixture.ts'

type Following = Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['follow']>>

const wards = [{ facility: FACILITY, code: '3620' }]
const at = '2026-11-22T10:00:00.000Z'

function secrecy(stay: Stay, confidential: boolean): StayEvent {
  const reason = confidential ? 'patientRequest' : 'released'
  return StayEvent.parse({
    type: 'ConfidentialityChanged',
    data: { ...stay, confidential, reason, changedAt: at, wards },
  })
}

/** A44: the stay is of the other patient. */
function movedTo(stay: Stay, other: Stay): StayEvent[] {
  const said = { messageId: crypto.randomUUID(), reportedAt: at }
  const to = { stayId: stay.stayId, patientId: other.patientId, fromPatientId: stay.patientId }
  return [
    StayEvent.parse({ type: 'StayTakenFromPatient', data: { ...stay, ...said, confidential: false } }),
    StayEvent.parse({ type: 'StayMovedToPatient', data: { ...to, ...said, wards } }),
  ]
}

/** The same, with what was told of the stay until now. */
async function movedWhole(
  { store }: { store: EventStore },
  stay: Stay,
  { told, other }: { told: StayEvent; other: Stay },
) {
  let entryId = ''
  for await (const { id, type } of store.readAll()) if (type === `${told.type}.v1`) entryId = id
  const fact = { type: told.type, data: { ...told.data, patientId: other.patientId } }
  const history = [{ entryId, recordedAt: at, fact }]
  const to = { stayId: stay.stayId, patientId: other.patientId, nature: 'movedToPatient', happenedAt: at }
  return [
    ...movedTo(stay, other).map(({ type, data }) =>
      StayEvent.parse({ type, data: type === 'StayMovedToPatient' ? { ...data, history } : data }),
    ),
    StayEvent.parse({ type: 'StandingChanged', data: { ...to, standing: standing(), changed: [] } }),
  ]
}

const patientOf = ({ patientId }: Stay) => `patient/${patientId}`
/** Notices that the ward sent are another matter. */
const shown = ({ entries }: Following) => entries().filter(({ entry }) => isPathwayEntry(entry))
const shows = (following: Following, count: number) =>
  waitUntil(() => shown(following).length >= count, `${count} entries`)
/** The kinds that were sent, each with what came along. */
const sent = (following: Following) =>
  shown(following).map(({ entry, state }) => [entry.kind, ...(state ?? []).map(({ kind }) => kind)].join(' '))

test('the ward hears of a confidential stay, and nobody of the circle, live or resumed', async () => {
  const gateway = await openGateway()
  const [hidden, open] = [newStay(), newStay()]
  const told = { ...open, patientId: hidden.patientId }
  await gateway.record(joined(hidden))
  const [outside, inside] = [await connect(gateway, physician), await connect(gateway, nurse)]
  const feeds = [await outside.follow(`circle/${gp}`), await outside.follow(patientOf(hidden))]
  const board = await inside.follow('ward/3620')
  await gateway.record(secrecy(hidden, true), moved('PatientAdmitted', hidden, { ward: '3620' }))
  await gateway.record(moved('PatientAdmitted', told, { ward: '3620' }))
  await shows(board, 3)
  expect(sent(board)).toEqual(['madeConfidential', 'admission', 'admission'])
  for (const feed of feeds) await shows(feed, 1)
  expect(feeds.map((feed) => feed.entries().map(({ entry }) => 'stayId' in entry && entry.stayId))).toEqual([
    [told.stayId],
    [told.stayId],
  ])
  expect((await outside.follow(`circle/${gp}`)).entries()).toHaveLength(1)
  expect((await outside.follow(patientOf(hidden))).entries()).toHaveLength(1)
  expect((await inside.follow(patientOf(hidden))).entries()).toHaveLength(3)
  expect(feeds.map((feed) => feed.ended())).toEqual([undefined, undefined])
})

test('whoever joins the circle meanwhile is given nothing of it; released, everybody is given the stay', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(secrecy(stay, true), moved('PatientAdmitted', stay, { ward: '3620' }))
  const { follow } = await connect(gateway, physician)
  const own = await follow(`circle/${gp}`)
  await gateway.record(joined(stay))
  await shows(own, 1)
  const patient = await follow(patientOf(stay))
  await gateway.record(secrecy(stay, false))
  await gateway.record(moved('PatientTransferred', stay, { ward: '3620' }))
  await shows(own, 3)
  await shows(patient, 2)
  const released = 'released madeConfidential admission'
  expect(sent(own)).toEqual(['circleJoined', released, 'transfer'])
  expect(sent(patient)).toEqual([released, 'transfer'])
  const resumed = await follow(`circle/${gp}`, own.entries()[0]?.cursor)
  expect(sent(resumed)).toEqual([released, 'transfer'])
})

test('a stay of the wrong patient: that one is told, the right one is given it whole, the ward sees the right patient', async () => {
  const gateway = await openGateway()
  const [wrong, right] = [newStay(), newStay()]
  await gateway.record(joined(wrong))
  await gateway.record(joined({ ...right, memberId: 'rpps:10100000009' }))
  await gateway.record(moved('PatientAdmitted', right, { ward: '4110' }))
  await gateway.record(moved('PatientAdmitted', wrong, { ward: '3620' }))
  const [theirs, inside] = [await connect(gateway, physician), await connect(gateway, nurse)]
  const [own, board] = [await theirs.follow(`circle/${gp}`), await inside.follow('ward/3620')]
  const patient = await inside.follow(patientOf(wrong))
  await gateway.record(...movedTo(wrong, right))
  await shows(board, 2)
  await shows(own, 2)
  expect(sent(own)).toEqual(['admission', 'movedAway'])
  expect(own.entries()[1]?.entry).toMatchObject({ patientId: wrong.patientId, stayId: wrong.stayId, wards: [] })
  expect(JSON.stringify(own.entries()[1])).not.toContain(right.patientId)
  expect(shown(board)[1]?.entry).toMatchObject({ kind: 'movedHere', patientId: right.patientId })
  expect(await patient.ends()).toBe('accessEnded')

  await gateway.record(moved('PatientTransferred', { ...wrong, patientId: right.patientId }, { ward: '3620' }))
  await shows(board, 3)
  expect(own.entries()).toHaveLength(2)
  expect((await theirs.follow(`circle/${gp}`, own.caughtUp())).kinds()).toEqual(['movedAway'])
  const whole = await inside.follow(patientOf(right))
  expect(whole.entries().map(({ entry }) => [entry.kind, entry.patientId])).toEqual(
    ['admission', 'admission', 'movedHere', 'transfer'].map((kind) => [kind, right.patientId]),
  )
  const again = await inside.follow('ward/3620')
  expect(new Set(shown(again).map(({ entry }) => entry.patientId))).toEqual(new Set([right.patientId]))
})

test('whoever follows the right patient is given the stay with the entry that says so', async () => {
  const gateway = await openGateway()
  const [wrong, right] = [newStay(), newStay()]
  await gateway.record(moved('PatientAdmitted', wrong, { ward: '4110' }), joined(right))
  const { follow } = await connect(gateway, physician)
  const [own, patient] = [await follow(`circle/${gp}`), await follow(patientOf(right))]
  await gateway.record(...movedTo(wrong, right))
  for (const feed of [own, patient]) {
    await shows(feed, 1)
    expect(sent(feed)).toEqual(['movedHere admission'])
    expect(feed.entries()[0]?.state?.map(({ patientId }) => patientId)).toEqual([right.patientId])
  }
})

test('the right patient is given it whole also when the wrong one is forgotten, and the view is built again', async () => {
  const gateway = await openGateway()
  const [wrong, right] = [newStay(), newStay()]
  const told = moved('PatientAdmitted', wrong, { ward: '4110' })
  await gateway.record(told)
  await gateway.record(joined(right))
  await gateway.record(...(await movedWhole(gateway, wrong, { told, other: right })))
  await gateway.vault.forget(wrong.patientId)
  const { folder, store } = gateway
  const again = await openGateway({ folder, store, schema: 'channels_again' })
  for (const one of [gateway, again]) {
    const { follow } = await connect(one, physician)
    const patient = await follow(patientOf(right))
    const [given] = patient.entries().filter(({ entry }) => entry.kind === 'movedHere')
    expect(given?.entry).not.toHaveProperty('restated')
    expect(given?.state?.map(({ kind, patientId }) => [kind, patientId])).toEqual([['admission', right.patientId]])
  }
})

const whatIs = ({ entry }: { entry: ChannelEntry }) => (entry.kind === 'loop' ? entry.change : entry.kind)

test('what was asked for a stay goes with it to the right patient, and is gone at the wrong one', async () => {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  const [wrong, right] = [newStay(), newStay()]
  const other = person({ id: 'rpps:10100000009', role: 'medecin', organisation: undefined, scopes: ['channel:follow'] })
  await gateway.record(joined({ ...wrong, memberId: 'rpps:10100000009' }))
  await gateway.record(joined(right), moved('PatientAdmitted', wrong, { ward: '4110' }))
  const [own, theirs] = [await connect(gateway, physician), await connect(gateway, other)]
  const feeds = [await own.follow(`circle/${gp}`), await own.follow(patientOf(right))]
  const start = [feeds[0]?.caughtUp(), feeds[1]?.caughtUp()]
  const before = (await theirs.follow(patientOf(wrong))).caughtUp()
  await write(requested(wrong))
  await write(runStarted(wrong))
  await gateway.record(...movedTo(wrong, right))
  await write(accepted(wrong, gp))

  for (const feed of feeds) {
    await feed.receives(2)
    const [here, later] = feed.entries()
    expect(here?.state?.map((entry) => whatIs({ entry }))).toEqual(['admission', 'requested', 'runStarted'])
    expect(new Set(here?.state?.map(({ patientId }) => patientId))).toEqual(new Set([right.patientId]))
    expect(later?.entry).toMatchObject({ kind: 'loop', change: 'accepted', patientId: right.patientId })
  }
  const whole = ['admission', 'requested', 'runStarted', 'movedHere', 'accepted']
  expect((await own.follow(patientOf(right), start[1])).entries().map(whatIs)).toEqual(whole.slice(1))
  expect((await own.follow(`circle/${gp}`, start[0])).entries().map(whatIs)).toEqual(whole.slice(1))
  expect((await theirs.follow(patientOf(wrong), before)).entries().map(whatIs)).toEqual(['movedAway'])
  await gateway.record(forgotten(wrong.patientId))
  expect((await own.follow(patientOf(right), start[1])).entries().map(whatIs)).toEqual(['movedHere'])
})
