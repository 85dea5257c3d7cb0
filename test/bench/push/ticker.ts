import { parentPort, workerData } from 'node:worker_threads'
import { monotonic } from './clock.ts'
import type { Schedule } from './open-loop.ts'

// Set by onSchedule, whose worker this is.
const { startAt, interval, count } = workerData as Schedule
const cell = new Int32Array(new SharedArrayBuffer(4))

// A thread that only waits keeps time to a tenth of a millisecond; timers of an event loop keep it to two.
for (let index = 0; index < count; index += 1) {
  const left = startAt + index * interval - monotonic()
  if (left > 0) Atomics.wait(cell, 0, 0, left)
  parentPort?.postMessage(index)
}
