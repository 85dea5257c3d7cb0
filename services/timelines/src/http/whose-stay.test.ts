import { PatientId, StayId } from '@relais/contracts/primitives'
import { StayEvent } from '@relais/contracts/stays'
import { FACILITY, moved } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { factId, nurse, openTimelines, physician, stay, type Timelines } from '../timelines.fixture.ts'

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
})
