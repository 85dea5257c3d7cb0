import { type DocumentRef, type MessageId, PatientId, StayId, type Ward } from '@relais/contracts/primitives'
import type { Awaiting, FieldProblem } from '@relais/contracts/messages'
import type { Flag, Movement } from '@relais/contracts/movements'
import type { StayEvent } from '@relais/contracts/stays'
import type { EventCodec } from '@relais/event-store/codec'
import type { CommandContext, CommandResult } from '@relais/event-store/command-handler'
import type { EventStore } from '@relais/event-store/port'
import type { MovementReport } from '@relais/hl7v2/pam/interpret'
import { type Problem, problemAt } from '@relais/hl7v2/problem-at'
import type { Vault } from '@relais/vault/vault'
import type { RecordMovement, StayCommand, StayRejection } from '../domain/stay.ts'
import { movementIdOf } from './identifiers.ts'

export type Subject = { patientId: PatientId; stayId: StayId }
export type RecordResult =
  /** With `isRepeat` it said what was known, and left no fact. */
  | { outcome: 'accepted'; flags: readonly Flag[]; position: number | undefined; isRepeat: boolean }
  | { outcome: 'refused'; problems: readonly FieldProblem[]; awaiting: Awaiting | undefined }

export type RecordDeps = {
  vault: Vault
  store: EventStore
  stays: EventCodec<StayEvent>
  handleStay: (
    id: string,
    command: StayCommand,
    context: CommandContext,
  ) => Promise<CommandResult<StayEvent, StayRejection>>
  isSensitive: (wards: readonly Ward[]) => Promise<boolean>
}

/** The patient and the stay a report speaks of, made on first sight. Authorities' two names are remembered together. */
export async function resolveSubject(vault: Vault, { authorities, patient, visit }: Named): Promise<Subject> {
  for (const { namespace, universalId } of authorities) await vault.rememberAuthority(namespace, universalId)
  const { patientId, stayId } = await vault.resolveSubject(patient.identifier, visit.identifier)
  return { patientId: PatientId.parse(patientId), stayId: StayId.parse(stayId) }
}

type Named = Pick<MovementReport, 'authorities' | 'patient' | 'visit'>

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

export type Recording = {
  report: MovementReport
  subject: Subject
  messageId: MessageId
  identity: DocumentRef
  flags: readonly Flag[]
}

/** Decides one movement on its stay and appends what follows. */
export async function recordMovement(
  deps: RecordDeps,
  { report, subject, messageId, identity, flags }: Recording,
  context: CommandContext,
): Promise<RecordResult> {
  const movementId = movementIdOf(subject.stayId, report.movement.source)
  const { action, kind, returnsToPreadmission, participants, dossier } = report
  const said = { action, kind, returnsToPreadmission, participants, dossier, identity, messageId }
  const result = await deps.handleStay(
    subject.stayId,
    {
      type: 'RecordMovement',
      ...subject,
      ...said,
      ...(await keptToItself(deps, { ...report.movement, movementId })),
      flags: [...report.flags, ...flags],
    },
    context,
  )
  if (!result.accepted) return refusal(result.rejection, report, subject)
  const events = result.events.length > 0 ? result.events : await factsOf(deps, subject.stayId, messageId)
  const decided = events.flatMap(({ data }) => ('flags' in data ? data.flags : []))
  const isRepeat = events.length === 0
  return {
    outcome: 'accepted',
    flags: distinct([...report.flags, ...flags, ...decided]),
    position: result.position,
    isRepeat,
  }
}

/** A sensitive ward keeps a stay to itself, unless it is said (PV2-22) that it need not. */
export async function keptToItself(
  { isSensitive }: Pick<RecordDeps, 'isSensitive'>,
  movement: Movement,
): Promise<Pick<RecordMovement, 'movement' | 'isSensitive'>> {
  const wards = [movement.medicalWard, movement.careWard].filter((ward) => ward !== undefined)
  const isKept = movement.confidential === undefined && wards.length > 0 && (await isSensitive(wards))
  return isKept ? { movement: { ...movement, confidential: true }, isSensitive: true } : { movement }
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

export function distinct(flags: readonly Flag[]): Flag[] {
  return [...new Map(flags.map((flag) => [`${flag.code} ${flag.path}`, flag])).values()]
}

const reasons: Record<StayRejection['code'], Problem> = {
  movementUnknown: { path: 'ZBE-1', code: 'movementUnknown', expected: 'knownMovement' },
  movementIdReused: { path: 'ZBE-1', code: 'movementIdReused', expected: 'newMovement' },
  movementWithdrawn: { path: 'ZBE-1', code: 'movementWithdrawn', expected: 'standingMovement' },
  triggerMismatch: { path: 'ZBE-6', code: 'triggerMismatch', expected: 'sameKind' },
  patientMismatch: { path: 'PID-3', code: 'patientMismatch', expected: 'samePatient' },
  historyIncomplete: { path: 'PV1-19', code: 'patientMismatch', expected: 'settledStay' },
  stayUnknown: { path: 'PV1-19', code: 'movementUnknown', expected: 'knownVisit' },
}

export function problemOf({ code }: StayRejection): FieldProblem {
  return problemAt(reasons[code])
}

function refusal(rejection: StayRejection, { movement }: MovementReport, subject: Subject): RecordResult {
  const movementAwaited = { ...subject, movement: movement.source }
  const awaiting = rejection.code === 'movementUnknown' ? movementAwaited : awaitingMove(rejection, subject)
  return { outcome: 'refused', problems: [problemOf(rejection)], awaiting }
}

/** Of another patient than the stay's: the message that says so (A44) may still come. */
export function awaitingMove({ code }: StayRejection, subject: Subject): Awaiting | undefined {
  return code === 'patientMismatch' ? subject : undefined
}
