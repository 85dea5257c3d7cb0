export type ArrivalLimits = { ofAddress: number; inAll: number }
/** Seconds to wait; `undefined` for whoever may go on. */
export type Arrivals = (address: string | undefined) => number | undefined

/**
 * As many as a hospital signs in at the change of a shift, from behind one address. Behind a proxy, everybody has that of
 * the proxy.
 */
export const arrivalLimits: ArrivalLimits = { ofAddress: 300, inAll: 1500 }
const MINUTE_MILLISECONDS = 60_000

/** How often somebody may come in a minute, to this process: one who may not does not count for the others. */
export function arrivals({ ofAddress, inAll }: ArrivalLimits, now: () => number): Arrivals {
  let minute = { startedAt: -Infinity, all: 0, byAddress: new Map<string, number>() }
  return (address = '') => {
    const at = now()
    // A clock that is set back MUST NOT keep anybody out.
    const isOver = at < minute.startedAt || at - minute.startedAt >= MINUTE_MILLISECONDS
    if (isOver) minute = { startedAt: at, all: 0, byAddress: new Map() }
    const ofThis = minute.byAddress.get(address) ?? 0
    if (ofThis >= ofAddress || minute.all >= inAll)
      return Math.ceil((minute.startedAt + MINUTE_MILLISECONDS - at) / 1000)
    minute.all += 1
    minute.byAddress.set(address, ofThis + 1)
    return undefined
  }
}
