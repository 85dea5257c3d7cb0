import type { FileRefusal, ImportKind, ImportNote } from '@relais/contracts/import-routes'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { FacilityCommand } from '../domain/facility.ts'
import type { ProfessionalCommand } from '../domain/professional.ts'
import { facilityStream, professionalStream } from '../streams.ts'
import { type Establishment, finessFormat } from './finess-format.ts'
import type { Format } from './format.ts'
import { type Read, readPart, type Reading } from './read-part.ts'
import { type Activity, mergeActivities, rppsFormat } from './rpps-format.ts'

type Applied = { changed: number; unchanged: number; notes: ImportNote[] }
type SourcePart = {
  reading: Reading
  consumed: number
  notes: readonly ImportNote[]
  subjects: readonly string[]
  /** `seen`: those among the subjects whom an earlier part was about. */
  apply(seen: ReadonlySet<string>, context: CommandContext): Promise<Applied>
}
/** A format and what is done with its lines. */
export type Source = {
  read(before: Reading, sent: { bytes: Uint8Array; isLast: boolean }): SourcePart | { refusal: FileRefusal }
}

type Result = { accepted: true; events: readonly object[] } | { accepted: false; rejection: { code: string } }
type Handle<Command> = (id: string, command: Command, context: CommandContext) => Promise<Result>
type Handlers = { handleFacility: Handle<FacilityCommand>; handleProfessional: Handle<ProfessionalCommand> }

/** Streams written at once: an append waits for the disk, and shares the wait with others. */
const AT_ONCE = 64

export function importSources({ handleFacility, handleProfessional }: Handlers): Record<ImportKind, Source> {
  return {
    finess: sourceOf<Establishment>(finessFormat, ([{ finess, details }], context) => {
      const command = { type: 'SayFacility' as const, finess, details, source: 'extract' as const }
      return handleFacility(facilityStream(finess), command, context)
    }),
    rpps: sourceOf<Activity>(rppsFormat, (activities, context) => {
      const { professionalId, details } = mergeActivities(activities)
      const command = { type: 'ExtractProfessional' as const, professionalId, details }
      return handleProfessional(professionalStream(professionalId), command, context)
    }),
  }
}

type Some<Item> = readonly [Item, ...Item[]]
type Say<Item> = (items: Some<Item>, context: CommandContext) => Promise<Result>

function sourceOf<Item>(format: Format<Item>, say: Say<Item>): Source {
  return {
    read(before, sent) {
      const part = readPart(format, before, sent)
      if ('refusal' in part) return part
      const groups = groupsOf(part.items)
      return {
        ...part,
        subjects: [...new Set(groups.map(({ subject }) => subject))],
        apply: (seen, context) => apply({ format, say, groups, seen }, context),
      }
    },
  }
}

type Group<Item> = { subject: string; items: Some<Item>; lines: Some<number> }

/** Neighbours about the same subject. */
function groupsOf<Item>(read: readonly Read<Item>[]): Group<Item>[] {
  const groups: Group<Item>[] = []
  for (const { subject, item, line } of read) {
    const last = groups.at(-1)
    if (last?.subject === subject)
      groups.splice(-1, 1, { subject, items: [...last.items, item], lines: [...last.lines, line] })
    else groups.push({ subject, items: [item], lines: [line] })
  }
  return groups
}

type Applying<Item> = {
  format: Format<Item>
  say: Say<Item>
  groups: readonly Group<Item>[]
  seen: ReadonlySet<string>
}

/** Whoever was said already is not said again: the second saying would take away what the first one gave. */
async function apply<Item>({ format, say, groups, seen }: Applying<Item>, context: CommandContext): Promise<Applied> {
  const applied: Applied = { changed: 0, unchanged: 0, notes: [] }
  const known = new Set(seen)
  const fresh: Group<Item>[] = []
  for (const group of groups) {
    const [, ...following] = group.lines
    const isKnown = known.has(group.subject)
    const repeated = isKnown ? group.lines : format.groups ? [] : following
    for (const line of repeated) applied.notes.push({ line, reason: 'repeated', severity: 'refused' })
    if (!isKnown) fresh.push(group)
    known.add(group.subject)
  }
  for (let from = 0; from < fresh.length; from += AT_ONCE) {
    const saying = fresh.slice(from, from + AT_ONCE).map(async ({ items, lines: [line] }) => {
      const result = await say(items, context)
      if (!result.accepted)
        applied.notes.push({ line, reason: 'refused', code: result.rejection.code, severity: 'refused' })
      else if (result.events.length > 0) applied.changed += 1
      else applied.unchanged += 1
    })
    await Promise.all(saying)
  }
  return applied
}
