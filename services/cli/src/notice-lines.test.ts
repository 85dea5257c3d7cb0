import { expectedOf, StayItem } from '@relais/contracts/boards'
import { Standing } from '@relais/contracts/standing'
import { expect, test } from 'vitest'
import { itemLine } from './notice-lines.ts'

const expectedDischargeAt = '2026-11-06T09:00:00.000Z'
const dischargedAt = '2026-11-06T10:30:00.000Z'

/** The two lines of an item: what happened and how the stay stands, then what is to be done. */
function lines(known: Partial<Standing>, { role = 'medecin-traitant', acted = false } = {}): string[] {
  const standing = Standing.parse({
    status: known.dischargedAt === undefined ? 'present' : 'discharged',
    facility: '990000010',
    wards: [{ facility: '990000010', code: '4101', responsibility: 'both' }],
    died: false,
    confidential: false,
    ...known,
  })
  const told = { role, nature: 'moved', standing } as const
  const at = '2026-11-02T12:00:00.000Z'
  const by = 'rpps:10002909371'
  const item = StayItem.parse({
    kind: 'stay',
    ...told,
    noticeId: '0b7c6d1e-3a1f-4c8e-8b59-6f1f3f0a9c11',
    recipient: by,
    patientId: '6f9b2f0e-8a1d-4f8e-9b8c-1f0a7d3c5e21',
    stayId: 'c2a5f3d4-1b6e-4d0a-8c7f-9e8d7c6b5a40',
    happenedAt: at,
    changed: [],
    expected: expectedOf(StayItem.pick({ role: true, nature: true, standing: true }).parse(told)),
    receipts: { sentAt: at, ...(acted && { acted: { by, at, action: 'handled' } }) },
    status: acted ? 'done' : 'open',
  })
  return itemLine(item, () => 'Claire').split('\n')
}

const todo = (...given: Parameters<typeof lines>) => lines(...given)[1]?.trim()

test('before a discharge, what follows has to be planned by the day it is expected', () => {
  expect(todo({ expectedDischargeAt })).toBe('plan what follows by 2026-11-06 09:00 UTC')
  expect(todo({ expectedDischargeAt }, { role: 'ehpad' })).toBe('prepare the return by 2026-11-06 09:00 UTC')
})

test('once the patient has left, it says since when, and no date that has passed', () => {
  expect(todo({ expectedDischargeAt, dischargedAt })).toBe('left 2026-11-06 10:30 UTC: plan what follows')
  expect(todo({ dischargedAt }, { role: 'ehpad' })).toBe('left 2026-11-06 10:30 UTC: prepare the return')
})

test('without a date, and once it is done, it says no date', () => {
  expect(todo({})).toBe('acknowledge')
  expect(todo({ dischargedAt }, { acted: true })).toBe('done (handled)')
})

test('whatever is said after a death, it says that the patient has died, and asks for nothing but to be acknowledged', () => {
  const [head, todo] = lines({ dischargedAt, expectedDischargeAt, died: true })
  expect(head).toContain('moved 2026-11-02 12:00 UTC  died in 4101 at 990000010')
  expect(todo?.trim()).toBe('acknowledge')
})
