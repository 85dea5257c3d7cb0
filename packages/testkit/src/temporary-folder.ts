import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = new Set<string>()

/** A new empty folder, as an absolute path. It is removed once the test file, or the process, has ended. */
export function temporaryFolder(): string {
  if (folders.size === 0) process.once('exit', removeTemporaryFolders)
  const folder = mkdtempSync(join(tmpdir(), 'relais-'))
  folders.add(folder)
  return folder
}

/** Removes every folder handed out so far by this process. */
export function removeTemporaryFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  folders.clear()
}
