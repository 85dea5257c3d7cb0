import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FolderInUse } from './errors.ts'
import { OWNER_ONLY } from './log-file.ts'
import { isBusy, reading } from './sqlite-errors.ts'

/**
 * Claims `folder` for this log until released. The claim is a file lock of the operating system, held by an open
 * transaction: it ends with the process, however that ends.
 * @throws FolderInUse
 */
export function lockFolder(folder: string): { release(): void } {
  const file = join(folder, 'lock.sqlite')
  const database = reading(file, () => {
    closeSync(openSync(file, 'a', OWNER_ONLY))
    return new DatabaseSync(file, { timeout: 0 })
  })
  try {
    reading(file, () => database.exec('BEGIN EXCLUSIVE'))
  } catch (error) {
    database.close()
    if (isBusy(error)) throw inUse(folder)
    throw error
  }
  return { release: () => database.close() }
}

function inUse(folder: string) {
  return new FolderInUse(
    `The folder ${folder} is used by another Relais process. Stop that process first, or give this one another folder.`,
  )
}
