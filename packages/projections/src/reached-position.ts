type Waiter = { position: number; settle: (reached: boolean) => void }

/** A position that only grows, and those who wait for it. */
export function reachedPosition() {
  let reached = 0
  let hasGivenUp = false
  const waiters = new Set<Waiter>()

  const settleAll = () => {
    for (const waiter of waiters) {
      if (waiter.position <= reached) waiter.settle(true)
      else if (hasGivenUp) waiter.settle(false)
    }
  }
  return {
    status: () => (reached === 0 ? {} : { position: reached }),
    moveTo(position: number) {
      reached = Math.max(reached, position)
      if (waiters.size > 0) settleAll()
    },
    /** Nothing will move any more. */
    giveUp() {
      hasGivenUp = true
      settleAll()
    },
    async reaches(position: number, timeoutMilliseconds: number): Promise<boolean> {
      if (position <= reached) return true
      if (hasGivenUp || timeoutMilliseconds <= 0) return false
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const waiter = { position, settle: resolve }
      waiters.add(waiter)
      const timer = setTimeout(() => resolve(false), timeoutMilliseconds)
      const outcome = await promise
      clearTimeout(timer)
      waiters.delete(waiter)
      return outcome
    },
  }
}
