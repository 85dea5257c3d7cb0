const HOSPITAL_ZONE = 'Europe/Paris'
/** A whole time of HL7 v2 (TS): `20261120101500`, alone in its field or component. Dates of birth are shorter. */
const TIME = /(?<=[|^~])\d{14}(?=[|^~\r]|$)/g

/**
 * The same messages, moved in time together so that the last of what they say is of `instant`, on the wall clock of the
 * demonstration's hospital: an example is worth more when it happens now. Texts without a time stay as they are.
 */
export function movedTo(instant: Date, messages: readonly string[]): string[] {
  const last = messages
    .flatMap((text) => text.match(TIME) ?? [])
    .toSorted()
    .at(-1)
  if (last === undefined) return [...messages]
  const distance = wallClock(instant) - millisecondsOf(last)
  return messages.map((text) => text.replaceAll(TIME, (time) => timeOf(millisecondsOf(time) + distance)))
}

/** Wall clocks are counted as if they were the universal one: nobody asks how long an hour of change was. */
function millisecondsOf(time: string): number {
  const [year = 0, month = 1, day = 1, hour, minute, second] = [0, 4, 6, 8, 10, 12].map((start) =>
    Number(time.slice(start, start === 0 ? 4 : start + 2)),
  )
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function wallClock(instant: Date): number {
  return millisecondsOf(instant.toLocaleString('sv-SE', { timeZone: HOSPITAL_ZONE }).replaceAll(/\D/g, ''))
}

const timeOf = (milliseconds: number) => new Date(milliseconds).toISOString().replaceAll(/\D/g, '').slice(0, 14)
