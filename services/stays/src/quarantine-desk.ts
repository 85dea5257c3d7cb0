import type { Actor } from '@relais/contracts/actor'
import { FieldProblem, isAnnouncement, type MessageEvent, type RepairEdit } from '@relais/contracts/messages'
import { MessageId, type Instant } from '@relais/contracts/primitives'
import { QuarantineStatus, type QuarantineSummary } from '@relais/contracts/http'
import type { Database } from '@relais/database/database'
import type { Decoded, EventCodec } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import { editedFields } from '@relais/hl7v2/edited-fields'
import { readHeader } from '@relais/hl7v2/header'
import { applyEdits, identifyingFields, identifyingPaths, maskedSegments } from '@relais/hl7v2/message'
import type { Vault } from '@relais/vault/vault'
import { z } from 'zod'
import { message, type MessageState } from './domain/message.ts'
import { refusedIdentity } from './intake/folder-kind.ts'
import { interpret } from './intake/interpret.ts'
import { keptUntil } from './intake/retention.ts'
import { originOf, type ReplayDeps, replayMessage } from './intake/replay.ts'
import type { QuarantineTables } from './projections/quarantine.ts'
import { mayTendSender } from './intake/senders.ts'

export type QuarantineDeskDeps = Omit<ReplayDeps, 'loadMessage'> & {
  codec: EventCodec<MessageEvent>
  vault: Vault
  database: Database<QuarantineTables>
  keepDays: number
  mllp: { maxBytes: number }
  now: () => Instant
}

type Page = { status?: QuarantineSummary['status'] | undefined; after?: MessageId | undefined; limit: number }
export type QuarantineDesk = ReturnType<typeof quarantineDesk>

/** Where people look at, repair and replay what could not be processed. */
export function quarantineDesk(deps: QuarantineDeskDeps) {
  const historyOf = (messageId: MessageId) => readHistory(deps, messageId)
  const loadMessage = async (messageId: MessageId) => fold(await historyOf(messageId))
  const replay = replayMessage({ ...deps, loadMessage })

  async function mayTend(actor: Actor, messageId: MessageId): Promise<boolean> {
    const state = await loadMessage(messageId)
    return 'original' in state && mayTendSender(actor, originOf(deps, state).sender)
  }

  async function list(page: Page, actor: Actor): Promise<QuarantineSummary[]> {
    const ofSenders = deps.senders.filter((sender) => mayTendSender(actor, sender)).map(({ id }) => id)
    const tended = actor.role === 'operateur' ? 'all' : { ofSenders, organisation: actor.organisation ?? '' }
    const summaries: QuarantineSummary[] = []
    let { after } = page
    // What was forgotten MUST NOT shorten a page, because a short one reads as the last one.
    for (let isLast = false; !isLast && summaries.length < page.limit;) {
      const found = (await selectPage(deps.database, { ...page, after }, tended)).map(toSummary)
      for (const summary of found) if ('original' in (await loadMessage(summary.messageId))) summaries.push(summary)
      after = found.at(-1)?.messageId
      isLast = found.length < page.limit
    }
    return summaries.slice(0, page.limit)
  }

  async function show(messageId: MessageId, context: CommandContext) {
    const decoded = await historyOf(messageId)
    const state = fold(decoded)
    if (!('original' in state)) return { refusal: { code: 'messageUnknown' as const } }
    const kept = await deps.vault.get(state.raw.documentId)
    if (kept === undefined || kept === 'forgotten') return { refusal: { code: 'messageForgotten' as const } }
    await deps.handleMessage(messageId, { type: 'View', at: deps.now() }, context)
    const { senderId, receivedAt, trigger } = state.original
    const status = state.status === 'waiting' && state.awaits ? ('awaitingMovement' as const) : state.status
    const problems = [...state.problems]
    const segments = maskedSegments(kept.bytes, problems)
    const original = await deps.vault.get(state.original.raw.documentId)
    const bytes = original === undefined || original === 'forgotten' ? undefined : original.bytes
    const history = decoded.flatMap((one) => step(one, bytes))
    return { message: { messageId, senderId, receivedAt, trigger, status, problems, segments, history } }
  }

  async function repair(messageId: MessageId, edits: readonly RepairEdit[], context: CommandContext) {
    const state = await loadMessage(messageId)
    if (!('original' in state)) return { refusal: { code: 'messageUnknown' as const } }
    // To the original, so that a repair sent again is the same repair.
    const kept = await deps.vault.get(state.original.raw.documentId)
    if (kept === undefined || kept === 'forgotten') return { refusal: { code: 'messageForgotten' as const } }
    const bytes = applyEdits(kept.bytes, edits, { maxBytes: deps.mllp.maxBytes })
    if (bytes === undefined) return { refusal: { code: 'repairNotApplicable' as const } }
    if (changesWhoItIsAbout(kept.bytes, bytes, state.original.problems))
      return { refusal: { code: 'repairNotAllowed' as const } }
    if (refusedIdentity(deps.kind, readHeader(bytes), bytes)) return { refusal: { code: 'repairNotAllowed' as const } }
    const { ref: raw } = await deps.vault.put({
      owner: state.keyOwner,
      mediaType: 'application/hl7-v2',
      bytes,
      label: `repair:${messageId}`,
      expiresAt: keptUntil(state.original.receivedAt, deps.keepDays),
    })
    const result = await deps.handleMessage(messageId, { type: 'Repair', edits, raw, at: deps.now() }, context)
    if (!result.accepted) return { refusal: { code: 'messageResolved' as const } }
    return { problems: remaining(interpret(bytes, originOf(deps, state))), position: result.position }
  }

  return { list, show, repair, replay, mayTend, loadMessage }
}

