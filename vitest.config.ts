import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const LONGEST = ['test/portal/every-page.test.ts', 'test/crash.test.ts', 'test/portal/', 'test/', '']

/** What takes longest comes first: else one of two workers waits for the other at the end. */
class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => LONGEST.findIndex((part) => moduleId.includes(`/${part}`))
    return Promise.resolve(files.toSorted((one, other) => rank(one) - rank(other)))
  }
}

export default defineConfig({
  test: {
    include: ['{contracts,packages,services,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/bench/**'],
    setupFiles: ['packages/testkit/src/vitest-setup.ts'],
    pool: 'forks',
    isolate: true,
    maxWorkers: 2,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    retry: 0,
    sequence: { sequencer: LongestFirst },
    allowOnly: false,
    env: { TZ: 'UTC' },
  },
})
