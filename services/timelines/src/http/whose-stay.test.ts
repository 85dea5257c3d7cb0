import { PatientId, StayId } from '@relais/contracts/primitives'
import { StayEvent } from '@relais/contracts/stays'
import { START } from '@relais/runtime/adapters.fixture'
import { FACILITY, moved } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { factId, nurse, openTimelines, physician, stay, type Timelines, type Told } from '../timelines.fixture.ts'

const path = `/pathways/${stay.patientId}`
const on = (time: string) => `2026-11-02T${time}:00.000Z`
const open = { patientId: stay.patientId, stayId: StayId.parse('5d4f8a10-2f0b-4d53-8a70-9b1f6f1f0c22') }
const right = PatientId.parse('0b7f3a52-6c1e-4f0e-9d27-3c8a5d1e7f41')
const wards = [{ facility: FACILITY, code: '4101' }]

const secrecy = (confidential: boolean) => {
  const said = { reason: confidential ? 'patientRequest' : 'released', changedAt: on('10:00'), wards }
  return StayEvent.parse({ type: 'ConfidentialityChanged', data: { ...stay, confidential, ...said } })
}

async function seenBy(
  { as }: Timelines,
  who: Parameters<Timelines['as']>[0],
  headers: Record<string, string>,
  of = path,
) {
  const { status, body } = await (await as(who))(of, { headers })
  if (status !== 200) return status
  return {
    stays: body.stays.map(({ stayId }: { stayId: string }) => stayId),
    entries: body.entries.map(({ kind, patientId }: { kind: string; patientId: string }) => [kind, patientId]),
  }
}

const kindsIn = (seen: Awaited<ReturnType<typeof seenBy>>) =>
  typeof seen === 'number' ? seen : seen.entries.map(([kind]: [string]) => kind)

/** A44: the stay, with all that was told of it, is the other patient's. */
function goesTo(patientId: PatientId, before: readonly Told[], { from = stay.patientId, first = 4 } = {}): Told[] {
  const said = { messageId: factId(9), reportedAt: on(`1${first}:00`) }
  const subject = { stayId: stay.stayId, patientId }
  const history = before.map(([entryId, { type, data }]) => {
    return { entryId, recordedAt: START, fact: { type, data: { ...data, patientId } } }
  })
  const standing = { status: 'present', facility: FACILITY, wards: [], died: false, confidential: false }
  const changed = { nature: 'movedToPatient', happenedAt: said.reportedAt, standing, changed: [] }
  const facts = [
    { type: 'StayTakenFromPatient', data: { ...stay, patientId: from, ...said, confidential: false } },
    { type: 'StayMovedToPatient', data: { ...subject, ...said, fromPatientId: from, wards, history } },
    { type: 'StandingChanged', data: { ...subject, ...changed } },
  ]
  return facts.map((fact, index) => [factId(first + index), StayEvent.parse(fact)])
}

