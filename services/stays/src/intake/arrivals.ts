import { hash } from 'node:crypto'
import type { RefusalReason } from '@relais/contracts/messages'
import { type Instant, MessageId } from '@relais/contracts/primitives'
import type { CommandContext } from '@relais/event-store/command-handler'
import { derivedUuid } from '@relais/events/derived-uuid'
import type { MessageHeader } from '@relais/hl7v2/header'
import { senderKeyOwner } from '@relais/vault/forgetting'
import type { Vault } from '@relais/vault/vault'
import type { MessageCommand } from '../domain/message.ts'
import type { Sender } from './senders.ts'

export type Received = { bytes: Uint8Array; header: MessageHeader; sender: Sender; receivedAt: Instant }

type ArrivalDeps = {
  vault: Vault
  handleMessage: (id: string, command: MessageCommand, context: CommandContext) => Promise<{ accepted: boolean }>
}

/**
 * That a message came of which nothing may be kept: the same one again is one fact. It is known by a keyed hash of its
 * bytes, for whoever reads the log MUST NOT be able to confirm a guess.
 */
export async function noteRefusal(
  { vault, handleMessage }: ArrivalDeps,
  received: Received,
  reason: RefusalReason,
): Promise<void> {
  const { bytes, header, sender, receivedAt } = received
  const known = vault.blindIndex('message', sender.id, hash('sha256', bytes))
  const messageId = MessageId.parse(derivedUuid('refused', known))
  const details = { ...arrival(received, messageId), receivedAt, reason, isNamed: header.controlId !== '' }
  await handleMessage(messageId, { type: 'Refuse', details }, contextOf(received, messageId))
}

/** That a message came that left no fact of its own, because it said what was known. */
export async function noteRepeat(
  { handleMessage }: Pick<ArrivalDeps, 'handleMessage'>,
  received: Received,
  messageId: MessageId,
): Promise<void> {
  const details = { ...arrival(received, messageId), receivedAt: received.receivedAt }
  await handleMessage(messageId, { type: 'NoteRepeat', details }, contextOf(received, messageId))
}

function arrival({ sender, receivedAt }: Received, messageId: MessageId) {
  return { messageId, keyOwner: senderKeyOwner(sender.id, receivedAt), senderId: sender.id }
}

/** The metadata of what a sender's message causes. */
export function contextOf({ sender, header }: Received, messageId: MessageId): CommandContext {
  const actor = { id: `sender:${sender.id}`, role: 'system', purpose: 'care' }
  const controlId = /^\d{1,15}$/.test(header.controlId) ? { controlId: header.controlId } : {}
  return { metadata: { $correlationId: messageId, $causationId: messageId, ...controlId, actor } }
}
