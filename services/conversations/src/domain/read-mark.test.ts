import type { PostId, ReadMarkEvent, ThreadId } from '@relais/contracts/conversations'
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

const mark = (type: MarkCommand['type'], n: number, epoch = HERE): MarkCommand => {
  return { type, subject, by, upTo: post(n), position: `${epoch}:${n}`, at }
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
test('the marks of a log that was copied do not hold up those of the copy', () =>
  given(read(10))
    .when(mark('MarkRead', 9, ELSEWHERE))
    .thenEvents(read(9, ELSEWHERE)))

const anyMark = fc
  .tuple(fc.constantFrom('MarkRead' as const, 'MarkDelivered' as const), fc.nat(12))
  .map(([type, n]) => mark(type, n))

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
      const reached = Math.max(place(state.read), place(state.delivered))
      expect(reached).toBe(Math.max(-1, ...furthest('MarkRead'), ...furthest('MarkDelivered')))
    }),
  ))
