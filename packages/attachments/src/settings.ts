import { readSettings, type Variables } from '@relais/runtime/settings'
import { z } from 'zod'

export const AttachmentsEnvironment = z.object({
  ATTACHMENT_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(26_214_400)
    .describe('Largest file that may be attached to a message, a request or its answer, in bytes'),
})

export type AttachmentsConfig = { attachmentMaxBytes: number }

/** @throws InvalidSettings */
export function loadAttachmentsConfig(variables: Variables): AttachmentsConfig {
  return { attachmentMaxBytes: readSettings(AttachmentsEnvironment, variables).ATTACHMENT_MAX_BYTES }
}
