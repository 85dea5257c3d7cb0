import type { StayId } from '@relais/contracts/primitives'
import type { Decoded } from '@relais/event-store/codec'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { MoveToPatient } from '../domain/stay.ts'
import type { DossierMove, KnownEvent, KnownStays } from '../projections/known-stays.ts'

type MoveDossiersDeps = {
  /** Waits until the view shows everything up to a position. @throws DatabaseUnavailable */
  seen: (position: number) => Promise<void>
  known: Pick<KnownStays, 'staysOf' | 'movesOf' | 'movesAround'>
  move: (said: Omit<MoveToPatient, 'type' | 'history'>, context: CommandContext) => Promise<object>
  derivedId: (...parts: string[]) => string
}

/**
 * An A44 of a dossier gives every stay of it to the right patient: those that are known, and those that are heard of
 * later. A message about the wrong patient that comes last of all, when the stay is the right one's, learns so here.
 */
export function moveDossiers({ seen, known, move, derivedId }: MoveDossiersDeps) {
  return async function react({ event, id, position, metadata }: Decoded<KnownEvent>): Promise<void> {
    if (!event) return
    const give = (stayId: StayId, said: DossierMove, ofDossier: boolean) => {
      const { messageId, patientId, fromPatientId, reportedAt, identity } = said
      return move(
        { stayId, messageId, patientId, fromPatientId, reportedAt, identity, ofDossier },
        {
          metadata: {
            $correlationId: metadata.$correlationId,
            $causationId: id,
            actor: { id: 'relais:move-dossiers', role: 'system' },
          },
          eventId: (index) => derivedId('dossier', messageId, stayId, String(index)),
        },
      )
    }
    switch (event.type) {
      case 'DossierMoved':
        await seen(position)
        for (const stayId of await known.staysOf(event.data.dossier)) await give(stayId, event.data, true)
        return
      case 'MessageQuarantined':
      case 'MessageReplayed': {
        const { awaiting } = event.data
        if (!awaiting || awaiting.movement) return
        await seen(position)
        for (const one of await known.movesAround(awaiting.stayId))
          if (one.fromPatientId === awaiting.patientId) await give(awaiting.stayId, one, false)
        return
      }
      default: {
        const dossier = 'movement' in event.data ? event.data.dossier : undefined
        if (!dossier || !('stayId' in event.data) || event.data.stayId === undefined) return
        await seen(position)
        for (const one of await known.movesOf(dossier)) await give(event.data.stayId, one, true)
      }
    }
  }
}
