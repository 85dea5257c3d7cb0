export type Hole = { from: string; to: string; count: number }

/** Fewer ids than this show no habit. */
const FEWEST = 3
/** A sender that begins to count elsewhere has lost nothing. */
const LARGEST_HOLE = 1000n

/**
 * The runs that are missing between control ids, for a sender that counts its messages one by one: most of its ids follow
 * another one. Of others, and of what comes before the first or after the last, nothing can be said.
 */
export function holesIn(controlIds: readonly string[]): Hole[] {
  const numbers = [...new Set(controlIds.map(BigInt))].toSorted((one, other) =>
    one < other ? -1 : Number(one > other),
  )
  const steps = numbers.slice(1).map((number, index) => ({ after: numbers[index] ?? number, number }))
  const following = steps.filter(({ after, number }) => number - after === 1n)
  if (numbers.length < FEWEST || following.length * 2 < steps.length) return []
  return steps.flatMap(({ after, number }) => {
    const count = number - after - 1n
    if (count < 1n || count > LARGEST_HOLE) return []
    return [{ from: String(after + 1n), to: String(number - 1n), count: Number(count) }]
  })
}
