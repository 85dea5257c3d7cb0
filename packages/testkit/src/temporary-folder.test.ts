import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCleanups } from './cleanup.ts'
import { temporaryFolder } from './temporary-folder.ts'

test('every folder is new, and gone with what was written into it', async () => {
  const folders = [temporaryFolder(), temporaryFolder()]
  expect(new Set(folders).size).toBe(2)
  for (const folder of folders) writeFileSync(join(folder, 'note'), 'kept for the length of a test')

  await runCleanups()

  expect(folders.filter((folder) => existsSync(folder))).toEqual([])
})
