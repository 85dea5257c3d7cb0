import type { WardBoardRow } from '@relais/contracts/boards'
import { FACILITY, newStay } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { acted, GP, openBoards, read, sent, wardNurse } from '../boards.fixture.ts'

const board = '/boards/ward/4101'
const path = (rows: WardBoardRow[]) => rows.map(({ stayId, group }) => [stayId, group])

eachDatabase('the board of a ward', (open) => {
  test('shows who is there, on leave, expected, and who left within three days, room by room', async () => {
    const { stands, as, clock } = await openBoards(open)
    const [second, first, away, awaited] = [newStay(), newStay(), newStay(), newStay()]
    const [coming, left, long, elsewhere, never] = [newStay(), newStay(), newStay(), newStay(), newStay()]
    clock.now = '2026-11-05T11:00:00.000Z'
    const over = (dischargedAt: string) => ({ status: 'discharged' as const, dischargedAt })
    await stands(second, { room: '12' })
    await stands(first, { room: '11', expectedDischargeAt: '2026-11-06T09:00:00.000Z' })
    await stands(away, { status: 'onLeave' })
    await stands(awaited, { status: 'expected' })
    const wards = [{ facility: FACILITY, code: '4101' }]
    await stands(coming, { ward: '4110', plannedTransfer: { at: '2026-11-06T08:00:00.000Z', wards } })
    await stands(left, over('2026-11-02T11:00:00.001Z'))
    await stands(long, over('2026-11-02T11:00:00.000Z'))
    await stands(elsewhere, { ward: '4101', facility: '990000028' })
    const headers = await stands(never, { status: 'withdrawn' })
    const { status, body } = await (await as(wardNurse))(board, { headers })
    expect(status).toBe(200)
    expect(path(body.rows)).toEqual([
      [first.stayId, 'present'],
      [second.stayId, 'present'],
      [coming.stayId, 'expected'],
      [away.stayId, 'onLeave'],
      [awaited.stayId, 'expected'],
      [left.stayId, 'left'],
    ])
    expect(body.rows[0].departureAt).toBe('2026-11-06T09:00:00.000Z')
    expect(body.rows[2].departureAt).toBe('2026-11-06T08:00:00.000Z')
  })

  test('follows a patient from ward to ward, whatever came before', async () => {
    const { stands, as } = await openBoards(open)
    const stay = newStay()
    await stands(stay)
    const ask = await as(wardNurse)
    const headers = await stands(stay, { nature: 'moved', ward: '4110' })
    expect((await ask(board, { headers })).body.rows).toEqual([])
    const back = await stands(stay, { nature: 'withdrawn' })
    expect(path((await ask(board, { headers: back })).body.rows)).toEqual([[stay.stayId, 'present']])
  })

  test('says of each recipient what he or she was told last, and what became of it', async () => {
    const { stands, notice, as } = await openBoards(open)
    const stay = newStay()
    await stands(stay)
    const [old, last] = [sent(stay), sent(stay, { number: 2, nature: 'moved' })]
    const nurse = sent(stay, { recipient: 'rpps:10100000021', role: 'infirmier' })
    const headers = await notice(old.event, acted(old), last.event, read(last), nurse.event)
    const [row] = (await (await as(wardNurse))(board, { headers })).body.rows
    expect(row.notices).toMatchObject([
      { recipient: GP, nature: 'moved', receipts: { read: { by: GP } } },
      { recipient: 'rpps:10100000021', nature: 'admitted' },
    ])
    expect(Object.keys(row.notices[0].receipts)).toEqual(['sentAt', 'read'])
    expect(Object.keys(row.notices[1].receipts)).toEqual(['sentAt'])
  })

  test('is read page by page', async () => {
    const { stands, as } = await openBoards(open)
    let headers = {}
    for (const room of ['3', '1', '2']) headers = await stands(newStay(), { room })
    const ask = await as(wardNurse)
    const first = (await ask(`${board}?limit=2`, { headers })).body
    const second = (await ask(`${board}?limit=2&after=${first.next}`, { headers })).body
    const rooms = [...first.rows, ...second.rows].map(({ standing }: WardBoardRow) => standing.room)
    expect(rooms).toEqual(['1', '2', '3'])
    expect(second.next).toBeUndefined()
  })

  test('is for those who give care in that ward of their own establishment, and holds nobody who was forgotten', async () => {
    const { stands, as, adapters } = await openBoards(open)
    const stay = newStay()
    const headers = await stands(stay, { confidential: true })
    for (const other of [
      { ...wardNurse, wards: ['4110'] },
      { ...wardNurse, organisation: undefined },
      { ...wardNurse, role: 'admissions' },
    ])
      expect((await (await as(other))(board, { headers })).body).toMatchObject({ status: 404 })
    expect((await (await as({ ...wardNurse, organisation: '990000028' }))(board, { headers })).body.rows).toEqual([])
    const ask = await as(wardNurse)
    expect((await ask(board, { headers })).body.rows).toMatchObject([{ standing: { confidential: true } }])
    await adapters.vault.forget(stay.patientId)
    expect((await ask(board)).body.rows).toEqual([])
  })
})
