import { Worker } from 'node:worker_threads'

/** Files whose write-ahead log is moved into them now and then. */
export type Checkpointer = {
  /** From now on, until what is returned is called. */
  keep(file: string): () => void
  close(): Promise<void>
}

/** What the thread is told. */
export type CheckpointerRequest = { type: 'keep' | 'leave'; file: string } | { type: 'close' }

/**
 * A thread that moves what SQLite wrote to the write-ahead logs into the files. Without it a commit does so once in a
 * while, and whoever commits waits for two flushes and thousands of pages. Nothing depends on its work: should it end,
 * commits see to it again, later.
 */
export function startCheckpointer(): Checkpointer {
  const worker = new Worker(new URL('./checkpoint-thread.ts', import.meta.url))
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  // Its end says as much: see above.
  worker.once('error', () => undefined)
  worker.unref()
  const tell = (request: CheckpointerRequest) => worker.postMessage(request)
  return {
    keep(file) {
      tell({ type: 'keep', file })
      return () => tell({ type: 'leave', file })
    },
    async close() {
      worker.ref()
      tell({ type: 'close' })
      await ended
    },
  }
}
