// Runs the command on many days and has log.mjs check what it writes; then spoils a good record in all ways that
// log.mjs names and asserts that it finds them. What concerns batteries and meters is in site.test.mjs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  REPLANNING,
  assertFigures,
  assertFound,
  assertGood,
  first,
  near,
  readReport,
  readTable,
  root,
  run,
  runNamie,
  spoiler,
  temp,
  winter,
  withFewerCalls,
} from './days.mjs';
import { check } from './log.mjs';
import { assertSites } from './physics.mjs';

const checker = fileURLToPath(new URL('log.mjs', import.meta.url));
const manhattan = join(root, '../shared/data/manhattan');

const goHome = (scenario) => {
  scenario.demand.factor = 3;
  scenario.policies.rebalancing = { kind: 'return_to_depot', after_s: 300 };
};
/** The station has room for one; the van without a driver waits at a stop of its own. */
const hubs = (scenario) => {
  const ids = scenario.stops.map(({ id }) => id);
  scenario.fleet.hubs = [{ place: 'station', vans: 1 }, { place: scenario.depots[0].id }, ...[20, 40, 60].map((i) => ({ place: ids[i] }))];
  scenario.fleet.vehicles[0].driverless = { stops: [...ids.slice(0, 12), ids[20]], max_speed_kmh: 30 };
  scenario.policies.rebalancing = { kind: 'nearest_hub', after_s: 60 };
};
const assertWaiting = ({ empty_km: empty }, policy, counts) => {
  if (policy !== 'fixed_route') assert.ok(empty > 0 && counts.waits > 3, `${counts.waits} waits, ${empty} km`);
};
const parties = (scenario) => {
  scenario.demand.factor = 4;
  scenario.demand.generator.wheelchair_share = 0.4;
  scenario.demand.generator.party_weights = [1, 1, 1, 1, 1, 1];
  for (const van of scenario.fleet.vehicles) van.wheelchair_places = 2;
};

/** Children, parcels beside passengers, and freight: a trip every five minutes beside those of the generator. */
const parcels = (scenario) => {
  Object.assign(scenario.service.dwell, { per_child_s: 8, per_parcel_s: 6 });
  for (const van of [...scenario.fleet.vehicles, ...scenario.fixed_route.vehicles]) van.parcel_places = 3;
  const ids = scenario.stops.map(({ id }) => id);
  scenario.demand.trips = Array.from({ length: 100 }, (_, i) => ({
    request_s: 36_000 + 300 * i,
    origin: ids[i % ids.length],
    destination: ids[(7 * i + 3) % ids.length],
    passengers: i % 3,
    children: i % 2,
    parcels: i % 3 === 0 ? 1 + (i % 4) : i % 2,
  })).filter(({ origin, destination }) => origin !== destination);
};

