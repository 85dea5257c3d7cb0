import type { NoticeEvent } from '@relais/contracts/notices'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { CircleCommand } from '../domain/circle.ts'

export type DisownDeps = {
  handleCircle: (id: string, command: CircleCommand, context: CommandContext) => Promise<object>
  derivedId: (...parts: string[]) => string
}

/**
 * Whoever returns a notice with "not my patient" leaves the circle of that patient. Under the other ids of the person it
 * holds for as long as they are linked, without a word in their circles: undoing the link restores them.
 */
export function disown({ handleCircle, derivedId }: DisownDeps) {
  return async function react({ id, event, metadata }: Decoded<NoticeEvent>): Promise<void> {
    if (event?.type !== 'NoticeReturned') return
    const { patientId, recipient, returnedAt } = event.data
    const { $correlationId, actor } = metadata
    const command = { type: 'Disown' as const, patientId, memberId: recipient, at: returnedAt }
    await handleCircle(patientId, command, {
      metadata: { $correlationId, $causationId: id, actor },
      eventId: (index) => derivedId(id, patientId, String(index)),
    })
  }
}
