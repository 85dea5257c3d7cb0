import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { modeOfFolder, openDataFolder } from './data-folder.ts'

const now = () => '2026-11-22T08:00:00.000Z'

test('a folder that holds a log and no longer says how it was born is refused, and left as it is', () => {
  const path = temporaryFolder()
  const folder = openDataFolder(path, 'production', now)
  writeFileSync(join(folder.log, 'log.sqlite'), 'events')
  expect(modeOfFolder(path, undefined)).toBe('production')
  rmSync(join(path, 'folder.json'))
  const before = readdirSync(path, { recursive: true })
  for (const asked of [undefined, 'demonstration', 'production'] as const)
    expect(() => modeOfFolder(path, asked)).toThrow(
      `${join(path, 'folder.json')} is missing, and ${path} holds a log already: restore that file from a backup`,
    )
  expect(readdirSync(path, { recursive: true })).toEqual(before)
})

test('a folder whose birth was cut short holds no log, and is born then', () => {
  const path = temporaryFolder()
  for (const name of ['log', 'data', 'secrets']) mkdirSync(join(path, name))
  expect(modeOfFolder(path, 'production')).toBe('production')
})
