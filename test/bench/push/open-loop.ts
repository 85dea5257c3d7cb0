import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { monotonic } from './clock.ts'

/** All in milliseconds of the monotonic clock. */
export type Schedule = { startAt: number; interval: number; count: number }

const LEAD_MILLISECONDS = 200

export function scheduleOf(ratePerSecond: number, seconds: number): Schedule {
  return {
    startAt: monotonic() + LEAD_MILLISECONDS,
    interval: 1000 / ratePerSecond,
    count: Math.round(ratePerSecond * seconds),
  }
}

export function dueAt({ startAt, interval }: Schedule, index: number): number {
  return startAt + index * interval
}

/** Calls `send` at each instant of the schedule, whether or not earlier sends were answered. */
export async function onSchedule(schedule: Schedule, send: (index: number) => void): Promise<void> {
  const worker = new Worker(new URL('./ticker.ts', import.meta.url), { workerData: schedule })
  worker.on('message', send)
  await once(worker, 'exit')
}
