import { MessageId, PatientId, StayId, type DocumentRef } from '@relais/contracts/primitives'
import type { Awaiting, FieldProblem } from '@relais/contracts/messages'
import type { Flag, StayEvent } from '@relais/contracts/stays'
import type { EventCodec } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { EventStore } from '@relais/event-store/port'
import type { MovementReport } from '@relais/hl7v2/pam/interpret'
import type { MoveReport } from '@relais/hl7v2/pam/move-to-patient'
import type { Vault } from '@relais/vault/vault'
import type { MoveToPatient, RecordMovement, StayRejection } from '../domain/stay.ts'
import { movementIdOf } from './identifiers.ts'

/** What a message says of a stay: a movement, or whose stay it is. */
/** Said of a unit that keeps its stays to itself. */
type Protected = MovementReport & { isSensitive: boolean }
export type StayReport = { kind: 'movement'; report: Protected } | { kind: 'move'; report: MoveReport }
export type Subject = { patientId: PatientId; stayId: StayId }
export type RecordResult =
  | { outcome: 'accepted'; flags: readonly Flag[]; position: number | undefined }
  | { outcome: 'refused'; problems: readonly FieldProblem[]; awaiting: Awaiting | undefined }

export type RecordDeps = {
  vault: Vault
  store: EventStore
  stays: EventCodec<StayEvent>
  handleStay: (
    id: string,
    command: RecordMovement | MoveToPatient,
    context: CommandContext,
  ) => Promise<
    | { accepted: true; events: readonly StayEvent[]; position: number | undefined }
    | { accepted: false; rejection: StayRejection }
  >
}

/** The patient and the stay a report speaks of, made on first sight. Authorities' two names are remembered together. */
export async function resolveSubject(vault: Vault, { report }: StayReport): Promise<Subject> {
  for (const { namespace, universalId } of report.authorities) await vault.rememberAuthority(namespace, universalId)
  const { patientId, stayId } = await vault.resolveSubject(report.patient.identifier, report.visit.identifier)
  return { patientId: PatientId.parse(patientId), stayId: StayId.parse(stayId) }
}

const identityType = 'application/vnd.relais.identity+json'

/** The reported identity, sealed; the same identity again is the same document. */
export async function keepIdentity(
  vault: Vault,
  patientId: PatientId,
  { identity }: Pick<MovementReport, 'identity'>,
): Promise<DocumentRef> {
  const bytes = new TextEncoder().encode(JSON.stringify(identity))
  const kept = await vault.put({ owner: patientId, mediaType: identityType, bytes, label: `identity:${patientId}` })
  return kept.ref
}

type Recording<Report> = {
  report: Report
  subject: Subject
  messageId: string
  identity: DocumentRef
  flags: readonly Flag[]
}

/** Decides one report on its stay and appends what follows. */
export async function recordReport(
  deps: RecordDeps,
  { said, ...input }: Omit<Recording<never>, 'report'> & { said: StayReport },
  context: CommandContext,
): Promise<RecordResult> {
  return said.kind === 'movement'
    ? recordMovement(deps, { ...input, report: said.report }, context)
    : recordMove(deps, { ...input, report: said.report }, context)
}

async function recordMove(
  deps: RecordDeps,
  { report, subject, messageId, identity, flags }: Recording<MoveReport>,
  context: CommandContext,
): Promise<RecordResult> {
  const from = PatientId.parse(await deps.vault.resolveOwner('patient', report.from.identifier))
  const { reportedAt } = report
  const said = { messageId: MessageId.parse(messageId), fromPatientId: from, reportedAt, identity }
  const result = await deps.handleStay(subject.stayId, { type: 'MoveToPatient', ...subject, ...said }, context)
  if (!result.accepted) return { outcome: 'refused', problems: [problemOf(result.rejection)], awaiting: undefined }
  return { outcome: 'accepted', flags: distinct([...report.flags, ...flags]), position: result.position }
}

async function recordMovement(
  deps: RecordDeps,
  input: Recording<Protected>,
  context: CommandContext,
): Promise<RecordResult> {
  const { report, subject } = input
  const movementId = movementIdOf(subject.stayId, report.movement.source)
  const result = await deps.handleStay(
    subject.stayId,
    {
      type: 'RecordMovement',
      ...subject,
      messageId: MessageId.parse(input.messageId),
      action: report.action,
      returnsToPreadmission: report.returnsToPreadmission,
      isSensitive: report.isSensitive,
      kind: report.kind,
      movement: { ...report.movement, movementId },
      flags: [...report.flags, ...input.flags],
      identity: input.identity,
      participants: report.participants,
    },
    context,
  )
  if (!result.accepted) return refusal(result.rejection, report, subject)
  const events = result.events.length > 0 ? result.events : await factsOf(deps, subject.stayId, input.messageId)
  const decided = events.flatMap(({ data }) => ('flags' in data ? data.flags : []))
  return {
    outcome: 'accepted',
    flags: distinct([...report.flags, ...input.flags, ...decided]),
    position: result.position,
  }
}

/** What a message that came before has caused: sent again, it is answered as it was. */
export async function factsOf(
  { store, stays }: Pick<RecordDeps, 'store' | 'stays'>,
  stayId: StayId,
  messageId: string,
): Promise<StayEvent[]> {
  const facts: StayEvent[] = []
  for await (const recorded of store.readStream(`${stays.category}-${stayId}`)) {
    const event = (await stays.decode(recorded))?.event
    if (event?.data.messageId === messageId) facts.push(event)
  }
  return facts
}

function distinct(flags: readonly Flag[]): Flag[] {
  return [...new Map(flags.map((flag) => [`${flag.code} ${flag.path}`, flag])).values()]
}

const reasons: Record<StayRejection['code'], { path: string; text: string }> = {
  movementUnknown: {
    path: 'ZBE-1',
    text: 'no movement of this stay has this identifier yet; the message waits for it',
  },
  movementIdReused: { path: 'ZBE-1', text: 'another movement of this stay already has this identifier' },
  movementWithdrawn: { path: 'ZBE-1', text: 'this movement was withdrawn; it can no longer be corrected' },
  triggerMismatch: { path: 'ZBE-6', text: 'the movement with this identifier is of another kind' },
  patientMismatch: { path: 'PID-3', text: 'this visit number belongs to another patient' },
  stayUnknown: { path: 'PV1-19', text: 'nothing is known of this visit yet' },
}

function problemOf({ code }: StayRejection): FieldProblem {
  const reason = reasons[code]
  return code === 'stayUnknown' ? { code: 'movementUnknown', ...reason } : { code, ...reason }
}

function refusal(rejection: StayRejection, { movement }: MovementReport, subject: Subject): RecordResult {
  const awaiting = rejection.code === 'movementUnknown' ? { ...subject, ...movement.source } : undefined
  return { outcome: 'refused', problems: [problemOf(rejection)], awaiting }
}
