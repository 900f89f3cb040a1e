// Reads from what test runners print how many cases passed, failed and were not run.

const sum = (text, pattern) => [...text.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);

/**
 * The totals of all the test binaries in what `cargo test` or the browser's wasm-bindgen-test printed.
 * A Rust test cannot skip itself: one that lacks its data prints `not run: <name>: <reason>` and returns.
 */
export function cargoTest(output) {
  const notRun = new Set([...output.matchAll(/^\s*not run: ([^:\s]+(?:::[^:\s]+)*):/gm)].map((match) => match[1])).size;
  const line = (count) => new RegExp(`^test result: .*?\\b(\\d+) ${count}\\b`, 'gm');
  return {
    passed: sum(output, line('passed')) - notRun,
    failed: sum(output, line('failed')),
    notRun: sum(output, line('ignored')) + notRun,
  };
}

/** The closing lines of Node's test runner in TAP. */
export function nodeTest(tap) {
  const count = (name) => sum(tap, new RegExp(`^# ${name} (\\d+)$`, 'gm'));
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    notRun: count('skipped') + count('todo'),
  };
}

/** Vitest's JSON report. */
export function vitest(json) {
  const report = JSON.parse(json);
  // A file that does not load has no failed test, but is a failed suite.
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests || report.testResults.filter(({ status }) => status === 'failed').length,
    notRun: report.numPendingTests + report.numTodoTests,
  };
}

/** What a suite counts for: one that failed, or ran nothing, has at least one failure, whatever its runner said. */
export function verdict({ passed, failed, notRun }, exitCode) {
  if (failed === 0 && exitCode !== 0) return { passed, failed: 1, notRun, note: `exit code ${exitCode}` };
  if (failed === 0 && passed === 0) return { passed, failed: 1, notRun, note: 'ran nothing' };
  return { passed, failed, notRun, note: '' };
}

/** A table: its first column is aligned to the left, the numbers in the others to the right. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const align = (cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]));
  return rows.map((row) => row.map(align).join('  ')).join('\n');
}
