import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'

const Metadata = z.object({ recordedAt: z.string().default('') })
type Period = { from: string; to: string; categories: readonly string[] }

/** Reads the rows of the log that a dry run goes through, and their JSON. Opens nothing, understands nothing. */
export function readBare(folder: string, { from, to, categories }: Period): { seconds: number; events: number } {
  using log = new DatabaseSync(join(folder, 'log', 'log.sqlite'), { readOnly: true })
  const named = categories.map(() => 'stream.name glob ?').join(' or ')
  const rows = log.prepare(`select event.position, stream.name, event.type, cast(event.metadata as text) as metadata,
    cast(event.data as text) as data from event join stream on stream.id = event.stream
    where event.position > ? and (${named}) order by event.position`)
  const begin = firstAt(log, from)
  const startedAt = performance.now()
  let events = 0
  for (const { metadata, data } of rows.iterate(begin - 1, ...categories.map((category) => `${category}-*`))) {
    // Written by fill.ts.
    const { recordedAt } = JSON.parse(String(metadata)) as { recordedAt: string }
    if (recordedAt > to) break
    JSON.parse(String(data))
    events += 1
  }
  return { seconds: (performance.now() - startedAt) / 1000, events }
}

/** The first position that was recorded then or later: a history is told in the order of its log. */
function firstAt(log: DatabaseSync, from: string): number {
  const recorded = log.prepare('select cast(metadata as text) as metadata from event where position = ?')
  let [low, high] = [1, Number(log.prepare('select max(position) as last from event').get()?.['last'])]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const { recordedAt } = Metadata.parse(JSON.parse(String(recorded.get(middle)?.['metadata'])))
    if (recordedAt < from) low = middle + 1
    else high = middle
  }
  return low
}
