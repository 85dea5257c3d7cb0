import { getContainerRuntimeClient } from 'testcontainers'

/**
 * Whether a container runtime answers here; `why` is for the skipped test to print:
 * `test.skipIf(!runtime.available)`.
 */
export type ContainerRuntime = { available: true } | { available: false; why: string }

/** Asks once for a container runtime, where testcontainers looks for one. Never throws. */
export async function containerRuntime(): Promise<ContainerRuntime> {
  try {
    await getContainerRuntimeClient()
    return { available: true }
  } catch (error) {
    return { available: false, why: error instanceof Error ? error.message : 'no container runtime answers' }
  }
}
