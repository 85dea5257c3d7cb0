import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { parentPort } from 'node:worker_threads'
import type { CheckpointerRequest } from './checkpointer.ts'

const INTERVAL_MILLISECONDS = 500
/** A smaller log is not worth two flushes. */
const WORTHWHILE_BYTES = 1_048_576
/** A log that never comes to its end, because writers never pause, is begun anew while they wait for a moment. */
const TOO_LONG_BYTES = 32 * 1_048_576
const PATIENCE_MILLISECONDS = 200

if (!parentPort) throw new Error('checkpoint-thread.ts runs as the thread of checkpointer.ts')
const port = parentPort
const files = new Set<string>()

function checkpoint(file: string): void {
  const bytes = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
  if (bytes < WORTHWHILE_BYTES) return
  const database = new DatabaseSync(file, { timeout: PATIENCE_MILLISECONDS })
  try {
    database.exec('pragma wal_checkpoint(passive)')
    if (bytes > TOO_LONG_BYTES) database.exec('pragma wal_checkpoint(restart)')
  } finally {
    database.close()
  }
}

function checkpointAll(): void {
  for (const file of files) {
    try {
      checkpoint(file)
    } catch {
      // A full disk, or a file that was taken away: whoever writes is told so.
    }
  }
}

const rounds = setInterval(checkpointAll, INTERVAL_MILLISECONDS)
port.on('message', (request: CheckpointerRequest) => {
  if (request.type === 'keep') files.add(request.file)
  else if (request.type === 'leave') files.delete(request.file)
  else {
    clearInterval(rounds)
    port.close()
  }
})
