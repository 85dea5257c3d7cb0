/** An instant as a field of the device's own time shows it, to the minute. */
export function toField(instant: string): string {
  const at = new Date(instant)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** The end of the minute that a field says: what happened in it is part of it. `undefined` for a field that says nothing. */
export function fromField(text: string): string | undefined {
  const begin = Date.parse(text)
  return Number.isNaN(begin) ? undefined : new Date(begin + 59_999).toISOString()
}
