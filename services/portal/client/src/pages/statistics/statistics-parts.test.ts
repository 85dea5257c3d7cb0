import { describe, expect, test } from 'vitest'
import { bands, linear, stacked, ticksUpTo } from './chart-scales.ts'
import { csvOf } from './csv.ts'
import { delayText } from './delay-text.ts'
import { addMonths, monthAt, monthsBetween } from './months.ts'

describe('scales', () => {
  test('a value has its place, also where all are the same', () => {
    const place = linear([0, 10], [100, 0])
    expect([place(0), place(5), place(10)]).toEqual([100, 50, 0])
    expect(linear([0, 0], [100, 0])(0)).toBe(100)
  })
  test.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [40, [0, 10, 20, 30, 40]],
    [101, [0, 50, 100, 150]],
    [999, [0, 500, 1000]],
  ])('an axis up to %i has round values, and reaches it', (most, expected) => expect(ticksUpTo(most)).toEqual(expected))
  test('bands share the room, and leave gaps', () => {
    expect(bands(2, [0, 100], 0.2)).toEqual([
      { start: 5, size: 40 },
      { start: 55, size: 40 },
    ])
    expect(bands(0, [0, 100])).toEqual([])
  })
  test('parts lie on one another', () =>
    expect(stacked([3, 0, 2])).toEqual([
      { from: 0, to: 3 },
      { from: 3, to: 3 },
      { from: 3, to: 5 },
    ]))
})

describe('months', () => {
  test('follow one another over the year', () => {
    expect(addMonths('2026-11', 3)).toBe('2027-02')
    expect(addMonths('2026-01', -1)).toBe('2025-12')
    expect(monthsBetween('2026-11', '2027-02')).toEqual(['2026-11', '2026-12', '2027-01'])
    expect(monthsBetween('2026-11', '2026-11')).toEqual([])
  })
  test('are of the universal clock', () => expect(monthAt(Date.parse('2026-11-30T23:30:00.000Z'))).toBe('2026-11'))
})

describe('a file', () => {
  test('has semicolons, and quotes what holds one', () =>
    expect(
      csvOf([
        ['a', 'b;c', 'dit "oui"'],
        [1, undefined, 'é'],
      ]),
    ).toBe('\uFEFFa;"b;c";"dit ""oui"""\r\n1;;é\r\n'))
  test('holds no formula, whatever somebody is called', () =>
    expect(csvOf([['=1+1', '@SUM(A1)', '-2', '+33', 'a=b']])).toBe("\uFEFF'=1+1;'@SUM(A1);'-2;'+33;a=b\r\n"))
})

test.each([
  [90, '2 min'],
  [3600, '1 h'],
  [5400, '1,5 h'],
  [100_000, '28 h'],
  [172_800, '2 j'],
  [950_000, '11 j'],
])('a delay of %i s is said in words', (seconds, text) => expect(delayText(seconds, 'fr')).toBe(text))
