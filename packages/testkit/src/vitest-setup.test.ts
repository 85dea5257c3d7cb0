import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

const repository = fileURLToPath(new URL('../../../', import.meta.url))
const vitest = join(repository, 'node_modules/vitest/vitest.mjs')
const fromHere = (file: string) => join(import.meta.dirname, file)

/** Runs one test file in a process of its own, and answers what that run wrote. */
function outputOf(testFile: string): Promise<string> {
  const root = temporaryFolder()
  const config = { test: { globals: true, include: ['*.test.ts'], setupFiles: [fromHere('vitest-setup.ts')] } }
  writeFileSync(join(root, 'vitest.config.mjs'), `export default ${JSON.stringify(config)}`)
  writeFileSync(join(root, 'subject.test.ts'), testFile)
  const environment = { PATH: process.env['PATH'], NO_COLOR: '1' }
  return new Promise((resolve) => {
    execFile(process.execPath, [vitest, 'run', '--root', root], { env: environment }, (_, stdout, stderr) =>
      resolve(stdout + stderr),
    )
  })
}

test('output on the console and examples without an outcome fail their test', async () => {
  const output = await outputOf(`
    import { specification } from ${JSON.stringify(fromHere('specification.ts'))}
    const { given } = specification({ initialState: 0, evolve: (n) => n, decide: () => ({ accepted: true, events: [] }) })
    test('quiet', () => given().when('x').thenNothing())
    test('loud', () => console.log('a name'))
    test('unfinished', () => void given().when('x'))
  `)
  expect(output).toContain('2 failed | 1 passed')
  expect(output).toContain('Unexpected console output:\na name')
  expect(output).toContain('1 example(s) without thenEvents, thenNothing or thenRejected')
})
