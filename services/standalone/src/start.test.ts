import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test } from 'vitest'

const program = fileURLToPath(import.meta.resolve('./refused-start.fixture.ts'))
const PATIENCE_MILLISECONDS = 20_000

test.each(['patients', 'channels'])('nothing stays open when %s cannot be created', (schema) => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data', `relais.${schema}.sqlite`), 'This is a letter, not a database.'.repeat(50))
  const { stdout, status } = spawnSync(process.execPath, [program], {
    env: { PATH: process.env['PATH'], RELAIS_FOLDER: folder, PORT: '0', MLLP_PORT: '0' },
    encoding: 'utf8',
    timeout: PATIENCE_MILLISECONDS,
  })
  expect({ stdout, status }).toEqual({ stdout: 'unreadableDatabase', status: 0 })
})
