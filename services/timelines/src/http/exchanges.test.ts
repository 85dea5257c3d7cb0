import type { Explanation } from '@relais/contracts/explanation-routes'
import { circleEvents, linkEvents } from '@relais/contracts/patients'
import { threadEvents } from '@relais/contracts/conversations'
import { noticeEvents } from '@relais/contracts/notices'
import { StayEvent, stayEvents } from '@relais/contracts/stays'
import { linked } from '@relais/runtime/link-facts.fixture'
import {
  accepted,
  given,
  ofReferral,
  ofStep,
  PROTOCOL,
  requested,
  runIdOf,
  runStarted,
  stepOpened,
  threadOpened,
} from '@relais/runtime/loop-facts.fixture'
import { FACILITY, moved, newStay, type Stay } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { delivered, GP, letIn, read, sent } from '../boards.fixture.ts'
import { nurse, openTimelines, physician, type Timelines } from '../timelines.fixture.ts'
import { recordLoop, workSent } from '../work.fixture.ts'

const on = (time: string) => `2026-11-02T${time}:00.000Z`
const other = { id: 'rpps:10100000021', role: 'infirmier' }

/** A stay in the nurse's ward, of a patient whose médecin traitant is told. */
async function admitted({ record, tell, at }: Timelines, patientId?: string) {
  const stay = newStay(patientId)
  const id = crypto.randomUUID()
  await tell([id, moved('PatientAdmitted', stay, { at: on('09:00') })])
  const position = await record(circleEvents, letIn(stay.patientId, GP, 'medecin-traitant'), { owner: stay.patientId })
  return { stay, admissionId: id, headers: at(position) }
}

async function changesSeen({ as }: Timelines, who: object, patientId: string, headers: Record<string, string>) {
  const { status, body } = await (await as(who))(`/pathways/${patientId}`, { headers })
  return status === 200
    ? body.exchanges.map(({ change, patientId: of }: { change: string; patientId: string }) => [change, of])
    : status
}

const confidential = (stay: Stay) => {
  const said = { reason: 'patientRequest', changedAt: on('10:00'), wards: [{ facility: FACILITY, code: '4101' }] }
  return StayEvent.parse({ type: 'ConfidentialityChanged', data: { ...stay, confidential: true, ...said } })
}

eachDatabase('the pathway of a patient', (open) => {
  test('shows what people asked of each other, by when it happened, whichever number is asked for', async () => {
    const timelines = await openTimelines(open)
    const { record, at } = timelines
    const { stay } = await admitted(timelines)
    const { patientId } = stay
    await recordLoop(record, accepted(stay, GP, { at: on('12:00') }))
    await recordLoop(record, requested(stay, { at: on('11:00') }))
    await recordLoop(record, given(stay, { subject: ofReferral(stay) }))
    await recordLoop(record, runStarted(stay, { at: on('11:30') }))
    await recordLoop(record, stepOpened(stay, { at: on('11:31') }))
    const threadId = crypto.randomUUID()
    await record(threadEvents, threadOpened(threadId, { patientId }), { owner: threadId })
    const community = crypto.randomUUID()
    const wards = threadOpened(community, { kind: 'wardCommunity', patientId, members: [GP] })
    await record(threadEvents, wards, { owner: community })
    const twin = newStay()
    const link = linked(patientId, twin.patientId)
    const headers = at(await record(linkEvents, link, { owner: link.data.linkId }))
    const expected = ['requested', 'runStarted', 'stepOpened', 'accepted', 'opened'].map((change) => [
      change,
      patientId,
    ])
    expect(await changesSeen(timelines, physician, patientId, headers)).toEqual(expected)
    expect(await changesSeen(timelines, nurse, twin.patientId, headers)).toEqual(expected)
    expect(await changesSeen(timelines, other, patientId, headers)).toBe(404)
  })

  test('keeps what was asked for a confidential stay to the team of its establishment', async () => {
    const timelines = await openTimelines(open)
    const { record, at } = timelines
    const { stay } = await admitted(timelines)
    const { patientId } = stay
    await recordLoop(record, requested(stay))
    await recordLoop(record, accepted(stay, GP))
    await recordLoop(record, runStarted(stay))
    await recordLoop(record, requested(stay, { referralId: crypto.randomUUID(), ofNoStay: true }))
    const headers = at(await record(stayEvents, confidential(stay), { owner: stay.stayId }))
    expect(await changesSeen(timelines, physician, patientId, headers)).toEqual([['requested', patientId]])
    expect(await changesSeen(timelines, nurse, patientId, headers)).toHaveLength(4)
  })

  test('takes what was asked for a stay along when the stay turns out to be of somebody else', async () => {
    const timelines = await openTimelines(open)
    const { record } = timelines
    const { stay } = await admitted(timelines)
    const right = await admitted(timelines)
    await recordLoop(record, requested(stay))
    await recordLoop(record, accepted(stay, GP))
    const said = { messageId: crypto.randomUUID(), reportedAt: on('12:00') }
    const { patientId } = right.stay
    const to = { stayId: stay.stayId, patientId, fromPatientId: stay.patientId, ...said, wards: [], history: [] }
    const facts = [
      { type: 'StayTakenFromPatient', data: { ...stay, ...said, confidential: false } },
      { type: 'StayMovedToPatient', data: to },
    ].map((fact) => [crypto.randomUUID(), StayEvent.parse(fact)] as const)
    const headers = await timelines.tell(...facts)
    expect(await changesSeen(timelines, physician, stay.patientId, headers)).toEqual([])
    expect(await changesSeen(timelines, physician, patientId, headers)).toEqual([
      ['requested', patientId],
      ['accepted', patientId],
    ])
  })
})

