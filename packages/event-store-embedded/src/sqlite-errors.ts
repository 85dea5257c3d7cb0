import { UnreadableLog } from './errors.ts'

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html */
const BUSY = 5
const IO_ERROR = 10
const CORRUPT = 11
const FULL = 13
const CANNOT_OPEN = 14
const NOT_A_DATABASE = 26
/** After a flush that failed nobody knows what reached the disk. */
const IO_ERROR_FLUSH = new Set([IO_ERROR | (4 << 8), IO_ERROR | (5 << 8)])

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode
}

const primary = (error: unknown) => (resultCode(error) ?? 0) & 0xff

export const isBusy = (error: unknown): boolean => primary(error) === BUSY

/** Whether SQLite gave up for want of room, with nothing written. */
export function isFull(error: unknown): boolean {
  const code = resultCode(error) ?? 0
  return primary(error) === FULL || (primary(error) === IO_ERROR && !IO_ERROR_FLUSH.has(code))
}

/** Runs `work` on `file`, naming the file and the way out when SQLite cannot make sense of it. */
export function reading<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    if (![CORRUPT, CANNOT_OPEN, NOT_A_DATABASE].includes(primary(cause))) throw cause
    throw unreadable(file, cause instanceof Error ? cause.message : 'unknown damage', cause)
  }
}

export function unreadable(file: string, why: string, cause?: unknown): UnreadableLog {
  const advice = 'Stop Relais, keep a copy of the folder as it is, then restore the last backup of this file.'
  return new UnreadableLog(`The log ${file} cannot be read: ${why}. ${advice}`, { cause })
}
