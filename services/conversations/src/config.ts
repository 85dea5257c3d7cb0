import { readSettings, type Variables } from '@relais/runtime/settings'
import { z } from 'zod'

export const ConversationsEnvironment = z.object({
  ATTACHMENT_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(26_214_400)
    .describe('Largest file that may be attached to a message, in bytes'),
})

/** @throws InvalidSettings */
export function loadConversationsConfig(variables: Variables) {
  return { attachmentMaxBytes: readSettings(ConversationsEnvironment, variables).ATTACHMENT_MAX_BYTES }
}
export type ConversationsConfig = ReturnType<typeof loadConversationsConfig>
