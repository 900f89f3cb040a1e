// Days in traffic: log.mjs finds nothing in what the command writes, and finds a section that is driven too fast or too slowly.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { assertFound, assertGood, first, runNamie, spoiler, winter, withFewerCalls } from './days.mjs';
import { trafficOf } from './traffic.mjs';

const rush = (scenario) => {
  scenario.demand.factor = 4;
  scenario.network.traffic = Array.from({ length: 24 }, (_, hour) => ({ 7: 1.4, 8: 2.2, 9: 1.3, 16: 1.2, 17: 1.9, 18: 1.5 })[hour] ?? 1);
};
const days = {
  'two rush hours': rush,
  'every hour another, with limits on rides, in winter': (scenario) => {
    winter(scenario);
    scenario.network.traffic = Array.from({ length: 24 }, (_, hour) => 1 + ((7 * hour) % 24) / 12);
    scenario.service.ride_limit = { factor: 1.3, slack_s: 120 };
  },
  'with riders who are late and vans that break down': (scenario) => {
    rush(scenario);
    scenario.demand.behaviour = { late_share: 0.4, late_mean_s: 200, no_show_share: 0.1 };
    scenario.fleet.breakdowns = { mean_km_between: 60, repair_s: 2700 };
  },
};

suite('days in traffic', () => {
  for (const [name, change] of Object.entries(days))
    for (const policy of ['nearest', 'insertion', 'batch', 'pooling', 'anticipating', 'fixed_route'])
      test(`${name}, ${policy}`, () => {
        const { report } = assertGood(runNamie(withFewerCalls(change, policy, 1), 1, policy).folder);
        assert.ok(report.served > 10, `${report.served} served`);
      });

  test('traffic makes rides longer', () => {
    const [free, slow] = [() => {}, rush].map((change) => {
      const { folder } = runNamie((scenario) => {
        change(scenario);
        scenario.demand.factor = 1;
      }, 1, 'insertion');
      return assertGood(folder).report;
    });
    assert.ok(slow.mean_direct_s > 1.05 * free.mean_direct_s, `${slow.mean_direct_s} ${free.mean_direct_s}`);
  });
});

suite('a spoiled record in traffic', () => {
  const { tables, spoiled } = spoiler(runNamie(rush, 1, 'insertion').folder);
  const after = (t) => Number(t) > 8 * 3600 && Number(t) < 8.9 * 3600;
  const row = first(tables['log.csv'], ({ event, t_s: at }) => event === 'arrive' && after(at));
  for (const by of [-0.001, 0.001])
    test(`a section driven ${by} s off`, () => {
      const violations = spoiled('log.csv', (rows) => {
        first(rows, ({ at }) => at === row.at).t_s = (Number(row.t_s) + by).toFixed(3);
      });
      assertFound(violations, 'road', row.at);
    });
});

test('a drive over the change of the hour, by hand', () => {
  const { after } = trafficOf(Array.from({ length: 24 }, (_, hour) => ({ 7: 2, 8: 1.25 })[hour] ?? 1));
  const minutes = (m) => m * 60_000;
  // Half an hour from 7:30 on: 15 minutes of it by 8:00, the rest in 18.75 minutes.
  assert.equal(after(minutes(450), minutes(30)), minutes(498.75));
  assert.equal(after(minutes(450 + 1440), minutes(30)), minutes(498.75 + 1440));
});
