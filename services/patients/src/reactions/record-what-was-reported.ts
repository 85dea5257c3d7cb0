import { createHash } from 'node:crypto'
import { DeathText } from '@relais/contracts/deaths'
import type { MessageEvent } from '@relais/contracts/messages'
import { ReportedIdentity } from '@relais/contracts/patients'
import type { DocumentRef, Instant, MessageId, PatientId, StayId } from '@relais/contracts/primitives'
import type { StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { CircleCommand } from '../domain/circle.ts'
import type { DeathCommand } from '../domain/death.ts'
import type { RecordIdentity } from '../domain/identity.ts'
import type { HandleDeath } from './report-deaths.ts'

export type RecordWhatWasReportedDeps = {
  readDocument: (ref: DocumentRef) => Promise<Uint8Array | undefined>
  handleIdentity: (id: string, command: RecordIdentity, context: CommandContext) => Promise<object>
  handleDeath: HandleDeath
  handleCircle: (id: string, command: CircleCommand, context: CommandContext) => Promise<object>
  derivedId: (...parts: string[]) => string
}

/**
 * A hospital's report of who the patient is, and of whether he or she has died, becomes the patient's own record, and the médecin traitant whom it names joins
 * the circle. Others whom a message names stay with the stay: naming somebody MUST NOT be a way to let anybody in.
 */
export function recordWhatWasReported(deps: RecordWhatWasReportedDeps) {
  return async function react(decoded: Decoded<StayEvent | MessageEvent>): Promise<void> {
    const { event } = decoded
    if (event?.type === 'IdentityReported')
      await recordIdentity(deps, { said: event.data, insDeleted: false }, (part) => contextOf(deps, decoded, part))
    if (event?.type === 'ParticipantsReported') await reportPhysician(deps, decoded, event.data)
  }
}

type Data<Type extends StayEvent['type']> = Extract<StayEvent, { type: Type }>['data']

type Said = {
  patientId: PatientId
  stayId?: StayId
  messageId: MessageId
  reportedAt: Instant
  identity: DocumentRef
}
export type IdentitySaid = { said: Said; insDeleted: boolean }

/** What a message says of who the patient is. Nothing is left to record of a patient who was forgotten. */
export async function recordIdentity(
  {
    readDocument,
    handleIdentity,
    handleDeath,
  }: Pick<RecordWhatWasReportedDeps, 'readDocument' | 'handleIdentity' | 'handleDeath'>,
  { said, insDeleted }: IdentitySaid,
  contextFor: (part: 'identity' | 'death') => CommandContext,
): Promise<void> {
  const bytes = await readDocument(said.identity)
  if (!bytes) return
  const { status, ins, death } = ReportedIdentity.parse(JSON.parse(new TextDecoder().decode(bytes)))
  const digest = ins && insDigest(said.patientId, ins)
  const details = { ...said, status, hasIns: ins !== undefined, ...(digest === undefined ? {} : { insDigest: digest }) }
  await handleIdentity(said.patientId, { type: 'RecordIdentity', details, insDeleted }, contextFor('identity'))
  if (death) await handleDeath(said.patientId, deathSaid(said, death), contextFor('death'))
}

type Indication = NonNullable<ReportedIdentity['death']>

/** What PID-30 and PID-29 say. */
function deathSaid({ patientId, messageId, reportedAt }: Said, { died, at, text }: Indication): DeathCommand {
  const details = { patientId, messageId, reportedAt }
  if (!died) return { type: 'DenyDeath', details }
  const diedText = DeathText.safeParse(text).data
  const when = { ...(at === undefined ? {} : { diedAt: at }), ...(diedText === undefined ? {} : { diedText }) }
  return { type: 'ReportDeath', details: { ...details, ...when } }
}

/** Of no use outside the sealed events of this patient: another patient with the same INS has another one. */
function insDigest(patientId: PatientId, { matricule, oid }: { matricule: string; oid: string }): string {
  const parts = JSON.stringify([patientId, oid, matricule])
  return createHash('sha256').update(parts).digest('base64url')
}

async function reportPhysician(
  deps: RecordWhatWasReportedDeps,
  decoded: Decoded<StayEvent | MessageEvent>,
  { patientId, stayId, participants, reportedAt }: Data<'ParticipantsReported'>,
): Promise<void> {
  const at: Instant = decoded.metadata.recordedAt
  const physician = participants.find(({ relation }) => relation === 'primaryPhysician')
  if (!physician) return
  const { relation, professionalId } = physician
  const context = contextOf(deps, decoded, `${relation}/${professionalId}`)
  // Whoever is named for the first time when the patient leaves hears of the discharge.
  const member = {
    memberId: professionalId,
    role: 'medecin-traitant',
    reportedAs: relation,
    reportedAt,
    stayId,
  } as const
  await deps.handleCircle(patientId, { type: 'ReportMember', ...member, patientId, at }, context)
}

/** Ids come from the event reacted to, so that a redelivery writes nothing new. */
export function contextOf(
  { derivedId }: Pick<RecordWhatWasReportedDeps, 'derivedId'>,
  { id, metadata }: Decoded<StayEvent | MessageEvent>,
  part: string,
): CommandContext {
  const { $correlationId } = metadata
  const actor = { id: 'relais:record-what-was-reported', role: 'system' }
  return {
    metadata: { $correlationId, $causationId: id, actor },
    eventId: (index) => derivedId(id, part, String(index)),
  }
}
