import { describe, expect, test } from 'vitest'
import type { Instant } from '@relais/contracts/primitives'
import { accept, reject, type Decider } from '@relais/decider/decider'
import type { EventCodec } from './codec.ts'
import { commandHandler, type CommandContext } from './command-handler.ts'
import { inMemoryEventStore } from './in-memory.ts'
import type { RecordedEvent } from './port.ts'

type TakeBed = { type: 'TakeBed'; stay: string }
type BedTaken = { type: 'BedTaken'; data: { stay: string } }
type WardFull = { code: 'wardFull' }

const wardOfThreeBeds: Decider<TakeBed, BedTaken, readonly string[], WardFull> = {
  initialState: [],
  evolve: (stays, { data }) => [...stays, data.stay],
  decide({ stay }, stays) {
    if (stays.includes(stay)) return accept()
    if (stays.length === 3) return reject({ code: 'wardFull' })
    return accept({ type: 'BedTaken', data: { stay } })
  },
}

const metadata = { $correlationId: 'c1', $causationId: undefined, actor: { id: 'rpps:1', role: 'cadre' } }
const context: CommandContext = { metadata }
const takeBed = (stay: string): TakeBed => ({ type: 'TakeBed', stay })

function decode({ data, ...recorded }: RecordedEvent) {
  const stay = data['stay']
  if (recorded.type !== 'BedTaken.v1' || typeof stay !== 'string') return undefined
  const event: BedTaken = { type: 'BedTaken', data: { stay } }
  return { ...recorded, type: 'BedTaken', routing: {}, event: stay === 'forgotten' ? undefined : event }
}

/** A ward `w1` in memory. `meanwhile` runs between the decision and its append. */
function ward(meanwhile: () => Promise<void> = async () => {}) {
  const store = inMemoryEventStore()
  const codec: EventCodec<BedTaken> = {
    category: 'ward',
    async encode({ data }) {
      await meanwhile()
      return { type: 'BedTaken.v1', data }
    },
    async decode(recorded) {
      const decoded = decode(recorded)
      return decoded && { ...decoded, metadata: { ...metadata, recordedAt: '2026-11-22T08:00:00.000Z' } }
    },
  }
  let made = 0
  let seconds = 0
  const now = (): Instant => `2026-11-22T08:00:${String((seconds += 1)).padStart(2, '0')}.000Z`
  const newId = () => `id${(made += 1)}`
  const handle = commandHandler(wardOfThreeBeds, { store, codec, now, newId })
  const stored = async () => {
    const events: RecordedEvent[] = []
    for await (const event of store.readStream('ward-w1')) events.push(event)
    return events
  }
  async function append(stay: string, type = 'BedTaken.v1') {
    const revision = (await stored()).length - 1
    await store.append('ward-w1', revision < 0 ? 'noStream' : revision, [
      { id: stay, type, data: { stay }, metadata: {} },
    ])
  }
  const stays = async () => (await stored()).map(({ data }) => data['stay'])
  return { handle, stored, stays, append }
}

describe('handling a command', () => {
  test('what is decided is appended to the stream of its category, with when we learned of it', async () => {
    const { handle, stored } = ward()
    const result = await handle('w1', takeBed('s1'), context)
    const [event] = await stored()
    expect(result).toEqual({
      accepted: true,
      events: [{ type: 'BedTaken', data: { stay: 's1' } }],
      revision: 0,
      position: event?.position,
    })
    const actor = { id: 'rpps:1', role: 'cadre' }
    expect(event).toMatchObject({ id: 'id1', type: 'BedTaken.v1', data: { stay: 's1' }, stream: 'ward-w1' })
    expect(event?.metadata).toEqual({ $correlationId: 'c1', actor, recordedAt: '2026-11-22T08:00:01.000Z' })
  })

  test('a rejection is answered, and nothing is written', async () => {
    const { handle, stays, append } = ward()
    for (const stay of ['s1', 's2', 's3']) await append(stay)
    await expect(handle('w1', takeBed('s4'), context)).resolves.toEqual({
      accepted: false,
      rejection: { code: 'wardFull' },
    })
    await expect(stays()).resolves.toEqual(['s1', 's2', 's3'])
  })

  test('what is already true writes nothing, and answers where the stream is', async () => {
    const { handle, stored } = ward()
    const first = await handle('w1', takeBed('s1'), context)
    await expect(handle('w1', takeBed('s1'), context)).resolves.toEqual({ ...first, events: [] })
    await expect(stored()).resolves.toHaveLength(1)
  })

  test('a forgotten event and a type of others take no part in the decision', async () => {
    const { handle, append, stays } = ward()
    for (const stay of ['s1', 's2', 'forgotten']) await append(stay)
    await append('s3', 'BedCleaned.v1')
    await expect(handle('w1', takeBed('s4'), context)).resolves.toMatchObject({ accepted: true, revision: 4 })
    await expect(stays()).resolves.toEqual(['s1', 's2', 'forgotten', 's3', 's4'])
  })

  test('the ids of a reaction are those it derives', async () => {
    const { handle, stored } = ward()
    await handle('w1', takeBed('s1'), { ...context, eventId: (index) => `derived-${index}` })
    await expect(stored()).resolves.toMatchObject([{ id: 'derived-0' }])
  })
})

describe('handling a command while others write', () => {
  /** A ward where another stay takes a bed before each of the first `count` appends. */
  function contended(count: number, type: string) {
    let left = count
    const opened = ward(async () => {
      if (left > 0) await opened.append(`other${(left -= 1)}`, type)
    })
    return opened
  }

  test('it decides again on what was written meanwhile', async () => {
    const { handle, append, stays } = contended(1, 'BedTaken.v1')
    for (const stay of ['s1', 's2']) await append(stay)
    await expect(handle('w1', takeBed('s3'), context)).resolves.toMatchObject({ accepted: false })
    await expect(stays()).resolves.toEqual(['s1', 's2', 'other0'])
  })

  test('it keeps the moment of the first attempt', async () => {
    const { handle, stored } = contended(2, 'BedCleaned.v1')
    await handle('w1', takeBed('s1'), context)
    expect((await stored()).at(-1)?.metadata).toMatchObject({ recordedAt: '2026-11-22T08:00:01.000Z' })
  })

  test('four conflicts in a row are overcome', async () => {
    const { handle } = contended(4, 'BedCleaned.v1')
    await expect(handle('w1', takeBed('s1'), context)).resolves.toMatchObject({ accepted: true, revision: 4 })
  })

  test('after a fifth the command is given up, with nothing written', async () => {
    const { handle, stays } = contended(5, 'BedCleaned.v1')
    await expect(handle('w1', takeBed('s1'), context)).rejects.toMatchObject({ code: 'concurrencyExhausted' })
    await expect(stays()).resolves.not.toContain('s1')
  })
})