const towns = {
  'an ordinary day': { change: () => {}, seeds: [1, 2, 3, 4, 5] },
  'five times the demand': {
    change: (scenario) => {
      scenario.demand.factor = 5;
    },
    seeds: [1, 2],
    expect: ({ refused, shared_share: shared }, policy) => {
      assert.ok(refused > 0);
      assert.equal(shared > 0, policy !== 'nearest');
    },
  },
  'a winter day with small batteries': {
    change: winter,
    seeds: [1, 2],
    expect: (report, policy, counts) => {
      if (policy === 'fixed_route') return;
      assert.ok(report.refused_by.some(({ limit }) => limit === 'charge'));
      assert.ok(report.energy_charged_kwh > 0 && counts.sessions > 3);
    },
  },
  'idle vans go home': { change: goHome, seeds: [1, 2] },
  'idle vans go home at once and charge': {
    change: (scenario) => {
      winter(scenario);
      scenario.policies.rebalancing = { kind: 'return_to_depot', after_s: 0 };
    },
    seeds: [1],
  },
  'idle vans go to hubs': { change: hubs, seeds: [1, 2], expect: assertWaiting },
  'large parties and wheelchairs': { change: parties, seeds: [1, 2] },
  'children, parcels and freight': {
    change: parcels,
    seeds: [1],
    expect: ({ parcels: carried, passengers }, policy) => {
      assert.ok(carried > 0 && passengers > 0, `${carried} parcels, ${passengers} passengers`);
      if (policy === 'insertion') assert.ok(carried > 20, `${carried} parcels`);
    },
  },
  'half of the calls come by phone': {
    change: (scenario) => {
      scenario.demand.factor = 3;
      scenario.demand.generator.phone_share = 0.5;
      scenario.service.phone = { operators: 1, call_s: 240, opens: '08:30', closes: '17:00' };
    },
    seeds: [1, 2],
    expect: ({ phone_share: share, mean_phone_s: time }) => assert.ok(share > 0.3 && share < 0.7 && time > 240),
  },
  'drivers under the standard, three vans and five shifts': {
    change: (scenario) => {
      scenario.demand.factor = 6;
      scenario.fleet.drivers = { number: 5, rules: { usual_duty_h: 6, max_driving_h: 1 } };
    },
    seeds: [1, 2],
    expect: ({ break_hours: breaks, driving_hours: driving }, policy) => {
      assert.ok(driving > 0);
      if (policy === 'insertion') assert.ok(breaks > 0, `${breaks} h of breaks`);
    },
  },
  'two vans without a driver, one watched over': {
    change: (scenario) => {
      scenario.demand.factor = 3;
      const [first, second] = scenario.fleet.vehicles;
      const stops = scenario.stops.slice(0, 12).map(({ id }) => id);
      first.driverless = { stops, max_speed_kmh: 19, closes: '15:00' };
      second.driverless = { max_speed_kmh: 30, opens: '14:00' };
      scenario.service.supervision = { supervisors: 1, vans_each: 1 };
      scenario.costs.supervisor_yen_per_h = 2500;
    },
    seeds: [1, 2],
    expect: ({ supervisor_hours: hours, vehicles }, policy) => {
      if (policy === 'fixed_route') return;
      assert.ok(hours > 0 && vehicles[0].served > 0, `${vehicles[0].served} served`);
      assert.deepEqual([vehicles[0].driver_hours, vehicles[1].km], [0, 0]);
    },
  },
  'everybody books ahead': {
    change: (scenario) => {
      scenario.demand.factor = 4;
      scenario.demand.generator.booked_share = 1;
    },
    seeds: [1, 2],
  },
  'no promise, no limit of the ride, no dwell time': {
    change: (scenario) => {
      scenario.demand.factor = 4;
      delete scenario.service.promise_window_s;
      delete scenario.service.ride_limit;
      scenario.service.dwell = { per_request_s: 0, per_passenger_s: 0, per_wheelchair_s: 0 };
    },
    seeds: [1],
  },
  'a van without battery, one without a home, one charger': {
    change: (scenario) => {
      scenario.demand.factor = 5;
      const [first, second] = scenario.fleet.vehicles;
      delete first.battery;
      delete second.depot;
      second.start_node = scenario.stops[0].node;
      scenario.depots[0].chargers[0].count = 1;
    },
    seeds: [1],
  },
  'nobody calls': {
    change: (scenario) => {
      scenario.demand.factor = 0;
    },
    seeds: [1],
    expect: ({ requests, mean_wait_s: wait }) => assert.deepEqual([requests, wait ?? null], [0, null]),
  },
};

suite('days in Namie', () => {
  for (const [name, { change, seeds, expect }] of Object.entries(towns))
    for (const policy of ['nearest', 'insertion', 'batch', 'pooling', 'anticipating', 'fixed_route'])
      test(`${name}, ${policy}`, () => {
        for (const seed of seeds) {
          const { folder, scenario } = runNamie(withFewerCalls(change, policy), seed, policy);
          const { report, counts } = assertGood(folder);
          if (!(policy in REPLANNING)) expect?.(report, policy, counts);
          assertScenario(folder, scenario, policy);
        }
      });

  test('electric buses that charge where they end, on roads that they leave by night', () => {
    const { folder } = runNamie(
      (scenario) => {
        scenario.demand.factor = 6;
        const [van] = scenario.fleet.vehicles;
        const { lines, vehicles } = scenario.fixed_route;
        // The roadside station becomes the terminal, where the bus stands beside its charger.
        scenario.depots[0].node = scenario.stops.find(({ id }) => id === lines[0].stops[0].stop).node;
        vehicles[0].battery = { ...van.battery, capacity_kwh: 100 };
        vehicles.push({ ...vehicles[0], id: 'spare', seats: 2 });
      },
      1,
      'fixed_route',
    );
    const { report, counts } = assertGood(folder);
    assert.ok(report.served > 10 && counts.sessions > 3, `${report.served} served, ${counts.sessions} sessions`);
  });

  test('the same scenario and seed give the same record, another seed another one', () => {
    const [first, again, other] = [1, 1, 2].map((seed) => runNamie(() => {}, seed, 'insertion').folder);
    for (const file of readdirSync(first).filter((file) => file.endsWith('.csv')))
      assert.ok(readFileSync(join(first, file)).equals(readFileSync(join(again, file))), file);
    assert.match(readReport(first).log_hash, /^[0-9a-f]{16}$/);
    assert.equal(readReport(again).log_hash, readReport(first).log_hash);
    assert.notEqual(readReport(other).log_hash, readReport(first).log_hash);
  });
});

