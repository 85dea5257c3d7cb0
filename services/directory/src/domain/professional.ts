import {
  DIRECTORY_KEY,
  type Place,
  type ProfessionalDetails,
  type ProfessionalEvent,
  type SourcedPlace,
} from '@relais/contracts/directory'
import type { ProfessionalId } from '@relais/contracts/primitives'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'
import { same } from '@relais/decider/same'

type Said = { professionalId: ProfessionalId; details: ProfessionalDetails }
/** A person says all of it. */
type SayProfessional = { type: 'SayProfessional' } & Said
/** The national extract says it: places that a person has said stand beside. */
type ExtractProfessional = { type: 'ExtractProfessional' } & Said
export type ProfessionalCommand = SayProfessional | ExtractProfessional

export type ProfessionalRejection = { code: 'placeIdRepeated' }

type Known = ProfessionalEvent['data']['details']
export type ProfessionalState = { known: Known | undefined }

function decide(
  { type, professionalId, details }: ProfessionalCommand,
  { known }: ProfessionalState,
): Decision<ProfessionalEvent, ProfessionalRejection> {
  if (new Set(details.places.map(({ placeId }) => placeId)).size < details.places.length)
    return reject({ code: 'placeIdRepeated' })
  const before = known?.places ?? []
  const places = type === 'SayProfessional' ? saidPlaces(details.places, before) : extracted(details.places, before)
  const now = { ...details, places }
  if (known && same(known, now)) return accept()
  const data = { keyOwner: DIRECTORY_KEY, professionalId, details: now }
  return accept({ type: known ? 'ProfessionalChanged' : 'ProfessionalRegistered', data })
}

/** A place that a person gives back as the extract said it stays the extract's. */
function saidPlaces(said: readonly Place[], before: readonly SourcedPlace[]): SourcedPlace[] {
  return said.map((place) => {
    const known = before.find(({ placeId }) => placeId === place.placeId)
    return known && same(known, { ...place, source: known.source }) ? known : { ...place, source: 'person' }
  })
}

function extracted(said: readonly Place[], before: readonly SourcedPlace[]): SourcedPlace[] {
  const byPersons = before.filter(({ source }) => source === 'person')
  const isSaid = ({ placeId }: Place) => byPersons.some((place) => place.placeId === placeId)
  const others = said.filter((place) => !isSaid(place)).map((place) => ({ ...place, source: 'extract' as const }))
  return [...others, ...byPersons]
}

export const professional: Decider<ProfessionalCommand, ProfessionalEvent, ProfessionalState, ProfessionalRejection> = {
  initialState: { known: undefined },
  evolve: (_, { data }) => ({ known: data.details }),
  decide,
}
