import type { FieldProblem, RefusalReason } from '@relais/contracts/messages'
import type { Flag } from '@relais/contracts/movements'
import type { Logger } from '@relais/telemetry/logger'
import type { FolderKind } from './folder-kind.ts'

export type Answer = { code: 'AA' | 'AE' | 'AR'; problems: readonly AnswerProblem[]; warnings: readonly Flag[] }
/** `hl7Code` is of HL7 table 0357. */
export type AnswerProblem = { path: string; code: FieldProblem['code'] | RefusalCode; text: string }
type RefusalCode = 'senderUnknown' | 'senderNotEntitled' | 'processingIdRefused' | 'storageFull' | 'notAvailable'
/** What cannot be taken from this sender here, however often it is sent. */
export type Refusal = AnswerProblem & { code: Extract<RefusalReason, RefusalCode> }

export const unknownSender: Answer = refused({
  path: 'MSH-3',
  code: 'senderUnknown',
  text: 'this certificate or address is bound to no sender',
})

export function notEntitled(path: string): Refusal {
  return { path, code: 'senderNotEntitled', text: 'this sender may not speak for this assigning authority' }
}

export function notAllowed(path: string, kind: FolderKind): Refusal {
  return { path, code: 'processingIdRefused', text: refusedIdentityText[kind] }
}

const refusedIdentityText: Record<FolderKind, string> = {
  demonstration: 'this is a demonstration: MSH-11 P and real INS are refused, nothing was kept',
  production: 'this is production: MSH-11 other than P and test identities are refused, nothing was kept',
}

export function refused(problem: AnswerProblem): Answer {
  return { code: 'AR', problems: [problem], warnings: [] }
}

/** Nothing was kept, not even that it came: the sender sends it again. */
export function unavailable({ log }: { log: Logger }, error: unknown): Answer {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  log.error({ error }, 'message could not be kept')
  if (code === 'logFull' || code === 'databaseFull') {
    const text = 'no room to keep this message; nothing was written, send it again'
    return refused({ path: 'MSH', code: 'storageFull', text })
  }
  return refused({ path: 'MSH', code: 'notAvailable', text: 'the message could not be kept; send it again' })
}
