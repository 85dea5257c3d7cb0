import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { startPostgres } from '../packages/testkit/src/postgres.ts'
import { closingLine, countTests, type TestReport } from './test-results.ts'

type Check = { name: string; command: string; args: readonly string[] }

const repository = join(import.meta.dirname, '..')
const node = process.execPath
/** Nothing here takes half of it: what does, waits for something that never comes. */
const LONGEST_MINUTES = 40

const checks: readonly Check[] = [
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'types', command: node, args: ['node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.json'] },
  {
    name: 'types of the portal’s pages',
    command: node,
    args: ['node_modules/typescript-7/bin/tsc', '-p', 'services/portal/client/tsconfig.json'],
  },
  {
    name: 'types of the tests in a browser',
    command: node,
    args: ['node_modules/typescript-7/bin/tsc', '-p', 'test/portal/tsconfig.json'],
  },
  { name: 'dependency rules', command: node, args: ['.ci/dependency-rules.ts'] },
  { name: 'dead code', command: 'knip', args: ['--no-progress'] },
  { name: 'generated documents', command: node, args: ['contracts/src/documents/generate.ts', '--check'] },
  { name: 'format', command: 'oxfmt', args: ['--check'] },
]

/** Runs a command of the repository. Its output is collected, or shown as it comes. */
function run({ command, args }: Omit<Check, 'name'>, output: 'collected' | 'shown', variables = {}) {
  const path = [join(repository, 'node_modules/.bin'), process.env['PATH']].join(delimiter)
  const child = spawn(command, args, {
    cwd: repository,
    env: { ...process.env, PATH: path, NO_COLOR: '1', ...variables },
    stdio: ['ignore', output === 'shown' ? 'inherit' : 'pipe', output === 'shown' ? 'inherit' : 'pipe'],
    timeout: LONGEST_MINUTES * 60_000,
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => (text += part))
  return new Promise<{ exitCode: number; text: string }>((resolve) => {
    child.once('error', (error: Error) => resolve({ exitCode: 1, text: error.message }))
    child.once('close', (exitCode: number | null) => {
      if (exitCode === null) console.log(`${command} was ended from outside, or after ${LONGEST_MINUTES} minutes`)
      resolve({ exitCode: exitCode ?? 1, text })
    })
  })
}

/** Prints one line when the check holds, its output when it does not, and says which. */
async function perform(check: Check): Promise<boolean> {
  const startedAt = performance.now()
  const { exitCode, text } = await run(check, 'collected')
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  if (exitCode === 0) console.log(`ok  ${check.name} ${seconds} s`)
  else console.log(`FAILED  ${check.name} ${seconds} s\n${text.trimEnd()}`)
  return exitCode === 0
}

/** Performs every check, as many at a time as `lanes`, and answers the names of those that do not hold. */
async function performAll(lanes: number): Promise<string[]> {
  const waiting = [...checks]
  const broken: string[] = []
  async function lane() {
    for (let check = waiting.shift(); check; check = waiting.shift())
      if (!(await perform(check))) broken.push(check.name)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return broken
}

async function test() {
  // One server for the run: making and stopping one for each file that wants it took more than its tests.
  const given = process.env['TEST_POSTGRES_URL']
  const postgres = given === undefined ? await startPostgres() : { url: given, stop: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'relais-results-'))
  try {
    const report = join(folder, 'report.json')
    const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`]
    const { exitCode } = await run({ command: 'vitest', args: ['run', ...reporters] }, 'shown', {
      TEST_POSTGRES_URL: postgres.url,
    })
    // Written by vitest itself just now; a run that dies early leaves none, and its exit code counts it as failed.
    const results = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as TestReport) : { testResults: [] }
    return countTests(results, exitCode)
  } finally {
    rmSync(folder, { recursive: true })
    await postgres.stop()
  }
}

const broken = await performAll(2)
const counts = await test()
if (broken.length > 0) console.log(`Checks that do not hold: ${broken.join(', ')}`)
console.log(closingLine(counts))
process.exitCode = broken.length > 0 || counts.failed > 0 ? 1 : 0
