const monthOf = (year: number, index: number) => {
  const at = new Date(Date.UTC(year, index, 1))
  return `${at.getUTCFullYear()}-${String(at.getUTCMonth() + 1).padStart(2, '0')}`
}

/** `2026-11`, of the universal clock, as figures are counted. */
export function monthAt(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 7)
}

/** So many months later, or earlier. */
export function addMonths(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return monthOf(year, number - 1 + by)
}

/** Each month from one until before another. */
export function monthsBetween(from: string, until: string): string[] {
  const months: string[] = []
  for (let month = from; month < until; month = addMonths(month, 1)) months.push(month)
  return months
}
