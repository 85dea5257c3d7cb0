import type { MovementKind } from '@relais/contracts/movements'
import { type KnownMovement, movementOf } from './stay-state.ts'

/** At one instant a patient is expected, arrives, is moved and leaves, in this order. */
const ranks: Record<MovementKind, number> = {
  preadmission: 0,
  plannedAdmission: 1,
  registration: 2,
  admission: 3,
  toInpatient: 4,
  toOutpatient: 4,
  transfer: 4,
  attendingChange: 4,
  plannedTransfer: 4,
  plannedDischarge: 4,
  leave: 5,
  return: 6,
  discharge: 7,
}

/** The letters of ZBE-9, from what counts least to what counts most: medicine before lodging before nursing. */
const weights = ['D', 'L', 'S', 'H', 'M']

const byNumber = new Intl.Collator('en', { numeric: true })

/**
 * Movements by when they took effect. Of two at one instant, the one that weighs more comes last, and then the one with
 * the later number: nothing here depends on the order of arrival.
 */
export function inOrderOfEffect(movements: readonly KnownMovement[]): KnownMovement[] {
  return movements.toSorted(compareEffect)
}

export function compareEffect(one: KnownMovement, other: KnownMovement): number {
  const [a, b] = [movementOf(one), movementOf(other)]
  return (
    compare(a.effectiveAt, b.effectiveAt) ||
    ranks[one.kind] - ranks[other.kind] ||
    weight(a.nature) - weight(b.nature) ||
    byNumber.compare(a.source.number, b.source.number) ||
    compare(a.movementId, b.movementId)
  )
}

function weight(nature: string): number {
  return weights.findLastIndex((letter) => nature.includes(letter))
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))

export const opens = (kind: MovementKind) => kind === 'registration' || kind === 'admission'
export const expects = (kind: MovementKind) => kind === 'preadmission' || kind === 'plannedAdmission'
