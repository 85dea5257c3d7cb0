import { ProfessionalId } from '@relais/contracts/primitives'
import type { ResidentMatchEvent } from '@relais/contracts/residents'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import { OwnerForgotten } from '@relais/events/sealing'
import type { CircleCommand } from '../domain/circle.ts'

export type LetTheEhpadInDeps = {
  handleCircle: (id: string, command: CircleCommand, context: CommandContext) => Promise<object>
  derivedId: (...parts: string[]) => string
}

/**
 * An EHPAD takes part in the care of its residents (L1110-4 CSP): it joins the circle of the patient whom a resident was
 * found to be, and leaves it when its register says that the resident left, or that it was somebody else.
 */
export function letTheEhpadIn({ handleCircle, derivedId }: LetTheEhpadInDeps) {
  return async function react({ id, event, metadata }: Decoded<ResidentMatchEvent>): Promise<void> {
    const command = event && commandFor(event, metadata.recordedAt)
    if (command === undefined) return
    const { $correlationId, actor } = metadata
    await handleCircle(command.patientId, command, {
      metadata: { $correlationId, $causationId: id, actor },
      eventId: (index) => derivedId(id, 'circle', String(index)),
    }).catch(unlessForgotten)
  }
}

/** Told again after the patient was erased: nobody is let in any more. */
function unlessForgotten(error: unknown): void {
  if (!(error instanceof OwnerForgotten)) throw error
}

function commandFor(event: ResidentMatchEvent, recordedAt: string): CircleCommand | undefined {
  if (event.type !== 'ResidentMatched' && event.type !== 'ResidentUnmatched') return undefined
  const { patientId, ehpad } = event.data
  const member = {
    patientId,
    memberId: ProfessionalId.parse(`finess:${ehpad}`),
    role: 'ehpad',
    at: recordedAt,
  } as const
  return event.type === 'ResidentMatched'
    ? { type: 'ReportMember', ...member, reportedAt: event.data.matchedAt }
    : { type: 'RemoveMember', ...member, reason: 'departed' }
}
