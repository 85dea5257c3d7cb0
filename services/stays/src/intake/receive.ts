import type { Awaiting, FieldProblem } from '@relais/contracts/messages'
import { MessageId, type DocumentRef, type Instant } from '@relais/contracts/primitives'
import type { Flag } from '@relais/contracts/stays'
import type { CommandContext } from '@relais/event-store/command-handler'
import { AppendTooLarge } from '@relais/event-store/port'
import { InvalidEvent } from '@relais/events/codec'
import { acknowledge } from '@relais/hl7v2/ack'
import { readHeader, type MessageHeader } from '@relais/hl7v2/header'
import type { IdentityReport } from '@relais/hl7v2/pam/identity-messages'
import type { Logger } from '@relais/telemetry/logger'
import type { Vault } from '@relais/vault/vault'
import type { MessageCommand, MessageState } from '../domain/message.ts'
import { type FolderKind, refusedIdentity } from './folder-kind.ts'
import { announcementOf, type Named, resolveNamed } from './identity.ts'
import { interpret } from './interpret.ts'
import { keepIdentity, type RecordDeps, recordReport, resolveSubject, type StayReport, type Subject } from './record.ts'
import { keptUntil } from './retention.ts'
import type { Sender } from './senders.ts'

export type Answer = { code: 'AA' | 'AE' | 'AR'; problems: readonly AnswerProblem[]; warnings: readonly Flag[] }
/** `hl7Code` is of HL7 table 0357. */
export type AnswerProblem = { path: string; code: FieldProblem['code'] | RefusalCode; text: string }
type RefusalCode = 'senderUnknown' | 'senderNotEntitled' | 'processingIdRefused' | 'storageFull' | 'notAvailable'

export type IntakeDeps = RecordDeps & {
  kind: FolderKind
  senders: readonly Sender[]
  vault: Vault
  handleMessage: (id: string, command: MessageCommand, context: CommandContext) => Promise<{ accepted: boolean }>
  loadMessage: (messageId: MessageId) => Promise<MessageState>
  now: () => Instant
  newId: () => string
  keepDays: number
  log: Logger
}

type Received = { bytes: Uint8Array; header: MessageHeader; sender: Sender; receivedAt: Instant }
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

const unknownSender: Answer = refused('MSH-3', 'senderUnknown', 'this certificate or address is bound to no sender')

async function answerFor(deps: IntakeDeps, received: Received): Promise<Answer> {
  const refusedAt = refusedIdentity(deps.kind, received.header, received.bytes)
  if (refusedAt) return refused(refusedAt, 'processingIdRefused', refusedIdentityText[deps.kind])
  try {
    return await take(deps, received)
  } catch (error) {
    return unavailable(deps, error)
  }
}

const refusedIdentityText: Record<FolderKind, string> = {
  demonstration: 'this is a demonstration: MSH-11 P and real INS are refused, nothing was kept',
  production: 'this is production: MSH-11 other than P and test identities are refused, nothing was kept',
}

async function take(deps: IntakeDeps, received: Received): Promise<Answer> {
  const { kind, senders } = deps
  const interpretation = interpret(received.bytes, { sender: received.sender, senders, kind })
  switch (interpretation.kind) {
    case 'notSpokenFor':
      return refused(interpretation.path, 'senderNotEntitled', 'this sender may not speak for this assigning authority')
    case 'notAllowedHere':
      return refused(interpretation.path, 'processingIdRefused', refusedIdentityText[kind])
    case 'movement':
    case 'move':
      return takeReport(deps, received, interpretation)
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

async function takeReport(deps: IntakeDeps, received: Received, said: StayReport): Promise<Answer> {
  const subject = await resolveSubject(deps.vault, said)
  // Asked for together, they cost one flush.
  const [kept, identity] = await Promise.all([
    keep(deps, received, subject),
    keepIdentity(deps.vault, subject.patientId, said.report),
  ])
  const { messageId, flags } = kept
  const context = contextOf(received, messageId)
  const recording = recordReport(deps, { said, subject, messageId, identity, flags }, context)
  const result = await recording.catch(refusalOfContent)
  if (result.outcome === 'refused') return quarantine(deps, received, { kept, ...result })
  if (kept.cameBefore) await resolveWhatWaited(deps, kept, { subject, context })
  return { code: 'AA', problems: [], warnings: result.flags }
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
  const text = 'the message says more, or other, than can be recorded; a person has to look'
  return { outcome: 'refused', problems: [{ path: 'MSH', code: 'fieldInvalid', text }] }
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
  const owner = subject?.patientId ?? `sender:${sender.id}:${receivedAt.slice(0, 10)}`
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

/** The metadata of what a sender's message causes. */
function contextOf({ sender, header }: Received, messageId: MessageId): CommandContext {
  const actor = { id: `sender:${sender.id}`, role: 'system', purpose: 'care' }
  const controlId = /^\d{1,15}$/.test(header.controlId) ? { controlId: header.controlId } : {}
  return { metadata: { $correlationId: messageId, $causationId: messageId, ...controlId, actor } }
}

function refused(path: string, code: RefusalCode, text: string): Answer {
  return { code: 'AR', problems: [{ path, code, text }], warnings: [] }
}

function unavailable({ log }: IntakeDeps, error: unknown): Answer {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  log.error({ error }, 'message could not be kept')
  if (code === 'logFull' || code === 'databaseFull')
    return refused('MSH', 'storageFull', 'no room to keep this message; nothing was written, send it again')
  return refused('MSH', 'notAvailable', 'the message could not be kept; send it again')
}
