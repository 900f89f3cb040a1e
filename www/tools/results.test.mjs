import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cargoTest, nodeTest, table, verdict, vitest } from './results.mjs';

test('cargo: all binaries are added up', () => {
  const output = `
running 2 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

test result: FAILED. 5 passed; 3 failed; 0 ignored; 0 measured; 7 filtered out; finished in 1.20s
`;
  assert.deepEqual(cargoTest(output), { passed: 7, failed: 3, notRun: 1 });
});

test('cargo: a case that lacks its data counts as not run, once', () => {
  const output = `
---- manhattan::oracle stdout ----
not run: manhattan::oracle: ../shared/data is absent
not run: manhattan::oracle: ../shared/data is absent
not run: gtfs: ../shared/data is absent
test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
`;
  assert.deepEqual(cargoTest(output), { passed: 2, failed: 0, notRun: 2 });
});

test('cargo: the browser runner prints the same line', () => {
  const output = 'test result: ok. 12 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.31s\n';
  assert.deepEqual(cargoTest(output), { passed: 12, failed: 0, notRun: 0 });
});

test('node: totals of TAP, a cancelled case has failed', () => {
  const tap = '1..3\n# tests 7\n# suites 0\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 1\n';
  assert.deepEqual(nodeTest(tap), { passed: 3, failed: 2, notRun: 2 });
});

test('vitest: a file that does not load has failed', () => {
  const report = { numPassedTests: 4, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0 };
  const read = (status) => vitest(JSON.stringify({ ...report, testResults: [{ status }, { status: 'passed' }] }));
  assert.deepEqual(read('passed'), { passed: 4, failed: 0, notRun: 1 });
  assert.deepEqual(read('failed'), { passed: 4, failed: 1, notRun: 1 });
});

test('a suite that ran nothing fails, and so does one that ended badly', () => {
  assert.equal(verdict({ passed: 0, failed: 0, notRun: 3 }, 0).failed, 1);
  assert.equal(verdict({ passed: 3, failed: 0, notRun: 0 }, 101).failed, 1);
  assert.equal(verdict({ passed: 3, failed: 2, notRun: 0 }, 101).failed, 2);
  assert.equal(verdict({ passed: 3, failed: 0, notRun: 1 }, 0).failed, 0);
});

test('the table aligns numbers to the right', () => {
  assert.equal(table([['suite', 'passed'], ['format', '1']]), 'suite   passed\nformat       1');
});