/** What log.mjs cannot know: limits, dwell times, fares, chargers and prices are those of the scenario. */
function assertScenario(folder, scenario, policy) {
  const { day, service, fares, stops, fixed_route: route } = scenario;
  const bus = policy === 'fixed_route';
  const { max_wait_s: wait = service.max_wait_s } = readReport(folder).policies.matching;
  const clock = (text) => text.split(':').reduce((hours, minutes) => hours * 3600 + minutes * 60);
  const weekday = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][new Date(day.date).getUTCDay()];
  const closes = clock(service.hours.find(({ days }) => days.includes(weekday)).closes);
  const zone = new Map(stops.map((stop) => [String(stop.node), fares.zones.find(({ id }) => id === stop.zone)]));
  const night = fares.night && clock(fares.night.from);
  const log = readTable(join(folder, 'log.csv'));
  const pickups = new Map(log.filter(({ event }) => event === 'pickup').map((row) => [row.request, Number(row.t_s)]));
  let yen = 0;
  for (const row of readTable(join(folder, 'requests.csv'))) {
    const columns = [row.earliest_s, row.direct_s, row.seats, row.wheelchairs, row.children, row.parcels];
    const [earliest, direct, seats, wheelchairs, children, parcels] = columns.map(Number);
    const freight = seats + wheelchairs === 0;
    const limit = !freight && service.ride_limit;
    const ride = limit ? limit.factor * direct + limit.slack_s : undefined;
    const { per_request_s: each, per_passenger_s: passenger, per_wheelchair_s: wheelchair } = service.dwell;
    const { per_child_s: child = passenger, per_parcel_s: parcel = 0 } = service.dwell;
    const dwell = each + passenger * (seats - children) + child * children + wheelchair * wheelchairs + parcel * parcels;
    near(Number(row.latest_pickup_s), earliest + wait, 1e-6, `latest pick-up of ${row.request}`);
    const dropoff = freight ? closes : Math.min(earliest + service.max_wait_s + service.detour_factor * direct, closes);
    if (!bus) near(Number(row.latest_dropoff_s), dropoff, 1.1e-3, `latest drop-off of ${row.request}`);
    if (bus || ride === undefined) assert.equal(row.max_ride_s, '');
    else near(Number(row.max_ride_s), ride, 1.1e-3, `longest ride of ${row.request}`);
    near(Number(row.dwell_s), dwell, 1e-6, `dwell of ${row.request}`);
    const width = Number(row.promised_until_s) - Number(row.promised_from_s);
    if (row.answer === 'accepted' && !bus) assert.ok(width <= (service.promise_window_s ?? wait), row.request);
    if (!pickups.has(row.request)) continue;
    const fare = Math.max(zone.get(row.origin_node).adult_yen, zone.get(row.destination_node).adult_yen);
    const surcharge = night !== undefined && pickups.get(row.request) >= night ? fares.night.surcharge_yen : 0;
    yen += (seats + wheelchairs) * (1 - fares.free_share) * (bus ? route.adult_yen : fare + surcharge);
  }
  near(readReport(folder).fares_yen, yen, 1e-6 * yen, 'fares');
  assertCosts(folder, scenario, bus ? 'fixed_route' : 'on_demand');
  assertSites(folder, scenario);
}

