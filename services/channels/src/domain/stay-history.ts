import type { PathwayEntry } from '@relais/contracts/pathway'

type Movement = { kind: NonNullable<PathwayEntry['movementKind']>; entry: PathwayEntry }

/** Whether the patient is expected or present: a movement stands, and no discharge does. Entries in log order. */
export function isOpen(history: readonly PathwayEntry[]): boolean {
  const movements = standingMovements(history)
  return movements.length > 0 && movements.every(({ kind }) => kind !== 'discharge')
}

/** The stays to begin with when nothing is known of a patient: the open ones, else the one last heard of. */
export function presentStays(entries: readonly PathwayEntry[]): ReadonlySet<string> {
  const ofStays = entries.filter((entry) => entry.stayId !== undefined)
  const histories = Map.groupBy(ofStays, ({ stayId }) => String(stayId))
  const open = [...histories].filter(([, history]) => isOpen(history)).map(([stayId]) => stayId)
  const last = ofStays.at(-1)?.stayId
  return new Set(open.length > 0 || last === undefined ? open : [last])
}

/**
 * The wards that an entry is for: those it names, the one where the patient was until then, and the one where the
 * patient is now. A transfer reaches the ward that was left, and a withdrawn one the ward that has the patient back.
 */
export function wardsConcerned(before: readonly PathwayEntry[], entry: PathwayEntry): ReadonlySet<string> {
  return new Set([...entry.wards, ...location(before), ...location([...before, entry])].map(wardName))
}

/** A ward code means something only inside its facility. */
export function wardName({ facility, code }: { facility: string; code: string }): string {
  return `ward/${facility}:${code}`
}

function location(history: readonly PathwayEntry[]): PathwayEntry['wards'] {
  const stages = standingMovements(history).filter(({ kind, entry }) => kind !== 'discharge' && entry.wards.length > 0)
  const inOrder = stages.toSorted((one, other) => compare(one.entry.happenedAt, other.entry.happenedAt))
  return inOrder.at(-1)?.entry.wards ?? []
}

function standingMovements(history: readonly PathwayEntry[]): Movement[] {
  const movements = new Map<string, Movement>()
  for (const entry of history) {
    if (entry.movementId === undefined) continue
    const known = movements.get(entry.movementId)
    if (entry.kind === 'withdrawal') movements.delete(entry.movementId)
    else if (entry.kind === 'correction') {
      // One that came too late changed nothing.
      if (known && entry.changed?.length) movements.set(entry.movementId, { kind: known.kind, entry })
    } else if (entry.movementKind) movements.set(entry.movementId, { kind: entry.movementKind, entry })
  }
  return [...movements.values()]
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
