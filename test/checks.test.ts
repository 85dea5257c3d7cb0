import { expect, test } from 'vitest'
import { closingLine, countTests } from '../.ci/test-results.ts'

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((result) => ({ status: result })),
})

test('every test counts once, by its result', () => {
  const testResults = [file('passed', 'passed', 'skipped'), file('failed', 'failed', 'passed', 'todo', 'pending')]
  expect(countTests({ testResults }, 1)).toEqual({ passed: 2, failed: 1, skipped: 3 })
})

test('a file that does not load counts as failed', () => {
  expect(countTests({ testResults: [file('failed'), file('passed', 'passed')] }, 1)).toMatchObject({ failed: 1 })
})

test('a run that fails outside of any test counts as failed', () => {
  expect(countTests({ testResults: [file('passed', 'passed')] }, 1)).toMatchObject({ passed: 1, failed: 1 })
  expect(countTests({ testResults: [] }, 0)).toEqual({ passed: 0, failed: 0, skipped: 0 })
})

test('the closing line names what was skipped only where something was', () => {
  expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed')
  expect(closingLine({ passed: 12, failed: 3, skipped: 1 })).toBe('12 passed, 3 failed, 1 skipped')
})
