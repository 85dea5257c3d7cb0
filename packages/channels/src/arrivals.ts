export type ArrivalLimits = { unwelcomedSockets: number; unwelcomedSocketsPerAddress: number }

/** The sockets that were let in and have not been welcomed yet: nobody knows whose they are. */
export type Arrivals = {
  hasRoom(address: string): boolean
  /** Answers what to call when the socket is welcomed and when it is gone; only the first call counts. */
  enter(address: string): () => void
}

/** Counts them, whole and by address. */
export function openArrivals(limits: ArrivalLimits): Arrivals {
  const sockets = new Map<string, number>()
  let total = 0
  const of = (address: string) => sockets.get(address) ?? 0
  return {
    hasRoom: (address) => total < limits.unwelcomedSockets && of(address) < limits.unwelcomedSocketsPerAddress,
    enter(address) {
      total += 1
      sockets.set(address, of(address) + 1)
      let isHere = true
      return () => {
        if (!isHere) return
        isHere = false
        total -= 1
        if (of(address) > 1) sockets.set(address, of(address) - 1)
        else sockets.delete(address)
      }
    },
  }
}
