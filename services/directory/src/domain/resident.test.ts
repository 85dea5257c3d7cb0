import type { Finess } from '@relais/contracts/directory'
import type { ResidentEvent, ResidentId } from '@relais/contracts/residents'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { resident, type ResidentCommand } from './resident.ts'

const { given } = specification(resident)

const residentId = '00000000-0000-4000-8000-00000000000a' as ResidentId
const ehpad: Finess = '990000028'
const other: Finess = '990000036'
const day = (n: number) => `2026-03-${String(n).padStart(2, '0')}T12:00:00.000Z`
const document = (n: number) => ({
  identity: {
    documentId: `00000000-0000-4000-8000-00000000000${n}`,
    size: 1,
    mediaType: 'application/json',
    sha256: String(n).repeat(64),
  },
  hasIns: true,
})
const named = { residentId, ehpad }

const enter = (n: number, identity = 1): ResidentCommand => ({
  type: 'EnterResident',
  ...named,
  ...document(identity),
  room: '12',
  enteredAt: day(n),
})
const entered = (n: number): ResidentEvent => ({
  type: 'ResidentEntered',
  data: { ...named, ...document(1), room: '12', enteredAt: day(n) },
})
const move = (room: string, n: number): ResidentCommand => ({ type: 'MoveResident', ...named, room, movedAt: day(n) })
const moved = (room: string, n: number): ResidentEvent => ({
  type: 'ResidentMoved',
  data: { ...named, room, movedAt: day(n) },
})
const leave = (reason: 'exit' | 'death', n: number): ResidentCommand => ({
  type: 'LeaveResident',
  ...named,
  reason,
  leftAt: day(n),
})
const left = (reason: 'exit' | 'death', n: number): ResidentEvent => ({
  type: 'ResidentLeft',
  data: { ...named, reason, leftAt: day(n) },
})
const correct = (n: number): ResidentCommand => ({ type: 'ChangeIdentity', ...named, ...document(n), at: day(20) })

test('a resident enters', () => given().when(enter(1)).thenEvents(entered(1)))
test('the entry told again is the same, also after a move', () =>
  given(entered(1), moved('14', 2)).when(enter(1)).thenNothing())
test('who is there does not enter another day', () =>
  given(entered(1)).when(enter(2)).thenRejected({ code: 'residentPresent' }))
test('a resident changes rooms', () => given(entered(1)).when(move('14', 2)).thenEvents(moved('14', 2)))
test('who is in a room already does not move there', () => given(entered(1)).when(move('12', 2)).thenNothing())
test('a move told late does not undo a later one', () =>
  given(entered(1), moved('14', 3)).when(move('13', 2)).thenNothing())
test('nobody moves before entering', () => given(entered(5)).when(move('14', 4)).thenRejected({ code: 'beforeEntry' }))
test('who has left has no room', () =>
  given(entered(1), left('exit', 2)).when(move('14', 3)).thenRejected({ code: 'residentLeft' }))
test('a corrected identity is recorded', () =>
  given(entered(1))
    .when(correct(2))
    .thenEvents({ type: 'ResidentIdentityChanged', data: { ...named, ...document(2), changedAt: day(20) } }))
test('the same identity again changes nothing', () => given(entered(1)).when(correct(1)).thenNothing())

test('a resident leaves', () => given(entered(1)).when(leave('exit', 2)).thenEvents(left('exit', 2)))
test('a resident who comes and goes in one moment has been there', () =>
  given(entered(1)).when(leave('exit', 1)).thenEvents(left('exit', 1)))
test('nobody leaves before entering', () =>
  given(entered(2)).when(leave('exit', 1)).thenRejected({ code: 'beforeEntry' }))
test('the exit told again is the same', () => given(entered(1), left('exit', 2)).when(leave('exit', 2)).thenNothing())
test('an exit on another day is another one', () =>
  given(entered(1), left('exit', 2)).when(leave('exit', 3)).thenRejected({ code: 'residentLeft' }))
test('the death told again is the same', () =>
  given(entered(1), left('death', 2)).when(leave('death', 2)).thenNothing())
test('nobody dies twice', () =>
  given(entered(1), left('death', 2)).when(leave('death', 3)).thenRejected({ code: 'residentDied' }))
test('who has died does not leave', () =>
  given(entered(1), left('death', 2)).when(leave('exit', 2)).thenRejected({ code: 'residentDied' }))
test('a resident may come back', () => given(entered(1), left('exit', 2)).when(enter(3)).thenEvents(entered(3)))
test('nobody comes back before having left', () =>
  given(entered(1), left('exit', 4)).when(enter(3)).thenRejected({ code: 'beforeExit' }))
test('who has died does not come back', () =>
  given(entered(1), left('death', 2)).when(enter(3)).thenRejected({ code: 'residentDied' }))
test('a resident of another EHPAD is unknown here', () =>
  given(entered(1))
    .when({ ...move('14', 2), ehpad: other })
    .thenRejected({ code: 'residentUnknown' }))
test('nobody leaves a register without being on it', () =>
  given().when(leave('exit', 2)).thenRejected({ code: 'residentUnknown' }))

const anyDay = fc.integer({ min: 1, max: 4 })
const anyCommand = fc.oneof(
  fc.tuple(anyDay, fc.constantFrom(1, 2)).map(([n, identity]) => enter(n, identity)),
  fc.tuple(fc.constantFrom('12', '14'), anyDay).map(([room, n]) => move(room, n)),
  fc.tuple(fc.constantFrom('exit' as const, 'death' as const), anyDay).map(([reason, n]) => leave(reason, n)),
  fc.constantFrom(1, 2).map(correct),
)
test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(resident, anyCommand))
