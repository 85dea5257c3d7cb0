const two = (value: number) => String(value).padStart(2, '0')

/** What a field `datetime-local` shows for an instant, on this device's clock; to the minute. */
export function localInput(milliseconds: number): string {
  const at = new Date(milliseconds)
  return `${dayInput(milliseconds)}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** The same for a field `date`. */
export function dayInput(milliseconds: number): string {
  const at = new Date(milliseconds)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** The instant that such a field holds; `undefined` for what is none. A day alone is its midnight here. */
export function instantOfInput(text: string): string | undefined {
  const milliseconds = new Date(text.length === 10 ? `${text}T00:00` : text).getTime()
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString()
}
