import { ForgettingEvent } from '@relais/contracts/forgetting'
import { CircleEvent } from '@relais/contracts/patients'
import { linked, unlinked } from '@relais/runtime/link-facts.fixture'
import { expect, test } from 'vitest'
import { gp, joined, moved, newStay, type Stay } from './facts.fixture.ts'
import { connect, type Gateway, nurse, openGateway, person } from './gateway.fixture.ts'
import { caregiver, EHPAD, notices, sentIn, physician, stands, told } from './notices.fixture.ts'

const otherGp = 'rpps:10000023084'
const other = person({ id: otherGp, role: 'medecin', organisation: undefined, scopes: ['channel:follow'] })

/** A médecin traitant whom a hospital names for a patient. */
function reported({ patientId }: Stay, memberId: string, reportedAt: string): CircleEvent {
  const member = { patientId, memberId, role: 'medecin-traitant', ground: 'exchange', joinedAt: reportedAt }
  return CircleEvent.parse({ type: 'MemberJoined', data: { ...member, source: 'reported', reportedAt } })
}
const forgotten = ({ patientId }: Stay) => {
  const forgettingId = crypto.randomUUID()
  const said = { motive: 'à la demande de la personne', by: 'ght-essai:dpo', decidedAt: '2026-11-03T08:00:00.000Z' }
  return ForgettingEvent.parse({ type: 'PatientForgotten', data: { forgettingId, patientId, ...said } })
}
/** Erased, as `patients` decides and does. */
async function forget(gateway: Gateway, stay: Stay): Promise<void> {
  await gateway.record(forgotten(stay))
  await gateway.vault.forget(stay.patientId)
}

test('of two médecins traitants of one person the one who was reported last is told, until that is undone', async () => {
  const gateway = await openGateway()
  const [a, b] = [newStay(), newStay()]
  await gateway.record(reported(a, gp, '2026-11-02T09:00:00.000Z'), reported(b, otherGp, '2026-11-02T10:00:00.000Z'))
  await gateway.record(linked(b.patientId, a.patientId))
  await gateway.record(stands(a))
  expect(await told(gateway, 1)).toEqual([`${otherGp} admitted present`])
  const { follow } = await connect(gateway, physician)
  expect((await follow(`patient/${a.patientId}`)).ended()).toBe('forbidden')
  expect((await (await connect(gateway, other)).follow(`patient/${a.patientId}`)).ended()).toBeUndefined()

  await gateway.record(unlinked(b.patientId, a.patientId))
  expect(await told(gateway, 2)).toEqual([`${otherGp} admitted present`, `${gp} joined present`])
  await gateway.record(stands(a, { nature: 'moved' }))
  await gateway.record(stands(b))
  expect((await told(gateway, 4)).slice(2).toSorted()).toEqual(
    [`${otherGp} admitted present`, `${gp} moved present`].toSorted(),
  )
  expect((await follow(`patient/${a.patientId}`)).ended()).toBeUndefined()
})

test('who said “not my patient” of one number is told nothing of the other, until that is undone', async () => {
  const gateway = await openGateway()
  const [a, b] = [newStay(), newStay()]
  const disownedAt = '2026-11-02T09:00:00.000Z'
  const data = { patientId: a.patientId, memberId: gp, disownedAt }
  await gateway.record(CircleEvent.parse({ type: 'PatientDisowned', data }))
  await gateway.record(linked(b.patientId, a.patientId))
  await gateway.record(reported(b, gp, '2026-11-02T10:00:00.000Z'), joined({ ...b, memberId: EHPAD, role: 'ehpad' }))
  await gateway.record(stands(b))
  expect(await told(gateway, 1)).toEqual([`${EHPAD} admitted present`])
  await gateway.record(unlinked(b.patientId, a.patientId))
  expect(await told(gateway, 2)).toEqual([`${EHPAD} admitted present`, `${gp} joined present`])
})

test('an EHPAD whose resident is one with another patient is told of what happens under that number', async () => {
  const gateway = await openGateway()
  const [a, b] = [newStay(), newStay()]
  await gateway.record(joined({ ...a, memberId: EHPAD, role: 'ehpad' }))
  await gateway.record(linked(b.patientId, a.patientId))
  await gateway.record(stands(b))
  expect(await told(gateway, 1)).toEqual([`${EHPAD} admitted present`])
  const { follow } = await connect(gateway, caregiver('rpps:10100000031'))
  expect((await follow('ehpad/990000028')).kinds()).toEqual(['notice'])
  await gateway.record(unlinked(b.patientId, a.patientId))
  await gateway.record(stands(b, { nature: 'moved' }))
  await gateway.record(joined({ ...b, role: 'pharmacien' }))
  expect((await told(gateway, 2)).at(-1)).toBe(`${gp} joined present`)
  await gateway.record(stands(a))
  expect((await told(gateway, 3)).at(-1)).toBe(`${EHPAD} admitted present`)
  expect(sentIn(await notices(gateway)).map(({ patientId }) => patientId)).toEqual(
    [b, b, a].map(({ patientId }) => patientId),
  )
})

test('a nursing service at home is told as a member, and its people read it as one', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  const service = 'finess:990000044'
  await gateway.record(joined({ ...stay, memberId: service, role: 'ssiad' }))
  await gateway.record(stands(stay))
  expect(await told(gateway, 1)).toEqual([`${service} admitted present`])
  const aide = person({ id: 'ssiad-essai:lea', role: 'ssiad', organisation: '990000044', scopes: ['channel:follow'] })
  const { follow } = await connect(gateway, aide)
  expect((await follow(`inbox/${service}`)).kinds()).toEqual(['notice'])
  expect((await follow(`patient/${stay.patientId}`)).ended()).toBeUndefined()
})

test('of who was forgotten every channel ends, or shows nothing, and others are shown as before', async () => {
  const gateway = await openGateway()
  const [gone, stays] = [newStay(), newStay()]
  for (const stay of [gone, stays]) {
    await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }))
    await gateway.record(joined(stay), joined({ ...stay, memberId: EHPAD, role: 'ehpad' }))
    await gateway.record(stands(stay))
  }
  await told(gateway, 4)
  const [ward, doctor, house] = [
    await connect(gateway, nurse),
    await connect(gateway, physician),
    await connect(gateway, caregiver('rpps:10100000031')),
  ]
  const followed = await ward.follow(`patient/${gone.patientId}`)
  const channels = [
    [ward, 'ward/3620'],
    [doctor, `inbox/${gp}`],
    [doctor, `circle/${gp}`],
    [house, `inbox/${EHPAD}`],
    [house, 'ehpad/990000028'],
  ] as const
  const idsIn = async () => {
    const ids = []
    for (const [client, channel] of channels) {
      const begun = await client.follow(channel)
      begun.stop()
      ids.push(new Set(begun.entries().flatMap(({ entry }) => ('patientId' in entry ? [entry.patientId] : []))))
    }
    return ids
  }
  for (const ids of await idsIn()) expect(ids).toEqual(new Set([gone.patientId, stays.patientId]))
  await forget(gateway, gone)
  expect(await followed.ends()).toBe('accessEnded')
  expect((await ward.follow(`patient/${gone.patientId}`)).ended()).toBe('forbidden')
  for (const ids of await idsIn()) expect(ids).toEqual(new Set([stays.patientId]))
})
