import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { lineFile } from './line-file.ts'

const TEN_MEBIBYTES = 10 * 1024 * 1024

function writeTo(path: string, line: string): void {
  const file = lineFile(path)
  file.write(line)
  file.close()
}

test('lines are added to those of earlier starts, for their owner only', () => {
  const path = join(temporaryFolder(), 'relais.log')
  writeTo(path, 'first\n')
  writeTo(path, 'second\n')
  expect(readFileSync(path, 'utf8')).toBe('first\nsecond\n')
  expect(statSync(path).mode & 0o077).toBe(0)
})

test('a file over 10 MiB is put aside, in place of an earlier one', () => {
  const folder = temporaryFolder()
  const path = join(folder, 'relais.log')
  writeFileSync(`${path}.1`, 'older')
  writeFileSync(path, 'x'.repeat(TEN_MEBIBYTES))
  writeTo(path, 'y')
  expect(statSync(path).size).toBe(TEN_MEBIBYTES + 1)
  writeTo(path, 'new\n')
  expect(readFileSync(path, 'utf8')).toBe('new\n')
  expect(statSync(`${path}.1`).size).toBe(TEN_MEBIBYTES + 1)
  expect(readdirSync(folder).toSorted()).toEqual(['relais.log', 'relais.log.1'])
})
