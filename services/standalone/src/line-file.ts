import { closeSync, openSync, writeSync } from 'node:fs'

export type LineFile = { write(line: string): void; close(): void }

/** Appends to a file that its owner alone may read. What does not fit on a full disk is lost; the process goes on. */
export function lineFile(path: string): LineFile {
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