/** The operating cost by the scenario's prices; electricity by flows and the price of each half hour. */
function assertCosts(folder, { costs, fleet, fixed_route: route }, kind) {
  const report = readReport(folder);
  const running = costs[kind];
  const { driver_yen_per_h: driver, supervisor_yen_per_h: supervisor = 0 } = costs;
  let yen = running.overhead_yen_per_day + driver * report.driver_hours + supervisor * report.supervisor_hours;
  const vehicles = kind === 'fixed_route' ? route.vehicles : fleet.vehicles;
  for (const { id, battery } of vehicles) {
    const { km } = report.vehicles.find((van) => van.id === id);
    yen += running.vehicle_yen_per_day + km * (running.vehicle_yen_per_km + (battery ? 0 : running.fuel_yen_per_km));
  }
  const flows = readTable(join(folder, 'flows.csv'));
  const slots = readTable(join(folder, 'site.csv')).map((row) => [Number(row.t_s), Number(row.t_s) + 1800, Number(row.buy_yen)]);
  for (const [i, { unit, site_kw: kw, t_s: from }] of flows.entries()) {
    if (!vehicles.some(({ id }) => id === unit)) continue;
    const until = Number(flows.slice(i + 1).find((next) => next.unit === unit)?.t_s ?? slots.at(-1)?.[1]);
    for (const [begin, end, price] of slots)
      yen += ((Number(kw) * Math.max(0, Math.min(until, end) - Math.max(Number(from), begin))) / 3600) * price;
  }
  near(report.operating_yen, yen, 1e-6 * yen, 'operating cost');
}

suite('plain tables', () => {
  const plain = (folder, size, policy) =>
    run(
      ...['--nodes', join(folder, 'nodes.csv'), '--edges', join(folder, 'edges.csv'), '--policy', policy],
      ...['--requests', join(folder, `req_${size}.csv`), '--vehicles', join(folder, `veh_${size}.csv`)],
    );

  test('a street of three nodes', () => {
    // The van stands at 0. The first rider goes from 1 to 2, the second along; the third calls too far away.
    const folder = join(temp, 'street');
    mkdirSync(folder);
    const write = (file, ...lines) => writeFileSync(join(folder, file), `${lines.join('\n')}\n`);
    write('nodes.csv', 'node,x_m,y_m', '0,0,0', '1,500,0', '2,1500,0');
    write('edges.csv', 'from,to,length_m,time_s', '0,1,500,90', '1,0,500,90', '1,2,1000,180', '2,1,1000,180');
    write('req_X.csv', 'id,t_s,o,d,direct_s', 'a,10,1,2,180', 'b,40,1,2,180', 'c,200,0,1,90');
    write('veh_X.csv', 'id,node,cap', 'v,0,4');
    const { report } = assertGood(plain(folder, 'X', 'insertion'));
    assert.deepEqual([report.requests, report.served, report.refused], [3, 2, 1]);
    // Both get on at 100 s and off at 280 s.
    assert.deepEqual([report.mean_wait_s, report.median_wait_s, report.p95_wait_s], [75, 60, 90]);
    assert.deepEqual([report.mean_delay_s, report.mean_ride_s, report.shared_share], [75, 180, 1]);
    near(report.vehicle_km, 1.5, 1e-9, 'km');
    near(report.empty_km, 0.5, 1e-9, 'empty km');
    near(report.mean_occupancy, 2 / 1.5, 1e-9, 'occupancy');
  });

  for (const [size, policy] of [
    ['S', 'nearest'],
    ['S', 'insertion'],
    ['M', 'insertion'],
    ['M', 'batch'],
    ['S', 'pooling'],
    ['S', 'anticipating'],
  ])
    test(`Manhattan ${size}, ${policy}`, (t) => {
      if (!existsSync(manhattan)) return t.skip(`${manhattan} is absent`);
      const folder = plain(manhattan, size, policy);
      assertGood(folder);
      const asked = readTable(join(manhattan, `req_${size}.csv`));
      const written = new Map(readTable(join(folder, 'requests.csv')).map((row) => [row.request, row]));
      assert.equal(written.size, asked.length);
      for (const { id, t_s: time, o, d } of asked) {
        const row = written.get(id);
        const from = Number(time);
        const latest = from + 300 + 1.4 * Number(row.direct_s);
        assert.deepEqual([row.origin_node, row.destination_node, row.seats], [o, d, '1'], id);
        assert.deepEqual([row.known_s, row.earliest_s, row.latest_pickup_s].map(Number), [from, from, from + 300], id);
        near(Number(row.latest_dropoff_s), latest, 1.1e-3, id);
      }
      const keys = ({ from, to, length_m: length, time_s: time }) => [from, to, Number(length), Number(time)].join();
      const edges = (path) => readTable(path).map(keys).sort();
      assert.deepEqual(edges(join(folder, 'edges.csv')), edges(join(manhattan, 'edges.csv')));
    });
});

