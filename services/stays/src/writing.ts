import type { Actor } from '@relais/contracts/actor'
import { type Instant, MessageId } from '@relais/contracts/primitives'
import type { Flag } from '@relais/contracts/movements'
import type { CommandContext } from '@relais/event-store/command-handler'
import { derivedUuid } from '@relais/events/derived-uuid'
import type { StayRejection } from './domain/stay.ts'
import type { StayState } from './domain/stay-state.ts'
import type { FolderKind } from './intake/folder-kind.ts'
import type { RecordDeps } from './intake/record.ts'

export type StayDeskDeps = RecordDeps & { kind: FolderKind; now: () => Instant }

export type Refusal =
  | StayRejection
  | { code: 'establishmentMissing' }
  | { code: 'notYourWard' }
  | { code: 'identityNotAllowedHere' }
export type Refused = { refusal: Refusal }
export type Recorded = { flags: Flag[]; position: number | undefined }
/** Whoever writes, and under which name what is written is on record. */
export type Writing = { actor: Actor; context: CommandContext }

export const refuse = (code: Refusal['code']): Refused => ({ refusal: { code } })

/** The same body under the same id is the same saying; under that id, another body is another one. */
export function messageIdOf(body: object, ...act: readonly string[]): MessageId {
  return MessageId.parse(derivedUuid('written', ...act, JSON.stringify(body)))
}

/** A person's word of a stay counts after all that was said until now: clocks may be ahead, or moved backwards. */
export function afterAll({ saidAt }: StayState, now: Instant): Instant {
  return now > saidAt ? now : new Date(Date.parse(saidAt) + 1).toISOString()
}
