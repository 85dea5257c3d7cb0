import type { PathwayEntry, PathwayView } from '@relais/contracts/pathway'
import { withoutResponsibility } from '@relais/contracts/pathway'
import type { PatientId } from '@relais/contracts/primitives'

type Stay = PathwayView['stays'][number]
type ShownEntry = PathwayView['entries'][number]

/**
 * The page of one pathway. Entries come in log order and leave by when they happened; an entry that was corrected or
 * withdrawn stays where it was and names what superseded it. The order in which messages arrived changes nothing else.
 */
export function pathwayView(patientId: PatientId, entries: readonly PathwayEntry[]): PathwayView {
  const shown = entries.map((entry, index) => stateOf(entry, entries.slice(index + 1)))
  const physician = primaryPhysician(entries)
  return {
    patientId,
    ...(physician ? { primaryPhysician: physician } : {}),
    stays: staysOf(entries),
    entries: shown.toSorted((a, b) => compare(a.happenedAt, b.happenedAt) || compare(a.recordedAt, b.recordedAt)),
  }
}

function stateOf(entry: PathwayEntry, later: readonly PathwayEntry[]): ShownEntry {
  if (entry.movementId === undefined || entry.kind === 'withdrawal') return { ...entry, state: 'current' }
  const sameMovement = later.filter(
    ({ movementId, stayId }) => movementId === entry.movementId && stayId === entry.stayId,
  )
  const withdrawal = sameMovement.find(({ kind }) => kind === 'withdrawal')
  if (withdrawal) return { ...entry, state: 'withdrawn', supersededBy: withdrawal.entryId }
  const correction = sameMovement.findLast(corrects)
  if (correction && !isVoid(entry)) return { ...entry, state: 'corrected', supersededBy: correction.entryId }
  return { ...entry, state: 'current' }
}

/** A correction that came too late changed nothing, and supersedes nothing. */
const corrects = ({ kind, changed }: PathwayEntry) => kind === 'correction' && (changed?.length ?? 0) > 0
const isVoid = (entry: PathwayEntry) => entry.kind === 'correction' && !corrects(entry)

type Movement = { kind: NonNullable<PathwayEntry['movementKind']>; entry: PathwayEntry }

function staysOf(entries: readonly PathwayEntry[]): Stay[] {
  const stays = new Map<Stay['stayId'], Map<string, Movement | undefined>>()
  for (const entry of entries) {
    if (entry.stayId === undefined || entry.movementId === undefined) continue
    const movements = stays.get(entry.stayId) ?? new Map<string, Movement | undefined>()
    stays.set(entry.stayId, movements)
    movements.set(entry.movementId, apply(movements.get(entry.movementId), entry))
  }
  return [...stays].map(([stayId, movements]) => {
    const facility = entries.find((entry) => entry.stayId === stayId)?.facility ?? ''
    const current = [...movements.values()].filter((movement) => movement !== undefined)
    return describe({ stayId, facility }, current)
  })
}

/** `undefined` when nothing is left of the movement. */
function apply(earlier: Movement | undefined, entry: PathwayEntry): Movement | undefined {
  if (entry.kind === 'withdrawal') return undefined
  if (entry.kind === 'correction') return earlier && corrects(entry) ? { ...earlier, entry } : earlier
  return entry.movementKind ? { kind: entry.movementKind, entry } : earlier
}

function describe(stay: Pick<Stay, 'stayId' | 'facility'>, movements: readonly Movement[]): Stay {
  const inOrder = movements.toSorted((a, b) => compare(a.entry.happenedAt, b.entry.happenedAt))
  const arrival = inOrder.find(({ kind }) => kind === 'admission' || kind === 'registration')
  const discharge = inOrder.findLast(({ kind }) => kind === 'discharge')
  const place = inOrder.findLast(({ kind, entry }) => kind !== 'discharge' && entry.wards.length > 0) ?? discharge
  const last = inOrder.at(-1)
  return {
    ...stay,
    facility: place?.entry.facility ?? stay.facility,
    status: statusOf(inOrder),
    wards: (place?.entry.wards ?? []).map(withoutResponsibility),
    ...(last?.entry.patientClass ? { patientClass: last.entry.patientClass } : {}),
    ...(arrival ? { admittedAt: arrival.entry.happenedAt } : {}),
    ...(discharge ? { dischargedAt: discharge.entry.happenedAt } : {}),
    admissionMissing:
      movements.length > 0 && !movements.some(({ kind }) => kind !== 'transfer' && kind !== 'discharge'),
  }
}

function statusOf(movements: readonly Movement[]): Stay['status'] {
  if (movements.length === 0) return 'withdrawn'
  if (movements.some(({ kind }) => kind === 'discharge')) return 'closed'
  return movements.every(({ kind }) => kind === 'preadmission') ? 'expected' : 'open'
}

function primaryPhysician(entries: readonly PathwayEntry[]): PathwayView['primaryPhysician'] {
  const last = entries.findLast(({ member }) => member?.role === 'medecin-traitant')
  if (last?.kind !== 'circleJoined' || !last.member?.source) return undefined
  return { memberId: last.member.memberId, source: last.member.source, since: last.happenedAt }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
