import type { ShownEvent } from '@relais/contracts/notices'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { NoticeCommand } from '../domain/notice.ts'

export type RecordWhatWasShownDeps = {
  handleNotice: (id: string, command: NoticeCommand, context: CommandContext) => Promise<object>
  derivedId: (...parts: string[]) => string
}

/** A notice on a page that somebody was given has reached a device. */
export function recordWhatWasShown({ handleNotice, derivedId }: RecordWhatWasShownDeps) {
  return async function react({ id, metadata, event }: Decoded<ShownEvent>): Promise<void> {
    if (!event) return
    const { noticeId, by, shownAt } = event.data
    const { $correlationId, actor } = metadata
    await handleNotice(
      noticeId,
      { type: 'RecordDelivered', noticeId, by, at: shownAt },
      { metadata: { $correlationId, $causationId: id, actor }, eventId: (index) => derivedId(id, String(index)) },
    )
  }
}
