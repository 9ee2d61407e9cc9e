/** The part of vitest's JSON report that we read. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
  readonly skippedTests: { readonly file: string; readonly name: string }[];
}

/** Counts tests; a file that fails outside of its tests (an import, a hook) counts as one failure. */
export function countTests(report: VitestReport): TestCounts {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0, skippedTests: [] };
  for (const file of report.testResults) {
    let failedHere = 0;
    for (const test of file.assertionResults) {
      if (test.status === "passed") counts.passed += 1;
      else if (test.status === "failed") failedHere += 1;
      else {
        counts.skipped += 1;
        counts.skippedTests.push({ file: file.name, name: test.fullName });
      }
    }
    counts.failed += file.status === "failed" ? Math.max(1, failedHere) : failedHere;
  }
  return counts;
}

/** The last line of a run, for people and for whatever counts tests. */
export function closingLine(counts: TestCounts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}