eachDatabase('why an entry is there', (open) => {
  type Asked = { of: string; entry: string; who?: object }
  const explained = async ({ as }: Timelines, { of, entry, who = physician }: Asked, headers = {}) => {
    const { status, body } = await (await as(who))(`/pathways/${of}/entries/${entry}/explanation`, { headers })
    return status === 200 ? (body as Explanation) : (body as { type: string }).type
  }

  test('says which message it came in, and what became of what was told to the circle because of it', async () => {
    const timelines = await openTimelines(open)
    const { record, tell } = timelines
    const { stay, admissionId } = await admitted(timelines)
    const [own, elsewhere] = [sent(stay), sent(newStay())]
    for (const event of [own.event, delivered(own), read(own), elsewhere.event])
      await record(noticeEvents, event, { owner: event.data.noticeId })
    const headers = await tell([crypto.randomUUID(), moved('PatientTransferred', stay, { number: 'M2' })])
    const answer = await explained(timelines, { of: stay.patientId, entry: admissionId }, headers)
    expect(answer).toMatchObject({
      source: { by: 'sender:test', role: 'system', messageId: expect.any(String) },
      rule: { kind: 'careCircle' },
      told: [
        { noticeId: own.noticeId, recipient: GP, role: 'medecin-traitant', receipts: { delivered: {}, read: {} } },
      ],
    })
  })

  test('says who asked by which referral, and by which step of which version of a protocol', async () => {
    const timelines = await openTimelines(open)
    const { record, at } = timelines
    const { stay } = await admitted(timelines)
    const [asking, starting, step] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()]
    const cause = crypto.randomUUID()
    const actor = { id: 'rpps:10100000001', role: 'infirmier', organisation: FACILITY }
    await recordLoop(record, requested(stay), { id: asking, metadata: { actor, $correlationId: 'asking' } })
    await recordLoop(record, runStarted(stay), { id: starting, metadata: { $correlationId: 'run' } })
    const caused = { $correlationId: 'run', $causationId: cause }
    await recordLoop(record, stepOpened(stay), { id: step, metadata: caused })
    const asked = workSent(given(stay, { subject: ofReferral(stay) }), asking)
    const call = workSent(given(stay, { subject: ofStep(stay), role: 'infirmier' }), step)
    const bed = workSent(given(stay, { subject: ofStep(stay, 'bed') }), crypto.randomUUID())
    await record(noticeEvents, asked.sent, { owner: asked.noticeId, metadata: { $correlationId: 'asking' } })
    await record(noticeEvents, call.sent, { owner: call.noticeId, metadata: { $correlationId: 'run' } })
    const last = await record(noticeEvents, bed.sent, { owner: bed.noticeId, metadata: { $correlationId: 'run' } })
    const of = stay.patientId
    expect(await explained(timelines, { of, entry: asking }, at(last))).toMatchObject({
      source: { by: actor.id, organisation: FACILITY },
      rule: { kind: 'referral' },
      told: [{ noticeId: asked.noticeId }],
    })
    const rule = { kind: 'protocol', runId: runIdOf(stay), protocolId: PROTOCOL, version: 3 }
    expect(await explained(timelines, { of, entry: step })).toMatchObject({
      source: { causedBy: cause },
      rule: { ...rule, stepId: 'call' },
      told: [{ noticeId: call.noticeId, role: 'infirmier' }],
    })
    const whole = await explained(timelines, { of, entry: starting })
    expect(whole).toMatchObject({ rule })
    expect(typeof whole === 'string' ? [] : whole.told).toHaveLength(2)
  })

  test('is for whoever may see the entry, and for nobody else', async () => {
    const timelines = await openTimelines(open)
    const { record, at } = timelines
    const { stay, admissionId } = await admitted(timelines)
    const asking = crypto.randomUUID()
    await recordLoop(record, requested(stay), { id: asking })
    const headers = at(await record(stayEvents, confidential(stay), { owner: stay.stayId }))
    const of = stay.patientId
    for (const entry of [admissionId, asking, crypto.randomUUID()])
      expect(await explained(timelines, { of, entry }, headers)).toBe('urn:relais:problem:entryUnknown')
    expect(await explained(timelines, { of, entry: asking, who: nurse })).toMatchObject({ entryId: asking })
    expect(await explained(timelines, { of, entry: admissionId, who: other })).toBe('urn:relais:problem:patientUnknown')
    const without = await (
      await timelines.as({ ...physician, scopes: ['inbox:read'] })
    )(`/pathways/${of}/entries/${asking}/explanation`)
    expect(without.status).toBe(403)
  })
})
