import { type MessageEvent, messageEvents } from '@relais/contracts/messages'
import { MessageId } from '@relais/contracts/primitives'
import type { SenderReport } from '@relais/contracts/sender-routes'
import type { StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import { type Projection, type Row, type RowOperation, upsert } from '@relais/projections/projection'
import type { Kysely } from 'kysely'
import { holesIn } from '../domain/control-ids.ts'

/** Days and control ids are of the metadata, so that they stay when a patient is forgotten. */
const received = { message_id: 'text', sender_id: 'text', day: 'text', control_id: 'text?' } as const

/**
 * What came from each sender: one row per message that was taken at once, and per message that had to wait; beside the
 * latter, what became of it, and that somebody repaired it. Rows are keyed by message, whatever the number of its facts.
 */
export const senderReport: Projection<StayEvent | MessageEvent> = {
  name: 'sender-report-1',
  tables: {
    sender_taken: {
      columns: { ...received, outcome: 'text' },
      key: ['message_id'],
      indexes: [['sender_id', 'day']],
    },
    sender_held: { columns: received, key: ['message_id'], indexes: [['sender_id', 'day']] },
    sender_held_outcome: {
      columns: { message_id: 'text', outcome: 'text', authority: 'text?', movement: 'text?' },
      key: ['message_id'],
    },
    sender_repair: { columns: { message_id: 'text' }, key: ['message_id'] },
  },
  rows: (decoded) => (decoded.stream.startsWith(`${messageEvents.category}-`) ? ofMessage(decoded) : ofStay(decoded)),
}

type ReceivedRow = { message_id: string; sender_id: string; day: string; control_id: string | null }
export type SenderReportTables = {
  sender_taken: ReceivedRow & { outcome: string }
  sender_held: ReceivedRow
  sender_held_outcome: { message_id: string; outcome: string; authority: string | null; movement: string | null }
  sender_repair: { message_id: string }
}

const ACTOR = 'sender:'

/** Only what a message caused by itself: a replay, and what a person writes, have other authors. */
function ofStay(decoded: Decoded<StayEvent | MessageEvent>): RowOperation[] {
  const row = receivedRow(decoded)
  return row ? [upsert('sender_taken', { ...row, outcome: 'accepted' })] : []
}

function ofMessage(decoded: Decoded<StayEvent | MessageEvent>): RowOperation[] {
  const message_id = decoded.routing['messageId'] ?? ''
  const row = receivedRow(decoded)
  const { event } = decoded
  switch (decoded.type) {
    case 'MessageQuarantined':
      return [...(row ? [upsert('sender_held', row)] : []), outcomeRow(message_id, event)]
    case 'MessageReplayed':
      return event ? [outcomeRow(message_id, event)] : []
    case 'MessageRepaired':
      return [upsert('sender_repair', { message_id })]
    case 'MessageIgnored':
      return row ? [upsert('sender_taken', { ...row, outcome: 'ignored' })] : []
    case 'MessageRepeated':
      return row ? [upsert('sender_taken', { ...row, outcome: 'repeated' })] : []
    case 'MessageRefused':
      return row ? [upsert('sender_taken', { ...row, outcome: refusedAs(event) })] : []
    case 'MessageViewed':
      return []
    default:
      // What says who somebody is, or whose a dossier is.
      return row ? [upsert('sender_taken', { ...row, outcome: 'accepted' })] : []
  }
}

/** When the key of that day is gone, it is not known any more how broken it was. */
function refusedAs(event: StayEvent | MessageEvent | undefined): 'refused' | 'unreadable' {
  return event?.type === 'MessageRefused' && !event.data.isNamed ? 'unreadable' : 'refused'
}

/** Of somebody forgotten it is not known whether it still waits; nobody can tend it any more. */
function outcomeRow(message_id: string, event: StayEvent | MessageEvent | undefined): RowOperation {
  const isReplay = event?.type === 'MessageReplayed'
  const awaiting = isReplay || event?.type === 'MessageQuarantined' ? event.data.awaiting : undefined
  const isOver = event === undefined || (isReplay && event.data.outcome === 'accepted')
  return upsert('sender_held_outcome', {
    message_id,
    outcome: event === undefined ? 'forgotten' : isOver ? 'accepted' : 'waiting',
    authority: isOver ? null : (awaiting?.movement?.authority ?? null),
    movement: isOver ? null : (awaiting?.movement?.number ?? null),
  })
}

function receivedRow({ routing, metadata }: Decoded<unknown>): Row | undefined {
  const { actor, recordedAt, controlId = null } = metadata
  const message_id = routing['messageId']
  if (message_id === undefined || !actor.id.startsWith(ACTOR)) return undefined
  return { message_id, sender_id: actor.id.slice(ACTOR.length), day: recordedAt.slice(0, 10), control_id: controlId }
}

/** What one sender sent on one day, and what became of it until now. */
export async function reportOf(
  db: Kysely<SenderReportTables>,
  { senderId, day }: { senderId: string; day: string },
): Promise<SenderReport> {
  const held = await db
    .selectFrom('sender_held as held')
    .innerJoin('sender_held_outcome as became', 'became.message_id', 'held.message_id')
    .leftJoin('sender_repair as repair', 'repair.message_id', 'held.message_id')
    .where('held.sender_id', '=', senderId)
    .where('held.day', '=', day)
    .select(['held.message_id', 'held.control_id', 'became.outcome', 'became.authority', 'became.movement'])
    .select('repair.message_id as repaired')
    .orderBy('held.message_id')
    .execute()
  const taken = await db
    .selectFrom('sender_taken as taken')
    .where('sender_id', '=', senderId)
    .where('day', '=', day)
    .where(({ not, exists, selectFrom }) =>
      // A message that waited, and was sent again, is one message.
      not(
        exists(
          selectFrom('sender_held').whereRef('sender_held.message_id', '=', 'taken.message_id').select('message_id'),
        ),
      ),
    )
    .select(['control_id', 'outcome'])
    .execute()
  return { senderId, day, ...countsOf(held, taken), missingMovements: missingMovements(held) }
}

type Held = Waiting & { outcome: string; repaired: string | null }
type Taken = { control_id: string | null; outcome: string }

function countsOf(held: readonly Held[], taken: readonly Taken[]) {
  const became = Map.groupBy(taken, ({ outcome }) => outcome)
  const countOf = (outcome: string) => became.get(outcome)?.length ?? 0
  const accepted = held.filter(({ outcome }) => outcome === 'accepted')
  const kept = [...held, ...taken.filter(({ outcome }) => !isRefused(outcome))]
  const keptIds = new Set(kept.map(({ control_id }) => control_id))
  // Whoever is answered AR sends again: what was taken then is one message.
  const refused = taken.filter(
    ({ outcome, control_id }) => isRefused(outcome) && (control_id === null || !keptIds.has(control_id)),
  )
  const controlIds = [...kept, ...refused].flatMap(({ control_id }) => (control_id === null ? [] : [control_id]))
  return {
    received: kept.length + refused.length,
    accepted: accepted.length + countOf('accepted') + countOf('repeated'),
    repeated: countOf('repeated'),
    repaired: accepted.filter(({ repaired }) => repaired !== null).length,
    waiting: held.filter(({ outcome }) => outcome === 'waiting').length,
    ignored: countOf('ignored'),
    refused: refused.length,
    unreadable: refused.filter(({ outcome }) => outcome === 'unreadable').length,
    missingControlIds: holesIn(controlIds),
  }
}

const isRefused = (outcome: string) => outcome === 'refused' || outcome === 'unreadable'

type Waiting = Pick<ReceivedRow, 'message_id' | 'control_id'> & { authority: string | null; movement: string | null }

function missingMovements(held: readonly Waiting[]): SenderReport['missingMovements'] {
  const waiting = Map.groupBy(
    held.filter(({ movement }) => movement !== null),
    ({ authority, movement }) => JSON.stringify([authority, movement]),
  )
  return [...waiting.values()].map((messages) => ({
    authority: messages[0]?.authority ?? '',
    number: messages[0]?.movement ?? '',
    messages: messages.map(({ message_id }) => MessageId.parse(message_id)),
    controlIds: messages.flatMap(({ control_id }) => (control_id === null ? [] : [control_id])),
  }))
}
