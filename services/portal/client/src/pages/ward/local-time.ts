/** What a field of date and time holds, and the instant that it means where this device is. */
const MINUTE_MILLISECONDS = 60_000

export function toLocal(milliseconds: number): string {
  const offset = new Date(milliseconds).getTimezoneOffset() * MINUTE_MILLISECONDS
  return new Date(milliseconds - offset).toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length)
}

/** `undefined` for what is no date and time. */
export function fromLocal(text: string): string | undefined {
  const at = new Date(text)
  return text === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
