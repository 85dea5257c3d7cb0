import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs'

export type LineFile = { write(line: string): void; close(): void }

const LARGEST_BYTES = 10 * 1024 * 1024

/**
 * Appends to a file that its owner alone may read. What does not fit on a full disk is lost; the process goes on. A file
 * over 10 MiB is first put aside as `<path>.1`, in place of an earlier one.
 */
export function lineFile(path: string): LineFile {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_BYTES) renameSync(path, `${path}.1`)
  let descriptor: number | undefined = openSync(path, 'a', 0o600)
  let isCut = false
  return {
    write(line) {
      if (descriptor === undefined) return
      const bytes = Buffer.from(isCut ? `\n${line}` : line)
      try {
        const written = writeSync(descriptor, bytes)
        if (written > 0) isCut = written < bytes.length
      } catch {
        // Nowhere is left to say so.
      }
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor)
      descriptor = undefined
    },
  }
}
