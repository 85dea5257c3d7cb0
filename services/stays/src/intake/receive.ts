import type { Awaiting, FieldProblem, RefusalReason } from '@relais/contracts/messages'
import { MessageId, type DocumentRef, type Instant } from '@relais/contracts/primitives'
import type { Flag } from '@relais/contracts/movements'
import type { CommandContext } from '@relais/event-store/command-handler'
import { AppendTooLarge } from '@relais/event-store/port'
import { InvalidEvent } from '@relais/events/codec'
import { acknowledge } from '@relais/hl7v2/ack'
import { readHeader } from '@relais/hl7v2/header'
import type { IdentityReport } from '@relais/hl7v2/pam/identity-messages'
import type { MovementReport } from '@relais/hl7v2/pam/interpret'
import type { MoveReport } from '@relais/hl7v2/pam/move-to-patient'
import { problemAt } from '@relais/hl7v2/problem-at'
import type { Logger } from '@relais/telemetry/logger'
import { senderKeyOwner } from '@relais/vault/forgetting'
import type { Vault } from '@relais/vault/vault'
import type { MessageCommand, MessageState } from '../domain/message.ts'
import { type Answer, notAllowed, notEntitled, type Refusal, refused, unavailable, unknownSender } from './answers.ts'
import { contextOf, noteRefusal, noteRepeat, type Received } from './arrivals.ts'
import { type FolderKind, refusedIdentity } from './folder-kind.ts'
import { announcementOf, type Named, resolveNamed } from './identity.ts'
import { interpret } from './interpret.ts'
import { recordMove, resolveMoved } from './move.ts'
import {
  distinct,
  keepIdentity,
  type RecordDeps,
  recordMovement,
  type RecordResult,
  resolveSubject,
  type Subject,
} from './record.ts'
import { keptUntil } from './retention.ts'
import type { Sender } from './senders.ts'

export type IntakeDeps = RecordDeps & {
  kind: FolderKind
  senders: readonly Sender[]
  vault: Vault
  handleMessage: (
    id: string,
    command: MessageCommand,
    context: CommandContext,
  ) => Promise<{ accepted: true; position: number | undefined } | { accepted: false }>
  loadMessage: (messageId: MessageId) => Promise<MessageState>
  now: () => Instant
  newId: () => string
  keepDays: number
  log: Logger
}

type Kept = {
  messageId: MessageId
  keyOwner: string
  raw: DocumentRef
  receivedAt: Instant
  flags: readonly Flag[]
  /** The same bytes came before, under the same control id. */
  cameBefore: boolean
}

/**
 * Takes in one message and says what to answer, only after what it says is durable. Never throws: what cannot be kept
 * is answered AR, so that the sender sends it again.
 */
export function intake(deps: IntakeDeps) {
  return async function receive(bytes: Uint8Array, sender: Sender | undefined): Promise<Uint8Array> {
    const header = readHeader(bytes)
    const answer = sender ? await answerFor(deps, { bytes, header, sender, receivedAt: deps.now() }) : unknownSender
    const senderId = sender?.id ?? 'unknown'
    deps.log.info({ senderId, outcome: answer.code, code: answer.problems[0]?.code }, 'message answered')
    return acknowledge({ header, ...answer, now: deps.now(), controlId: deps.newId() })
  }
}

/**
 * A frame of which there is no whole message, on record as one that came. Never throws: it is answered AR whatever becomes
 * of that.
 */
export function brokenFrames(deps: IntakeDeps) {
  return async function refuse(
    head: Uint8Array,
    reason: Extract<RefusalReason, 'frameTooLarge' | 'frameTruncated'>,
    sender: Sender | undefined,
  ): Promise<void> {
    if (!sender) return
    const received = { bytes: head, header: readHeader(head), sender, receivedAt: deps.now() }
    await noteRefusal(deps, received, reason).catch((error: unknown) => unavailable(deps, error))
  }
}

async function answerFor(deps: IntakeDeps, received: Received): Promise<Answer> {
  try {
    const refusedAt = refusedIdentity(deps.kind, received.header, received.bytes)
    return refusedAt ? await refuse(deps, received, notAllowed(refusedAt, deps.kind)) : await take(deps, received)
  } catch (error) {
    return unavailable(deps, error)
  }
}

async function refuse(deps: IntakeDeps, received: Received, refusal: Refusal): Promise<Answer> {
  await noteRefusal(deps, received, refusal.code)
  return refused(refusal)
}

async function take(deps: IntakeDeps, received: Received): Promise<Answer> {
  const { kind, senders } = deps
  const interpretation = interpret(received.bytes, { sender: received.sender, senders, kind })
  switch (interpretation.kind) {
    case 'notSpokenFor':
      return refuse(deps, received, notEntitled(interpretation.path))
    case 'notAllowedHere':
      return refuse(deps, received, notAllowed(interpretation.path, kind))
    case 'movement':
      return takeMovement(deps, received, interpretation.report)
    case 'move':
      return takeMove(deps, received, interpretation.report)
    case 'identity':
      return takeIdentity(deps, received, interpretation.report)
    case 'quarantine': {
      const kept = await keep(deps, received, undefined)
      return quarantine(deps, received, { kept, problems: interpretation.problems })
    }
    case 'ignored': {
      const kept = await keep(deps, received, undefined)
      const command = { type: 'Ignore' as const, details: about(received, kept) }
      await deps.handleMessage(kept.messageId, command, contextOf(received, kept.messageId))
      return { code: 'AA', problems: [], warnings: kept.flags }
    }
  }
}

