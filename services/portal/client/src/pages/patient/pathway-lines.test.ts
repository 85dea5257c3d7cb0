import type { PathwayView } from '@relais/contracts/pathway'
import { expect, test } from 'vitest'
import { chosenOf, collapsed, knownAt, linesOf, momentsOf, partsOf, type ShownEntry } from './pathway-lines.ts'

type Known = Pick<PathwayView, 'entries' | 'exchanges'>
const at = (hour: number, minute = 0) =>
  `2026-11-20T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00.000Z`
const STAY = '00000000-0000-4000-8000-00000000000a'
const RPPS = 'rpps:99900000017'

function entry(entryId: string, said: Partial<ShownEntry>): ShownEntry {
  // Ids are those of a test: none is checked here.
  return {
    entryId,
    patientId: 'p',
    stayId: STAY,
    kind: 'admission',
    happenedAt: at(8),
    recordedAt: at(8),
    wards: [],
    flags: [],
    state: 'current',
    ...said,
  } as ShownEntry
}
function loop(entryId: string, happenedAt: string, said: object = {}): Known['exchanges'][number] {
  return {
    kind: 'loop',
    entryId,
    happenedAt,
    recordedAt: happenedAt,
    change: 'stepOpened',
    runId: 'r',
    ...said,
  } as never
}
const ids = (lines: readonly { id: string }[]) => lines.map(({ id }) => id)

test('what people asked of each other stands between what happened, by when it happened', () => {
  const known = {
    entries: [entry('a', { happenedAt: at(8) }), entry('c', { happenedAt: at(10) })],
    exchanges: [loop('b', at(9)), loop('d', at(11))],
  }
  expect(ids(linesOf(known))).toEqual(['a', 'b', 'c', 'd'])
  expect(ids(linesOf({ ...known, exchanges: [] }))).toEqual(['a', 'c'])
  expect(ids(linesOf({ ...known, entries: [] }))).toEqual(['b', 'd'])
})

test('of two things that happened together, the one that was learned first comes first', () => {
  const entries = [entry('a', { recordedAt: at(9) })]
  expect(ids(linesOf({ entries, exchanges: [loop('b', at(8))] }))).toEqual(['b', 'a'])
})

/** An admission, corrected twice, then withdrawn. */
const movement = { movementId: 'm' as never }
const history: Known = {
  entries: [
    entry('admission', { ...movement, recordedAt: at(8), state: 'withdrawn', supersededBy: 'withdrawal' }),
    entry('first', {
      ...movement,
      kind: 'correction',
      changed: ['room'],
      recordedAt: at(9),
      state: 'withdrawn',
      supersededBy: 'withdrawal',
    }),
    entry('late', {
      ...movement,
      kind: 'correction',
      changed: [],
      recordedAt: at(10),
      state: 'withdrawn',
      supersededBy: 'withdrawal',
    }),
    entry('second', {
      ...movement,
      kind: 'correction',
      changed: ['bed'],
      recordedAt: at(11),
      state: 'withdrawn',
      supersededBy: 'withdrawal',
    }),
    entry('withdrawal', { ...movement, kind: 'withdrawal', recordedAt: at(12) }),
  ],
  exchanges: [loop('asked', at(10, 30))],
}
const statesAt = (instant: string) =>
  Object.fromEntries(
    knownAt(history, instant).entries.map(({ entryId, state, supersededBy }) => [entryId, [state, supersededBy]]),
  )

test('at an instant, only what had been recorded by then is known', () => {
  expect(knownAt(history, at(7)).entries).toEqual([])
  expect(statesAt(at(8))).toEqual({ admission: ['current', undefined] })
  expect(knownAt(history, at(10, 29)).exchanges).toEqual([])
  expect(knownAt(history, at(10, 30)).exchanges).toHaveLength(1)
})

test('what was corrected only later stands as it was first told', () => {
  expect(statesAt(at(9))).toEqual({ admission: ['corrected', 'first'], first: ['current', undefined] })
  expect(statesAt(at(8, 59))).toEqual({ admission: ['current', undefined] })
})

test('a correction that changed nothing supersedes nothing, and a later one takes the place of the one before', () => {
  expect(statesAt(at(10))).toMatchObject({ admission: ['corrected', 'first'], first: ['current', undefined] })
  expect(statesAt(at(11))).toMatchObject({ admission: ['corrected', 'second'], first: ['corrected', 'second'] })
})

test('known at the last moment is what is known now', () => {
  expect(knownAt(history, momentsOf(history).at(-1) ?? '')).toEqual(history)
})

test('the moments are those at which something was learned, each once', () => {
  expect(momentsOf(history)).toEqual([at(8), at(9), at(10), at(10, 30), at(11), at(12)])
})

const leave = (id: string, kind: 'leave' | 'return', hour: number, said: Partial<ShownEntry> = {}) =>
  entry(id, { kind, happenedAt: at(hour), recordedAt: at(hour), ...said })

test('leaves that follow each other are one line, that keeps each of them', () => {
  const entries = [
    entry('in', {}),
    leave('l1', 'leave', 9),
    leave('r1', 'return', 10),
    leave('l2', 'leave', 11),
    leave('r2', 'return', 12),
    entry('out', { kind: 'discharge', happenedAt: at(13) }),
  ]
  const lines = collapsed(linesOf({ entries, exchanges: [loop('between', at(10, 30))] }))
  expect(ids(lines)).toEqual(['in', 'between', 'leaves-l1', 'out'])
  expect(lines[2]).toMatchObject({
    type: 'leaves',
    at: at(12),
    lines: [{ id: 'l1' }, { id: 'r1' }, { id: 'l2' }, { id: 'r2' }],
  })
})

test('a leave alone, one that was withdrawn, and those of different stays stay as they are', () => {
  const other = '00000000-0000-4000-8000-00000000000b' as never
  const entries = [
    leave('l1', 'leave', 9),
    leave('other', 'leave', 10, { stayId: other }),
    leave('gone', 'leave', 11, { state: 'withdrawn' }),
    leave('r1', 'return', 12),
  ]
  expect(ids(collapsed(linesOf({ entries, exchanges: [] })))).toEqual(['l1', 'other', 'gone', 'r1'])
})

test('lines are chosen by kind, by stay and by who they name', () => {
  const entries = [
    entry('a', {}),
    entry('b', {
      kind: 'circleJoined',
      member: { memberId: RPPS as never, role: 'medecin-traitant' },
      stayId: undefined,
    } as never),
  ]
  const lines = linesOf({
    entries,
    exchanges: [loop('c', at(9), { recipient: RPPS }), loop('d', at(10), { runId: undefined, referralId: 'x' })],
  })
  expect(ids(chosenOf(lines, {}))).toEqual(['a', 'b', 'c', 'd'])
  expect(ids(chosenOf(lines, { kind: 'circle' }))).toEqual(['b'])
  expect(ids(chosenOf(lines, { kind: 'referral' }))).toEqual(['d'])
  expect(ids(chosenOf(lines, { stayId: STAY }))).toEqual(['a'])
  expect(ids(chosenOf(lines, { actor: RPPS }))).toEqual(['b', 'c'])
})

test('what arrives changes the first part only', () => {
  const lines = linesOf({ entries: [1, 2, 3, 4, 5].map((n) => entry(`e${n}`, { happenedAt: at(n) })), exchanges: [] })
  const before = partsOf(lines.slice(0, 4), 2)
  const after = partsOf(lines, 2)
  expect(after.map((part) => ids(part.lines))).toEqual([['e5'], ['e4', 'e3'], ['e2', 'e1']])
  expect(after.slice(1)).toEqual(before)
})
