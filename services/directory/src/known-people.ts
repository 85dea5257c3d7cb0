import { type PatientEvent, ReportedIdentity } from '@relais/contracts/patients'
import type { PatientId } from '@relais/contracts/primitives'
import { ResidentIdentity } from '@relais/contracts/residents'
import type { EventCodec } from '@relais/event-store/codec'
import type { EventStore } from '@relais/event-store/port'
import type { Vault } from '@relais/vault/vault'
import type { ResidentState } from './domain/resident.ts'
import { type Traits, traitsOfPatient, traitsOfResident } from './domain/verdict.ts'

export type KnownPeopleDeps = { vault: Pick<Vault, 'get'>; store: EventStore; patients: EventCodec<PatientEvent> }

/** Who residents and patients are said to be now, from the vault; nothing once they are forgotten. */
export function knownPeople({ vault, store, patients }: KnownPeopleDeps) {
  async function read(documentId: string): Promise<unknown> {
    const document = await vault.get(documentId)
    if (document === undefined || document === 'forgotten') return undefined
    return JSON.parse(new TextDecoder().decode(document.bytes))
  }

  async function latestOf(patientId: PatientId): Promise<string | undefined> {
    const stream = store.readStream(`${patients.category}-${patientId}`, { direction: 'backwards' })
    for await (const recorded of stream) {
      const event = (await patients.decode(recorded))?.event
      if (event?.type === 'IdentityRecorded') return event.data.identity.documentId
    }
    return undefined
  }

  return {
    residentIdentity: async (documentId: string): Promise<ResidentIdentity | undefined> => {
      const identity = await read(documentId)
      return identity === undefined ? undefined : ResidentIdentity.parse(identity)
    },
    residentTraits: async (resident: ResidentState): Promise<Traits | undefined> => {
      const identity = resident.status === 'present' ? await read(resident.identity.documentId) : undefined
      return identity === undefined ? undefined : traitsOfResident(ResidentIdentity.parse(identity))
    },
    patientTraits: async (patientId: PatientId): Promise<Traits | undefined> => {
      const documentId = await latestOf(patientId)
      const identity = documentId === undefined ? undefined : await read(documentId)
      return identity === undefined ? undefined : traitsOfPatient(ReportedIdentity.parse(identity))
    },
  }
}
