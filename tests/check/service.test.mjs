// Rules of the service beyond who rides where: parcels, calls by phone, drivers, vans without one. What breaks them is found out.
import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { assertFigures, assertFound, assertGood, first, runNamie, spoiler } from './days.mjs';

const later = (time, by) => (Number(time) + by).toFixed(3);

suite('a spoiled record of a service with many rules is found out', () => {
  let folder;
  let tables;
  let spoiled;
  before(() => {
    ({ folder } = runNamie(
      (scenario) => {
        scenario.demand.factor = 5;
        scenario.demand.generator.phone_share = 0.5;
        scenario.service.phone = { operators: 1, call_s: 240, opens: '08:30', closes: '17:00' };
        scenario.fleet.drivers = { number: 5, rules: { usual_duty_h: 6, max_driving_h: 1 } };
        for (const van of scenario.fleet.vehicles) van.parcel_places = 3;
        const ids = scenario.stops.map(({ id }) => id);
        const freight = (i) => ({ request_s: 36_000 + 900 * i, origin: ids[i], destination: ids[i + 4], passengers: 0, parcels: 2 });
        scenario.demand.trips = Array.from({ length: 8 }, (_, i) => freight(i));
      },
      1,
      'insertion',
    ));
    assertGood(folder);
    ({ tables, spoiled } = spoiler(folder));
  });
  const change = (file, row, fields) => spoiled(file, (rows) => Object.assign(first(rows, ({ at }) => at === row.at), fields));
  test('a figure of the report that is off by a hundred thousandth', () =>
    assertFigures(folder, ['break_hours', 'parcels', 'phone_share', 'mean_phone_s']));

  const event = (name) => first(tables['log.csv'], (row) => row.event === name);

  test('more parcels than places', () => {
    const request = first(tables['requests.csv'], (row) => row.parcels === '2' && row.answer === 'accepted');
    const van = first(tables['vehicles.csv'], ({ vehicle }) => vehicle === request.vehicle);
    const pickup = first(tables['log.csv'], (row) => row.event === 'pickup' && row.request === request.request);
    assertFound(change('vehicles.csv', van, { parcel_places: '1' }), 'seats', pickup.at, /parcels/);
  });

  test('parcels with a limit of their ride, and a party of nothing', () => {
    const request = first(tables['requests.csv'], (row) => row.parcels === '2');
    assertFound(change('requests.csv', request, { max_ride_s: '900.000' }), 'time aboard', request.at);
    assertFound(change('requests.csv', request, { parcels: '0' }), 'table', request.at);
  });

  test('a call by phone that is over too soon, or an app that is on hold', () => {
    const call = first(tables['requests.csv'], ({ channel }) => channel === 'phone');
    assertFound(change('requests.csv', call, { known_s: later(call.known_s, -0.001) }), 'phone', call.at);
    const app = first(tables['requests.csv'], ({ channel }) => channel === 'app');
    assertFound(change('requests.csv', app, { called_s: later(app.called_s, -1) }), 'phone', app.at);
  });

  test('a shift that begins late, or is longer than a duty', () => {
    const shift = tables['shifts.csv'][0];
    const start = first(tables['log.csv'], (row) => row.event === 'shift_start' && row.vehicle === shift.vehicle);
    assertFound(change('shifts.csv', shift, { begins_s: later(shift.begins_s, 60) }), 'duty', start.at);
    assertFound(change('shifts.csv', shift, { begins_s: later(shift.ends_s, -15.1 * 3600) }), 'duty', shift.at, / on duty for /);
  });

  test('a break that is left out, and one that is broken off', () => {
    const begin = event('break_start');
    const end = first(tables['log.csv'], (row) => row.event === 'break_end' && row.vehicle === begin.vehicle);
    const none = spoiled('log.csv', (rows) => rows.splice(0, rows.length, ...rows.filter(({ at }) => at !== begin.at)));
    // One row less: the lines after it have moved up.
    const [file, line] = end.at.split(':');
    assertFound(none, 'break', `${file}:${line - 1}`, /without a begin/);
    const other = first(tables['vehicles.csv'], ({ vehicle }) => vehicle !== begin.vehicle);
    assertFound(change('vehicles.csv', first(tables['vehicles.csv'], ({ vehicle }) => vehicle === begin.vehicle), {
      home_node: String(Number(other.home_node) + 1),
    }), 'break', begin.at, /not at its depot/);
  });

  test('a driver who drives on', () => {
    const names = ['depart', 'pass', 'arrive', 'pickup', 'dropoff', 'shift_start', 'shift_end', 'break_start', 'break_end'];
    const { vehicle } = event('break_start');
    // All rows of one van, with every stand shortened to a minute.
    const violations = spoiled('log.csv', (all) => {
      let [saved, last] = [0, undefined];
      for (const row of all.filter((row) => row.vehicle === vehicle && names.includes(row.event))) {
        const time = Number(row.t_s);
        if (last && !['depart', 'pass'].includes(last.event)) saved += Math.max(0, time - last.time - 60);
        last = { event: row.event, time };
        row.t_s = (time - saved).toFixed(3);
      }
    });
    assert.ok(violations.some(({ constraint, message }) => constraint === 'break' && / of driving without a break/.test(message)));
  });
});

suite('a spoiled record of vans without a driver is found out', () => {
  let folder;
  let tables;
  let spoiled;
  before(() => {
    ({ folder } = runNamie(
      (scenario) => {
        scenario.demand.factor = 3;
        const stops = scenario.stops.slice(0, 12).map(({ id }) => id);
        scenario.fleet.vehicles[0].driverless = { stops, max_speed_kmh: 19 };
        scenario.fleet.vehicles[1].driverless = { max_speed_kmh: 25 };
        scenario.service.supervision = { supervisors: 1, vans_each: 2 };
      },
      1,
      'insertion',
    ));
    assertGood(folder);
    ({ tables, spoiled } = spoiler(folder));
  });
  test('hours of supervisors that are off by a hundred thousandth', () => assertFigures(folder, ['supervisor_hours']));

  const change = (file, row, fields) => spoiled(file, (rows) => Object.assign(first(rows, ({ at }) => at === row.at), fields));

  test('one that drives faster, or serves another stop', () => {
    const [van] = tables['vehicles.csv'];
    const drives = first(tables['log.csv'], (row) => row.vehicle === van.vehicle && ['pass', 'arrive'].includes(row.event));
    assertFound(change('vehicles.csv', van, { max_speed_kmh: '20' }), 'road', drives.at);
    const pickup = first(tables['log.csv'], (row) => row.vehicle === van.vehicle && row.event === 'pickup');
    const others = (rows) => rows.filter(({ vehicle, node }) => vehicle !== van.vehicle || node !== pickup.node);
    assertFound(
      spoiled('areas.csv', (rows) => rows.splice(0, rows.length, ...others(rows))),
      'area',
      pickup.at,
    );
  });

  test('one more than are watched over', () => {
    const van = tables['vehicles.csv'][2];
    assertFound(change('vehicles.csv', van, { max_speed_kmh: '30' }), 'supervision', van.at);
  });
});
