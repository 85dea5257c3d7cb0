import { movementWards } from '@relais/contracts/pathway'
import type { Movement } from '@relais/contracts/movements'
import type { Standing } from '@relais/contracts/standing'
import { movementKinds, StayEvent } from '@relais/contracts/stays'

type Known = { kind: string; movement: Movement }

/**
 * Ends the facts of a stay with what the stay then is, unless they say so themselves: where the movement that happened
 * last took the patient. The service that owns stays knows better; this is enough for those who read it.
 */
export function toldStandings() {
  const stays = new Map<string, Map<string, Known>>()
  const confidential = new Set<string>()
  return (events: readonly StayEvent[]): StayEvent[] => {
    const [first] = events
    if (!first) return []
    const movements = stays.get(first.data.stayId) ?? new Map<string, Known>()
    stays.set(first.data.stayId, movements)
    for (const event of events) {
      fold(movements, event)
      if (event.type === 'ConfidentialityChanged' && event.data.confidential) confidential.add(event.data.stayId)
      if (event.type === 'ConfidentialityChanged' && !event.data.confidential) confidential.delete(event.data.stayId)
    }
    const isSaid = events.some(({ type }) => type === 'StandingChanged')
    const moves = events.some(({ type }) => type in movementKinds || type.startsWith('Movement'))
    const isSecret = confidential.has(first.data.stayId)
    return isSaid || !moves ? [...events] : [...events, standingOf(first, movements, isSecret)]
  }
}

function fold(movements: Map<string, Known>, event: StayEvent): void {
  if (event.type === 'MovementWithdrawn') movements.delete(event.data.movementId)
  else if (event.type === 'MovementCorrected') {
    const { movement, kind, changed } = event.data
    if (changed.length > 0 && movements.has(movement.movementId)) movements.set(movement.movementId, { kind, movement })
  } else if (event.type in movementKinds && 'movement' in event.data) {
    const { movement } = event.data
    movements.set(movement.movementId, { kind: kindOf(event.type), movement })
  }
}

const kindOf = (type: string) => new Map<string, string>(Object.entries(movementKinds)).get(type) ?? ''

function standingOf(
  { data: { stayId, patientId } }: StayEvent,
  movements: Map<string, Known>,
  confidential: boolean,
): StayEvent {
  const inOrder = [...movements.values()].toSorted((a, b) => (a.movement.effectiveAt < b.movement.effectiveAt ? -1 : 1))
  const place = inOrder.findLast(({ kind }) => kind !== 'discharge') ?? inOrder.at(-1)
  const discharge = inOrder.findLast(({ kind }) => kind === 'discharge')
  const arrival = inOrder.find(({ kind }) => kind === 'admission' || kind === 'registration')
  const standing: Standing = {
    status: statusOf(inOrder),
    facility: place?.movement.facility ?? 'nowhere',
    wards: place ? movementWards(place.movement) : [],
    ...(place ? { patientClass: place.movement.patientClass } : {}),
    ...(arrival ? { arrivedAt: arrival.movement.effectiveAt } : {}),
    ...(discharge ? { dischargedAt: discharge.movement.effectiveAt } : {}),
    died: false,
    confidential,
  }
  const happenedAt = inOrder.at(-1)?.movement.effectiveAt ?? '2026-11-02T11:00:00.000Z'
  const data = { stayId, patientId, nature: 'moved', happenedAt, standing, changed: [] }
  return StayEvent.parse({ type: 'StandingChanged', data })
}

function statusOf(inOrder: readonly Known[]): Standing['status'] {
  if (inOrder.length === 0) return 'withdrawn'
  if (inOrder.some(({ kind }) => kind === 'discharge')) return 'discharged'
  return inOrder.every(({ kind }) => kind === 'preadmission') ? 'expected' : 'present'
}
