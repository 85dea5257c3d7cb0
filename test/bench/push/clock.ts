const NANOSECONDS_PER_MILLISECOND = 1e6

/** Milliseconds of a clock that all threads of a process share and that never goes back. */
export function monotonic(): number {
  return Number(process.hrtime.bigint()) / NANOSECONDS_PER_MILLISECOND
}
