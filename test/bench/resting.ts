import { setTimeout as pause } from 'node:timers/promises'
import { waitUntil } from '@relais/testkit/wait-until'
import { processorSeconds } from './sampling.ts'

const REST_MILLISECONDS = 400
/** Of one processor: more than a process takes that only looks whether there is something to do. */
const RESTING_SHARE = 0.25
const LONGEST_SECONDS = 3600

/** Until a server has nothing left to do: its views are up to date, and whoever reacts to what was said has. */
export async function rest(pid: number): Promise<void> {
  const isResting = async () => {
    const before = processorSeconds(pid)
    await pause(REST_MILLISECONDS)
    return processorSeconds(pid) - before <= (RESTING_SHARE * REST_MILLISECONDS) / 1000
  }
  await waitUntil(isResting, 'the server to have nothing left to do', LONGEST_SECONDS)
}