test('a spoiled record of buses is found out', () => {
  const { folder } = runNamie((scenario) => void (scenario.demand.factor = 3), 1, 'fixed_route');
  assertGood(folder);
  const { tables, change } = spoiler(folder);
  const walker = first(tables['requests.csv'], ({ walk_to_s: walk }) => Number(walk) > 0);
  const later = (time, by) => (Number(time) + by).toFixed(3);
  assertFound(change('requests.csv', walker, { walk_to_s: later(walker.walk_to_s, -1) }), 'walk', walker.at);
  assertFound(change('requests.csv', walker, { walk_from_s: '' }), 'walk', walker.at);
  const far = first(tables['nodes.csv'], ({ lat }) => Math.abs(lat - 37.494) > 0.02).node;
  assertFound(change('requests.csv', walker, { board_node: far }), 'walk', walker.at, / m from /);
  const on = first(tables['log.csv'], ({ event, request }) => event === 'pickup' && request === walker.request);
  const call = { earliest_s: later(on.t_s, -walker.walk_to_s + 1), latest_pickup_s: later(on.t_s, 3600) };
  assertFound(change('requests.csv', walker, call), 'walk', on.at);
  // The second call of a trip: the bus leaves it in time, so that a later time is not kept.
  const stop = tables['timetable.csv'][1];
  assertFound(change('timetable.csv', stop, { departs_s: later(stop.departs_s, 1200) }), 'timetable', stop.at);
  assertFound(change('timetable.csv', stop, { node: far }), 'timetable', stop.at);
  const report = readReport(folder);
  const path = join(temp, 'spoiled', 'report.json');
  writeFileSync(path, JSON.stringify({ ...report, mean_walk_s: report.mean_walk_s * 1.00001 }));
  assert.match(check(join(temp, 'spoiled')).violations.at(-1).message, /^mean_walk_s/);
});

suite('a spoiled record of answers after the call is found out', () => {
  let tables;
  let change;
  before(() => {
    const { folder } = runNamie(
      (scenario) => {
        scenario.demand.factor = 5;
      },
      2,
      'pooling',
    );
    assertGood(folder);
    ({ tables, change } = spoiler(folder));
  });

  const log = () => tables['log.csv'];
  const moved = () => first(log().toReversed(), ({ event }) => event === 'reassign');
  const requestRow = (name) => first(tables['requests.csv'], ({ request }) => request === name);

  test('an answer after it is due', () => {
    const row = first(log(), ({ event, t_s: time, request }) => event === 'accept' && time !== requestRow(request).known_s);
    const answer_by_s = (Number(row.t_s) - 0.001).toFixed(3);
    assertFound(change('requests.csv', requestRow(row.request), { answer_by_s }), 'answer', row.at);
  });

  test('a rider is moved to another van than the one that comes', () => {
    const row = moved();
    const { vehicle } = first(tables['vehicles.csv'], (van) => van.vehicle !== row.vehicle);
    assertFound(change('log.csv', row, { vehicle }), 'reassign', requestRow(row.request).at);
  });

  test('a rider is moved who is in no van\'s plan, or aboard', () => {
    const row = moved();
    const refused = first(log(), ({ event, t_s: time }) => event === 'refuse' && Number(time) < Number(row.t_s));
    const { origin_node: node, seats, wheelchairs } = requestRow(refused.request);
    const load = String(Number(seats) + Number(wheelchairs));
    assertFound(change('log.csv', row, { request: refused.request, node, load }), 'reassign', row.at);
  });
});

test('a spoiled record of vans that wait at hubs is found out', () => {
  const { folder } = runNamie(hubs, 1, 'insertion');
  assertGood(folder);
  const { tables, spoiled, change } = spoiler(folder);
  // The first van with a driver that comes to a hub to wait, from a node in between.
  const log = tables['log.csv'].filter(({ event }) => !['request', 'accept', 'refuse'].includes(event));
  const nodes = tables['hubs.csv'].map(({ node }) => node);
  const rows = log.filter(({ vehicle }) => vehicle === tables['vehicles.csv'][1].vehicle);
  const found = rows.findIndex(
    ({ event, node }, i) =>
      event === 'arrive' && nodes.includes(node) && rows[i - 1].event === 'pass' && rows[i + 1].event === 'depart' && !nodes.includes(rows[i - 1].node),
  );
  const [before, row] = [rows[found - 1], rows[found]];
  const hub = first(tables['hubs.csv'], ({ node }) => node === row.node);
  assertFound(change('hubs.csv', hub, { node: before.node }), 'hub', row.at, /no hub of its own/);
  assertFound(change('hubs.csv', hub, { vans: '0' }), 'hub', row.at, /no room/);
  const other = first(tables['hubs.csv'], ({ at }) => at !== hub.at);
  assertFound(change('hubs.csv', other, { node: before.node, vans: '' }), 'hub', row.at, /is nearer/);
  assertFound(spoiled('hubs.csv', (all) => all.splice(0)), 'hub', 'hubs.csv:1');
});

