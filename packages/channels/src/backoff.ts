const FIRST_MILLISECONDS = 250
const LONGEST_MILLISECONDS = 30_000

/** How long to wait before the next attempt: doubling, capped, and spread over its upper half by `random` in [0, 1). */
export function backoffMilliseconds(failures: number, random: () => number): number {
  const delay = Math.min(LONGEST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** Math.min(failures, 10))
  return (delay * (1 + random())) / 2
}
