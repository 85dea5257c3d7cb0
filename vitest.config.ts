import { defineConfig } from 'vitest/config'

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
    allowOnly: false,
    env: { TZ: 'UTC' },
  },
})
