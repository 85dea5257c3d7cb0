import { randomUUID } from 'node:crypto'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'

/** Appends three events at a time from eight writers, and prints each append once it is acknowledged. */
const [folder = ''] = process.argv.slice(2)
const log = await openEmbeddedLog({ folder })

async function keepWriting(): Promise<never> {
  const stream = `killed-${randomUUID()}`
  let revision: number | 'noStream' = 'noStream'
  for (;;) {
    const events = [1, 2, 3].map((data) => {
      return { id: randomUUID(), type: 'Noted', json: false, data: Buffer.alloc(data * 500), metadata: Buffer.alloc(0) }
    })
    const outcome = await log.append(stream, revision, events)
    if (!outcome.appended) throw new Error(`not appended: ${stream} is at ${outcome.revision}`)
    revision = outcome.revision
    const acknowledged = { stream, revision, position: outcome.position, ids: events.map(({ id }) => id) }
    process.stdout.write(`${JSON.stringify(acknowledged)}\n`)
  }
}

await Promise.all(Array.from({ length: 8 }, keepWriting))
