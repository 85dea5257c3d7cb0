import type { Awaiting, FieldProblem, MessageEvent } from '@relais/contracts/messages'
import { MessageId } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { DatabaseUnavailable } from '@relais/database/errors'
import { runner, type Statement } from '@relais/database/statements'
import type { Decoded } from '@relais/event-store/codec'
import { type Projection, type RowOperation, type RunningProjection, upsert } from '@relais/projections/projection'

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
        organisation: 'text?',
      },
      key: ['message_id'],
      indexes: [['received_at', 'message_id']],
    },
    quarantine_status: {
      columns: {
        message_id: 'text',
        status: 'text',
        problems: 'text',
        awaiting_stay: 'text?',
        awaiting_movement: 'text?',
      },
      key: ['message_id'],
      indexes: [['status', 'message_id'], ['awaiting_stay']],
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
    organisation: string | null
  }
  quarantine_status: {
    message_id: string
    status: string
    problems: string
    awaiting_stay: string | null
    awaiting_movement: string | null
  }
}

/** A movement, or without one that the stay goes to another patient. */
export type Awaited = Pick<Awaiting, 'movement'>
const MOVE = 'move'
const SLOWEST_VIEW_MILLISECONDS = 5000

/**
 * Finds the messages of a stay that wait for something, once the view has seen the message at `position`, and without one
 * everything that was there when it started.
 * @throws DatabaseUnavailable when the view stays behind: what waits there would be missed for ever
 */
export function awaitingIn(
  { db, kind }: Database<QuarantineTables>,
  view: Pick<RunningProjection, 'reaches' | 'status'>,
) {
  const run = runner(kind)
  return async (stayId: string, awaited: Awaited, position: number | undefined): Promise<MessageId[]> => {
    const hasSeen =
      view.status().hasCaughtUp && (position === undefined || (await view.reaches(position, SLOWEST_VIEW_MILLISECONDS)))
    if (!hasSeen) throw new DatabaseUnavailable('The view of the quarantine is not that far yet')
    const { rows } = await run(db, waitingFor, [stayId, awaitedKey(awaited)])
    return rows.map((row) => MessageId.parse(row.message_id))
  }
}

/** Asked for every movement that arrives. */
const waitingFor: Statement<{ message_id: string }> = `
  select quarantined.message_id
  from quarantine_status join quarantined on quarantined.message_id = quarantine_status.message_id
  where awaiting_stay = ? and awaiting_movement = ? and status != 'resolved'
  order by received_at`

/** How what is waited for is named in the view. */
function awaitedKey({ movement }: Awaited): string {
  return movement ? JSON.stringify([movement.authority, movement.number]) : MOVE
}

function rowsOf(event: NonNullable<Decoded<MessageEvent>['event']>): RowOperation[] {
  const { messageId } = event.data
  switch (event.type) {
    case 'MessageQuarantined': {
      const { senderId, receivedAt, trigger, organisation = null } = event.data
      const row = {
        message_id: messageId,
        sender_id: senderId,
        received_at: receivedAt,
        trigger_event: trigger,
        organisation,
      }
      return [upsert('quarantined', row), waitingRow(event.data)]
    }
    case 'MessageRepaired':
      return [statusRow(messageId, 'repaired', {})]
    case 'MessageReplayed':
      return [event.data.outcome === 'accepted' ? statusRow(messageId, 'resolved', {}) : waitingRow(event.data)]
    case 'MessageViewed':
    case 'MessageIgnored':
    case 'MessageRefused':
    case 'MessageRepeated':
    case 'DossierMoved':
    case 'IdentityAnnounced':
    case 'MergeReported':
    case 'LinkReported':
    case 'UnlinkReported':
    case 'IdentifiersChanged':
      return []
  }
}

type Waiting = { messageId: string; problems: readonly FieldProblem[]; awaiting?: Awaiting | undefined }

function waitingRow({ messageId, problems, awaiting }: Waiting): RowOperation {
  return statusRow(messageId, awaiting ? 'awaitingMovement' : 'waiting', { problems, awaiting })
}

function statusRow(messageId: string, status: string, { problems = [], awaiting }: Partial<Waiting>): RowOperation {
  return upsert('quarantine_status', {
    message_id: messageId,
    status,
    problems: JSON.stringify(problems),
    awaiting_stay: awaiting?.stayId ?? null,
    awaiting_movement: awaiting ? awaitedKey(awaiting) : null,
  })
}
