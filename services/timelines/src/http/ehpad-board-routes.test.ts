import type { EhpadBoardRow } from '@relais/contracts/boards'
import { denied, died } from '@relais/runtime/death-facts.fixture'
import { newStay } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { caregiver, EHPAD, entered, gone, movedTo, openBoards, returned, sent } from '../boards.fixture.ts'

const board = `/boards/ehpad/${EHPAD}`
const residentId = (n: number) => `e0000000-0000-4000-8000-00000000000${n}`
const noon = '2026-11-02T11:00:00.000Z'

/** A resident whom a hospital knows, of an EHPAD that is in the patient's circle. */
async function resident(boards: Awaited<ReturnType<typeof openBoards>>, n: number) {
  const stay = newStay()
  await boards.register(entered(residentId(n), `10${n}`))
  await boards.match(residentId(n), stay.patientId)
  await boards.circleOf(stay.patientId)
  return stay
}

const rowsOf = (rows: EhpadBoardRow[]) => rows.map(({ room, place, since }) => [room, place, since])

eachDatabase('the board of an EHPAD', (open) => {
  test('shows where each resident is, since when, and when he or she is expected back', async () => {
    const boards = await openBoards(open)
    const [emergency, ward, leave] = [await resident(boards, 1), await resident(boards, 2), await resident(boards, 3)]
    const [consultation, coming] = [await resident(boards, 4), await resident(boards, 5)]
    const duringDialysis = await resident(boards, 6)
    const back = '2026-11-06T09:00:00.000Z'
    await boards.stands(emergency, { patientClass: 'E', arrivedAt: noon })
    await boards.stands(ward, { hospitalisedAt: noon, expectedDischargeAt: back })
    await boards.stands(leave, { status: 'onLeave', awaySince: noon })
    await boards.stands(consultation, { patientClass: 'R', arrivedAt: noon })
    await boards.stands(duringDialysis, { patientClass: 'R', status: 'discharged', died: true, dischargedAt: noon })
    const headers = await boards.stands(coming, { status: 'expected', expectedAt: back })
    const { status, body } = await (await boards.as(caregiver))(board, { headers })
    expect(status).toBe(200)
    expect(rowsOf(body.rows)).toEqual([
      ['101', 'emergency', noon],
      ['102', 'hospitalised', noon],
      ['103', 'onLeave', noon],
      ['104', 'present', undefined],
      ['105', 'present', undefined],
      ['106', 'deceased', noon],
    ])
    expect(body.rows[1]).toMatchObject({ expectedBackAt: back, stayId: ward.stayId, patientId: ward.patientId })
    expect(body.rows[4]).toMatchObject({ expectedAt: back })
    expect(body.rows[3].standing).toBeUndefined()
  })

  test('follows who enters, changes room and leaves, and is read page by page', async () => {
    const { register, as } = await openBoards(open)
    const [one, two, three] = [1, 2, 3].map(residentId) as [string, string, string]
    await register(entered(one, '101'), entered(two, '102'), entered(three), movedTo(one, '201'))
    const headers = await register(gone(two), entered(residentId(4), '1', '990000029'))
    const ask = await as(caregiver)
    const first = (await ask(`${board}?limit=1`, { headers })).body
    const second = (await ask(`${board}?after=${first.next}`, { headers })).body
    expect([...first.rows, ...second.rows]).toMatchObject([
      { residentId: one, room: '201', place: 'present' },
      { residentId: three, place: 'present' },
    ])
    expect(second.rows).toHaveLength(1)
  })

  test('shows nothing of a stay that is confidential, nor of whom it said that this is no resident; and that somebody has died', async () => {
    const boards = await openBoards(open)
    const [secret, dead, stranger] = [await resident(boards, 1), await resident(boards, 2), await resident(boards, 3)]
    await boards.stands(secret, { confidential: true })
    await boards.stands(dead, { nature: 'died', status: 'discharged', died: true, dischargedAt: noon })
    await boards.stands(stranger, { arrivedAt: noon })
    const notice = sent(stranger, { recipient: `finess:${EHPAD}`, role: 'ehpad' })
    const ask = await boards.as(caregiver)
    const before = await boards.notice(notice.event)
    expect(rowsOf((await ask(board, { headers: before })).body.rows).map(([, place]) => place)).toEqual([
      'present',
      'deceased',
      'hospitalised',
    ])
    const after = await boards.notice(returned(notice))
    expect((await ask(board, { headers: after })).body.rows[2]).toMatchObject({ place: 'present' })
  })

  test('knows a resident under several numbers: all of them count, and one that was a mistake no longer does', async () => {
    const boards = await openBoards(open)
    const stay = await resident(boards, 1)
    const other = newStay()
    await boards.match(residentId(1), other.patientId)
    await boards.circleOf(other.patientId)
    const headers = await boards.stands(stay, { arrivedAt: noon, hospitalisedAt: noon })
    const ask = await boards.as(caregiver)
    const there = { place: 'hospitalised', patientId: stay.patientId }
    expect((await ask(board, { headers })).body.rows).toMatchObject([there])
    const unmatchedOther = await boards.unmatch(residentId(1), other.patientId)
    expect((await ask(board, { headers: unmatchedOther })).body.rows).toMatchObject([there])
    const unmatched = await boards.unmatch(residentId(1), stay.patientId)
    const { rows } = (await ask(board, { headers: unmatched })).body
    expect(rows).toMatchObject([{ place: 'present' }])
    expect(rows[0]).not.toHaveProperty('patientId')
  })

  test('shows that somebody has died of whom no stay says so, by any number, until that is denied, and to nobody else', async () => {
    const boards = await openBoards(open)
    const [dead, stranger] = [await resident(boards, 1), await resident(boards, 2)]
    const { patientId: otherId } = newStay()
    await boards.link(dead.patientId, otherId)
    await boards.says(died(otherId, { diedAt: noon }))
    await boards.says(died(stranger.patientId))
    const notice = sent(stranger, { recipient: `finess:${EHPAD}`, role: 'ehpad' })
    await boards.notice(notice.event)
    const headers = await boards.notice(returned(notice))
    const ask = await boards.as(caregiver)
    const { rows } = (await ask(board, { headers })).body
    expect(rowsOf(rows)).toEqual([
      ['101', 'deceased', noon],
      ['102', 'present', undefined],
    ])
    expect(rows[0]).not.toHaveProperty('stayId')
    const after = await boards.says(denied(otherId))
    expect(rowsOf((await ask(board, { headers: after })).body.rows)[0]).toEqual(['101', 'present', undefined])
  })

  test('counts residents, not their numbers, from page to page', async () => {
    const boards = await openBoards(open)
    await resident(boards, 1)
    await resident(boards, 2)
    const headers = await boards.match(residentId(1), newStay().patientId)
    const ask = await boards.as(caregiver)
    const first = (await ask(`${board}?limit=1`, { headers })).body
    const second = (await ask(`${board}?limit=1&after=${first.next}`, { headers })).body
    expect([...first.rows, ...second.rows].map(({ room }: EhpadBoardRow) => room)).toEqual(['101', '102'])
  })

  test('shows where a person is by the numbers that were not forgotten, also from one that nothing was ever said of', async () => {
    const boards = await openBoards(open)
    const [empty, known, forgotten] = [newStay(), newStay(), newStay()]
    await boards.register(entered(residentId(1), '101'))
    await boards.match(residentId(1), empty.patientId)
    await boards.circleOf(known.patientId)
    await boards.link(empty.patientId, known.patientId)
    await boards.link(empty.patientId, forgotten.patientId)
    await boards.stands(known, { arrivedAt: noon, patientClass: 'E' })
    const headers = await boards.stands(forgotten, {
      hospitalisedAt: '2026-11-02T12:00:00.000Z',
      arrivedAt: '2026-11-02T12:00:00.000Z',
    })
    const ask = await boards.as(caregiver)
    expect((await ask(board, { headers })).body.rows).toMatchObject([{ place: 'hospitalised' }])
    await boards.adapters.vault.forget(forgotten.patientId)
    expect((await ask(board, { headers })).body.rows).toMatchObject([
      { place: 'emergency', patientId: empty.patientId },
    ])
    await boards.adapters.vault.forget(known.patientId)
    expect((await ask(board, { headers })).body.rows).toMatchObject([{ place: 'present' }])
  })

  test('is for those who give care there', async () => {
    const { register, as } = await openBoards(open)
    const headers = await register(entered(residentId(1)))
    for (const other of [
      { ...caregiver, organisation: '990000029' },
      { ...caregiver, role: 'admissions' },
      { ...caregiver, organisation: undefined },
    ])
      expect((await (await as(other))(board, { headers })).body).toMatchObject({ status: 404 })
    expect((await (await as({ ...caregiver, scopes: ['inbox:read'] }))(board)).status).toBe(403)
  })
})
