import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { embeddedEventStore } from '@relais/event-store-embedded/adapter'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import type { NewEvent } from '@relais/event-store/port'
import type { Adapters } from '@relais/runtime/adapters'
import { type TerritoryFacts, territoryHistory } from '@relais/testkit/territory'
import type { TerritorySize } from '@relais/testkit/territory/people'
import { uuidOf } from '@relais/testkit/territory/people'
import { openTerritory } from './open-territory.ts'

/** Facts that are sealed and appended before the next ones: the log makes them durable together. */
const TOGETHER = 4000

/** The folder of a territory of this size, in `parent`, made when it is not there yet. Deleting it makes it anew. */
export async function territoryFolder(parent: string, size: TerritorySize): Promise<string> {
  const folder = join(parent, `territory-${size.inhabitants}-${size.years}y-${size.staysPerYear}-${size.seed}`)
  const made = join(folder, 'made.json')
  if (existsSync(made)) return folder
  mkdirSync(folder, { recursive: true })
  if (existsSync(join(folder, 'log'))) throw new Error(`${folder} was left half made: delete it`)
  const startedAt = performance.now()
  const events = await fill(folder, size)
  const seconds = (performance.now() - startedAt) / 1000
  writeFileSync(made, JSON.stringify({ size, events, seconds }))
  return folder
}

/** How many events the history of a folder has. */
export function eventsOf(folder: string): number {
  // Written above.
  return (JSON.parse(readFileSync(join(folder, 'made.json'), 'utf8')) as { events: number }).events
}

async function fill(folder: string, size: TerritorySize): Promise<number> {
  const log = await openEmbeddedLog({ folder: join(folder, 'log') })
  const { adapters, close } = await openTerritory(folder, embeddedEventStore(log))
  let events = 0
  let facts: TerritoryFacts[] = []
  for (const fact of territoryHistory(size)) {
    facts.push(fact)
    events += fact.events.length
    if (facts.length < TOGETHER) continue
    await append(adapters, facts)
    facts = []
  }
  await append(adapters, facts)
  await close()
  return events
}

async function append({ store, codecOf }: Adapters, facts: readonly TerritoryFacts[]): Promise<void> {
  const sealed = await Promise.all(facts.map((fact) => sealedFacts(codecOf, fact)))
  // Asked for in this order, they are appended in it.
  const appended = await Promise.all(sealed.map(({ name, expected, events }) => store.append(name, expected, events)))
  const refused = appended.findIndex((result) => !result.appended)
  if (refused >= 0) throw new Error(`${sealed[refused]?.name} has moved on`)
}

async function sealedFacts(codecOf: Adapters['codecOf'], { family, stream, expected, events, at }: TerritoryFacts) {
  // A family and its events belong together; their union does not say so.
  const codec = codecOf(family as never)
  const name = `${codec.category}-${stream}`
  const actor = { id: 'sender:bench', role: 'system' }
  const encoded = events.map(async (event, index): Promise<NewEvent> => {
    const id = uuidOf(name, expected, index)
    const metadata = { $correlationId: id, recordedAt: at, actor }
    return { id, ...(await codec.encode(event, id)), metadata }
  })
  return { name, expected, events: await Promise.all(encoded) }
}
