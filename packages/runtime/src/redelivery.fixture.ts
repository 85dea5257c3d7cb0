import type { Database } from '@relais/database/database'
import type { EventCodec } from '@relais/event-store/codec'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { codecSet, type EventOf } from '@relais/events/codec'
import { inMemoryKeyring } from '@relais/events/in-memory-keyring'
import type { Keyring } from '@relais/events/sealing'
import type { Projection } from '@relais/projections/projection'
import { startProjection } from '@relais/projections/runner'
import { logger } from '@relais/telemetry/logger'
import { waitUntil } from '@relais/testkit/wait-until'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { recorder, START } from './adapters.fixture.ts'

type Recorder = ReturnType<typeof recorder>
/** A fact that knows its family and its stream. Answers its position. */
export type Recordable = (record: Recorder) => Promise<number>

type Resumed<Codec extends EventCodec<unknown>> = {
  projection: Projection<EventOf<Codec>>
  codecs: (keyring: Keyring) => readonly Codec[]
  facts: fc.Arbitrary<Recordable>
  open: (schema: string) => Promise<Database<unknown>>
}

const EPOCH = '00000000-0000-4000-8000-000000000001'
const PATIENCE_MILLISECONDS = 20_000

/** The property that a projection stopped anywhere, and resumed from any earlier checkpoint, ends with the same view. */
export function resumesFromAnywhere<Codec extends EventCodec<unknown>>(resumed: Resumed<Codec>) {
  let round = 0
  const history = fc.array(resumed.facts, { minLength: 1, maxLength: 12 })
  return fc.asyncProperty(history, fc.nat(), fc.nat(), async (facts, stop, back) => {
    const store = inMemoryEventStore()
    const keyring = inMemoryKeyring()
    const record = recorder({ store, keyring, now: () => START })
    const database = await resumed.open(`resumed_${(round += 1)}`)
    const codecs = codecSet(resumed.codecs(keyring))
    const log = logger({ level: 'silent' })
    const follow = () =>
      startProjection({ projection: resumed.projection, codecs, store, database, epoch: EPOCH, log, now: () => START })

    const stopAfter = stop % facts.length
    const positions = [0]
    for (const fact of facts.slice(0, stopAfter)) positions.push(await fact(record))
    const first = follow()
    await first.reaches(positions.at(-1) ?? 0, PATIENCE_MILLISECONDS)
    await waitUntil(() => first.status().hasCaughtUp, 'catching up')
    await first.stop()

    const earlier = positions[back % positions.length] ?? 0
    await sql`update projection_checkpoint set position = ${earlier}`.execute(database.db)
    let end = 0
    for (const fact of facts.slice(stopAfter)) end = await fact(record)
    const second = follow()
    expect(await second.reaches(end, PATIENCE_MILLISECONDS)).toBe(true)
    const { matches } = await second.verify()
    await second.stop()
    await database.close()
    expect(matches).toBe(true)
  })
}
