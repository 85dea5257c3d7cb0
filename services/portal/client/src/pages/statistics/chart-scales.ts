/** From a value to a place, in one straight line. */
export function linear([from, to]: readonly [number, number], [start, end]: readonly [number, number]) {
  const size = to - from
  return (value: number): number => (size === 0 ? start : start + ((value - from) / size) * (end - start))
}

const STEPS = [1, 2, 5, 10]

/** Round values from 0 to the first at or above `most`, about `count` of them; counts are never cut in pieces. */
export function ticksUpTo(most: number, count = 4): number[] {
  const rough = Math.max(most, 1) / count
  const magnitude = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, magnitude * (STEPS.find((each) => each * magnitude >= rough) ?? 10))
  const last = Math.max(1, Math.ceil(most / step))
  return Array.from({ length: last + 1 }, (_, index) => index * step)
}

export type Band = { start: number; size: number }

/** Places of equal size beside one another, with a gap of so much of each. */
export function bands(count: number, [start, end]: readonly [number, number], gap = 0.25): Band[] {
  const each = (end - start) / Math.max(count, 1)
  return Array.from({ length: count }, (_, index) => ({
    start: start + each * index + (each * gap) / 2,
    size: each * (1 - gap),
  }))
}

export type Part = { from: number; to: number }

/** Values on top of one another. */
export function stacked(values: readonly number[]): Part[] {
  let top = 0
  return values.map((value) => {
    const from = top
    top += value
    return { from, to: top }
  })
}
