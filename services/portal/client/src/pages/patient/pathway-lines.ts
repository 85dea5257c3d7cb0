import type { Exchange, PathwayView } from '@relais/contracts/pathway'

export type ShownEntry = PathwayView['entries'][number]
/** What a reader may choose to see alone. */
export type LineKind = 'stay' | 'circle' | 'referral' | 'protocol' | 'thread'
type Common = { id: string; at: string; recordedAt: string; stayId?: string | undefined; kind: LineKind }
export type EntryLine = Common & { type: 'entry'; entry: ShownEntry }
export type ExchangeLine = Common & { type: 'exchange'; exchange: Exchange }
export type SingleLine = EntryLine | ExchangeLine
/** Leaves and returns of one stay with nothing between them: one line, that opens. */
export type LeavesLine = Common & { type: 'leaves'; lines: readonly EntryLine[] }
export type Line = SingleLine | LeavesLine

/** What happened and what people asked of each other, in one list by when it happened, the first one first. */
export function linesOf({ entries, exchanges }: Pick<PathwayView, 'entries' | 'exchanges'>): SingleLine[] {
  return merged(entries.map(entryLine), exchanges.map(exchangeLine))
}

function entryLine(entry: ShownEntry): EntryLine {
  const { entryId: id, happenedAt: at, recordedAt, stayId } = entry
  return { type: 'entry', id, at, recordedAt, stayId, kind: entry.member ? 'circle' : 'stay', entry }
}

function exchangeLine(exchange: Exchange): ExchangeLine {
  const { entryId: id, happenedAt: at, recordedAt } = exchange
  const common = { type: 'exchange' as const, id, at, recordedAt, exchange }
  if (exchange.kind === 'thread') return { ...common, kind: 'thread' }
  return { ...common, stayId: exchange.stayId, kind: exchange.referralId === undefined ? 'protocol' : 'referral' }
}

function merged(one: readonly SingleLine[], other: readonly SingleLine[]): SingleLine[] {
  const result: SingleLine[] = []
  let [i, j] = [0, 0]
  for (let next = one[i], against = other[j]; next ?? against; next = one[i], against = other[j]) {
    const isFirst = next && (!against || compare(next, against) <= 0)
    if (isFirst && next) {
      result.push(next)
      i += 1
    } else if (against) {
      result.push(against)
      j += 1
    }
  }
  return result
}

function compare(a: Common, b: Common): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1
  return a.recordedAt < b.recordedAt ? -1 : Number(a.recordedAt > b.recordedAt)
}

/**
 * What was known at an instant: what had been recorded by then, each entry as it then stood. What was corrected or
 * withdrawn only later stands as it was first told.
 */
export function knownAt(
  { entries, exchanges }: Pick<PathwayView, 'entries' | 'exchanges'>,
  instant: string,
): Pick<PathwayView, 'entries' | 'exchanges'> {
  const known = entries.filter(({ recordedAt }) => recordedAt <= instant)
  const ids = new Set(known.map(({ entryId }) => entryId))
  const ofMovement = Map.groupBy(known, movementKey)
  return {
    entries: known.map((entry) => {
      // What superseded it last, of all that is known now, was known then too.
      if (entry.supersededBy === undefined || ids.has(entry.supersededBy)) return entry
      return stateAmong(entry, ofMovement.get(movementKey(entry)) ?? [])
    }),
    exchanges: exchanges.filter(({ recordedAt }) => recordedAt <= instant),
  }
}

const movementKey = ({ stayId, movementId }: ShownEntry) => `${stayId} ${movementId}`

