import type { Finess } from '@relais/contracts/directory'
import type { Instant, PatientId } from '@relais/contracts/primitives'
import {
  type ResidentEvent,
  residentEvents,
  type ResidentId,
  type ResidentMatchEvent,
  residentMatchEvents,
} from '@relais/contracts/residents'
import type { EventCodec } from '@relais/event-store/codec'
import type { EventStore } from '@relais/event-store/port'

/** How the match of a resident with a patient ended, and when, if it did. */
export type Pair = { patientId: PatientId; ended?: { because: Ending; at: Instant } }
type Ending = Extract<ResidentMatchEvent, { type: 'ResidentUnmatched' }>['data']['reason']
/** A resident who died, by the register of the EHPAD. */
export type DeadResident = { ehpad: Finess; diedAt: Instant; saidAt: Instant; pairs: readonly Pair[] }

export type ResidentHistoryDeps = {
  store: EventStore
  residents: EventCodec<ResidentEvent>
  matches: EventCodec<ResidentMatchEvent>
}

/** Reads what the register said of a resident who died, and which patients he or she was; `undefined` of any other. */
export function residentHistory({ store, residents, matches }: ResidentHistoryDeps) {
  return async function deadResident(residentId: ResidentId): Promise<DeadResident | undefined> {
    let death: Omit<DeadResident, 'pairs'> | undefined
    for await (const recorded of store.readStream(`${residentEvents.category}-${residentId}`)) {
      const decoded = await residents.decode(recorded)
      if (decoded?.event?.type !== 'ResidentLeft' || decoded.event.data.reason !== 'death') continue
      const { ehpad, leftAt: diedAt } = decoded.event.data
      death = { ehpad, diedAt, saidAt: decoded.metadata.recordedAt }
    }
    if (death === undefined) return undefined
    const pairs = new Map<PatientId, Pair>()
    for await (const recorded of store.readStream(`${residentMatchEvents.category}-${residentId}`)) {
      const event = (await matches.decode(recorded))?.event
      if (event?.type === 'ResidentMatched') pairs.set(event.data.patientId, { patientId: event.data.patientId })
      if (event?.type !== 'ResidentUnmatched') continue
      const { patientId, reason: because, unmatchedAt: at } = event.data
      // What was ended before is not ended again: a match that a person refuses may never have been one.
      if (pairs.has(patientId)) pairs.set(patientId, { patientId, ended: { because, at } })
    }
    return { ...death, pairs: [...pairs.values()] }
  }
}
