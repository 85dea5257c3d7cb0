import type { Attachment } from '@relais/contracts/conversations'
import type { CircleRole } from '@relais/contracts/patients'
import type { PostBody } from '@relais/contracts/post-routes'

/** A message that is being written. Files that it names have arrived already. */
export type MessageDraft = {
  text: string
  replyTo?: string | undefined
  quotes: readonly string[]
  mentions: readonly string[]
  mentionedRoles: readonly CircleRole[]
  urgent: boolean
  attachments: readonly Attachment[]
}

export const EMPTY_DRAFT: MessageDraft = {
  text: '',
  quotes: [],
  mentions: [],
  mentionedRoles: [],
  urgent: false,
  attachments: [],
}

export function bodyOf({ text, replyTo, quotes, ...draft }: MessageDraft): object {
  return {
    ...draft,
    text: text.trim(),
    quotes: quotes.map((eventId) => ({ eventId })),
    ...(replyTo === undefined ? {} : { replyTo }),
  }
}

/** What was to be sent, to be written again. */
export function draftOf({ quotes, ...body }: PostBody): MessageDraft {
  return { ...EMPTY_DRAFT, ...body, quotes: quotes.map(({ eventId }) => eventId) }
}

/** The same list with one more, or without it. */
export function toggled<Value>(list: readonly Value[], value: Value, isOn: boolean): Value[] {
  const others = list.filter((one) => one !== value)
  return isOn ? [...others, value] : others
}
