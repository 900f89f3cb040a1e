// Days on which riders come late or not at all and vans break down: log.mjs finds nothing in what the command writes, and
// finds each rule broken where a good record is spoiled.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { assertFigures, assertFound, assertGood, first, runNamie, spoiler, winter, withFewerCalls } from './days.mjs';

const unpunctual = (scenario) => {
  scenario.demand.factor = 4;
  scenario.demand.behaviour = { late_share: 0.4, late_mean_s: 200, no_show_share: 0.1 };
  scenario.service.wait_for_rider_s = 240;
};
const unreliable = (scenario) => {
  unpunctual(scenario);
  scenario.fleet.breakdowns = { mean_km_between: 60, repair_s: 2700 };
};

/** Vans with and without drivers, who have breaks and shifts; and all of the above. */
const everything = (scenario) => {
  unreliable(scenario);
  const { vehicles } = scenario.fleet;
  vehicles.push(...['x', 'y'].map((id) => ({ ...vehicles[0], id, driverless: { max_speed_kmh: 30 } })));
  scenario.service.supervision = { supervisors: 1, vans_each: 2, stuck_per_h: 6, help_s: 400 };
  scenario.fleet.drivers = { number: 2 * (vehicles.length - 2), rules: {} };
  scenario.service.phone = { operators: 1, call_s: 90 };
  scenario.network.traffic = Array.from({ length: 24 }, (_, hour) => ({ 7: 1.4, 8: 2, 17: 1.7 })[hour] ?? 1);
};

const days = {
  'riders who come late or not at all': unpunctual,
  'vans that break down, too': unreliable,
  'the same in winter, with small batteries': (scenario) => {
    winter(scenario);
    unreliable(scenario);
  },
  'everything at once, in traffic': everything,
};

suite('days on which things go wrong', () => {
  for (const [name, change] of Object.entries(days))
    for (const policy of ['nearest', 'insertion', 'batch', 'pooling', 'anticipating', 'fixed_route'])
      test(`${name}, ${policy}`, () => {
        for (const seed of [1, 2]) {
          const { report } = assertGood(runNamie(withFewerCalls(change, policy, 1), seed, policy).folder);
          if (policy !== 'fixed_route') assert.ok(report.no_shows > 0 && report.waited_s > 0, JSON.stringify(report));
          if (change !== unpunctual && policy !== 'fixed_route') assert.ok(report.breakdowns > 0, `${report.breakdowns}`);
          if (change === everything && policy !== 'fixed_route') assert.ok(report.stuck > 0, `${report.stuck}`);
        }
      });
});

suite('spoiled records of such days', () => {
  const good = runNamie(unreliable, 1, 'insertion').folder;
  const { tables, spoiled } = spoiler(good);
  const log = tables['log.csv'];
  const row = (event, more = () => true) => first(log, (r) => r.event === event && more(r));
  const change = (target, changes) => spoiled('log.csv', (rows) => Object.assign(first(rows, ({ at }) => at === target.at), changes));
  const without = (target) => spoiled('log.csv', (rows) => rows.splice(rows.findIndex(({ at }) => at === target.at), 1));

  test('a van that gives up too soon', () => {
    const target = row('no_show');
    assertFound(change(target, { t_s: (Number(target.t_s) - 1).toFixed(3) }), 'wait', target.at, /vans wait for 240/);
  });
  test('a party that nobody waited for', () => {
    const wait = row('wait', ({ request }) => log.some((r) => r.event === 'no_show' && r.request === request));
    const { at } = row('no_show', ({ request }) => request === wait.request);
    const violations = without(wait);
    // Rows after the one that is missing have moved up by one.
    assertFound(violations, 'wait', at.replace(/\d+$/, (line) => line - 1), /did not wait/);
  });
  test('a van that does something else while it waits', () => {
    const wait = row('wait');
    const other = first(log.slice(log.indexOf(wait) + 1), ({ vehicle, event }) => vehicle === wait.vehicle && event !== 'late');
    assertFound(change(other, { event: 'dropoff' }), 'wait', other.at, /while it waits/);
  });
  test('a repair that is too short', () => {
    const target = row('repaired');
    assertFound(change(target, { t_s: (Number(target.t_s) - 60).toFixed(3) }), 'breakdown', target.at, /not 2700/);
  });
  test('a promise broken without a word', () => {
    const late = row('late', ({ request, t_s: at }) =>
      tables['requests.csv'].some(
        (r) => r.request === request && log.some((p) => p.event === 'pickup' && p.request === request && Number(p.t_s) > Math.max(at, r.promised_until_s)),
      ),
    );
    const pickup = row('pickup', ({ request }) => request === late.request);
    assertFound(without(late), 'promise', pickup.at.replace(/\d+$/, (line) => line - 1), /was promised|can be picked up/);
  });
  test('a van that is late and has lost no time', () => {
    const accept = row('accept', ({ t_s: at }) => !log.some((r) => ['wait', 'breakdown'].includes(r.event) && Number(r.t_s) < Number(at)));
    const violations = spoiled('log.csv', (rows) => {
      const index = rows.findIndex(({ at }) => at === accept.at);
      rows.splice(index + 1, 0, { ...accept, event: 'late' });
    });
    assert.ok(violations.some(({ constraint, message }) => constraint === 'late' && /lost no time/.test(message)), JSON.stringify(violations));
  });
  test('riders who change vans without a breakdown', () => {
    const dropoff = row('dropoff', ({ load }) => load === '0');
    assertFound(change(dropoff, { event: 'transfer' }), 'transfer', dropoff.at, /not at a breakdown/);
  });
  test('figures of what went wrong', () => {
    const wait = row('wait', ({ request }) => log.some((r) => r.event === 'pickup' && r.request === request));
    assertFound(without(wait), 'report', 'report.json', /waited_s/);
  });
});

suite('spoiled records of vans that ask for help', () => {
  const good = runNamie(everything, 1, 'insertion').folder;
  assertGood(good);
  const { tables, spoiled } = spoiler(good);
  const log = tables['log.csv'];
  const change = (target, changes) => spoiled('log.csv', (rows) => Object.assign(first(rows, ({ at }) => at === target.at), changes));
  const freed = first(log, ({ event }) => event === 'freed');

  test('help that comes too soon', () =>
    assertFound(change(freed, { t_s: (Number(freed.t_s) - 1).toFixed(3) }), 'stuck', freed.at, /has freed it at/));
  test('a van that goes on by itself', () => {
    const next = first(log.slice(log.indexOf(freed) + 1), ({ vehicle, event }) => vehicle === freed.vehicle && event !== 'late');
    const violations = spoiled('log.csv', (rows) => rows.splice(rows.findIndex(({ at }) => at === freed.at), 1));
    // Rows after the one that is missing have moved up by one.
    assertFound(violations, 'stuck', next.at.replace(/\d+$/, (line) => line - 1), /while it waits for help/);
  });
  test('a van with a driver that asks for help', () => {
    const { vehicle } = tables['vehicles.csv'].find((van) => van.max_speed_kmh === '');
    const stuck = first(log, ({ event }) => event === 'stuck');
    assertFound(change(stuck, { vehicle }), 'stuck', stuck.at, /with a driver/);
  });
  test('figures of help', () => assertFigures(good, ['stuck', 'mean_help_s']));
});