async function takeMovement(deps: IntakeDeps, received: Received, report: MovementReport): Promise<Answer> {
  const subject = await resolveSubject(deps.vault, report)
  // Asked for together, they cost one flush.
  const [kept, identity] = await Promise.all([
    keep(deps, received, subject),
    keepIdentity(deps.vault, subject.patientId, report),
  ])
  const { messageId, flags } = kept
  const context = contextOf(received, messageId)
  const recording = recordMovement(deps, { report, subject, messageId, identity, flags }, context)
  return answerTo(deps, received, { kept, subject, result: await recording.catch(refusalOfContent) })
}

async function takeMove(deps: IntakeDeps, received: Received, report: MoveReport): Promise<Answer> {
  const moved = await resolveMoved(deps.vault, report)
  const kept = await keep(deps, received, moved)
  const context = contextOf(received, kept.messageId)
  const recording = recordMove(deps, { report, moved, about: about(received, kept) }, context)
  const { stayId, patientId } = moved
  const subject = { patientId, ...(stayId === undefined ? {} : { stayId }) }
  return answerTo(deps, received, { kept, subject, result: await recording.catch(refusalOfContent) })
}

type Recorded = {
  kept: Kept
  subject: Pick<Subject, 'patientId'> & Partial<Subject>
  result: RecordResult | ReturnType<typeof refusalOfContent>
}

async function answerTo(deps: IntakeDeps, received: Received, { kept, subject, result }: Recorded): Promise<Answer> {
  const { messageId } = kept
  if (result.outcome === 'refused') return quarantine(deps, received, { kept, ...result })
  if (kept.cameBefore) await resolveWhatWaited(deps, kept, { subject, context: contextOf(received, messageId) })
  if (result.isRepeat) await noteRepeat(deps, received, messageId)
  return { code: 'AA', problems: [], warnings: distinct([...result.flags, ...kept.flags]) }
}

async function takeIdentity(deps: IntakeDeps, received: Received, report: IdentityReport): Promise<Answer> {
  const named = await resolveNamed(deps.vault, report)
  const kept = await keep(deps, received, named)
  const { flags, messageId } = kept
  const context = contextOf(received, messageId)
  const saying = { report, named, about: about(received, kept), flags }
  const announcement = await announcementOf(deps.vault, saying)
  const announcing = deps.handleMessage(messageId, { type: 'Announce', announcement }, context)
  const result = await announcing.catch(refusalOfContent)
  if ('outcome' in result) return quarantine(deps, received, { kept, ...result })
  if (kept.cameBefore) await resolveWhatWaited(deps, kept, { subject: named, context })
  return { code: 'AA', problems: [], warnings: announcement.data.flags }
}

/** What no later attempt can write waits for a person; any other fault is the sender's to try again. */
function refusalOfContent(error: unknown): { outcome: 'refused'; problems: FieldProblem[] } {
  if (!(error instanceof InvalidEvent || error instanceof AppendTooLarge)) throw error
  return { outcome: 'refused', problems: [problemAt({ path: 'MSH', code: 'fieldInvalid', expected: 'recordable' })] }
}

/** The message may have waited in quarantine since it first came. */
async function resolveWhatWaited(
  deps: IntakeDeps,
  { messageId }: Kept,
  { subject, context }: { subject: Pick<Named, 'patientId'> & Partial<Subject>; context: CommandContext },
): Promise<void> {
  const { patientId, stayId } = subject
  const result = { outcome: 'accepted' as const, patientId, ...(stayId === undefined ? {} : { stayId }) }
  await deps.handleMessage(messageId, { type: 'RecordReplay', cause: 'arrival', at: deps.now(), result }, context)
}

/** Keeps the raw bytes, their hash and when they came. The same bytes under the same control id are kept once. */
async function keep(
  deps: IntakeDeps,
  { bytes, header, sender, receivedAt }: Received,
  subject: Pick<Subject, 'patientId'> | undefined,
): Promise<Kept> {
  const owner = subject?.patientId ?? senderKeyOwner(sender.id, receivedAt)
  const expiresAt = keptUntil(receivedAt, deps.keepDays)
  const label = JSON.stringify([
    'message',
    sender.id,
    header.sendingApplication,
    header.sendingFacility,
    header.controlId,
  ])
  const kept = await deps.vault.put({ owner, mediaType: 'application/hl7-v2', bytes, label, expiresAt })
  const messageId = MessageId.parse(kept.ref.documentId)
  const flags: Flag[] = kept.conflicting ? [{ code: 'controlIdReused', path: 'MSH-10' }] : []
  return { messageId, keyOwner: kept.owner, raw: kept.ref, receivedAt: kept.storedAt, flags, cameBefore: kept.existed }
}

type Quarantining = {
  kept: Kept
  problems: readonly FieldProblem[]
  awaiting?: Awaiting | undefined
}

async function quarantine(
  deps: IntakeDeps,
  received: Received,
  { kept, problems, awaiting }: Quarantining,
): Promise<Answer> {
  const details = { ...about(received, kept), problems: [...problems], ...(awaiting ? { awaiting } : {}) }
  const context = contextOf(received, kept.messageId)
  await deps.handleMessage(kept.messageId, { type: 'Quarantine', details }, context)
  const isResolved = kept.cameBefore && (await deps.loadMessage(kept.messageId)).status === 'resolved'
  if (isResolved) return { code: 'AA', problems: [], warnings: kept.flags }
  return { code: received.sender.quarantineAnswer, problems, warnings: kept.flags }
}

function about({ header, sender }: Received, { messageId, keyOwner, raw, receivedAt }: Kept) {
  const { trigger, controlId } = header
  const organisation = sender.organisation === undefined ? {} : { organisation: sender.organisation }
  return { messageId, keyOwner, senderId: sender.id, receivedAt, raw, trigger, controlId, ...organisation }
}
