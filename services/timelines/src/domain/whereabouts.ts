import type { EhpadBoardRow } from '@relais/contracts/boards'
import { isElsewhere } from '@relais/contracts/elsewhere'
import type { PatientId, StayId } from '@relais/contracts/primitives'
import type { Standing } from '@relais/contracts/standing'

export type KnownStay = { stayId: StayId; patientId: PatientId; standing: Standing }

/** A death that a message or a register reports, and when it was, where that is known. */
export type KnownDeath = { diedAt?: string | undefined }

type Whereabouts = Omit<EhpadBoardRow, 'residentId' | 'room' | 'enteredAt' | 'patientId'>

/**
 * Where somebody is who lives in an EHPAD, from what hospitals say. Consultations, séances and remote monitoring are no
 * absence, but whoever dies there has died. Of several stays the one that began last says it; a death that no stay says is said
 * by `death`.
 */
export function whereabouts(stays: readonly KnownStay[], death?: KnownDeath): Whereabouts {
  const dead = stays.find(({ standing }) => standing.died)
  if (dead) return { place: 'deceased', ...sinceOf(dead.standing.dischargedAt), ...stayOf(dead) }
  if (death) return { place: 'deceased', ...sinceOf(death.diedAt) }
  const told = stays.filter(({ standing: { patientClass } }) => patientClass === 'E' || patientClass === 'I')
  const held = told.filter(({ standing: { status } }) => status === 'present' || status === 'onLeave')
  const here = held.toSorted((one, other) => compare(one, other)).at(-1)
  const announced = told.map(({ standing }) => standing.expectedAt).find((at) => at !== undefined)
  const expected = announced === undefined ? {} : { expectedAt: announced }
  if (!here) return { place: 'present', ...expected }
  const { standing } = here
  // Who goes on to another hospital is not back then.
  const back = isElsewhere(standing) ? undefined : standing.expectedDischargeAt
  return { ...placeOf(standing), ...(back === undefined ? {} : { expectedBackAt: back }), ...stayOf(here), ...expected }
}

function placeOf({ status, patientClass, awaySince, hospitalisedAt, arrivedAt }: Standing) {
  if (status === 'onLeave') return { place: 'onLeave' as const, ...sinceOf(awaySince) }
  if (patientClass === 'E') return { place: 'emergency' as const, ...sinceOf(arrivedAt) }
  return { place: 'hospitalised' as const, ...sinceOf(hospitalisedAt ?? arrivedAt) }
}

const sinceOf = (since: string | undefined) => (since === undefined ? {} : { since })
const stayOf = ({ stayId, standing }: KnownStay) => ({ stayId, standing })

function compare({ standing: one }: KnownStay, { standing: other }: KnownStay): number {
  return (one.arrivedAt ?? '') < (other.arrivedAt ?? '') ? -1 : Number((one.arrivedAt ?? '') > (other.arrivedAt ?? ''))
}
