import type { Awaiting, FieldProblem } from '@relais/contracts/messages'
import type { Instant, MessageId } from '@relais/contracts/primitives'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { IdentityReport } from '@relais/hl7v2/pam/identity-messages'
import type { MoveReport } from '@relais/hl7v2/pam/move-to-patient'
import { problemAt } from '@relais/hl7v2/problem-at'
import type { Vault } from '@relais/vault/vault'
import type { MessageCommand, MessageState, Tended } from '../domain/message.ts'
import type { FolderKind } from './folder-kind.ts'
import { type About, announcementOf, resolveNamed } from './identity.ts'
import { interpret, type Origin } from './interpret.ts'
import { recordMove, resolveMoved } from './move.ts'
import { keepIdentity, type RecordDeps, recordMovement, resolveSubject, type Subject } from './record.ts'
import { callerAsSender, type Sender } from './senders.ts'

/** What was said without a stay names none. */
type Accepted = Pick<Subject, 'patientId'> & Partial<Subject>
export type Replay =
  | ({ outcome: 'accepted'; position: number | undefined } & Accepted)
  | { outcome: 'ignored' }
  | { outcome: 'quarantined'; problems: readonly FieldProblem[]; awaiting?: Awaiting | undefined }
export type ReplayRefusal = { code: 'messageUnknown' | 'messageForgotten' | 'messageResolved' }

type HandleMessage = (
  id: string,
  command: MessageCommand,
  context: CommandContext,
) => Promise<{ accepted: true; position: number | undefined } | { accepted: false; rejection: { code: string } }>

export type ReplayDeps = RecordDeps & {
  vault: Vault
  senders: readonly Sender[]
  kind: FolderKind
  loadMessage: (messageId: MessageId) => Promise<MessageState>
  handleMessage: HandleMessage
  now: () => Instant
}

/**
 * Processes a quarantined message again, as it was last repaired, and puts what came of it on record. Running it twice
 * changes nothing: the stay knows the message by its id.
 */
export function replayMessage(deps: ReplayDeps) {
  return async function replay(
    messageId: MessageId,
    cause: 'person' | 'arrival',
    context: CommandContext,
  ): Promise<{ replay: Replay; position: number | undefined } | { refusal: ReplayRefusal }> {
    const state = await deps.loadMessage(messageId)
    if (!('original' in state)) return { refusal: { code: 'messageUnknown' } }
    if (state.status === 'resolved') return { refusal: { code: 'messageResolved' } }
    const kept = await deps.vault.get(state.raw.documentId)
    if (kept === undefined || kept === 'forgotten') return { refusal: { code: 'messageForgotten' } }
    const result = await process(deps, { messageId, state, bytes: kept.bytes, context })
    const recorded = await deps.handleMessage(
      messageId,
      {
        type: 'RecordReplay',
        cause,
        at: deps.now(),
        result: result.outcome === 'accepted' ? subjectOf(result) : result,
      },
      context,
    )
    return { replay: result, position: recorded.accepted ? recorded.position : undefined }
  }
}

type Processing = {
  messageId: MessageId
  state: Tended
  bytes: Uint8Array
  context: CommandContext
}

async function process(deps: ReplayDeps, { messageId, state, bytes, context }: Processing): Promise<Replay> {
  const interpretation = interpret(bytes, originOf(deps, state))
  if (interpretation.kind === 'ignored') return { outcome: 'ignored' }
  if (interpretation.kind === 'quarantine') return { outcome: 'quarantined', problems: interpretation.problems }
  if (interpretation.kind === 'notSpokenFor')
    return { outcome: 'quarantined', problems: [notEntitled(interpretation.path)] }
  if (interpretation.kind === 'notAllowedHere')
    return { outcome: 'quarantined', problems: [notAllowedHere(interpretation.path)] }
  if (interpretation.kind === 'identity')
    return announce(deps, { messageId, state, bytes, context, report: interpretation.report })
  if (interpretation.kind === 'move')
    return move(deps, { messageId, state, bytes, context, report: interpretation.report })
  const { report } = interpretation
  const subject = await resolveSubject(deps.vault, report)
  const identity = await keepIdentity(deps.vault, subject.patientId, report)
  const result = await recordMovement(deps, { report, subject, messageId, identity, flags: [] }, context)
  if (result.outcome === 'refused') return { ...result, outcome: 'quarantined' }
  return { outcome: 'accepted', ...subject, position: result.position }
}

async function move(
  deps: ReplayDeps,
  { state, context, report }: Processing & { report: MoveReport },
): Promise<Replay> {
  const moved = await resolveMoved(deps.vault, report)
  const result = await recordMove(deps, { report, moved, about: aboutOf(state) }, context)
  if (result.outcome === 'refused') return { ...result, outcome: 'quarantined' }
  const { patientId, stayId } = moved
  return { outcome: 'accepted', patientId, ...(stayId === undefined ? {} : { stayId }), position: result.position }
}

/** What is on record of the message, with the bytes that were repaired last. */
function aboutOf({ original, raw }: Tended): About {
  const { problems: _, awaiting: __, ...about } = original
  return { ...about, raw }
}

async function announce(
  deps: ReplayDeps,
  { messageId, state, context, report }: Processing & { report: IdentityReport },
): Promise<Replay> {
  const named = await resolveNamed(deps.vault, report)
  const announcement = await announcementOf(deps.vault, { report, named, about: aboutOf(state), flags: [] })
  const result = await deps.handleMessage(messageId, { type: 'Announce', announcement }, context)
  return { outcome: 'accepted', patientId: named.patientId, position: result.accepted ? result.position : undefined }
}

function subjectOf({ patientId, stayId }: Accepted) {
  return { outcome: 'accepted' as const, patientId, ...(stayId === undefined ? {} : { stayId }) }
}

/** Where a message came from, as the configuration now has it. */
export function originOf({ senders, kind }: Pick<ReplayDeps, 'senders' | 'kind'>, state: Tended): Origin {
  return { sender: senders.find(({ id }) => id === state.senderId) ?? unconfigured(state.original), senders, kind }
}

/** A caller of the HTTP interface; or a sender since taken out of the configuration, who speaks for nothing any more. */
function unconfigured({ senderId, organisation }: Tended['original']): Sender {
  return organisation === undefined
    ? { id: senderId, address: 'none', authorities: [], quarantineAnswer: 'AE' }
    : callerAsSender(senderId, organisation)
}

function notEntitled(path: string): FieldProblem {
  return problemAt({ path, code: 'fieldInvalid', expected: 'entitledSender' })
}

export function notAllowedHere(path: string): FieldProblem {
  return problemAt({ path, code: 'fieldInvalid', expected: 'sameWorld' })
}
