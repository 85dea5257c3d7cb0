import { setTimeout } from 'node:timers/promises'
import { StoreUnavailable } from '@relais/event-store/port'
import { isTransient, translated } from './failures.ts'

/** How often in a row a call may fail before StoreUnavailable. Each pause is twice the one before. */
export type RetryPolicy = { tries: number; firstPauseMilliseconds: number; longestPauseMilliseconds: number }
export type Warn = { warn(fields: { attempt: number }, message: string): void }

export type Retries = {
  /** The server answered: the next failure is a first one again. */
  succeeded(): void
  /** Waits before the next try; throws what cannot be cured by waiting, and StoreUnavailable after the last try. */
  afterFailure(error: unknown): Promise<void>
}

/** Waiting ends early, without an error, when `signal` aborts. */
export function startRetries(policy: RetryPolicy, signal: AbortSignal, log: Warn | undefined): Retries {
  let failures = 0
  return {
    succeeded() {
      failures = 0
    },
    async afterFailure(error) {
      if (!isTransient(error)) throw translated(error)
      failures += 1
      if (failures >= policy.tries)
        throw new StoreUnavailable(`The event store did not answer ${failures} times`, { cause: error })
      log?.warn({ attempt: failures }, 'event store not reached, trying again')
      const doubled = policy.firstPauseMilliseconds * 2 ** (failures - 1)
      await pause(Math.min(doubled, policy.longestPauseMilliseconds), signal)
    },
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal })
  } catch {
    // Aborted: whoever waits looks at the signal.
  }
}
