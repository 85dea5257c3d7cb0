import { CircleEvent } from '@relais/contracts/patients'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { denied, died } from '@relais/runtime/death-facts.fixture'
import { linked } from '@relais/runtime/link-facts.fixture'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { FACILITY, gp, joined, left, newStay } from './facts.fixture.ts'
import { connect, type Gateway, openGateway } from './gateway.fixture.ts'
import { caregiver, EHPAD, notices, physician, sentIn, stands, told } from './notices.fixture.ts'

test('the médecin traitant and the EHPAD hear of a hospitalisation, the EHPAD’s people as one', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(joined(stay), joined({ ...stay, memberId: EHPAD, role: 'ehpad' }))
  await gateway.record(stands(stay))
  expect((await told(gateway, 2)).toSorted()).toEqual([`${EHPAD} admitted present`, `${gp} admitted present`])
  const { follow } = await connect(gateway, caregiver('rpps:10100000031'))
  const inbox = await follow(`inbox/${EHPAD}`)
  await inbox.receives(1)
  expect(inbox.entries()[0]?.entry).toMatchObject({ kind: 'notice', recipient: EHPAD, ...stay, nature: 'admitted' })
  expect((await follow('ehpad/990000028')).kinds()).toEqual(['notice'])
  expect((await follow(`inbox/${gp}`)).ended()).toBe('forbidden')
  expect((await follow('ehpad/990000029')).ended()).toBe('forbidden')
})

test('whoever joins hears once of each open stay, and of none that is over', async () => {
  const gateway = await openGateway()
  const [open, other] = [newStay(), newStay()]
  const over = newStay(open.patientId)
  await gateway.record(stands(open), stands(over), stands(other))
  await gateway.record(stands(over, { nature: 'discharged', status: 'discharged' }), stands(open, { nature: 'moved' }))
  await gateway.record(joined(open))
  expect(await told(gateway, 1)).toEqual([`${gp} joined present`])
  await gateway.record(joined({ ...open, role: 'medecin' }), stands(open, { nature: 'planned' }))
  expect(await told(gateway, 2)).toEqual([`${gp} joined present`, `${gp} planned present`])
})

test('an EHPAD that joins hears of the stay that its resident has just come from, and of none before', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  const before = newStay(stay.patientId)
  const leftDaysAgo = (days: number) =>
    ({
      nature: 'discharged',
      status: 'discharged',
      dischargedAt: new Date(Date.now() - days * 86_400_000).toISOString(),
    }) as const
  await gateway.record(stands(before, leftDaysAgo(3)), stands(stay, leftDaysAgo(1)))
  await gateway.record(joined({ ...stay, memberId: EHPAD, role: 'ehpad' }), joined(stay))
  const other = newStay()
  await gateway.record(stands(other), joined(other))
  expect(await told(gateway, 2)).toEqual([`${EHPAD} joined discharged`, `${gp} joined present`])
})

test('who is let in for a discharge, in place of who is away, hears of it once, and of none before', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  const before = newStay(stay.patientId)
  const [locum, discharged] = ['rpps:10000023084', { nature: 'discharged', status: 'discharged' } as const]
  await gateway.record(joined(stay), stands(before, discharged), stands(stay, discharged))
  await told(gateway, 2)
  const { data } = joined({ ...stay, memberId: locum, role: 'remplacant' })
  const letIn = { ...data, source: 'reported', reportedAt: '2026-11-02T09:00:00.000Z', replaces: gp }
  const joining = CircleEvent.parse({ type: 'MemberJoined', data: { ...letIn, stayId: stay.stayId } })
  await gateway.record(joining)
  const locums = async (count: number) => (await told(gateway, count)).filter((line) => line.startsWith(locum))
  expect(await locums(3)).toEqual([`${locum} joined discharged`])
  await gateway.record(left({ ...stay, memberId: locum, role: 'remplacant' }), joining)
  await gateway.record(stands(stay, { ...discharged, nature: 'corrected', room: '12' }))
  expect(await locums(5)).toEqual([`${locum} joined discharged`, `${locum} corrected discharged`])
})

