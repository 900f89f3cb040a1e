// Runs of the command for the tests: days in Namie, whole or spoiled. NORIAI_BIN is the command; without it cargo builds and
// runs it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { check } from './log.mjs';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const temp = mkdtempSync(join(tmpdir(), 'noriai-check-'));
after(() => rmSync(temp, { recursive: true }));

const cargo = ['cargo', 'run', '--quiet', '--locked', '--bin', 'noriai', '--'];
const [command, ...prefix] = process.env.NORIAI_BIN ? [process.env.NORIAI_BIN] : cargo;

let runs = 0;
/** Runs the command; gives the folder with what it wrote. */
export function run(...args) {
  const folder = join(temp, `run-${runs++}`);
  const { status, stderr, error } = spawnSync(command, [...prefix, 'run', ...args, '--json', '--out', folder], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  assert.equal(status, 0, error?.message ?? stderr);
  return folder;
}

export const readReport = (folder) => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
/** The rows of one of our tables by their columns; no name in these tests has a comma. */
export function readTable(path) {
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const columns = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [columns[i], cell])));
}

/** Asserts that the checker finds nothing; gives the report and what was followed. */
export function assertGood(folder) {
  const { violations, counts } = check(folder);
  const lines = violations.map(({ at, constraint, message }) => `${at}: ${constraint}: ${message}`);
  assert.deepEqual(lines.slice(0, 20), [], `${lines.length} violations in ${folder}`);
  assert.ok(counts.figures > 0);
  return { report: readReport(folder), counts };
}

export const namie = () => JSON.parse(readFileSync(join(root, 'src/scenario/towns/namie.json'), 'utf8'));

/** Runs a changed Namie; `more` are further arguments of the command. */
export function runNamie(change, seed, policy, ...more) {
  const scenario = namie();
  change(scenario);
  const path = join(temp, 'scenario.json');
  writeFileSync(path, JSON.stringify(scenario));
  const folder = run(path, '--seed', String(seed), '--policy', policy, ...more);
  return { folder, scenario };
}

/** Policies that plan anew all the time take long where many rides are booked ahead: at most so many times the usual calls. */
export const REPLANNING = { pooling: 2, anticipating: 2 };

/** A change of the scenario that leaves such a policy no more calls than that. */
export const withFewerCalls = (change, policy, most = REPLANNING[policy]) => (scenario) => {
  change(scenario);
  if (policy in REPLANNING) scenario.demand.factor = Math.min(scenario.demand.factor, most);
};

/** A cold day, small batteries: vans have to charge, and refuse rides for it. */
export function winter(scenario) {
  scenario.day.outdoor_c = -8;
  scenario.demand.factor = 3;
  for (const { battery } of scenario.fleet.vehicles) Object.assign(battery, { capacity_kwh: 14, initial_soc: 0.6 });
}

export const near = (actual, expected, tolerance, what) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, not ${expected}`);

/** The first row that fits, and it has to exist, or the case would be empty. */
export function first(rows, fits) {
  const row = rows.find(fits);
  assert.ok(row, 'no row to spoil');
  return row;
}

/**
 * The tables of a good run, and functions that give the violations: after `spoil` changed rows of one or more tables, and after a change
 * of some fields of one row.
 */
export function spoiler(good) {
  const tables = {};
  for (const file of readdirSync(good).filter((file) => file.endsWith('.csv')))
    tables[file] = readTable(join(good, file)).map((row, index) => ({ ...row, at: `${file}:${index + 2}` }));
  const folder = join(temp, 'spoiled');
  const spoiled = (files, spoil) => {
    cpSync(good, folder, { recursive: true });
    const copies = [files].flat().map((file) => tables[file].map((row) => ({ ...row })));
    spoil(...copies);
    [files].flat().forEach((file, i) => {
      const [header] = readFileSync(join(good, file), 'utf8').split('\n');
      const lines = copies[i].map((row) =>
        header
          .split(',')
          .map((column) => row[column])
          .join(','),
      );
      writeFileSync(join(folder, file), `${[header, ...lines].join('\n')}\n`);
    });
    return check(folder).violations;
  };
  const change = (file, row, fields) =>
    spoiled(file, (rows) => Object.assign(first(rows, ({ at }) => at === row.at), fields));
  return { tables, spoiled, change };
}

export const assertFound = (violations, constraint, at, says = /./) =>
  assert.ok(
    violations.some((found) => found.constraint === constraint && found.at === at && says.test(found.message)),
    `no "${constraint}" at ${at} in ${JSON.stringify(violations.slice(0, 5))}`,
  );

/** Asserts that the checker finds each of these figures of a good record's report when it is off by a hundred thousandth. */
export function assertFigures(good, figures) {
  const folder = join(temp, 'figures');
  const report = readReport(good);
  for (const key of figures) {
    assert.ok(report[key] > 0, `${key} is ${report[key]}: nothing to spoil`);
    cpSync(good, folder, { recursive: true });
    writeFileSync(join(folder, 'report.json'), JSON.stringify({ ...report, [key]: report[key] * 1.00001 }));
    const { violations } = check(folder);
    assert.equal(violations.length, 1, key);
    assert.ok(violations[0].constraint === 'report' && violations[0].message.startsWith(key), violations[0].message);
  }
}
