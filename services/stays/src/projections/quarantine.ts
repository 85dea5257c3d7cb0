import type { MessageEvent } from '@relais/contracts/messages'
import type { Decoded } from '@relais/event-store/codec'
import { type Projection, type RowOperation, upsert } from '@relais/projections/projection'

/** What waits, for whom. The first table is written once per message, the second follows what happens to it. */
export const quarantine: Projection<MessageEvent> = {
  name: 'quarantine-1',
  tables: {
    quarantined: {
      columns: {
        message_id: 'text',
        sender_id: 'text',
        received_at: 'text',
        trigger_event: 'text',
        awaiting_stay: 'text?',
        awaiting_movement: 'text?',
      },
      key: ['message_id'],
      indexes: [['received_at', 'message_id'], ['awaiting_stay']],
    },
    quarantine_status: {
      columns: { message_id: 'text', status: 'text', problems: 'text' },
      key: ['message_id'],
      indexes: [['status', 'message_id']],
    },
  },
  rows: ({ event }) => (event ? rowsOf(event) : []),
}

export type QuarantineTables = {
  quarantined: {
    message_id: string
    sender_id: string
    received_at: string
    trigger_event: string
    awaiting_stay: string | null
    awaiting_movement: string | null
  }
  quarantine_status: { message_id: string; status: string; problems: string }
}

/** How a movement that is waited for is named in the view. */
export function awaitedKey({ authority, number }: { authority: string; number: string }): string {
  return JSON.stringify([authority, number])
}

function rowsOf(event: NonNullable<Decoded<MessageEvent>['event']>): RowOperation[] {
  const { messageId } = event.data
  switch (event.type) {
    case 'MessageQuarantined': {
      const { senderId, receivedAt, trigger, awaiting, problems } = event.data
      const row = {
        message_id: messageId,
        sender_id: senderId,
        received_at: receivedAt,
        trigger_event: trigger,
        awaiting_stay: awaiting?.stayId ?? null,
        awaiting_movement: awaiting ? awaitedKey(awaiting) : null,
      }
      return [upsert('quarantined', row), statusRow(messageId, awaiting ? 'awaitingMovement' : 'waiting', problems)]
    }
    case 'MessageRepaired':
      return [statusRow(messageId, 'repaired', [])]
    case 'MessageReplayed':
      return [statusRow(messageId, event.data.outcome === 'accepted' ? 'resolved' : 'waiting', event.data.problems)]
    case 'MessageViewed':
    case 'MessageIgnored':
      return []
  }
}

function statusRow(messageId: string, status: string, problems: readonly object[]): RowOperation {
  return upsert('quarantine_status', { message_id: messageId, status, problems: JSON.stringify(problems) })
}
