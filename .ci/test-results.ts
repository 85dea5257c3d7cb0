/** The part of vitest's JSON report that is counted. */
export type TestReport = {
  testResults: readonly {
    status: string
    assertionResults: readonly { status: string }[]
  }[]
}

export type TestCounts = { passed: number; failed: number; skipped: number }

/**
 * Counts real results. A file that failed without a failing test (it did not load, or its hooks failed) counts as one
 * failure, and so does a run that failed for a reason found in no file.
 */
export function countTests({ testResults }: TestReport, exitCode: number): TestCounts {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { status, assertionResults } of testResults) {
    const failed = assertionResults.filter((test) => test.status === 'failed').length
    const passed = assertionResults.filter((test) => test.status === 'passed').length
    counts.passed += passed
    counts.skipped += assertionResults.length - passed - failed
    counts.failed += failed === 0 && status === 'failed' ? 1 : failed
  }
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

/** The closing line: `12 passed, 0 failed`, with `, 1 skipped` where some were. */
export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