suite('a spoiled record is found out', () => {
  let good;
  let tables;
  let spoiled;
  before(() => {
    good = runNamie(
      (scenario) => {
        // Some of everything: shared rides, wheelchairs, refusals, vans that share the chargers.
        scenario.demand.factor = 2;
        scenario.demand.generator.wheelchair_share = 0.2;
        scenario.service.max_wait_s = 600;
      },
      5,
      'insertion',
    ).folder;
    assertGood(good);
    ({ tables, spoiled } = spoiler(good));
  });

  const log = () => tables['log.csv'];
  const event = (name) => first(log(), (row) => row.event === name);
  const served = () => event('dropoff').request;
  const rowOf = (name, request) => first(log(), (row) => row.event === name && row.request === request);
  const requestRow = (request) => first(tables['requests.csv'], (row) => row.request === request);
  const vanRow = (van) => first(tables['vehicles.csv'], ({ vehicle }) => vehicle === van);
  const otherVan = (van) => first(tables['vehicles.csv'], ({ vehicle }) => vehicle !== van).vehicle;
  const later = (time, by) => (Number(time) + by).toFixed(3);

  /** Changes fields of the row that `find` gives; expects `constraint` at the row that `where` gives, or there. */
  const cases = {
    'a road section takes a millisecond longer': () => {
      const row = event('pass');
      return ['log.csv', row, { t_s: later(row.t_s, 0.001) }, 'road'];
    },
    'time goes back': () => {
      const row = event('arrive');
      return ['log.csv', row, { t_s: later(row.t_s, -3600) }, 'order'];
    },
    'a van jumps': () => {
      const row = event('pass');
      return ['log.csv', row, { node: vanRow(row.vehicle).home_node }, 'road'];
    },
    'a parked van jumps': () => {
      const row = event('depart');
      return ['log.csv', row, { node: String(Number(row.node) - 1) }, 'road'];
    },
    'a van drives on without a depart': () => ['log.csv', event('depart'), { event: 'arrive' }, 'road'],
    'a rider gets into another van': () => {
      const row = event('pickup');
      return ['log.csv', row, { vehicle: otherVan(row.vehicle) }, 'pick-up'];
    },
    'a rider gets off another van': () => {
      const row = event('dropoff');
      return ['log.csv', row, { vehicle: otherVan(row.vehicle) }, 'drop-off'];
    },
    'a rider gets on twice': () => {
      const [row, other] = log().filter(({ event: name }) => name === 'pickup');
      return ['log.csv', other, { request: row.request }, 'pick-up'];
    },
    'a refused request is picked up': () => {
      const { request } = event('refuse');
      const row = first(log().toReversed(), ({ event: name }) => name === 'pickup');
      return ['log.csv', row, { request }, 'pick-up'];
    },
    'a rider gets on at another node': () => {
      const row = rowOf('pickup', served());
      const request = requestRow(row.request);
      return ['requests.csv', request, { origin_node: request.destination_node }, 'pick-up', row];
    },
    'a rider gets off at another node': () => {
      const row = event('dropoff');
      const request = requestRow(row.request);
      return ['requests.csv', request, { destination_node: request.origin_node }, 'drop-off', row];
    },
    'a pick-up before its promised window': () => {
      const row = rowOf('pickup', served());
      return ['requests.csv', requestRow(row.request), { promised_from_s: later(row.t_s, 0.001) }, 'promise', row];
    },
    'a pick-up after its promised window': () => {
      const row = rowOf('pickup', served());
      return ['requests.csv', requestRow(row.request), { promised_until_s: later(row.t_s, -0.001) }, 'promise', row];
    },
    'a pick-up after its latest': () => {
      const row = rowOf('pickup', served());
      return ['requests.csv', requestRow(row.request), { latest_pickup_s: later(row.t_s, -0.001) }, 'promise', row];
    },
    'a promise beyond the latest pick-up': () => {
      const request = requestRow(served());
      return ['requests.csv', request, { promised_until_s: later(request.latest_pickup_s, 0.001) }, 'promise'];
    },
    'a drop-off after its latest': () => {
      const row = event('dropoff');
      return ['requests.csv', requestRow(row.request), { latest_dropoff_s: later(row.t_s, -0.001) }, 'drop-off', row];
    },
    'a rider is aboard for too long': () => {
      const row = event('dropoff');
      const request = requestRow(row.request);
      const aboard = row.t_s - rowOf('pickup', row.request).t_s - request.dwell_s;
      return ['requests.csv', request, { max_ride_s: later(aboard, -0.001) }, 'time aboard', row];
    },
    'the direct drive is not the shortest': () => {
      const request = requestRow(served());
      return ['requests.csv', request, { direct_s: later(request.direct_s, -0.001) }, 'direct drive'];
    },
    'a van does not stand for the dwell time': () => {
      const row = rowOf('pickup', served());
      const next = first(
        log().slice(log().indexOf(row) + 1),
        ({ vehicle, event: name }) => vehicle === row.vehicle && !['request', 'accept', 'refuse'].includes(name),
      );
      const request = requestRow(row.request);
      return ['requests.csv', request, { dwell_s: later(next.t_s - row.t_s, 0.001) }, 'dwell', next];
    },
    'an answer comes late': () => ['log.csv', event('accept'), { t_s: event('shift_start').t_s }, 'answer'],
    'an answer is not the one given': () => ['log.csv', event('accept'), { event: 'refuse' }, 'answer'],
    'a request is answered before it is known': () => {
      const request = requestRow(served());
      const row = rowOf('accept', request.request);
      return ['requests.csv', request, { known_s: later(request.known_s, 1) }, 'answer', row];
    },
    'the load is not that of the parties aboard': () => ['log.csv', event('pickup'), { load: '7' }, 'load'],
    'more riders than seats': () => {
      const row = first(log(), ({ event: name, load }) => name === 'pickup' && Number(load) > 1);
      return ['vehicles.csv', vanRow(row.vehicle), { seats: '0' }, 'seats', rowOf('pickup', row.request)];
    },
    'more wheelchairs than places': () => {
      const request = first(tables['requests.csv'], (r) => r.wheelchairs === '1' && r.answer === 'accepted');
      const van = vanRow(request.vehicle);
      return ['vehicles.csv', van, { wheelchair_places: '0' }, 'seats', rowOf('pickup', request.request)];
    },
    'energy comes from nowhere': () => {
      const row = event('arrive');
      return ['log.csv', row, { energy_kwh: (Number(row.energy_kwh) + 2e-6).toFixed(6) }, 'energy'];
    },
    'a van drives with less energy than it needs': () => {
      const row = event('pass');
      const van = vanRow(row.vehicle);
      return ['vehicles.csv', van, { kwh_per_m: String(van.kwh_per_m * 1.1) }, 'energy', row];
    },
    'a van falls below its reserve': () => {
      const row = first(log(), ({ event: name }) => name === 'shift_end');
      const reserve_kwh = String(Number(row.energy_kwh) + 1e-5);
      return ['vehicles.csv', vanRow(row.vehicle), { reserve_kwh }, 'reserve', row];
    },
    'a van holds more than its capacity': () => {
      const row = event('shift_start');
      const capacity_kwh = String(Number(row.energy_kwh) - 1e-5);
      return ['vehicles.csv', vanRow(row.vehicle), { capacity_kwh }, 'capacity', row];
    },
    'two vans at one charger': () => {
      const sessions = tables['sessions.csv'];
      const overlap = (a, b) =>
        Number(a.plugged_s) < Number(b.plugged_s) && Number(b.plugged_s) < Number(a.unplugged_s);
      const second = first(sessions, (b) => sessions.some((a) => a.charger !== b.charger && overlap(a, b)));
      const row = first(
        log().toReversed(),
        (r) => r.event === 'plug' && r.vehicle === second.vehicle && r.t_s === second.plugged_s,
      );
      const taken = first(sessions, (a) => a.charger !== second.charger && overlap(a, second));
      return ['sessions.csv', second, { charger: taken.charger }, 'charger', row];
    },
    'a charging that is not in the table': () => {
      const [session] = tables['sessions.csv'];
      const row = first(log(), (r) => r.event === 'plug' && r.vehicle === session.vehicle);
      return ['sessions.csv', session, { plugged_s: later(session.plugged_s, 1) }, 'charger', row];
    },
    'charging away from home': () => {
      const row = event('plug');
      const home_node = first(tables['nodes.csv'], ({ node }) => node !== row.node).node;
      return ['vehicles.csv', vanRow(row.vehicle), { home_node }, 'charger', row];
    },
    'a shift begins elsewhere': () => {
      const row = first(
        log(),
        ({ vehicle, event: name }) => vehicle === event('shift_start').vehicle && name === 'plug',
      );
      const start_node = first(tables['nodes.csv'], ({ node }) => node !== row.node).node;
      return ['vehicles.csv', vanRow(row.vehicle), { start_node }, 'road', row];
    },
    'a shift ends late': () => {
      const row = event('shift_end');
      return ['vehicles.csv', vanRow(row.vehicle), { shift_end_s: later(row.t_s, -0.001) }, 'duty', row];
    },
    'a shift does not end at home': () => {
      const row = event('shift_end');
      const home_node = first(tables['nodes.csv'], ({ node }) => node !== row.node).node;
      return ['vehicles.csv', vanRow(row.vehicle), { home_node }, 'duty', row];
    },
    'a van that does not exist': () => ['log.csv', event('pass'), { vehicle: 'ghost' }, 'table'],
    'an event that does not exist': () => ['log.csv', event('unplug'), { event: 'explode' }, 'table'],
    'a number that is none': () => ['log.csv', event('pass'), { energy_kwh: 'many' }, 'table'],
  };
  for (const [name, prepare] of Object.entries(cases))
    test(name, () => {
      const [file, row, change, constraint, where = row] = prepare();
      const violations = spoiled(file, (rows) =>
        Object.assign(
          first(rows, ({ at }) => at === row.at),
          change,
        ),
      );
      assertFound(violations, constraint, where.at);
    });

  test('a road section is missing', () => {
    const row = event('pass');
    const from = log()[log().indexOf(row) - 1].node;
    const violations = spoiled('edges.csv', (rows) => {
      const index = rows.findIndex((edge) => edge.from === from && edge.to === row.node);
      rows.splice(index, 1);
    });
    assertFound(violations, 'road', row.at);
  });

  test('a rider never gets off', () => {
    const row = event('dropoff');
    const violations = spoiled('log.csv', (rows) => rows.splice(log().indexOf(row), 1));
    assertFound(violations, 'drop-off', requestRow(row.request).at);
  });

  test('any row that is missing or stands twice', () => {
    // One of every kind, and every 97th.
    const kinds = new Set();
    const chosen = log().flatMap((row, index) => {
      const isNew = !kinds.has(row.event);
      kinds.add(row.event);
      return isNew || index % 97 === 0 ? [index] : [];
    });
    assert.equal(kinds.size, 12, [...kinds].join());
    for (const index of chosen)
      for (const [what, spoil] of [
        ['missing', (rows) => rows.splice(index, 1)],
        ['twice', (rows) => rows.splice(index, 0, rows[index])],
      ])
        assert.ok(spoiled('log.csv', spoil).length > 0, `row ${index + 2} ${what}: ${JSON.stringify(log()[index])}`);
  });

  test('any figure of the report that is off by a hundred thousandth', () => {
    // The subsidy follows from the fares and the operating cost; nobody walks to a van, and service.test.mjs has the others.
    const others = ['break_hours', 'parcels', 'supervisor_hours', 'phone_share', 'mean_phone_s'];
    const unchecked = ['fares_yen', 'operating_yen', 'mean_walk_s', 'seed', 'prepare_s', 'wall_s', ...others];
    const report = readReport(good);
    const figures = Object.keys(report).filter((key) => typeof report[key] === 'number' && !unchecked.includes(key));
    assert.ok(figures.length >= 20, figures.join());
    assertFigures(good, figures);
  });

  test('the command prints one line and ends with 0, or 20 violations and ends with 1', () => {
    const command = (...args) => spawnSync(process.execPath, [checker, ...args], { encoding: 'utf8' });
    const fine = command(good);
    assert.equal(fine.status, 0);
    assert.match(fine.stdout, /^every limit kept: \d+ rows, \d+ requests, .*\n$/);
    spoiled('log.csv', (rows) => {
      for (const row of rows) row.load = '9';
    });
    const bad = command(join(temp, 'spoiled'));
    assert.equal(bad.status, 1);
    const lines = bad.stdout.trimEnd().split('\n');
    assert.equal(lines.length, 21);
    assert.match(lines[0], /^log\.csv:\d+: \w+: /);
    assert.match(lines[20], /^and \d+ more$/);
    assert.equal(command().status, 2);
  });
});
