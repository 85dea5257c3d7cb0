import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterTestFile } from './cleanup.ts'

const folders = new Set<string>()
process.once('exit', () => folders.forEach(remove))

/** A new empty folder, as an absolute path. It is removed once the test file, or the process, has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'relais-'))
  folders.add(folder)
  afterTestFile(() => remove(folder))
  return folder
}

function remove(folder: string) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  folders.delete(folder)
}
