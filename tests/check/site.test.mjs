// Runs the command under every charging policy and has log.mjs check batteries and meters; then spoils a good record of
// them in all ways that it names and asserts that it finds them.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import {
  assertFound,
  assertGood,
  first,
  readReport,
  readTable,
  root,
  runNamie,
  spoiler,
  temp,
  winter,
} from './days.mjs';
import { check } from './log.mjs';
import { assertSites } from './physics.mjs';

const oneWay = '{"kind":"optimal","below_soc":0.6,"discharge":false}';
const POLICIES = [
  ...['immediate', 'off_peak', 'solar', 'peak_cap', 'optimal', 'backup', oneWay],
  '{"kind":"off_peak","below_soc":0.6,"from":"22:00","until":"28:00"}',
  '{"kind":"peak_cap","below_soc":0.6,"limit_kw":60}',
  '{"kind":"optimal","below_soc":0.6,"discharge":true,"foresight":true}',
];
const GIVES = new Set(['optimal', POLICIES.at(-2), POLICIES.at(-1)]);
const tariffs = JSON.parse(readFileSync(join(root, 'src/scenario/tariffs.json'), 'utf8'));

/** A battery of its own, more sun than the site needs, and energy that can be sold. */
function store(scenario) {
  const { chargers, site } = scenario.depots[0];
  const { taper, ageing } = site.cars[0].battery;
  const charger = { ...chargers[0], count: 1 };
  site.battery = { capacity_kwh: 40, initial_soc: 0.5, reserve_soc: 0.2, charger, taper, cell_loss: 0.015, ageing };
  site.solar.peak_kw = 500;
  site.export_limit_kw = 60;
  Object.assign(site.tariff, { export_yen_per_kwh: 12, battery_export: true });
}

const sites = {
  'an ordinary day': {
    change: () => {},
    seeds: [1, 2, 3],
    expect: ({ discharged_kwh: given }, policy) => assert.equal(given > 0, GIVES.has(policy), `${given} kWh given`),
  },
  'the price of the market': { change: () => {}, seeds: [1, 2], tariff: 'tohoku_market' },
  'a price by day and hour': { change: () => {}, seeds: [1], tariff: 'tohoku_smart_time' },
  'a winter day with small batteries': { change: winter, seeds: [1] },
  'a winter day, one charger, vans go home at once': {
    change: (scenario) => {
      winter(scenario);
      scenario.depots[0].chargers[0].count = 1;
      scenario.policies.rebalancing = { kind: 'return_to_depot', after_s: 0 };
    },
    seeds: [1],
  },
  'one-way chargers': {
    change: (scenario) => {
      const { chargers, site } = scenario.depots[0];
      for (const charger of [...chargers, ...site.cars.map((cars) => cars.charger)]) delete charger.discharge;
    },
    seeds: [1],
    expect: ({ discharged_kwh: given }) => assert.equal(given, 0),
  },
  'a stationary battery, and energy is sold': {
    change: store,
    seeds: [1],
    expect: ({ sold_kwh: sold }) => assert.ok(sold > 0),
  },
  'a depot without a contract': {
    change: (scenario) => {
      delete scenario.depots[0].site;
    },
    seeds: [1],
  },
};

suite('sites in Namie', () => {
  for (const [name, { change, seeds, tariff, expect }] of Object.entries(sites))
    for (const policy of POLICIES)
      test(`${name}, ${policy}`, () => {
        for (const seed of seeds) {
          const more = tariff ? ['--tariff', tariff] : [];
          const { folder, scenario } = runNamie(change, seed, 'insertion', '--charging', policy, ...more);
          if (tariff) scenario.depots[0].site.tariff = tariffs[tariff];
          const { report, counts } = assertGood(folder);
          assert.ok(counts.flows > 10 && counts['half hours'] === 48);
          assertSites(folder, scenario);
          expect?.(report.sites[0], policy);
        }
      });

  test('vans are plugged in from the begin of the day to its end', () => {
    const { folder } = runNamie(() => {}, 1, 'insertion', '--charging', 'immediate');
    const sessions = readTable(join(folder, 'sessions.csv')).map((row) => [row.plugged_s, row.unplugged_s].map(Number));
    assert.equal(sessions.filter(([from]) => from === 4 * 3600).length, 3);
    assert.equal(sessions.filter(([, until]) => until === 28 * 3600).length, 3);
  });
});