eachDatabase('the pathway of a patient', (database) => {
  test('shows a confidential stay to the team of its establishment only, until it is released', async () => {
    const timelines = await openTimelines(database)
    await timelines.tell([factId(1), secrecy(true)])
    await timelines.tell([factId(2), moved('PatientAdmitted', stay, { number: 'M1', at: on('09:00') })])
    await timelines.tell([factId(3), moved('PatientAdmitted', open, { number: 'M1', at: on('11:00') })])
    const headers = await timelines.circle('MemberJoined', physician.id)
    const ofPatient = (kinds: string[]) => kinds.map((kind) => [kind, stay.patientId])
    expect(await seenBy(timelines, physician, headers)).toEqual({
      stays: [open.stayId],
      entries: ofPatient(['admission', 'circleJoined']),
    })
    expect(await seenBy(timelines, nurse, headers)).toEqual({
      stays: [stay.stayId, open.stayId],
      entries: ofPatient(['admission', 'madeConfidential', 'admission', 'circleJoined']),
    })
    const released = await timelines.tell([factId(4), secrecy(false)])
    expect(await seenBy(timelines, physician, released)).toMatchObject({ stays: [stay.stayId, open.stayId] })
  })

  test('shows a stay that was somebody else’s whole, and leaves that one only that it went', async () => {
    const timelines = await openTimelines(database)
    await timelines.tell([factId(1), moved('PatientAdmitted', stay, { number: 'M1', at: on('09:00') })])
    await timelines.circle('MemberJoined', physician.id)
    const said = { messageId: factId(9), reportedAt: on('12:00') }
    const to = { stayId: stay.stayId, patientId: right, fromPatientId: stay.patientId }
    const headers = await timelines.tell(
      [factId(3), StayEvent.parse({ type: 'StayTakenFromPatient', data: { ...stay, ...said, confidential: false } })],
      [factId(4), StayEvent.parse({ type: 'StayMovedToPatient', data: { ...to, ...said, wards } })],
    )
    expect(await seenBy(timelines, physician, headers)).toEqual({
      stays: [],
      entries: [
        ['movedAway', stay.patientId],
        ['circleJoined', stay.patientId],
      ],
    })
    expect(await seenBy(timelines, nurse, headers)).toBe(404)
    expect(await seenBy(timelines, nurse, headers, `/pathways/${right}`)).toEqual({
      stays: [stay.stayId],
      entries: [
        ['admission', right],
        ['movedHere', right],
      ],
    })
    expect(await seenBy(timelines, physician, headers, `/pathways/${right}`)).toBe(404)
  })

  test('shows the right patient the whole stay also when the wrong one is forgotten, and the view is built again', async () => {
    const timelines = await openTimelines(database)
    const before: Told[] = [
      [factId(1), moved('PatientAdmitted', stay, { number: 'M1', at: on('09:00') })],
      [factId(2), moved('PatientTransferred', stay, { number: 'M2', at: on('11:00'), ward: '4102' })],
      [factId(3), secrecy(true)],
    ]
    await timelines.tell(...before)
    await timelines.join(right)
    const headers = await timelines.tell(...goesTo(right, before))
    const seen = await seenBy(timelines, nurse, headers, `/pathways/${right}`)
    expect(seen).toMatchObject({ stays: [stay.stayId] })
    expect(kindsIn(seen)).toEqual(['admission', 'madeConfidential', 'transfer', 'movedHere', 'circleJoined'])

    await timelines.adapters.vault.forget(stay.patientId)
    const again = await openTimelines(database, timelines)
    expect(await seenBy(again, nurse, headers, `/pathways/${right}`)).toEqual(seen)
    expect(kindsIn(await seenBy(again, physician, headers, `/pathways/${right}`))).toEqual(['circleJoined'])
  })

  test('shows nobody a stay whose right patient is forgotten, and the wrong one’s team only that it went', async () => {
    const timelines = await openTimelines(database)
    const before: Told[] = [[factId(1), moved('PatientAdmitted', stay, { number: 'M1', at: on('09:00') })]]
    await timelines.tell(...before)
    await timelines.circle('MemberJoined', physician.id)
    const headers = await timelines.tell(...goesTo(right, before))
    await timelines.adapters.vault.forget(right)
    const again = await openTimelines(database, timelines)
    for (const { as } of [timelines, again])
      expect((await (await as(nurse))(`/pathways/${right}`, { headers })).status).toBe(404)
    expect(await seenBy(again, nurse, headers)).toBe(404)
    const seen = await seenBy(again, physician, headers)
    expect([seen, kindsIn(seen)]).toMatchObject([{ stays: [] }, ['movedAway', 'circleJoined']])
  })

  test('shows a stay that came back again, once, and leaves whom it had gone to only that it went', async () => {
    const timelines = await openTimelines(database)
    const before: Told[] = [[factId(1), moved('PatientAdmitted', stay, { number: 'M1', at: on('09:00') })]]
    await timelines.tell(...before, ...goesTo(right, before))
    await timelines.join(right)
    const headers = await timelines.tell(...goesTo(stay.patientId, before, { from: right, first: 7 }))
    const own = await seenBy(timelines, nurse, headers)
    expect([own, kindsIn(own)]).toMatchObject([
      { stays: [stay.stayId] },
      ['admission', 'movedAway', 'movedHere', 'movedHere'],
    ])
    const others = await seenBy(timelines, physician, headers, `/pathways/${right}`)
    expect([others, kindsIn(others)]).toMatchObject([{ stays: [] }, ['movedAway', 'circleJoined']])
    expect(await seenBy(timelines, nurse, headers, `/pathways/${right}`)).toBe(404)
  })
})
