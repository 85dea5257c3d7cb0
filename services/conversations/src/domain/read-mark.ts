import type { DeviceId, PostId, ReadMarkEvent } from '@relais/contracts/conversations'
import type { Instant, LogPosition, Recipient } from '@relais/contracts/primitives'
import { accept, type Decider, type Decision } from '@relais/decider/decider'
import type { ThreadSubject } from './thread.ts'

export type MarkCommand = {
  type: 'MarkRead' | 'MarkDelivered'
  subject: ThreadSubject
  by: Recipient
  upTo: PostId
  /** Where that message stands in the log. */
  position: LogPosition
  device?: DeviceId | undefined
  at: Instant
}
type Device = DeviceId | 'some'
export type ReadMarkState = { delivered: ReadonlyMap<Device, LogPosition>; read: LogPosition | undefined }

function evolve(state: ReadMarkState, { type, data }: ReadMarkEvent): ReadMarkState {
  if (type === 'ThreadRead') return { ...state, read: data.position }
  return { ...state, delivered: new Map(state.delivered).set(data.device ?? 'some', data.position) }
}

function decide(command: MarkCommand, state: ReadMarkState): Decision<ReadMarkEvent, never> {
  const { type, subject, by, upTo, position, device, at } = command
  const mark = { ...subject, by, upTo, position }
  const events: ReadMarkEvent[] = []
  if (type === 'MarkRead' && isBeyond(position, state.read))
    events.push({ type: 'ThreadRead', data: { ...mark, readAt: at } })
  if (isNewThere(command, state))
    events.push({ type: 'ThreadDelivered', data: { ...mark, ...(device ? { device } : {}), deliveredAt: at } })
  return accept(...events)
}

/** What was read has reached some device, and that on which it was read. */
function isNewThere({ type, position, device }: MarkCommand, { read, delivered }: ReadMarkState): boolean {
  if (device !== undefined) return isBeyond(position, delivered.get(device))
  return type === 'MarkDelivered' && isBeyond(position, read) && isBeyond(position, delivered.get('some'))
}

/** Of a log that was copied to another store the positions say nothing: whatever is marked there first stands. */
function isBeyond(position: LogPosition, mark: LogPosition | undefined): boolean {
  if (mark === undefined) return true
  const [epoch, place] = position.split(':')
  const [knownEpoch, known] = mark.split(':')
  return epoch !== knownEpoch || Number(place) > Number(known)
}

/** How far a person has come in a thread, and what each of his or her devices has: forward only, in whatever order it is said. */
export const readMark: Decider<MarkCommand, ReadMarkEvent, ReadMarkState, never> = {
  initialState: { delivered: new Map(), read: undefined },
  evolve,
  decide,
}
