import { randomUUID } from 'node:crypto'
import type { AppendResult, EventStore, JsonObject, NewEvent, RecordedEvent } from '../port.ts'

export type OpenStore = () => EventStore

/** A category that no one else writes. */
export const newCategory = (): string => `contract${randomUUID().replaceAll('-', '')}`

export const newStream = (category: string = newCategory()): string => `${category}-${randomUUID()}`

export function newEvent(data: JsonObject = {}): NewEvent {
  return { id: randomUUID(), type: 'Noted.v1', data, metadata: { $correlationId: randomUUID() } }
}

export const newEvents = (count: number): NewEvent[] => Array.from({ length: count }, (_, index) => newEvent({ index }))

/** Where an append that must succeed went. */
export async function written(append: Promise<AppendResult>): Promise<{ revision: number; position: number }> {
  const result = await append
  if (!result.appended) throw new Error(`not appended: the stream is at ${result.revision}`)
  return result
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}

export const ids = (events: readonly { id: string }[]): string[] => events.map(({ id }) => id)

export const positions = (events: readonly RecordedEvent[]): number[] => events.map(({ position }) => position)

/** Whether each number is greater than the one before it. */
export const isIncreasing = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? Infinity))
