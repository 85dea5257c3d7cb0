import { messageEvents } from '@relais/contracts/messages'
import type { MessageId } from '@relais/contracts/primitives'
import { movementKinds } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { KnownEvent } from '../projections/known-stays.ts'
import type { Awaited } from '../projections/quarantine.ts'

export type ReplayOnArrivalDeps = {
  /**
   * Messages that wait for this, once the view has seen the message at `position`, and without one everything that was
   * there when it started.
   */
  awaiting: (stayId: string, awaited: Awaited, position: number | undefined) => Promise<MessageId[]>
  replay: (messageId: MessageId, cause: 'arrival', context: CommandContext) => Promise<object>
}

/**
 * A correction or a withdrawal that came before its movement is replayed when the movement arrives, and what names another
 * patient than the stay's when the stay goes to another one (A44). A message that was
 * quarantined while its movement was being written is tried at once: whichever of the two is later in the log sees
 * the other.
 */
export function replayOnArrival({ awaiting, replay }: ReplayOnArrivalDeps) {
  // The view follows messages only: on a quiet log it is told of nothing that comes after the last of them.
  let lastMessage: number | undefined

  return async function react(decoded: Decoded<KnownEvent>): Promise<void> {
    const { event, id, position, stream, metadata } = decoded
    if (stream.startsWith(`${messageEvents.category}-`)) lastMessage = position
    if (!event) return
    for (const messageId of await concerned(event)) {
      const { $correlationId } = metadata
      await replay(messageId, 'arrival', {
        metadata: { $correlationId, $causationId: id, actor: { id: 'relais:replay-on-arrival', role: 'system' } },
      })
    }
  }

  async function concerned(event: KnownEvent): Promise<MessageId[]> {
    if (event.type === 'MessageQuarantined' || event.type === 'MessageReplayed')
      return event.data.awaiting ? [event.data.messageId] : []
    if (event.type === 'StayMovedToPatient') return awaiting(event.data.stayId, {}, lastMessage)
    return event.type in movementKinds && 'movement' in event.data
      ? awaiting(event.data.stayId, { movement: event.data.movement.source }, lastMessage)
      : []
  }
}
