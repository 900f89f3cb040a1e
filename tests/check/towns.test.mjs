// Days in every built-in town hold, and a van that does not run on a day of the week stays where it is.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { assertGood, first, readTable, root, run, spoiler, temp } from './days.mjs';

for (const town of ['namie', 'shiojiri', 'minato_mirai']) {
  test(`a day in ${town} holds`, () => {
    const { report } = assertGood(run('--town', town));
    assert.ok(report.served > 0);
  });
}

suite('a Sunday in Shiojiri', () => {
  const sunday = () => {
    const scenario = JSON.parse(readFileSync(join(root, 'src/scenario/towns/shiojiri.json'), 'utf8'));
    scenario.day.date = '2023-11-12';
    const path = join(temp, 'sunday.json');
    writeFileSync(path, JSON.stringify(scenario));
    return run(path);
  };

  test('the van of weekdays has no day, and one that drives all the same is found out', () => {
    const folder = sunday();
    assertGood(folder);
    const idle = readTable(join(folder, 'vehicles.csv')).filter((van) => van.shift_begin_s === '');
    assert.deepEqual(idle.map(({ vehicle }) => vehicle), ['4']);
    const { tables, change } = spoiler(folder);
    assert.ok(!tables['log.csv'].some(({ vehicle, event }) => vehicle === '4' && !['plug', 'unplug'].includes(event)));
    const departure = first(tables['log.csv'], ({ event }) => event === 'depart');
    const found = change('log.csv', departure, { vehicle: '4' });
    assert.ok(found.some(({ at, constraint }) => at === departure.at && constraint === 'duty'), JSON.stringify(found.slice(0, 5)));
  });
});
