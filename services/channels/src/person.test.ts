import { isPathwayEntry } from '@relais/contracts/channel-entries'
import { linked, unlinked } from '@relais/runtime/link-facts.fixture'
import { expect, test } from 'vitest'
import { corrected, joined, left, moved, newStay, type Stay } from './facts.fixture.ts'
import { connect, type Gateway, nurse, openGateway, person, physician } from './gateway.fixture.ts'

type Following = Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['follow']>>

/** Two numbers of one person, each with an open stay: one in the ward of the nurse, one elsewhere. */
async function openTwo() {
  const gateway = await openGateway()
  const [a, b] = [newStay(), newStay()]
  await gateway.record(moved('PatientAdmitted', a, { ward: '3620' }))
  await gateway.record(moved('PatientAdmitted', b, { ward: '4110' }))
  const { follow } = await connect(gateway, nurse)
  return { gateway, a, b, follow }
}

const channelOf = ({ patientId }: Stay) => `patient/${patientId}`
const merge = (gateway: Gateway, kept: Stay, other: Stay, again = false) =>
  gateway.record(linked(kept.patientId, other.patientId, { again }))
const separate = (gateway: Gateway, kept: Stay, other: Stay) =>
  gateway.record(unlinked(kept.patientId, other.patientId))
/** What was sent, and the stays whose entries came along. */
const sent = ({ entries }: Following) =>
  entries().map(({ entry, state }) => [
    entry.kind === 'link' ? (entry.linked ? 'linked' : 'unlinked') : entry.kind,
    ...(state ?? []).map(({ stayId }) => stayId),
  ])
const patientsIn = ({ entries }: Following) =>
  entries().flatMap(({ entry }) => (isPathwayEntry(entry) ? [entry.patientId] : []))

test('whoever follows one number of a person is sent the entries of all of them', async () => {
  const { gateway, a, b, follow } = await openTwo()
  await merge(gateway, a, b)
  const both = [await follow(channelOf(a)), await follow(channelOf(b))]
  await gateway.record(moved('PatientTransferred', b, { ward: '4111' }))
  await gateway.record(moved('PatientTransferred', a, { ward: '3620' }))
  for (const following of both) {
    await following.receives(4)
    expect(patientsIn(following)).toEqual([a, b, b, a].map(({ patientId }) => patientId))
  }
})

test('whoever follows when two patients are found to be one is given what was not visible before, once', async () => {
  const { gateway, a, b, follow } = await openTwo()
  const following = await follow(channelOf(a))
  await merge(gateway, b, a)
  await following.receives(2)
  expect(sent(following)).toEqual([['admission'], ['linked', b.stayId]])
  expect(following.entries()[1]?.entry).toMatchObject({
    kind: 'link',
    linked: true,
    patientId: b.patientId,
    otherId: a.patientId,
  })
  await gateway.record(moved('PatientDischarged', b, { ward: '4110' }))
  await following.receives(3)
  expect(sent(following).at(-1)).toEqual(['discharge'])

  const link = following.entries()[1]
  expect(sent(await follow(channelOf(a), following.caughtUp()))).toEqual([['linked', b.stayId], ['discharge']])
  expect(sent(await follow(channelOf(a), link?.cursor))).toEqual([['discharge']])
})

test('a link that shows nothing new brings nothing along, and one that is said again is not sent', async () => {
  const { gateway, a, b, follow } = await openTwo()
  const c = newStay()
  const following = await follow(channelOf(a))
  await merge(gateway, b, a)
  await merge(gateway, c, b)
  await merge(gateway, b, a, true)
  await merge(gateway, c, a)
  await following.receives(4)
  expect(sent(following)).toEqual([['admission'], ['linked', b.stayId], ['linked'], ['linked']])
})

test('once it is undone, each is sent its own entries again, and whoever may no longer follow is cut', async () => {
  const { gateway, a, b, follow } = await openTwo()
  await merge(gateway, a, b)
  const [own, others] = [await follow(channelOf(a)), await follow(channelOf(b))]
  await separate(gateway, a, b)
  expect(await others.ends()).toBe('accessEnded')
  await gateway.record(moved('PatientDischarged', b, { ward: '4110' }), moved('PatientDischarged', a, { ward: '3620' }))
  await own.receives(4)
  expect(sent(own)).toEqual([['admission'], ['admission'], ['unlinked'], ['discharge']])
  expect(own.entries().at(-1)?.entry).toMatchObject({ patientId: a.patientId })
  expect((await follow(channelOf(b))).ended()).toBe('forbidden')
})

