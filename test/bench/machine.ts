import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { percentile } from './sampling.ts'

const FLUSHES = 300
const PAGE_BYTES = 4096

/** Milliseconds that the disk takes to make one more page of a file durable. */
export function measureFlush(): { p50: number; p99: number } {
  const file = openSync(join(temporaryFolder(), 'flush'), 'w')
  const page = Buffer.alloc(PAGE_BYTES, 1)
  const samples = Array.from({ length: FLUSHES }, () => {
    const startedAt = performance.now()
    writeSync(file, page)
    fdatasyncSync(file)
    return performance.now() - startedAt
  })
  closeSync(file)
  return { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99) }
}

/** Where and when, in one line, with what else kept the processors busy. */
export function describeMachine(): string {
  const flush = measureFlush()
  return [
    new Date().toISOString().slice(0, 16).replace('T', ' '),
    `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Linux ${kernel()}`,
    `Node ${process.versions.node}`,
    `a flush takes ${flush.p50.toFixed(2)} ms (p99 ${flush.p99.toFixed(2)} ms)`,
    `load before the run ${loadavg()[0]?.toFixed(1) ?? '?'}`,
  ].join(', ')
}

function kernel(): string {
  return /version (\S+)/.exec(readFileSync('/proc/version', 'utf8'))?.[1] ?? 'unknown'
}
