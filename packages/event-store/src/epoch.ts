import { randomUUID } from 'node:crypto'
import type { LogPosition } from '@relais/contracts/primitives'
import type { EventStore } from './port.ts'

const STREAM = 'log-epoch'

/**
 * The id of the log behind `store`, made by whoever asks first. Positions of another log mean nothing in this one.
 * @throws StoreUnavailable, LogFull
 */
export async function logEpoch(store: EventStore, newId: () => string = randomUUID): Promise<string> {
  const known = await readEpoch(store)
  if (known !== undefined) return known
  const epoch = newId()
  const created = { id: newId(), type: 'LogEpochCreated.v1', data: { epoch }, metadata: {} }
  const result = await store.append(STREAM, 'noStream', [created])
  if (result.appended) return epoch
  return (await readEpoch(store)) ?? epoch
}

async function readEpoch(store: EventStore): Promise<string | undefined> {
  for await (const { data } of store.readStream(STREAM, { limit: 1 }))
    if (typeof data['epoch'] === 'string') return data['epoch']
  return undefined
}

/** `position` as the outside sees it: `<log epoch>:<n>`. */
export function formatPosition(epoch: string, position: number): LogPosition {
  return `${epoch}:${position}`
}

/** The position in this log that `text` names; `undefined` when it is of another log, or no position at all. */
export function parsePosition(epoch: string, text: string): number | undefined {
  const digits = text.startsWith(`${epoch}:`) ? text.slice(epoch.length + 1) : ''
  const position = Number(digits)
  return /^\d{1,16}$/.test(digits) && Number.isSafeInteger(position) ? position : undefined
}
