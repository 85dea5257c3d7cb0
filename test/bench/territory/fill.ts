import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { embeddedEventStore } from '@relais/event-store-embedded/adapter'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import type { NewEvent } from '@relais/event-store/port'
import type { Adapters } from '@relais/runtime/adapters'
import { territoryHistory } from '@relais/testkit/territory'
import type { LoopFacts } from '@relais/testkit/territory-loops'
import type { TerritorySize } from '@relais/testkit/territory/people'
import { eventIdOf } from '@relais/testkit/territory/told'
import { openTerritory } from './open-territory.ts'

/** Facts that are sealed and appended before the next ones: the log makes them durable together. */
const TOGETHER = 4000
/** Whoever waits for minutes is told how far it is. */
const TOLD_EVERY_MILLISECONDS = 15_000

/** The folder of a territory of this size, in `parent`, made when it is not there yet. Deleting it makes it anew. */
export function territoryFolder(parent: string, size: TerritorySize): Promise<string> {
  const name = `territory-${size.inhabitants}-${size.years}y-${size.staysPerYear}-${size.seed}`
  return historyFolder(join(parent, name), size, () => territoryHistory(size))
}

/** A folder with this history, made when it is not there yet. */
export async function historyFolder(folder: string, size: TerritorySize, history: () => Iterable<LoopFacts>) {
  const made = join(folder, 'made.json')
  if (existsSync(made)) return folder
  mkdirSync(folder, { recursive: true })
  if (existsSync(join(folder, 'log'))) throw new Error(`${folder} was left half made: delete it`)
  const startedAt = performance.now()
  const events = await fill(folder, size, history())
  const seconds = (performance.now() - startedAt) / 1000
  writeFileSync(made, JSON.stringify({ size, events, seconds }))
  return folder
}

/** How many events the history of a folder has. */
export function eventsOf(folder: string): number {
  // Written above.
  return (JSON.parse(readFileSync(join(folder, 'made.json'), 'utf8')) as { events: number }).events
}

async function fill(folder: string, { years }: TerritorySize, history: Iterable<LoopFacts>): Promise<number> {
  const log = await openEmbeddedLog({ folder: join(folder, 'log') })
  const { adapters, close } = await openTerritory(folder, embeddedEventStore(log))
  let events = 0
  let facts: LoopFacts[] = []
  let toldAt = performance.now()
  for (const fact of history) {
    facts.push(fact)
    events += fact.events.length
    if (facts.length < TOGETHER) continue
    await append(adapters, facts)
    facts = []
    if (performance.now() - toldAt < TOLD_EVERY_MILLISECONDS) continue
    toldAt = performance.now()
    console.error(`making ${years} years of history: ${events.toLocaleString('en')} events, ${fact.at.slice(0, 10)}`)
  }
  await append(adapters, facts)
  await close()
  return events
}

async function append({ store, codecOf, vault }: Adapters, facts: readonly LoopFacts[]): Promise<void> {
  const documents = facts.flatMap((fact) => ('document' in fact ? [fact.document] : []))
  const mediaType = 'application/vnd.relais.identity+json'
  await Promise.all(documents.map((document) => vault.put({ ...document, mediaType })))
  const sealed = await Promise.all(facts.map((fact) => sealedFacts(codecOf, fact)))
  // Asked for in this order, they are appended in it.
  const appended = await Promise.all(sealed.map(({ name, expected, events }) => store.append(name, expected, events)))
  const refused = appended.findIndex((result) => !result.appended)
  if (refused >= 0) throw new Error(`${sealed[refused]?.name} has moved on`)
}

async function sealedFacts(codecOf: Adapters['codecOf'], { family, stream, expected, events, at }: LoopFacts) {
  // A family and its events belong together; their union does not say so.
  const codec = codecOf(family as never)
  const { category } = codec
  const actor = { id: 'sender:bench', role: 'system' }
  const encoded = events.map(async (event, index): Promise<NewEvent> => {
    const id = eventIdOf({ category, stream, expected }, index)
    const metadata = { $correlationId: id, recordedAt: at, actor }
    return { id, ...(await codec.encode(event, id)), metadata }
  })
  return { name: `${category}-${stream}`, expected, events: await Promise.all(encoded) }
}
