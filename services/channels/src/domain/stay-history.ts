import type { PathwayEntry } from '@relais/contracts/pathway'

/** Whether the patient is expected or present: a movement stands, and no discharge does. Entries in log order. */
export function isOpen(history: readonly PathwayEntry[]): boolean {
  const movements = standingMovements(history)
  return movements.length > 0 && !movements.includes('discharge')
}

/** The stays to begin with when nothing is known of a patient: the open ones, else the one last heard of. */
export function presentStays(entries: readonly PathwayEntry[]): ReadonlySet<string> {
  const ofStays = entries.filter((entry) => entry.stayId !== undefined)
  const histories = Map.groupBy(ofStays, ({ stayId }) => String(stayId))
  const open = [...histories].filter(([, history]) => isOpen(history)).map(([stayId]) => stayId)
  const last = ofStays.at(-1)?.stayId
  return new Set(open.length > 0 || last === undefined ? open : [last])
}

/** The wards that an entry is for: those it names, takes the patient from, or gives the patient back to. */
export function wardsConcerned({ wards, leaving = [], returning = [] }: PathwayEntry): ReadonlySet<string> {
  return new Set([...wards, ...leaving, ...returning].map(wardName))
}

/** A ward code means something only inside its facility. */
export function wardName({ facility, code }: { facility: string; code: string }): string {
  return `ward/${facility}:${code}`
}

/** The kinds of the movements that stand, withdrawn ones left out. */
function standingMovements(history: readonly PathwayEntry[]): string[] {
  const movements = new Map<string, string>()
  for (const { movementId, kind, movementKind } of history) {
    if (movementId === undefined || movementKind === undefined) continue
    if (kind === 'withdrawal') movements.delete(movementId)
    else if (kind !== 'correction') movements.set(movementId, movementKind)
  }
  return [...movements.values()]
}
