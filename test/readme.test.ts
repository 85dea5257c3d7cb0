import { execFile } from 'node:child_process'
import { existsSync, globSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readmeBlocks } from '@relais/testkit/readme-blocks'
import { expect, test } from 'vitest'

const repository = fileURLToPath(new URL('..', import.meta.url))
const folders = globSync(['contracts/package.json', 'packages/*/package.json', 'services/*/package.json'], {
  cwd: repository,
}).map((file) => join(file, '..'))

/** Inside the folder, so that its imports resolve as they would for whoever copies the example. */
async function run(folder: string, code: string) {
  const example = join(repository, folder, `readme-example-${process.pid}.ts`)
  writeFileSync(example, code)
  try {
    const node = ['--disable-warning=ExperimentalWarning', example]
    return await promisify(execFile)(process.execPath, node, { cwd: join(repository, folder), timeout: 25_000 })
  } finally {
    rmSync(example)
  }
}

test.each(folders.toSorted())('the first example in the README of %s works', async (folder) => {
  const readme = join(repository, folder, 'README.md')
  expect(existsSync(readme), `${folder} has no README.md`).toBe(true)
  const [example] = readmeBlocks(readme)
  if (example?.language === 'sh' && folder.startsWith('services/')) return
  expect(example?.language, 'the first code block is TypeScript').toBe('ts')
  await expect(run(folder, example?.code ?? '')).resolves.toMatchObject({ stderr: '' })
})
