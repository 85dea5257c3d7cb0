import type { CommandContext } from '@relais/event-store/command-handler'
import type { NoticeCommand, NoticeRejection } from './domain/notice.ts'

/** Decides on one notice, and writes what was decided. */
export type HandleNotice = (
  id: string,
  command: NoticeCommand,
  context: CommandContext,
) => Promise<{ accepted: true; position: number | undefined } | { accepted: false; rejection: NoticeRejection }>