test('a stay that was never is withdrawn for everyone who was told of it, also who left since', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(joined(stay))
  await gateway.record(stands(stay))
  await told(gateway, 1)
  await gateway.record(left(stay), joined({ ...stay, memberId: 'rpps:10100000021', role: 'infirmier' }))
  expect(await told(gateway, 2)).toEqual([`${gp} admitted present`, 'rpps:10100000021 joined present'])
  await gateway.record(stands(stay, { nature: 'corrected', room: '12' }))
  await told(gateway, 4)
  await gateway.record(stands(stay, { nature: 'withdrawn', status: 'withdrawn' }))
  expect((await told(gateway, 6)).slice(2).toSorted()).toEqual([
    'rpps:10002909371 corrected present',
    'rpps:10002909371 withdrawn withdrawn',
    'rpps:10100000021 corrected present',
    'rpps:10100000021 withdrawn withdrawn',
  ])
  const [first, , correction] = sentIn(await notices(gateway))
  expect(first?.changed).toEqual([])
  expect(correction?.changed).toEqual(['room'])
})

test('a confidential stay is told to nobody until it is released; what was told before is hidden meanwhile', async () => {
  const gateway = await openGateway()
  const [stay, silent] = [newStay(), newStay()]
  await gateway.record(joined(stay), joined(silent))
  await gateway.record(stands(silent, { confidential: true }), stands(stay))
  await told(gateway, 1)
  await gateway.record(stands(stay, { nature: 'madeConfidential', confidential: true }))
  const { follow } = await connect(gateway, physician)
  expect((await follow(`inbox/${gp}`)).entries()).toEqual([])
  await gateway.record(stands(silent, { nature: 'released' }), stands(stay, { nature: 'released' }))
  expect((await told(gateway, 3)).slice(1)).toEqual([`${gp} released present`, `${gp} released present`])
  const inbox = await follow(`inbox/${gp}`)
  await inbox.receives(2)
  expect(new Set(inbox.entries().map(({ entry }) => entry.patientId))).toEqual(
    new Set([stay.patientId, silent.patientId]),
  )
})

test('whoever was to do something hears that the patient has died, the EHPAD that says it too, and then what stands', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  const other = newStay(stay.patientId)
  const discharged = { nature: 'discharged', status: 'discharged' } as const
  await gateway.record(joined(stay), joined({ ...stay, memberId: EHPAD, role: 'ehpad' }))
  await gateway.record(stands(stay, { ...discharged, dischargedAt: '2026-11-02T09:00:00.000Z' }))
  await gateway.record(stands(other, { ...discharged, dischargedAt: '2026-10-02T09:00:00.000Z', confidential: true }))
  await told(gateway, 2)
  // The match ends with the death.
  await gateway.record(left({ ...stay, memberId: EHPAD, role: 'ehpad' }))
  const register = { ehpad: '990000028', residentId: crypto.randomUUID() }
  const death = died(stay.patientId, { register, diedAt: '2026-11-03T04:40:00.000Z' })
  await gateway.record(death)
  expect((await told(gateway, 4)).slice(2).toSorted()).toEqual([`${EHPAD} died discharged`, `${gp} died discharged`])
  const [, , first] = sentIn(await notices(gateway))
  expect(first).toMatchObject({ happenedAt: '2026-11-03T04:40:00.000Z', changed: [], standing: { died: false } })
  const { follow } = await connect(gateway, physician)
  const entries = (await follow(`inbox/${gp}`)).entries()
  expect(entries.at(-1)?.entry).toMatchObject({ nature: 'died', expected: { action: 'acknowledge' } })

  await gateway.record(died(stay.patientId, { register, again: true }))
  await gateway.record(stands(stay, { ...discharged, nature: 'corrected', dischargedAt: '2026-11-02T10:00:00.000Z' }))
  const after = (await told(gateway, 7)).slice(4).toSorted()
  expect(after).toEqual([`${EHPAD} corrected discharged`, `${gp} corrected discharged`, `${gp} died discharged`])
  await gateway.record(denied(stay.patientId, { register }))
  expect((await told(gateway, 8)).at(-1)).toBe(`${gp} corrected discharged`)
})

