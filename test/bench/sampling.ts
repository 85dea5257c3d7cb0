import { readFileSync } from 'node:fs'

/** The value below which this share (0 to 1) of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = Float64Array.from(samples).toSorted()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5)
}

/** The median of each figure over the rounds of a run. */
export function medians<Figure extends string>(rounds: readonly Record<Figure, number>[]): Record<Figure, number> {
  const [first] = rounds
  if (!first) throw new Error('A run has at least one round')
  // The figures of every round are those of the first.
  const figures = Object.keys(first) as Figure[]
  const middle = figures.map((figure) => [figure, median(rounds.map((round) => round[figure]))] as const)
  // Made of the same keys just above.
  return Object.fromEntries(middle) as Record<Figure, number>
}

const TICKS_PER_SECOND = 100

/** Seconds of processor that all threads of a process have used so far (`/proc`, hence Linux). */
export function processorSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

export function residentMebibytes(pid: number): number {
  const [, kibibytes = NaN] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) / 1024
}
