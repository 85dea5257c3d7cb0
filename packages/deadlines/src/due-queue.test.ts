import { expect, test } from 'vitest'
import type { Deadline } from './deadline.ts'
import { dueQueue } from './due-queue.ts'

const deadline = (deadlineId: string, minute: number, subject = `stay of ${deadlineId}`): Deadline => ({
  deadlineId,
  kind: 'letterLate',
  subject,
  dueAt: `2026-11-23T09:${String(minute).padStart(2, '0')}:00.000Z`,
  detail: {},
})

function taken(queue: ReturnType<typeof dueQueue>) {
  const next = queue.next()
  if (next === undefined) throw new Error('Nothing waits')
  return next
}

test('what falls due first goes first, whenever it was read', () => {
  const queue = dueQueue()
  queue.add([deadline('c', 3), deadline('d', 3)])
  queue.add([deadline('a', 1), deadline('b', 2)])
  const ids = [1, 2, 3, 4].map(() => taken(queue).deadline.deadlineId)
  expect(ids).toEqual(['a', 'b', 'c', 'd'])
  expect(queue.next()).toBeUndefined()
})

test('of one stay, the next goes when the one before is done; other stays do not wait', () => {
  const queue = dueQueue()
  queue.add([deadline('a', 1, 'stay'), deadline('b', 2, 'stay'), deadline('c', 3)])
  const first = taken(queue)
  expect(taken(queue).deadline.deadlineId).toBe('c')
  expect(queue.next()).toBeUndefined()
  queue.release(first)
  expect(taken(queue).deadline.deadlineId).toBe('b')
})

test('what is read again while it is known is not fired again', () => {
  const queue = dueQueue()
  expect(queue.add([deadline('a', 1)])).toBe(1)
  const first = taken(queue)
  expect(queue.add([deadline('a', 1)])).toBe(0)
  expect(queue.next()).toBeUndefined()
  queue.release(first)
  queue.forget(first)
  expect(queue.add([deadline('a', 1)])).toBe(1)
  expect(taken(queue).deadline.deadlineId).toBe('a')
})
