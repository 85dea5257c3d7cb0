import { type AbsenceEvent, absenceEvents } from '@relais/contracts/absences'
import {
  type FacilityEvent,
  facilityEvents,
  type OnCallEvent,
  onCallEvents,
  type OnCallId,
  type ProfessionalEvent,
  professionalEvents,
} from '@relais/contracts/directory'
import type { ProfessionalId } from '@relais/contracts/primitives'
import {
  type ResidentEvent,
  residentEvents,
  type ResidentId,
  type ResidentMatchEvent,
  residentMatchEvents,
} from '@relais/contracts/residents'
import { commandHandler, loadState } from '@relais/event-store/command-handler'
import type { Adapters } from '@relais/runtime/adapters'
import { absence } from './domain/absence.ts'
import { facility } from './domain/facility.ts'
import { onCall } from './domain/on-call.ts'
import { professional } from './domain/professional.ts'
import { resident } from './domain/resident.ts'
import { residentMatch } from './domain/resident-match.ts'
import { ward } from './domain/ward.ts'
import { professionalStream } from './streams.ts'

/** The deciders of this service over the log: what is asked of them, and what they know of one stream. */
export function commandsOver({ store, codecOf, now, newId }: Pick<Adapters, 'store' | 'codecOf' | 'now' | 'newId'>) {
  const codecs = {
    facility: codecOf<FacilityEvent>(facilityEvents),
    professional: codecOf<ProfessionalEvent>(professionalEvents),
    onCall: codecOf<OnCallEvent>(onCallEvents),
    absence: codecOf<AbsenceEvent>(absenceEvents),
    resident: codecOf<ResidentEvent>(residentEvents),
    residentMatch: codecOf<ResidentMatchEvent>(residentMatchEvents),
  }
  const over = { store, now, newId }
  return {
    codecs,
    handleFacility: commandHandler(facility, { ...over, codec: codecs.facility }),
    handleWard: commandHandler(ward, { ...over, codec: codecs.facility }),
    handleProfessional: commandHandler(professional, { ...over, codec: codecs.professional }),
    handleOnCall: commandHandler(onCall, { ...over, codec: codecs.onCall }),
    handleAbsence: commandHandler(absence, { ...over, codec: codecs.absence }),
    handleResident: commandHandler(resident, { ...over, codec: codecs.resident }),
    handleMatch: commandHandler(residentMatch, { ...over, codec: codecs.residentMatch }),
    async loadSaid(professionalId: ProfessionalId) {
      const id = professionalStream(professionalId)
      return (await loadState(professional, { store, codec: codecs.professional }, id)).state.known
    },
    async loadScope(onCallId: OnCallId) {
      return (await loadState(onCall, { store, codec: codecs.onCall }, onCallId)).state.scope
    },
    async loadResident(residentId: ResidentId) {
      return (await loadState(resident, { store, codec: codecs.resident }, residentId)).state
    },
    async loadMatch(residentId: ResidentId) {
      return (await loadState(residentMatch, { store, codec: codecs.residentMatch }, residentId)).state
    },
  }
}