test('a member of one circle follows the person in all of them, from the link on', async () => {
  const { gateway, a, b } = await openTwo()
  const { follow } = await connect(gateway, physician)
  await gateway.record(joined(a))
  const mine = await follow('circle/rpps:10002909371')
  expect(patientsIn(mine)).toEqual([a.patientId])
  const start = mine.caughtUp()
  await gateway.record(moved('PatientTransferred', b, { ward: '4111' }))
  await merge(gateway, b, a)
  await gateway.record(moved('PatientTransferred', b, { ward: '4112' }))
  await mine.receives(3)
  expect(sent(mine)).toEqual([['admission'], ['linked', b.stayId, b.stayId], ['transfer']])
  expect(sent(await follow('circle/rpps:10002909371', mine.entries()[1]?.cursor))).toEqual([['transfer']])
  expect(patientsIn(await follow('circle/rpps:10002909371'))).toEqual([a, b, b, b].map(({ patientId }) => patientId))
  await separate(gateway, b, a)
  await gateway.record(
    moved('PatientTransferred', b, { ward: '4113' }),
    moved('PatientTransferred', a, { ward: '3621' }),
  )
  await mine.receives(5)
  expect(sent(mine).slice(3)).toEqual([['unlinked'], ['transfer']])
  expect(patientsIn(mine).at(-1)).toBe(a.patientId)
  expect(patientsIn(await follow('circle/rpps:10002909371', start)).filter((id) => id === b.patientId)).toEqual([])
})

test('whoever has left the circle of one number, and is in that of the other, is given what the link shows again', async () => {
  const { gateway, a, b } = await openTwo()
  const { follow } = await connect(gateway, physician)
  await gateway.record(joined(a))
  await gateway.record(left(a))
  await gateway.record(joined(b))
  const mine = await follow('circle/rpps:10002909371')
  await merge(gateway, b, a)
  await mine.receives(2)
  expect(sent(mine)).toEqual([['admission'], ['linked', a.stayId]])
})

test('leaving the circle of one number is not leaving that of the other', async () => {
  const { gateway, a, b } = await openTwo()
  const { follow } = await connect(gateway, physician)
  await gateway.record(joined(a))
  await gateway.record(joined(b))
  await merge(gateway, b, a)
  const [patient, mine] = [await follow(channelOf(a)), await follow('circle/rpps:10002909371')]
  await gateway.record(left(a))
  await gateway.record(moved('PatientTransferred', a, { ward: '3621' }))
  await mine.receives(4)
  expect(sent(mine).slice(2)).toEqual([['circleLeft'], ['transfer']])
  await gateway.record(left(b))
  expect(await patient.ends()).toBe('accessEnded')
})

test('whoever joins one circle is given the open stays of the whole person', async () => {
  const { gateway, a, b } = await openTwo()
  await merge(gateway, b, a)
  const { follow } = await connect(gateway, physician)
  const mine = await follow('circle/rpps:10002909371')
  await gateway.record(joined(a))
  await mine.receives(1)
  expect(sent(mine)).toEqual([['circleJoined', a.stayId, b.stayId]])
})

test('made and undone, links leave what a channel begins with as if neither had happened', async () => {
  const { gateway, a, b } = await openTwo()
  await gateway.record(joined(a), joined(b))
  const watchers = [
    [nurse, channelOf(a)],
    [physician, channelOf(b)],
    [physician, 'circle/rpps:10002909371'],
    [person({ wards: ['4110'] }), 'ward/4110'],
  ] as const
  const begin = async () => {
    const begun = []
    for (const [token, channel] of watchers) {
      const client = await connect(gateway, token)
      begun.push((await client.follow(channel)).entries().map(({ entry, cursor }) => ({ entry, cursor })))
      client.close()
    }
    return begun
  }
  const before = await begin()
  const c = newStay()
  await merge(gateway, a, b)
  await merge(gateway, c, b)
  expect(await begin()).not.toEqual(before)
  await separate(gateway, b, c)
  await separate(gateway, a, b)
  expect(await begin()).toEqual(before)
})

test('a stay that is corrected under one number is corrected for those who follow the other', async () => {
  const { gateway, a, b, follow } = await openTwo()
  await merge(gateway, a, b)
  const following = await follow(channelOf(a))
  await gateway.record(corrected(b, { ward: '4112', movementId: crypto.randomUUID() }))
  await following.receives(3)
  expect(sent(following).at(-1)).toEqual(['correction'])
})
