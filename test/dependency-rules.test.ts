import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { dependencyProblems } from '../.ci/dependency-rules.ts'

/** A repository in which the files import one another as told. */
function repositoryWith(imports: Record<string, readonly string[]>) {
  const folder = temporaryFolder()
  for (const [file, targets] of Object.entries(imports)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    const lines = targets.map(
      (target, n) => `import * as part${n} from '${target}'\nexport const used${n} = part${n}\n`,
    )
    writeFileSync(join(folder, file), `export const value = 1\n${lines.join('')}`)
  }
  return folder
}

const stay = '../../stays/src/service.ts'
const violations: [string, Record<string, readonly string[]>][] = [
  ['contracts-stand-alone', { 'contracts/a.ts': ['../packages/p/src/b.ts'], 'packages/p/src/b.ts': [] }],
  ['packages-know-no-service', { 'packages/p/src/a.ts': ['../../../services/s/src/b.ts'], 'services/s/src/b.ts': [] }],
  ['services-are-strangers', { 'services/patients/src/a.ts': [stay], 'services/stays/src/service.ts': [] }],
  [
    'standalone-composes',
    { 'services/standalone/src/main.ts': ['../../stays/src/config.ts'], 'services/stays/src/config.ts': [] },
  ],
  ['domain-is-pure', { 'services/stays/src/domain/stay.ts': ['node:fs'] }],
  [
    'one-importer-of-the-client',
    { 'services/stays/src/a.ts': ['@eventstore/db-client'], 'node_modules/@eventstore/db-client/index.js': [] },
  ],
  ['test-code-stays-in-tests', { 'services/stays/src/a.ts': ['vitest'], 'node_modules/vitest/index.js': [] }],
  ['no-circular', { 'packages/p/src/a.ts': ['./b.ts'], 'packages/p/src/b.ts': ['./a.ts'] }],
  ['resolvable', { 'packages/p/src/a.ts': ['@relais/nowhere/file'] }],
  ['no-drawers', { 'packages/p/src/a.ts': ['./utils.ts'], 'packages/p/src/utils.ts': [] }],
  ['no-service-index', { 'services/stays/src/a.ts': ['./index.ts'], 'services/stays/src/index.ts': [] }],
]

test.each(violations)('the rule %s is enforced', async (rule, imports) => {
  const layers = ['contracts', 'packages', 'services'].filter((layer) =>
    Object.keys(imports).some((file) => file.startsWith(layer)),
  )
  const problems = await dependencyProblems(repositoryWith(imports), layers)
  expect(problems.filter((problem) => problem.startsWith(`${rule}: `))).not.toEqual([])
})

test('a repository in which no workspace import is seen does not pass', async () => {
  const folder = repositoryWith({ 'packages/p/src/a.ts': [] })
  expect(await dependencyProblems(folder, ['packages'])).toEqual(['no @relais/* import was seen: nothing was checked'])
})