/** As the platform decides it: a withdrawal before all, else the last correction that changed something. */
function stateAmong(entry: ShownEntry, ofMovement: readonly ShownEntry[]): ShownEntry {
  const { supersededBy: _, ...alone } = entry
  const later = ofMovement.filter(
    ({ entryId, recordedAt }) => entryId !== entry.entryId && recordedAt >= entry.recordedAt,
  )
  const withdrawal = later.find(({ kind }) => kind === 'withdrawal')
  if (withdrawal) return { ...alone, state: 'withdrawn', supersededBy: withdrawal.entryId }
  const corrections = later.filter(({ kind, changed = [] }) => kind === 'correction' && changed.length > 0)
  const last = corrections.toSorted((a, b) => (a.recordedAt < b.recordedAt ? -1 : 1)).at(-1)
  if (last) return { ...alone, state: 'corrected', supersededBy: last.entryId }
  return { ...alone, state: 'current' }
}

/** Each moment at which something was learned, the first one first. */
export function momentsOf({ entries, exchanges }: Pick<PathwayView, 'entries' | 'exchanges'>): string[] {
  return [...new Set([...entries, ...exchanges].map(({ recordedAt }) => recordedAt))].toSorted()
}

export type Chosen = { kind?: LineKind | undefined; stayId?: string | undefined; actor?: string | undefined }

/** What of a pathway is looked at: some of its lines, as it was known at an instant, leaves in one line or in several. */
export type Shown = { chosen: Chosen; instant: string | undefined; isCollapsed: boolean }

export function chosenOf(lines: readonly SingleLine[], { kind, stayId, actor }: Chosen): SingleLine[] {
  return lines.filter(
    (line) =>
      (kind === undefined || line.kind === kind) &&
      (stayId === undefined || line.stayId === stayId) &&
      (actor === undefined || actorsOf(line).includes(actor)),
  )
}

/** Whoever a line names: professionals, teams, establishments. */
export function actorsOf(line: SingleLine): string[] {
  if (line.type === 'entry') {
    const { member, attendingPhysician } = line.entry
    return [member?.memberId, attendingPhysician].flatMap((id) => id ?? [])
  }
  const { exchange } = line
  if (exchange.kind === 'thread') return [exchange.by, ...(exchange.members ?? [])]
  return [exchange.by, exchange.recipient].flatMap((id) => id ?? [])
}

/** Leaves that follow each other in a stay, with nothing else of that stay between them, become one line where the last is. */
export function collapsed(lines: readonly SingleLine[]): Line[] {
  const runs = leaveRuns(lines)
  return lines.flatMap((line): Line[] => {
    const run = runs.get(line.id)
    if (!run) return [line]
    const last = run.at(-1)
    if (last?.id !== line.id) return []
    const { id, at, recordedAt, stayId, kind } = last
    return [{ type: 'leaves', id: `leaves-${run[0]?.id ?? id}`, at, recordedAt, stayId, kind, lines: run }]
  })
}

/** By line, the run of leaves that it belongs to, where that is more than one line. */
function leaveRuns(lines: readonly SingleLine[]): ReadonlyMap<string, EntryLine[]> {
  const open = new Map<string, EntryLine[]>()
  const runs = new Map<string, EntryLine[]>()
  const end = (stayId: string) => {
    const run = open.get(stayId) ?? []
    open.delete(stayId)
    if (run.length > 1) for (const { id } of run) runs.set(id, run)
  }
  for (const line of lines) {
    if (line.type !== 'entry' || line.stayId === undefined) continue
    if (isPlainLeave(line)) open.set(line.stayId, [...(open.get(line.stayId) ?? []), line])
    else end(line.stayId)
  }
  // What ends is taken out: a map is walked all the same.
  for (const stayId of open.keys()) end(stayId)
  return runs
}

const isPlainLeave = ({ entry }: EntryLine) =>
  (entry.kind === 'leave' || entry.kind === 'return') && entry.state === 'current' && entry.flags.length === 0

/** The lines of one part of a page. Its key stays while newer lines come. */
export type Part = { key: string; lines: readonly Line[] }

/** Newest first, in parts that are counted from the oldest line on: what arrives changes the first part only. */
export function partsOf(lines: readonly Line[], size: number): Part[] {
  const parts: Part[] = []
  for (let start = 0; start < lines.length; start += size)
    parts.push({ key: `part-${start}`, lines: lines.slice(start, start + size).toReversed() })
  return parts.toReversed()
}
