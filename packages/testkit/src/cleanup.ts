type Cleanup = () => void | Promise<void>

const cleanups: Cleanup[] = []

/** Runs once the current test file has ended, after its own hooks; the last registered first. */
export function afterTestFile(cleanup: Cleanup): void {
  cleanups.push(cleanup)
}

/** Runs what was registered, each even if another failed. @throws AggregateError of what failed. */
export async function runCleanups(): Promise<void> {
  const failures: unknown[] = []
  for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) {
    try {
      await cleanup()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Cleaning up failed')
}
