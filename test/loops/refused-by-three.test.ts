import type { ChannelEntry } from '@relais/contracts/channel-entries'
import { FigureEvent, ReferralStatistics, ReferralView } from '@relais/contracts/referral-views'
import { waitUntil } from '@relais/testkit/wait-until'
import { beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { inhabitant, inTown, type Inhabitant, ofTheWard, openTown, type Town, WARD_QUEUE } from './town.fixture.ts'

// A platform starts: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const NUMBERS = ['99700000013', '99700000021', '99700000039', '99700000047']
const refusals = ['full', 'outOfArea', 'insufficientInformation'] as const
const RACES = 4
const referralId = crypto.randomUUID()
const FigureEvents = z.object({ events: z.array(FigureEvent) })

let town: Town
let nurse: Inhabitant
let colleague: Inhabitant
let gps: Inhabitant[]
let patientId: string
/** The events of the three refusals, as the ward was shown them. */
const shown: string[] = []

const dayAfter = (instant: string) => new Date(Date.parse(instant) + 86_400_000).toISOString()

function monthsAfter(instant: string, months: number): string {
  const [year, month] = instant.split('-').map(Number)
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1 + months)).toISOString().slice(0, 7)
}

/** The ward asks GPs to see the patient: the first who accepts releases the others. */
async function asks(id: string, whom: readonly Inhabitant[]) {
  await nurse.says('POST', `/referrals/${id}`, {
    patientId,
    kind: 'takeOver',
    urgency: 'soon',
    title: 'Médecine générale',
    question: 'Sortie demain : qui peut suivre ce pansement ?',
    receivers: whom.map(({ id: recipient }) => ({ recipient, role: 'medecin' })),
    mode: 'firstAcceptance',
    answerBy: dayAfter(await town.now()),
  })
}

const declinedBy = (recipient: string) => (entry: ChannelEntry) =>
  entry.kind === 'loop' && entry.change === 'declined' && entry.recipient === recipient && entry
const workOf =
  (id: string, isSo: (work: Extract<ChannelEntry, { kind: 'work' }>['work']) => boolean) => (entry: ChannelEntry) =>
    entry.kind === 'work' && entry.work.subject.kind === 'referral' && entry.work.subject.referralId === id
      ? isSo(entry.work) && entry.work
      : undefined

beforeAll(async () => {
  town = await openTown()
  nurse = await town.as(ofTheWard('claire'))
  colleague = await town.as(ofTheWard('sami'))
  gps = await Promise.all(NUMBERS.map((rpps) => town.as(inTown('medecin', rpps))))
  const patient = inhabitant(1)
  await town.sends({ ...patient, movement: 'R1' })
  patientId = await town.idOf(patient.ipp)
  await waitUntil(async () => (await town.pathway(nurse, patientId)).entries.length > 0, 'the ward to see the patient')
})

test('three GPs refuse, and a colleague in the ward sees each refusal with its reason as it is given', async () => {
  await asks(referralId, gps)
  const [referral, queue] = [
    await colleague.follows(`referral/${referralId}`),
    await colleague.follows(`inbox/${WARD_QUEUE}`),
  ]
  for (const [index, reason] of refusals.entries()) {
    const gp = gps[index]
    await gp?.says('POST', `/referrals/${referralId}/decline`, { reason, comment: `Refus ${index + 1}` })
    const seen = await referral.hears(declinedBy(gp?.id ?? ''), `the refusal of ${gp?.id}`)
    expect(seen).toMatchObject({ because: reason, by: gp?.id })
    shown.push(seen.entryId)
    await waitUntil(
      () => queue.entries.filter(workOf(referralId, ({ nature }) => nature === 'referralDeclined')).length > index,
      `${index + 1} refusals in the inbox of the ward`,
    )
  }
  expect(referral.entries.some((entry) => entry.kind === 'loop' && entry.change === 'accepted')).toBe(false)
})

test('the fourth accepts; the ward is told, and reads who refused and why', async () => {
  const [queue, referral] = [
    await colleague.follows(`inbox/${WARD_QUEUE}`),
    await colleague.follows(`referral/${referralId}`),
  ]
  await gps[3]?.says('POST', `/referrals/${referralId}/accept`, {})
  await queue.hears(
    workOf(referralId, ({ nature }) => nature === 'referralAccepted'),
    'the acceptance',
  )
  await referral.hears((entry) => entry.kind === 'loop' && entry.change === 'accepted', 'the acceptance')
  const { receivers } = await nurse.reads(ReferralView, `/referrals/${referralId}`)
  expect(receivers.map(({ status, declined }) => [status, declined?.reason])).toEqual([
    ...refusals.map((reason) => ['declined', reason]),
    ['accepted', undefined],
  ])
})

test('of two GPs who accept at the same time one has the patient, and the other is told so', async () => {
  const two = gps.slice(0, 2)
  const inboxes = await Promise.all(two.map((gp) => gp.follows(`inbox/${gp.id}`)))
  for (let race = 0; race < RACES; race += 1) {
    const id = crypto.randomUUID()
    await asks(id, two)
    const answers = await Promise.all(
      two.map((gp) => gp.asked({ method: 'POST', path: `/referrals/${id}/accept`, body: {} })),
    )
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([204, 409])
    const loser = answers.findIndex(({ status }) => status === 409)
    expect(answers[loser]?.body).toMatchObject({ type: 'urn:relais:problem:acceptedByAnother' })
    const told = await inboxes[loser]?.hears(
      workOf(id, ({ state }) => state === 'withdrawn'),
      'that another GP has the patient',
    )
    expect(told).toMatchObject({ nature: 'referralAcceptedElsewhere', recipient: two[loser]?.id })
    const { receivers } = await nurse.reads(ReferralView, `/referrals/${id}`)
    expect(receivers.map(({ status }) => status).toSorted()).toEqual(['accepted', 'closed'])
  }
})

test('the figures of the territory count the refusals by reason, and lead to the very facts that the ward saw', async () => {
  const coordination = await town.as({ id: 'cpts-essai:alix', role: 'coordinateur', organisation: '990000085' })
  const { requestedAt } = await nurse.reads(ReferralView, `/referrals/${referralId}`)
  const months = `from=${requestedAt.slice(0, 7)}&to=${monthsAfter(requestedAt, 2)}`
  const figures = await waitUntil(async () => {
    const read = await coordination.reads(ReferralStatistics, `/referrals/statistics?${months}`)
    return read.all.accepted === 1 + RACES && read
  }, 'the figures')
  expect(figures.all).toMatchObject({ asked: 4 + 2 * RACES, declined: 3, stoodDown: RACES })
  expect(figures.declinedBy.toSorted((one, other) => one.reason.localeCompare(other.reason))).toEqual(
    refusals.toSorted().map((reason) => ({ reason, count: 1 })),
  )
  const path = `/referrals/statistics/events?${months}&figure=declined`
  const { events } = await coordination.reads(FigureEvents, path)
  expect(events.map(({ eventId }) => eventId).toSorted()).toEqual(shown.toSorted())
  const full = await coordination.reads(FigureEvents, `${path}&reason=full`)
  expect(full.events).toMatchObject([{ referralId, recipient: gps[0]?.id, eventId: shown[0], reason: 'full' }])
  const entry = await nurse.asked({ path: `/pathways/${patientId}/entries/${shown[0]}/explanation` })
  expect(entry.body).toMatchObject({ source: { by: gps[0]?.id }, rule: { kind: 'referral', referralId } })
})
