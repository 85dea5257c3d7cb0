import type { Exchange, PathwayEntry, PathwayView } from '@relais/contracts/pathway'
import type { PatientId } from '@relais/contracts/primitives'

type Stay = PathwayView['stays'][number]
type ShownEntry = PathwayView['entries'][number]
type Known = { entries: readonly PathwayEntry[]; stays: readonly Stay[]; exchanges: readonly Exchange[] }

/**
 * The page of one pathway. Entries come in log order and leave by when they happened; an entry that was corrected or
 * withdrawn stays where it was and names what superseded it, a death that was denied too. Stays leave by when they began. The order in which messages
 * arrived changes nothing else.
 */
export function pathwayView(patientId: PatientId, { entries, stays, exchanges }: Known): PathwayView {
  const shown = entries.map((entry, index) => stateOf(entry, entries.slice(index + 1)))
  const physician = primaryPhysician(entries)
  return {
    patientId,
    ...(physician ? { primaryPhysician: physician } : {}),
    stays: stays.toSorted((a, b) => compare(beginOf(a), beginOf(b)) || compare(a.stayId, b.stayId)),
    entries: shown.toSorted(byTime),
    exchanges: exchanges.toSorted(byTime),
  }
}

type Timed = { happenedAt: string; recordedAt: string }
const byTime = (a: Timed, b: Timed) => compare(a.happenedAt, b.happenedAt) || compare(a.recordedAt, b.recordedAt)

const beginOf = ({ arrivedAt, expectedAt, placeSince, dischargedAt }: Stay) =>
  arrivedAt ?? expectedAt ?? placeSince ?? dischargedAt ?? ''

function stateOf(entry: PathwayEntry, later: readonly PathwayEntry[]): ShownEntry {
  if (entry.kind === 'deathReported') return stateOfDeath(entry, later)
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

/** Of what one source says of the death of one patient, the last holds. */
function stateOfDeath(entry: PathwayEntry, later: readonly PathwayEntry[]): ShownEntry {
  const next = later.find(
    ({ kind, patientId, death }) =>
      (kind === 'deathReported' || kind === 'deathDenied') &&
      patientId === entry.patientId &&
      death?.ehpad === entry.death?.ehpad,
  )
  if (next === undefined) return { ...entry, state: 'current' }
  const state = next.kind === 'deathDenied' ? 'withdrawn' : 'corrected'
  return { ...entry, state, supersededBy: next.entryId }
}

/** A correction that came too late changed nothing, and supersedes nothing. */
const corrects = ({ kind, changed }: PathwayEntry) => kind === 'correction' && (changed?.length ?? 0) > 0
const isVoid = (entry: PathwayEntry) => entry.kind === 'correction' && !corrects(entry)

/** The ids of one person have a circle each: a médecin traitant whom a person declared comes first, then the last to join. */
function primaryPhysician(entries: readonly PathwayEntry[]): PathwayView['primaryPhysician'] {
  const last = new Map<string, PathwayEntry>()
  for (const entry of entries)
    if (entry.member?.role === 'medecin-traitant') {
      // Set anew, so that the order is that of the last entries.
      last.delete(entry.patientId)
      last.set(entry.patientId, entry)
    }
  const present = [...last.values()].filter(({ kind, member }) => kind === 'circleJoined' && member?.source)
  const chosen = present.findLast(({ member }) => member?.source === 'declared') ?? present.at(-1)
  if (!chosen?.member?.source) return undefined
  return { memberId: chosen.member.memberId, source: chosen.member.source, since: chosen.happenedAt }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