async function readHistory(
  { store, codec }: QuarantineDeskDeps,
  messageId: MessageId,
): Promise<Decoded<MessageEvent>[]> {
  const events: Decoded<MessageEvent>[] = []
  for await (const recorded of store.readStream(`${codec.category}-${messageId}`)) {
    const decoded = await codec.decode(recorded)
    if (decoded) events.push(decoded)
  }
  return events
}

function fold(history: readonly Decoded<MessageEvent>[]): MessageState {
  return history.reduce<MessageState>(
    (state, { event }) => (event ? message.evolve(state, event) : state),
    message.initialState,
  )
}

const steps = {
  MessageQuarantined: 'quarantined',
  MessageRepaired: 'repaired',
  MessageReplayed: 'replayed',
  MessageViewed: 'viewed',
  MessageIgnored: 'quarantined',
  MessageRefused: 'quarantined',
  MessageRepeated: 'quarantined',
} as const

/** What the message said in the end is no step of its own: the replay is. */
function step({ metadata, event }: Decoded<MessageEvent>, original: Uint8Array | undefined) {
  if (event && (isAnnouncement(event) || event.type === 'DossierMoved')) return []
  const what = event ? steps[event.type] : ('quarantined' as const)
  const edits = event?.type === 'MessageRepaired' ? { edits: editedFields(original, event.data.edits) } : {}
  return [{ at: metadata.recordedAt, what, by: metadata.actor.id, ...edits }]
}

/** A repair mends what was refused. It does not move a message to another patient or visit: the hospital sends another. */
function changesWhoItIsAbout(before: Uint8Array, after: Uint8Array, problems: readonly FieldProblem[]): boolean {
  const [was, is] = [identifyingFields(before), identifyingFields(after)]
  const isRefused = (field: string) =>
    problems.some(({ path }) => path === field.slice(0, field.indexOf('-')) || path.startsWith(field))
  return identifyingPaths.some((field) => was[field] !== is[field] && !isRefused(field))
}

function remaining(interpretation: ReturnType<typeof interpret>): FieldProblem[] {
  return interpretation.kind === 'quarantine' ? [...interpretation.problems] : []
}

type TendedMessages = 'all' | { ofSenders: readonly string[]; organisation: string }

async function selectPage({ db }: Database<QuarantineTables>, { status, after, limit }: Page, tended: TendedMessages) {
  let query = db
    .selectFrom('quarantined')
    .innerJoin('quarantine_status', 'quarantine_status.message_id', 'quarantined.message_id')
    .selectAll('quarantined')
    .select(['quarantine_status.status', 'quarantine_status.problems'])
    .orderBy('received_at')
    .orderBy('quarantined.message_id')
    .limit(limit)
  query = status
    ? query.where('quarantine_status.status', '=', status)
    : query.where('quarantine_status.status', '!=', 'resolved')
  if (tended !== 'all')
    query = query.where(({ eb, or }) =>
      or([eb('sender_id', 'in', [...tended.ofSenders, '']), eb('organisation', '=', tended.organisation)]),
    )
  if (after) {
    const from = db.selectFrom('quarantined').select('received_at').where('message_id', '=', after)
    query = query.where(({ eb, or, and }) =>
      or([eb('received_at', '>', from), and([eb('received_at', '=', from), eb('quarantined.message_id', '>', after)])]),
    )
  }
  return query.execute()
}

type Row = Awaited<ReturnType<typeof selectPage>>[number]

function toSummary(row: Row): QuarantineSummary {
  return {
    messageId: MessageId.parse(row.message_id),
    senderId: row.sender_id,
    receivedAt: row.received_at,
    trigger: row.trigger_event,
    status: QuarantineStatus.parse(row.status),
    problems: z.array(FieldProblem).parse(JSON.parse(row.problems)),
  }
}