test('of a death that is said of another number, people hear once the two are one', async () => {
  const gateway = await openGateway()
  const [stay, other] = [newStay(), newStay()]
  await gateway.record(joined(stay))
  await gateway.record(stands(stay), died(other.patientId))
  expect(await told(gateway, 1)).toEqual([`${gp} admitted present`])
  await gateway.record(linked(stay.patientId, other.patientId))
  expect(await told(gateway, 2)).toEqual([`${gp} admitted present`, `${gp} died present`])
})

test('the people who caused a change, and the establishment of the stay, are not told of it', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  // The recorder of these tests acts as this nurse.
  await gateway.record(joined({ ...stay, memberId: 'rpps:10100000001', role: 'infirmier' }))
  await gateway.record(joined(stay))
  await gateway.record(stands(stay))
  await gateway.record(joined({ ...stay, memberId: `finess:${FACILITY}`, role: 'referent-parcours' }))
  await gateway.record(stands(stay, { nature: 'corrected', room: '12' }))
  expect(await told(gateway, 2)).toEqual([`${gp} admitted present`, `${gp} corrected present`])
})

test('read again from the beginning, the log causes no further notice', async () => {
  const ground = { folder: temporaryFolder(), store: inMemoryEventStore() }
  const gateway = await openGateway(ground)
  const stay = newStay()
  await gateway.record(joined(stay))
  await gateway.record(stands(stay), stands(stay, { nature: 'moved', ward: '4110' }))
  await gateway.record(joined({ ...stay, memberId: 'rpps:10100000021', role: 'infirmier' }))
  await told(gateway, 3)
  await gateway.record(died(stay.patientId))
  const before = await told(gateway, 5)
  await gateway.close()
  const another = await openGateway({ ...ground, schema: 'channels_another' })
  const later = newStay()
  await another.record(joined(later))
  await another.record(stands(later))
  expect(await told(another, 6)).toEqual([...before, `${gp} admitted present`])
})

test('two patients turn out to be one: each circle hears of the open stays of the other, once', async () => {
  const gateway = await openGateway()
  const [one, other] = [newStay(), newStay()]
  const nurse = 'rpps:10100000021'
  await gateway.record(joined(one), joined({ ...other, memberId: nurse, role: 'infirmier' }))
  await gateway.record(stands(one), stands(other))
  await told(gateway, 2)
  await gateway.record(linked(one.patientId, other.patientId))
  expect((await told(gateway, 4)).slice(2).toSorted()).toEqual([`${gp} joined present`, `${nurse} joined present`])
  await gateway.record(linked(one.patientId, other.patientId, { again: true }))
  await gateway.record(stands(other, { nature: 'moved', ward: '4110' }))
  expect((await told(gateway, 6)).slice(4).toSorted()).toEqual([`${gp} moved present`, `${nurse} moved present`])
})

test('what is withdrawn in the same breath is told as it was said', async () => {
  const gateway = await openGateway()
  const stay = newStay()
  await gateway.record(joined(stay))
  await gateway.record(stands(stay), stands(stay, { nature: 'withdrawn', status: 'withdrawn' }))
  expect(await told(gateway, 2)).toEqual([`${gp} admitted present`, `${gp} withdrawn withdrawn`])
})

test('several gateways tell people once', async () => {
  const ground = { folder: temporaryFolder(), store: inMemoryEventStore() }
  const gateways = [await openGateway(ground), await openGateway({ ...ground, schema: 'channels_other' })]
  const [gateway] = gateways
  if (!gateway) throw new Error('no gateway')
  const stays = Array.from({ length: 5 }, () => newStay())
  let end = 0
  for (const stay of stays) {
    await gateway.record(joined(stay))
    end = await gateway.record(stands(stay))
  }
  for (const { db } of gateways)
    await waitUntil(async () => (await reactedUpTo(db)) >= end, 'both gateways to have reacted')
  expect(await told(gateway, 5)).toEqual(stays.map(() => `${gp} admitted present`))
})

async function reactedUpTo(db: Gateway['db']): Promise<number> {
  const checkpoint = sql<{ position: number }>`select position from reaction_checkpoint where name = 'notify-1'`
  return (await checkpoint.execute(db)).rows[0]?.position ?? 0
}
