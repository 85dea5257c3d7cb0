import type { Actor } from '@relais/contracts/actor'
import { Finess, type OnCallScope, type Place } from '@relais/contracts/directory'

const isOperator = ({ role }: Actor) => role === 'operateur'

/** Whoever operates the platform, and the admissions of the facility itself. */
export function mayTendFacility(actor: Actor, finess: string): boolean {
  return isOperator(actor) || (actor.role === 'admissions' && actor.organisation === finess)
}

/** A territory has no admissions: its operator says who is on call there. */
export function maySayOnCall(actor: Actor, scope: OnCallScope): boolean {
  return mayTendFacility(actor, scope.replace(/^finess:/, ''))
}

export type Described = {
  familyName: string
  givenName?: string | undefined
  profession: string
  places: readonly Place[]
}

/** Admissions say who works in their facility; what was said of a professional elsewhere is not theirs to change. */
export function maySayProfessional(actor: Actor, now: Described, before: Described | undefined): boolean {
  if (isOperator(actor)) return true
  if (actor.role !== 'admissions' || actor.organisation === undefined) return false
  const isSamePerson =
    before === undefined ||
    (now.familyName === before.familyName && now.givenName === before.givenName && now.profession === before.profession)
  const known = new Set(before?.places.map(sameText))
  const said = new Set(now.places.map(sameText))
  const touched = [
    ...now.places.filter((place) => !known.has(sameText(place))),
    ...(before?.places ?? []).filter((place) => !said.has(sameText(place))),
  ]
  return isSamePerson && touched.every(({ finess }) => finess === actor.organisation)
}

type Away = { professionalId: string; replacement?: string | undefined }

/**
 * Oneself, whoever operates the platform, and who tends the directory where the professional works; of these, nobody
 * names himself or herself as the one who stands in, since that opens circles.
 */
export function maySayAbsence(
  actor: Actor,
  { professionalId, replacement }: Away,
  said: { places: readonly Place[] } | undefined,
): boolean {
  if (actor.id === professionalId) return actor.scopes.includes('absence:write')
  if (!actor.scopes.includes('directory:write') || replacement === actor.id) return false
  const worksThere = said?.places.some(({ finess }) => finess !== undefined && finess === actor.organisation)
  return isOperator(actor) || worksThere === true
}

/** Both went through the contract, which writes their fields in one order. */
const sameText = (place: Place) => JSON.stringify(place)

/** The EHPAD for which a person acts, which is the only one whose register he or she may touch. */
export function ehpadOf({ organisation }: Actor): Finess | undefined {
  return Finess.safeParse(organisation).data
}
