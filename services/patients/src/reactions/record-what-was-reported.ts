import { ReportedIdentity } from '@relais/contracts/patients'
import type { DocumentRef, Instant } from '@relais/contracts/primitives'
import type { StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { CircleCommand } from '../domain/circle.ts'
import type { RecordIdentity } from '../domain/identity.ts'

export type RecordWhatWasReportedDeps = {
  readDocument: (ref: DocumentRef) => Promise<Uint8Array | undefined>
  handleIdentity: (id: string, command: RecordIdentity, context: CommandContext) => Promise<object>
  handleCircle: (id: string, command: CircleCommand, context: CommandContext) => Promise<object>
  derivedId: (...parts: string[]) => string
}

/**
 * A hospital's report of who the patient is becomes the patient's own record, and the médecin traitant whom it names joins
 * the circle. Others whom a message names stay with the stay: naming somebody MUST NOT be a way to let anybody in.
 */
export function recordWhatWasReported(deps: RecordWhatWasReportedDeps) {
  return async function react(decoded: Decoded<StayEvent>): Promise<void> {
    const { event } = decoded
    if (event?.type === 'IdentityReported') await recordIdentity(deps, decoded, event.data)
    if (event?.type === 'ParticipantsReported') await reportPhysician(deps, decoded, event.data)
  }
}

type Data<Type extends StayEvent['type']> = Extract<StayEvent, { type: Type }>['data']

async function recordIdentity(
  deps: RecordWhatWasReportedDeps,
  decoded: Decoded<StayEvent>,
  data: Data<'IdentityReported'>,
): Promise<void> {
  const bytes = await deps.readDocument(data.identity)
  if (!bytes) return
  const { status, ins } = ReportedIdentity.parse(JSON.parse(new TextDecoder().decode(bytes)))
  const details = { ...data, status, hasIns: ins !== undefined }
  await deps.handleIdentity(data.patientId, { type: 'RecordIdentity', details }, contextOf(deps, decoded, 'identity'))
}

async function reportPhysician(
  deps: RecordWhatWasReportedDeps,
  decoded: Decoded<StayEvent>,
  { patientId, participants, reportedAt }: Data<'ParticipantsReported'>,
): Promise<void> {
  const at: Instant = decoded.metadata.recordedAt
  const physician = participants.find(({ relation }) => relation === 'primaryPhysician')
  if (!physician) return
  const { relation, professionalId } = physician
  const context = contextOf(deps, decoded, `${relation}/${professionalId}`)
  const member = { memberId: professionalId, role: 'medecin-traitant', reportedAs: relation, reportedAt } as const
  await deps.handleCircle(patientId, { type: 'ReportMember', ...member, patientId, at }, context)
}

/** Ids come from the event reacted to, so that a redelivery writes nothing new. */
function contextOf(
  { derivedId }: RecordWhatWasReportedDeps,
  { id, metadata }: Decoded<StayEvent>,
  part: string,
): CommandContext {
  const { $correlationId } = metadata
  const actor = { id: 'relais:record-what-was-reported', role: 'system' }
  return {
    metadata: { $correlationId, $causationId: id, actor },
    eventId: (index) => derivedId(id, part, String(index)),
  }
}
