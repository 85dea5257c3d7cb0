const LATEST_MILLISECONDS = 3000
const AGAIN_MILLISECONDS = 30_000

/** Fetches something that a page may need later, once it has nothing better to do; again where that failed. */
export function whenIdle(fetchIt: () => Promise<unknown>): void {
  const attempt = () =>
    void fetchIt().catch(() => {
      setTimeout(attempt, AGAIN_MILLISECONDS)
    })
  // Not every browser says when it is idle.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(attempt, { timeout: LATEST_MILLISECONDS })
  else setTimeout(attempt, LATEST_MILLISECONDS)
}
