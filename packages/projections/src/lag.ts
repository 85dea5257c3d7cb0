import type { RecordedEvent } from '@relais/event-store/port'

/** How long what waits has been waiting: since it was recorded, or since the log was lost. */
export type LagMeter = {
  working(first: RecordedEvent | undefined): void
  handled(last: RecordedEvent | undefined): void
  upToDate(): void
  interrupted(): void
  milliseconds(): number
}

export function lagMeter(now: () => string): LagMeter {
  const instant = () => Date.parse(now())
  let behindSince: number | undefined = instant()
  const since = (event: RecordedEvent | undefined) => {
    const recordedAt = event?.metadata['recordedAt']
    const recorded = typeof recordedAt === 'string' ? Date.parse(recordedAt) : Number.NaN
    if (!Number.isNaN(recorded)) behindSince = recorded
  }
  return {
    working: since,
    handled: since,
    upToDate: () => (behindSince = undefined),
    interrupted: () => (behindSince ??= instant()),
    milliseconds: () => (behindSince === undefined ? 0 : Math.max(0, instant() - behindSince)),
  }
}
