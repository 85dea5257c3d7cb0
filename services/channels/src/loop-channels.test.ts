import type { ChannelEntry } from '@relais/contracts/channel-entries'
import { StayEvent } from '@relais/contracts/stays'
import {
  accepted,
  ASKING_QUEUE,
  given,
  ofReferral,
  ofStep,
  referralIdOf,
  requested,
  runIdOf,
  runStarted,
  stepOpened,
} from '@relais/runtime/loop-facts.fixture'
import { expect, test } from 'vitest'
import { gp, joined, moved, newStay, type Stay } from './facts.fixture.ts'
import { connect, nurse, openGateway, person } from './gateway.fixture.ts'
import { askedOf, asker, colleague, forgotten, physician, writing } from './loops.fixture.ts'

const COLLEAGUE = 'rpps:10100000021'
const whatIs = (entry: ChannelEntry) => {
  if (entry.kind === 'loop') return [entry.change, entry.recipient].filter(Boolean).join(' ')
  if (entry.kind === 'work') return `told ${entry.recipient}`
  return entry.kind
}
const linesOf = ({ entries }: { entries: () => { entry: ChannelEntry }[] }) =>
  entries().map(({ entry }) => whatIs(entry))

/** A referral to two, one of whom accepts, and each of whom is told. */
async function referred(stay: Stay) {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  await write(requested(stay))
  await write(given(stay, { subject: ofReferral(stay) }))
  await write(given(stay, { subject: ofReferral(stay), recipient: COLLEAGUE }))
  await askedOf(gateway, 2)
  return { gateway, write, channel: `referral/${referralIdOf(stay)}` }
}

test('who asks follows all of a referral, who is asked what is for him or her; nobody is told who the patient is', async () => {
  const stay = newStay()
  const { gateway, write, channel } = await referred(stay)
  const [asks, isAsked] = [await connect(gateway, asker), await connect(gateway, physician)]
  const [whole, own] = [await asks.follow(channel), await isAsked.follow(channel)]
  await write(accepted(stay, COLLEAGUE))
  await write(accepted(stay, gp))
  await Promise.all([whole.receives(5), own.receives(3)])
  const first = ['requested', `told ${gp}`, `told ${COLLEAGUE}`]
  expect(linesOf(whole).slice(0, 3).toSorted()).toEqual(first.toSorted())
  expect(linesOf(whole).slice(3)).toEqual([`accepted ${COLLEAGUE}`, `accepted ${gp}`])
  expect(linesOf(own)).toEqual(['requested', `told ${gp}`, `accepted ${gp}`])
  for (const seen of [whole, own]) {
    expect(JSON.stringify(seen.entries())).not.toContain(stay.patientId)
    expect(JSON.stringify(seen.entries())).not.toContain(stay.stayId)
  }
  const resumed = await asks.follow(channel, whole.entries()[2]?.cursor)
  expect(linesOf(resumed)).toEqual([`accepted ${COLLEAGUE}`, `accepted ${gp}`])
  const again = await isAsked.follow(channel, own.entries()[0]?.cursor)
  expect(linesOf(again)).toEqual([`told ${gp}`, `accepted ${gp}`])
})

test.each([
  { who: 'a professional who was not asked', token: nurse },
  { who: 'the same ward of another establishment', token: person({ organisation: '330781360', wards: ['4101'] }) },
])('$who follows neither a referral nor a run, nor what does not exist', async ({ token }) => {
  const stay = newStay()
  const { gateway, write, channel } = await referred(stay)
  await write(runStarted(stay))
  const { follow } = await connect(gateway, token)
  for (const each of [channel, `run/${runIdOf(stay)}`, `run/${crypto.randomUUID()}`, `thread/${crypto.randomUUID()}`])
    expect((await follow(each)).ended()).toBe('forbidden')
})

test('the queue of the ward that asks, and its secretary, follow a referral', async () => {
  const stay = newStay()
  const { gateway, channel } = await referred(stay)
  const desk = person({ id: 'ch-essai:lea', role: 'secretaire', organisation: '990000010', wards: ['4101'] })
  expect((await (await connect(gateway, desk)).follow(channel)).entries()).toHaveLength(3)
  expect(ASKING_QUEUE).toBe('uf:990000010/4101')
})

test('who has a step follows the run, and no longer once it is somebody else’s', async () => {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  const stay = newStay()
  const step = { subject: ofStep(stay), nature: 'stepOpened', action: 'doStep' } as const
  await write(runStarted(stay))
  await write(stepOpened(stay))
  await write(given(stay, step))
  await askedOf(gateway, 1)
  const { follow } = await connect(gateway, physician)
  const run = await follow(`run/${runIdOf(stay)}`)
  expect(linesOf(run)).toEqual(['runStarted', `stepOpened ${gp}`, `told ${gp}`])
  expect(JSON.stringify(run.entries())).not.toContain(stay.patientId)
  await write(given(stay, { ...step, recipient: COLLEAGUE, nature: 'stepReassigned' }))
  await write(given(stay, { ...step, nature: 'stepReassigned', state: 'withdrawn' }))
  expect(await run.ends()).toBe('accessEnded')
  expect((await follow(`run/${runIdOf(stay)}`)).ended()).toBe('forbidden')
  const other = await connect(gateway, colleague)
  expect((await other.follow(`run/${runIdOf(stay)}`)).ended()).toBeUndefined()
})

test('the circle hears of a referral and of a run; of those of a confidential stay the team alone', async () => {
  const gateway = await openGateway()
  const { write } = writing(gateway)
  const stay = newStay()
  await gateway.record(moved('PatientAdmitted', stay, { ward: '3620' }), joined(stay))
  const [gpSide, ward] = [await connect(gateway, physician), await connect(gateway, nurse)]
  const [circle, patient] = [await gpSide.follow(`circle/${gp}`), await gpSide.follow(`patient/${stay.patientId}`)]
  const team = await ward.follow(`patient/${stay.patientId}`)
  await write(requested(stay))
  await write(runStarted(stay))
  for (const seen of [circle, patient, team]) {
    await seen.receives(3)
    expect(linesOf(seen).slice(1)).toEqual(['requested', 'runStarted'])
    expect(seen.entries()[1]?.entry.patientId).toBe(stay.patientId)
  }
  const said = {
    reason: 'patientRequest',
    changedAt: '2026-11-22T09:00:00.000Z',
    wards: [{ facility: '750100018', code: '3620' }],
  }
  await gateway.record(
    StayEvent.parse({ type: 'ConfidentialityChanged', data: { ...stay, confidential: true, ...said } }),
  )
  await write(accepted(stay, gp))
  await team.receives(5)
  expect(linesOf(team).slice(3)).toEqual(['madeConfidential', `accepted ${gp}`])
  expect([circle.entries().length, patient.entries().length]).toEqual([3, 3])
  expect(linesOf(await gpSide.follow(`patient/${stay.patientId}`, circle.caughtUp())).length).toBe(0)
})

test('once the patient is forgotten, a referral and a run are over for everybody', async () => {
  const stay = newStay()
  const { gateway, channel } = await referred(stay)
  const { follow } = await connect(gateway, physician)
  const own = await follow(channel)
  await gateway.record(forgotten(stay.patientId))
  expect(await own.ends()).toBe('accessEnded')
  expect((await follow(channel)).ended()).toBe('forbidden')
})
