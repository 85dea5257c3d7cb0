import type { PostId, ReadMarkEvent } from '@relais/contracts/conversations'
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
  at: Instant
}
export type ReadMarkState = { delivered: LogPosition | undefined; read: LogPosition | undefined }

function evolve(state: ReadMarkState, { type, data }: ReadMarkEvent): ReadMarkState {
  return { ...state, [type === 'ThreadRead' ? 'read' : 'delivered']: data.position }
}

/** What was read has been delivered. */
function decide({ type, subject, by, upTo, position, at }: MarkCommand, state: ReadMarkState) {
  const mark = { ...subject, by, upTo, position }
  const answer = (...events: ReadMarkEvent[]): Decision<ReadMarkEvent, never> => accept(...events)
  if (!isBeyond(position, state.read)) return answer()
  if (type === 'MarkRead') return answer({ type: 'ThreadRead', data: { ...mark, readAt: at } })
  if (!isBeyond(position, state.delivered)) return answer()
  return answer({ type: 'ThreadDelivered', data: { ...mark, deliveredAt: at } })
}

/** Of a log that was copied to another store the positions say nothing: whatever is marked there first stands. */
function isBeyond(position: LogPosition, mark: LogPosition | undefined): boolean {
  if (mark === undefined) return true
  const [epoch, place] = position.split(':')
  const [knownEpoch, known] = mark.split(':')
  return epoch !== knownEpoch || Number(place) > Number(known)
}

/** How far a person has come in a thread: forward only, in whatever order it is said. */
export const readMark: Decider<MarkCommand, ReadMarkEvent, ReadMarkState, never> = {
  initialState: { delivered: undefined, read: undefined },
  evolve,
  decide,
}
