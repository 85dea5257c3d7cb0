import type { DeviceId, PostId, ReadMarkEvent, ThreadId } from '@relais/contracts/conversations'
import type { ProfessionalId } from '@relais/contracts/primitives'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type MarkCommand, readMark } from './read-mark.ts'

const { given } = specification(readMark)
const threadId = '00000000-0000-4000-8000-000000000001' as ThreadId
const subject = { threadId, keyOwner: threadId as string }
const by = 'rpps:10100000011' as ProfessionalId
const at = '2026-11-03T09:00:00.000Z'
const post = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as PostId
const HERE = '11111111-0000-4000-8000-000000000000'
const ELSEWHERE = '22222222-0000-4000-8000-000000000000'

const phone = '33333333-0000-4000-8000-000000000001' as DeviceId
const desk = '33333333-0000-4000-8000-000000000002' as DeviceId

const mark = (type: MarkCommand['type'], n: number, epoch = HERE): MarkCommand => {
  return { type, subject, by, upTo: post(n), position: `${epoch}:${n}`, at }
}
const on = (device: DeviceId, command: MarkCommand): MarkCommand => ({ ...command, device })
const deliveredOn = (device: DeviceId, n: number): ReadMarkEvent => {
  return {
    type: 'ThreadDelivered',
    data: { ...subject, by, upTo: post(n), position: `${HERE}:${n}`, device, deliveredAt: at },
  }
}
const read = (n: number, epoch = HERE): ReadMarkEvent => {
  return { type: 'ThreadRead', data: { ...subject, by, upTo: post(n), position: `${epoch}:${n}`, readAt: at } }
}
const delivered = (n: number): ReadMarkEvent => {
  return { type: 'ThreadDelivered', data: { ...subject, by, upTo: post(n), position: `${HERE}:${n}`, deliveredAt: at } }
}

test('a thread is read up to a message', () => given().when(mark('MarkRead', 9)).thenEvents(read(9)))
test('and further', () => given(read(9)).when(mark('MarkRead', 10)).thenEvents(read(10)))
test('never back', () => given(read(10)).when(mark('MarkRead', 9)).thenNothing())
test('it has reached a device before it is read', () => given().when(mark('MarkDelivered', 9)).thenEvents(delivered(9)))
test('what was read has reached a device', () => given(read(9)).when(mark('MarkDelivered', 9)).thenNothing())
test('what is newer reaches it after', () => given(read(9)).when(mark('MarkDelivered', 10)).thenEvents(delivered(10)))
test('reached once is reached', () => given(delivered(9)).when(mark('MarkDelivered', 9)).thenNothing())
test('each device is reached by itself', () =>
  given(deliveredOn(phone, 9), read(9))
    .when(on(desk, mark('MarkDelivered', 9)))
    .thenEvents(deliveredOn(desk, 9)))
test('a device that was reached is reached', () =>
  given(deliveredOn(phone, 9), deliveredOn(desk, 4))
    .when(on(phone, mark('MarkDelivered', 8)))
    .thenNothing())
test('what is read on a device has reached it', () =>
  given(deliveredOn(desk, 9))
    .when(on(phone, mark('MarkRead', 9)))
    .thenEvents(read(9), deliveredOn(phone, 9)))
test('read on another device, it is read once', () =>
  given(read(9), deliveredOn(phone, 9))
    .when(on(desk, mark('MarkRead', 9)))
    .thenEvents(deliveredOn(desk, 9)))
test('the marks of a log that was copied do not hold up those of the copy', () =>
  given(read(10))
    .when(mark('MarkRead', 9, ELSEWHERE))
    .thenEvents(read(9, ELSEWHERE)))

const anyMark = fc
  .tuple(
    fc.constantFrom('MarkRead' as const, 'MarkDelivered' as const),
    fc.nat(12),
    fc.constantFrom(undefined, phone, desk),
  )
  .map(([type, n, device]): MarkCommand => ({ ...mark(type, n), device }))

test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(readMark, anyMark))

test('in whatever order marks are said, the furthest one stands', () =>
  fc.assert(
    fc.property(fc.array(anyMark), (marks) => {
      let state = readMark.initialState
      for (const command of marks) {
        const decision = readMark.decide(command, state)
        if (decision.accepted) state = decision.events.reduce(readMark.evolve, state)
      }
      const furthest = (type: MarkCommand['type']) =>
        marks.filter((each) => each.type === type).map(({ position }) => Number(position.split(':')[1]))
      const place = (position: string | undefined) => Number(position?.split(':')[1] ?? -1)
      expect(place(state.read)).toBe(Math.max(-1, ...furthest('MarkRead')))
      const reached = Math.max(place(state.read), ...[...state.delivered.values()].map(place))
      expect(reached).toBe(Math.max(-1, ...furthest('MarkRead'), ...furthest('MarkDelivered')))
      for (const device of [phone, desk]) {
        const own = marks.filter((each) => each.device === device).map(({ position }) => place(position))
        expect(place(state.delivered.get(device))).toBe(Math.max(-1, ...own))
      }
    }),
  ))
