import { TERRITORY } from '@relais/testkit/territory'
import { z } from 'zod'
import type { Options } from '../options.ts'
import { answer, startProgram } from '../processes.ts'
import type { Cell, Report } from '../report.ts'
import { rebuildBare } from './bare-rebuild.ts'
import { eventsOf, territoryFolder } from './fill.ts'

/** A rebuild takes minutes: one of each view, between two bare ones. */
const views = [
  { projection: 'pathway-1', schema: 'timelines', categories: ['stay', 'circle', 'link', 'notice'] },
  {
    projection: 'boards-3',
    schema: 'boards',
    categories: ['stay', 'circle', 'link', 'notice', 'resident', 'residentMatch'],
  },
]
const Rebuilt = z.object({ seconds: z.number(), resident: z.array(z.number()) })

/** The views of pathways and boards built again from the log of a territory, beside SQLite copying as many rows. */
export async function benchRebuild(options: Options): Promise<Report> {
  const size = { ...TERRITORY, years: options.years }
  const folder = await territoryFolder(options.folder, size)
  const rows: Cell[][] = []
  for (const { projection, schema, categories } of views) {
    const module = new URL('./rebuilder.ts', import.meta.url)
    const { child, stop } = await startProgram(module, { folder, projection }, options)
    const before = rebuildBare(folder, schema, categories)
    child.send('rebuild')
    const rebuilt = await answer(child, Rebuilt)
    await stop()
    const after = rebuildBare(folder, schema, categories)
    const seconds = (before.seconds + after.seconds) / 2
    const { events } = before
    rows.push([projection, 'bare loop', events, before.rows, seconds, events / seconds, 1, '', '', ''])
    const [tenth = NaN, half = NaN, whole = NaN] = rebuilt.resident
    const rate = events / rebuilt.seconds
    rows.push([
      projection,
      'Relais',
      events,
      before.rows,
      rebuilt.seconds,
      rate,
      seconds / rebuilt.seconds,
      tenth,
      half,
      whole,
    ])
  }
  return {
    columns: ['view', '', 'events', 'rows', 's', 'events/s', 'speed ratio', 'MiB at 10 %', 'at 50 %', 'at 100 %'],
    rows,
    notes: [
      `The log of ${size.inhabitants.toLocaleString('en')} inhabitants over ${size.years} years, ` +
        `${eventsOf(folder).toLocaleString('en')} events, while the old view serves. The bare loop reads the same rows of the ` +
        'log and inserts the rows that the view holds in the end; it runs before and after, and its mean is shown. ' +
        'Resident memory is that of the whole process.',
    ],
  }
}