suite('a spoiled record of a site is found out', () => {
  let good;
  let tables;
  let spoiled;
  before(() => {
    // Both kinds of power, and vans that come and go.
    const busy = (scenario) => {
      scenario.demand.factor = 2;
    };
    good = runNamie(busy, 5, 'insertion', '--charging', 'optimal').folder;
    assertGood(good);
    ({ tables, spoiled } = spoiler(good));
  });

  const flows = () => tables['flows.csv'];
  const rows = () => tables['site.csv'];
  const noon = () => first(rows(), (row) => Number(row.t_s) === 12 * 3600);
  const plus = (cell, by) => (Number(cell) + by).toFixed(9);
  /** Lines of a battery that have a line of it before. */
  const inner = (unit) =>
    flows()
      .filter((row) => row.unit === unit && row.plugged === '1')
      .slice(2);
  const after = (row) => first(flows().slice(flows().indexOf(row) + 1), ({ unit }) => unit === row.unit);
  const emptiest = () =>
    inner('car 1')
      .filter((row) => Number(row.site_kw) < 0)
      .reduce((least, row) => (Number(row.energy_kwh) < Number(least.energy_kwh) ? row : least));

  /** Changes fields of one row; expects a violation there, or at the row named. */
  const cases = {
    'one kWh more in a line': () => {
      const [row] = inner('car 1');
      return ['flows.csv', row, { energy_kwh: plus(row.energy_kwh, 1) }, 'flow', row, /kWh, but/];
    },
    'a battery stores more than it is given power for': () => {
      const row = first(inner('car 1'), ({ site_kw: kw }) => Number(kw) > 1);
      return ['flows.csv', row, { stored_kw: plus(row.stored_kw, 0.1) }, 'flow', after(row), /kWh, but/];
    },
    'a charger without losses': () => {
      const row = first(inner('car 1'), ({ site_kw: kw }) => Number(kw) > 1);
      return ['flows.csv', row, { stored_kw: plus(row.site_kw, 0.00001) }, 'flow', row, /stores/];
    },
    'power without a charger': () => {
      const row = first(flows(), ({ plugged }) => plugged === '0');
      return ['flows.csv', row, { site_kw: '1.000000000' }, 'flow', row, /without a charger/];
    },
    'a flow before the day begins': () => {
      const row = flows()[0];
      return ['flows.csv', row, { t_s: '14399.000' }, 'flow', row, /the day is from 14400/];
    },
    'a flow of a van that is not at a charger': () => {
      const row = first(flows(), ({ unit, plugged }) => unit === '1' && plugged === '0');
      return ['flows.csv', row, { plugged: '1' }, 'flow', row, /not at a charger/];
    },
    'a battery holds more than its capacity': () => {
      const [row] = inner('car 1');
      return ['flows.csv', row, { energy_kwh: '37.000002000' }, 'capacity', row, /more than the capacity of 37/];
    },
    'a battery holds less than nothing': () => {
      const [row] = inner('car 1');
      return ['flows.csv', row, { energy_kwh: '-0.000002000' }, 'reserve', row, /less than nothing/];
    },
    'a battery gives what its reserve needs': () => {
      const row = emptiest();
      return ['flows.csv', row, { energy_kwh: '7.400000000' }, 'reserve', row, /less than the reserve/];
    },
    'a car comes back with more': () => {
      const away = first(flows(), ({ unit, plugged }) => unit === 'car 1' && plugged === '0');
      const row = after(away);
      return ['flows.csv', row, { energy_kwh: plus(away.energy_kwh, 1) }, 'flow', row, /1\.000000 kWh more/];
    },
    'a line goes back': () => {
      const row = flows()[20];
      return ['flows.csv', row, { t_s: plus(flows()[19].t_s, -1) }, 'order', row, /comes after/];
    },
    'a battery that does not exist': () => ['flows.csv', flows()[0], { unit: 'ghost' }, 'table', flows()[0], /ghost/],
    'a car that does not exist': () => ['flows.csv', flows()[0], { unit: 'car 99' }, 'table', flows()[0], /car 99/],
    'a depot that does not exist': () => ['flows.csv', flows()[0], { depot: 'x' }, 'table', flows()[0], /no depot x/],
    'a stay begins with another energy': () => {
      const [row] = tables['sessions.csv'];
      return ['sessions.csv', row, { from_kwh: plus(row.from_kwh, 0.00001) }, 'flow', row, /kWh, but/];
    },
    'a half hour buys 0.1 kW too much': () => {
      const row = noon();
      return ['site.csv', row, { import_kw: plus(row.import_kw, 0.1) }, 'meter', row, /0\.100000 kW more come in/];
    },
    'a half hour sells 2 mW that nobody gave': () => {
      const row = noon();
      return [
        'site.csv',
        row,
        { export_kw: plus(row.export_kw, 0.000002) },
        'meter',
        row,
        /-0\.000002 kW more come in/,
      ];
    },
    'energy that came from nowhere': () => {
      const row = noon();
      return ['site.csv', row, { load_kw: plus(row.load_kw, 0.1) }, 'conservation', rows().at(-1), /kWh came in/];
    },
    'more sun than there is': () => {
      const row = noon();
      return ['site.csv', row, { solar_kw: plus(row.free_used_kw, -0.1) }, 'meter', row, /more of sun and wind/];
    },
    'charging that is not that of the flows': () => {
      const row = noon();
      const more = { charge_kw: plus(row.charge_kw, 0.1), import_kw: plus(row.import_kw, 0.1) };
      return ['site.csv', row, more, 'meter', row, /charge_kw is .* by the flows/];
    },
    'discharging that is not that of the flows': () => {
      const row = noon();
      const more = { discharge_kw: plus(row.discharge_kw, 0.1), import_kw: plus(row.import_kw, -0.1) };
      return ['site.csv', row, more, 'meter', row, /discharge_kw is .* by the flows/];
    },
    'a negative power': () => ['site.csv', noon(), { fuel_kw: '-0.100000000' }, 'meter', noon(), /fuel_kw is -0\.1/],
  };
  for (const [name, prepare] of Object.entries(cases))
    test(name, () => {
      const [file, row, change, constraint, where, says] = prepare();
      const violations = spoiled(file, (all) =>
        Object.assign(
          first(all, ({ at }) => at === row.at),
          change,
        ),
      );
      assertFound(violations, constraint, where.at, says);
    });

  test('a half hour is missing', () => {
    const index = rows().indexOf(noon());
    assertFound(
      spoiled('site.csv', (all) => all.splice(index, 1)),
      'meter',
      noon().at,
      /the half hour begins/,
    );
  });

  test('any line of the flows that is missing', () => {
    for (let index = 0; index < flows().length; index += 41) {
      // A line of no length, or with the power of the line before to 9 decimals, tells nothing.
      const row = flows()[index];
      const isSame = ({ unit }) => unit === row.unit;
      const [before, next] = [
        flows().slice(0, index).findLast(isSame),
        flows()
          .slice(index + 1)
          .find(isSame),
      ];
      if (next?.t_s === row.t_s || (before?.site_kw === row.site_kw && before.plugged === row.plugged)) continue;
      assert.ok(spoiled('flows.csv', (all) => all.splice(index, 1)).length > 0, `line ${index + 2}`);
    }
  });

  test('a van is unplugged for no reason', () => {
    const log = tables['log.csv'];
    const depart = first(log, (row, i) => row.event === 'depart' && log[i - 1].event === 'unplug');
    const stay = first(
      tables['sessions.csv'],
      ({ vehicle, unplugged_s: until }) => vehicle === depart.vehicle && until === depart.t_s,
    );
    const violations = spoiled('log.csv', (all) =>
      Object.assign(
        first(all, ({ at }) => at === depart.at),
        { event: 'arrive' },
      ),
    );
    assertFound(violations, 'charger', stay.at, /for no reason/);
  });

  test('a van stands beside a free charger', () => {
    const stay = tables['sessions.csv'].at(-1);
    const { vehicle, plugged_s: from } = stay;
    const violations = spoiled(['sessions.csv', 'log.csv', 'flows.csv'], (sessions, log, lines) => {
      sessions.pop();
      const without = (all, gone) => all.splice(0, all.length, ...all.filter((row) => !gone(row)));
      const isLate = (row) => Number(row.t_s) >= Number(from);
      without(log, (row) => row.vehicle === vehicle && isLate(row) && /plug/.test(row.event));
      without(lines, (row) => row.unit === vehicle && isLate(row));
    });
    const van = first(tables['vehicles.csv'], (row) => row.vehicle === vehicle);
    assertFound(violations, 'charger', van.at, /beside a free charger/);
  });

  test('any figure of a site that is off by a thousandth', () => {
    const folder = join(temp, 'account');
    cpSync(good, folder, { recursive: true });
    const found = (change) => {
      const report = readReport(good);
      change(report.sites[0], report);
      writeFileSync(join(folder, 'report.json'), JSON.stringify(report));
      return check(folder).violations;
    };
    const [site] = readReport(good).sites;
    const numbers = (of) => Object.keys(of).filter((key) => typeof of[key] === 'number' && Math.abs(of[key]) > 1e-3);
    // The demand charge is billed by the contract; that it is a part of the total is checked.
    const figures = numbers(site).filter((key) => key !== 'billed_kw');
    assert.ok(figures.length >= 18, figures.join());
    for (const key of figures)
      assertFound(
        found((to) => (to[key] *= 1.001)),
        'report',
        'report.json',
        key.endsWith('_yen') ? /_yen/ : RegExp(key),
      );
    // Limits of a site's own batteries are not in the tables; physics.mjs has them from the scenario.
    const unchecked = ({ name }) => (name ? ['loss', 'capacity_kwh', 'reserve_kwh'] : ['loss']);
    site.units.forEach((unit, i) => {
      for (const key of numbers(unit).filter((key) => !unchecked(unit).includes(key)))
        assertFound(
          found((to) => (to.units[i][key] *= 1.001)),
          'report',
          'report.json',
          RegExp(key),
        );
      const last = (to) => to.units[i].energy.length - 1;
      assertFound(
        found((to) => (to.units[i].energy[last(to)] += 0.1)),
        'report',
        'report.json',
        /energy last/,
      );
      assertFound(
        found((to) => (to.units[i].activities[1].from_s += 1)),
        'report',
        'report.json',
        /after/,
      );
    });
    for (const key of Object.keys(site.series).filter((key) => Array.isArray(site.series[key])))
      assertFound(
        found((to) => (to.series[key][16] += 0.1)),
        'report',
        'report.json',
        key === 'co2_kg' ? /co2_kg/ : RegExp(key),
      );
    const drawn = found((_, report) => (report.series.power_kw[50] += 0.1));
    assertFound(drawn, 'report', 'report.json', /series\.power_kw\[50\] is/);
  });
});
