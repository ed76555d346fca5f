/** What a run of the tests amounts to, from Jest's own report: pure. */

/** The part of Jest's --json report that is read. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  /** By name. */
  readonly skipped: readonly string[];
}

const NOT_RUN = ['pending', 'todo', 'skipped', 'disabled'];

/** A file that could not be run at all is one failure: its tests are in no count. */
function toSummary(report: JestReport): Summary {
  const brokenFiles = report.testResults.filter(({ status, assertionResults }) => {
    return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  });
  const skipped = report.testResults.flatMap(({ assertionResults }) => {
    return assertionResults.filter(({ status }) => NOT_RUN.includes(status)).map(({ fullName }) => fullName);
  });
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length, skipped };
}

/** The sum of several reports, and of what never came to a report. A run of nothing is a failure. */
export function summarise(reports: readonly JestReport[], others: Pick<Summary, 'failed' | 'skipped'>): Summary {
  const parts = reports.map(toSummary);
  const passed = parts.reduce((sum, part) => sum + part.passed, 0);
  const failed = parts.reduce((sum, part) => sum + part.failed, others.failed);
  const skipped = [...parts.flatMap((part) => part.skipped), ...others.skipped];
  return { passed, failed: passed + failed + skipped.length === 0 ? 1 : failed, skipped };
}

/** The last line of every run. */
export function closingLine({ passed, failed, skipped }: Summary): string {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
}
