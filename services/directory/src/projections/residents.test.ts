import type { PatientId } from '@relais/contracts/primitives'
import {
  type ResidentEvent,
  residentEvents,
  type ResidentId,
  type ResidentMatchEvent,
  residentMatchEvents,
} from '@relais/contracts/residents'
import { eventCodec } from '@relais/events/codec'
import { type Recordable, resumesFromAnywhere } from '@relais/runtime/redelivery.fixture'
import { anyPatientId } from '@relais/testkit/arbitraries'
import { eachDatabase } from '@relais/testkit/databases'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { doubtsOf } from './register-pages.ts'
import { residents, type ResidentTables } from './residents.ts'

const at = '2026-11-02T09:00:00.000Z'
const ehpad = '990000028'
const residentIds = [1, 2].map((n) => `${'e'.repeat(8)}-0000-4000-8000-00000000000${n}` as ResidentId)
const anyResident = fc.constantFrom(...residentIds)
const identity = { documentId: crypto.randomUUID(), size: 1, mediaType: 'application/json', sha256: 'a'.repeat(64) }

const registerFact = fc
  .tuple(anyResident, fc.constantFrom('entered', 'identity', 'moved', 'left'), fc.constantFrom('1', '2'))
  .map(([residentId, what, room]): Recordable => {
    const named = { residentId, ehpad }
    const events: Record<string, ResidentEvent> = {
      entered: {
        type: 'ResidentEntered',
        data: { ...named, identity, hasIns: true, ...(room === '1' ? { room } : {}), enteredAt: at },
      },
      identity: { type: 'ResidentIdentityChanged', data: { ...named, identity, hasIns: false, changedAt: at } },
      moved: { type: 'ResidentMoved', data: { ...named, room, movedAt: at } },
    }
    const event = events[what] ?? { type: 'ResidentLeft', data: { ...named, reason: 'exit', leftAt: at } }
    return (record) => record(residentEvents, event, { owner: residentId })
  })

function matchEvents(residentId: ResidentId, patientId: PatientId): ResidentMatchEvent[] {
  const pair = { residentId, ehpad, patientId }
  const twin = { residentId: residentIds[0] ?? residentId, ehpad: '990000036' }
  return [
    { type: 'ResidentMatched', data: { ...pair, ground: 'qualifiedIns', matchedAt: at } },
    { type: 'ResidentUnmatched', data: { ...pair, reason: 'left', unmatchedAt: at } },
    { type: 'ResidentMatchDoubted', data: { ...pair, reason: 'insMissing', differing: [], doubtedAt: at } },
    {
      type: 'ResidentMatchDoubted',
      data: { residentId, ehpad, twin, reason: 'presentTwice', differing: [], doubtedAt: at },
    },
    { type: 'ResidentDoubtCleared', data: { ...pair, clearedAt: at } },
    { type: 'ResidentDoubtCleared', data: { residentId, ehpad, twin, clearedAt: at } },
  ]
}
const matchFact = fc
  .tuple(anyResident, anyPatientId, fc.nat({ max: 5 }))
  .map(([residentId, patientId, n]): Recordable => {
    const [first, ...others] = matchEvents(residentId, patientId)
    const event = [first, ...others][n] ?? first
    return (record) =>
      event ? record(residentMatchEvents, event, { owner: residentId }) : Promise.reject(new Error('none'))
  })

eachDatabase('the registers', (open) => {
  test('are the same, stopped anywhere and resumed from any earlier checkpoint', async () => {
    const property = resumesFromAnywhere({
      projection: residents,
      codecs: (keyring) => [
        eventCodec<ResidentEvent>(residentEvents, keyring),
        eventCodec<ResidentMatchEvent>(residentMatchEvents, keyring),
      ],
      facts: fc.oneof(registerFact, matchFact),
      open,
    })
    await fc.assert(property, { numRuns: 6 })
  })

  test('say their doubts page by page, the oldest first, each once', async () => {
    const database = await open<ResidentTables>('doubts')
    const { schema } = database.db
    const columns = Object.keys(residents.tables['resident_doubt']?.columns ?? {})
    let table = schema.createTable('resident_doubt')
    for (const column of columns) table = table.addColumn(column, 'text')
    await table.execute()
    const rows = Array.from({ length: 9 }, (_, n) => ({
      resident_id: residentIds[n % 2] ?? '',
      counterpart: `${'a'.repeat(8)}-0000-4000-8000-00000000000${n}`,
      ehpad,
      reason: 'insMissing',
      patient_id: `${'a'.repeat(8)}-0000-4000-8000-00000000000${n}`,
      other_ehpad: null,
      differing: '["givenName"]',
      doubted_at: n < 6 ? at : '2026-11-01T09:00:00.000Z',
    }))
    const elsewhere = rows.map((row) => ({
      ...row,
      ehpad: '990000036',
      counterpart: row.counterpart.replace(/^a/, 'b'),
    }))
    await database.db
      .insertInto('resident_doubt')
      .values([...rows, ...elsewhere])
      .execute()
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await doubtsOf(database, ehpad, { limit: 2, after })
      if (page === 'cursorUnknown') throw new Error(page)
      seen.push(...page.doubts.map(({ patientId = '' }) => patientId.slice(-1)))
      after = page.next
    } while (after !== undefined)
    expect(seen).toEqual(['6', '8', '7', '0', '2', '4', '1', '3', '5'])
    expect(await doubtsOf(database, ehpad, { limit: 2, after: 'bm93aGVyZQ' })).toBe('cursorUnknown')
  })
})
