import type { NoticeEvent } from '@relais/contracts/notices'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { CircleCommand } from '../domain/circle.ts'

export type DisownDeps = {
  handleCircle: (id: string, command: CircleCommand, context: CommandContext) => Promise<object>
  derivedId: (...parts: string[]) => string
}

/** Whoever returns a notice with "not my patient" leaves every circle of that person. */
export function disown({ handleCircle, derivedId }: DisownDeps) {
  return async function react({ id, event, metadata }: Decoded<NoticeEvent>): Promise<void> {
    if (event?.type !== 'NoticeReturned') return
    const { patientId, alsoOf, recipient, returnedAt } = event.data
    const { $correlationId, actor } = metadata
    for (const circle of [patientId, ...alsoOf]) {
      const command = { type: 'Disown' as const, patientId: circle, memberId: recipient, at: returnedAt }
      await handleCircle(circle, command, {
        metadata: { $correlationId, $causationId: id, actor },
        eventId: (index) => derivedId(id, circle, String(index)),
      })
    }
  }
}
