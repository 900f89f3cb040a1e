// Checks the written record of a run against every limit, from the tables alone:
//
//   noriai run --town namie --out day
//   node tests/check/log.mjs day
//
// It shares no code with the simulator; what the tables mean stands at the top of src/log.rs and src/log/write.rs.
// Every row is followed in the order of the file, with its own sums of place, people and energy, and the figures of
// report.json are worked out again by the definitions that `noriai run` prints. Not in the tables, so not checked:
// fares, the operating cost, wear, the demand charge and the log's hash. Energy at chargers and meters is followed in site.mjs.
//
// It prints one line of what it followed and ends with 0, or one line for each violation (file:line: constraint: what),
// 20 at most, and ends with 1. It ends with 2 if files are missing. The constraints:
//
//   table         every table can be read, names are unique, and refer to what exists
//   order         time never goes back
//   answer        every request is received once, when it becomes known, and answered once, not later than is due
//   phone         a request by phone is known when an operator has taken its call, in the order of the calls; others at once
//   reassign      an accepted request goes to another van only until it is picked up, and the last one is in the table
//   promise       the promised window lies within the request's limits, and the pick-up within the promised window
//   pick-up       an accepted request is picked up once, at its origin or where it walks to, by the van promised; a
//                 refused one never
//   drop-off      it is dropped off once, by that van, at its destination or where it walks from, not later than its limit
//   walk          riders of buses, and nobody else, walk 1.3 times the straight line, at each end no farther than the
//                 limit, and are at the stop before they board
//   timetable     a bus calls at every stop of its trips in order, and leaves none before its time
//   time aboard   from the end of boarding to the begin of alighting, at most the request's limit
//   direct drive  the direct driving time is the shortest over the roads, in the traffic of the time asked for
//   duty          a van is on the road within its shift only, begins at its start, and ends at its home if it has one; where
//                 drivers are known, in their shifts, and nobody is on duty too long
//   hub           under nearest_hub an empty drive that ends without a rider leads home or to the nearest hub with room
//   area          a van without a driver serves requests between its stops only
//   supervision   no more vans without a driver run at a time than are watched over
//   break         in a break a van stands at its depot without riders, and no driver drives too long without one
//   road          each pass and arrive follows a road section from the row before, in exactly its driving time, by the hour
//   dwell         the van stands for the dwell time after each pick-up and drop-off
//   load          the people aboard are those of the parties aboard
//   seats         parties aboard fit into the seats, wheelchair places and places for parcels
//   energy        a van's energy falls by driving and boarding, follows the flows at a charger, and stays otherwise
//   reserve       it is never below its reserve; no battery gives what its reserve needs
//   capacity      no battery holds more than its capacity
//   charger       a van is plugged in at home, at a charger that no other van uses, as the table of sessions has it; it
//                 leaves to drive, to let riders on or off, for another van, or at the day's end, and no van that is not
//                 full stands at its depot beside a free charger
//   flow          a battery's power flows only at its charger, loses some, and adds up to the energy of the next line
//   meter         each half hour at a meter is balanced; its batteries' powers are those of the flows
//   conservation  over the day, what came in went out, was used, was lost or is still stored
//   wait          a van that has come to a party within the promise waits for it, and for nobody longer than the service does
//   breakdown     a van that has broken down stands until it is repaired
//   transfer      only then do riders change vans on the way, at that node
//   stuck         a van without a driver that asks for help stands until the first supervisor who is free has given it
//   late          limits of accepted requests are broken only where the log says so, and by no more than what waiting,
//                 breakdowns and asking for help have cost the van; so is the end of its shift. Who changes vans has no limits any more
//   report        the report's figures are those of the tables
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  breakDown,
  endWait,
  excused,
  figures as wrongFigures,
  followLate,
  followStanding,
  freed,
  getStuck,
  lost,
  noShow,
  repaired,
  transfer,
  wait,
} from './disturbances.mjs';
import { checkDays, checkFlows, checkMeters, compareSites, gained, readUnits } from './site.mjs';
import { trafficOf } from './traffic.mjs';
import { COLUMNS, hours, read, seconds, share, sum } from './tables.mjs';

const MOST_SHOWN = 20;
/** Energies are printed to 6 decimals. */
const ENERGY_TOLERANCE = 0.6e-6;
const FIGURE_TOLERANCE = 1e-6;
/** A van with this share of its capacity may leave its charger to one that waits, or need not be plugged in. */
const ALMOST_FULL = 0.999;

const mean = (values) => (values.length > 0 ? sum(values) / values.length : undefined);
/** The least value that at least this share of the values (sorted) does not exceed. */
const nearestRank = (sorted, part) => sorted[Math.max(Math.ceil(sorted.length * part - 1e-9), 1) - 1];

/** Shortest driving times in ms, of a van, from one node to those wanted (Dijkstra's algorithm with a binary heap). */
function drivingTimes(arcs, origin, wanted, van = {}) {
  const best = new Map([[origin, 0]]);
  const settled = new Set();
  const open = new Set(wanted);
  const heap = [{ time: 0, node: origin }];
  const push = (entry) => {
    let i = heap.push(entry) - 1;
    for (let up; i > 0 && heap[(up = (i - 1) >> 1)].time > entry.time; i = up) heap[i] = heap[up];
    heap[i] = entry;
  };
  const pop = () => {
    const top = heap[0];
    const last = heap.pop();
    if (heap.length === 0) return top;
    let i = 0;
    for (let down; (down = 2 * i + 1) < heap.length; i = down) {
      if (down + 1 < heap.length && heap[down + 1].time < heap[down].time) down += 1;
      if (heap[down].time >= last.time) break;
      heap[i] = heap[down];
    }
    heap[i] = last;
    return top;
  };
  while (heap.length > 0 && open.size > 0) {
    const { time, node } = pop();
    if (settled.has(node)) continue;
    settled.add(node);
    open.delete(node);
    for (const arc of arcs.get(node) ?? []) {
      const next = time + drivingTime(arc, van);
      if (next < (best.get(arc.to) ?? Infinity)) {
        best.set(arc.to, next);
        push({ time: next, node: arc.to });
      }
    }
  }
  return best;
}

/** Follows a run's tables; gives the violations and how much of everything was followed. */
export function check(folder) {
  const violations = [];
  const fail = (at, constraint, message) => violations.push({ at, constraint, message });
  const [log, requestRows, nodeRows, edges, vehicleRows, areas, hubs, shifts, timetable, sessions, flows, site] = Object.keys(COLUMNS).map((file) =>
    read(folder, file, fail),
  );
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  const named = (rows, key) => {
    const map = new Map();
    for (const row of rows) {
      if (map.has(row[key])) fail(row.at, 'table', `${key} ${row[key]} stands twice`);
      map.set(row[key], row);
    }
    return map;
  };
  const requests = named(requestRows, 'request');
  const nodes = named(nodeRows, 'node');
  const vans = named(vehicleRows, 'vehicle');
  for (const row of [...log, ...requestRows, ...edges, ...vehicleRows, ...areas, ...hubs, ...shifts, ...timetable, ...sessions])
    for (const [column, known] of [
      ...['node', 'origin_node', 'destination_node', 'board_node', 'alight_node', 'start_node', 'home_node'].map((c) => [c, nodes]),
      ...['from', 'to'].map((c) => [c, nodes]),
      ['vehicle', vans],
      ['request', requests],
    ])
      if (row[column] !== undefined && !known.has(row[column])) fail(row.at, 'table', `no ${column} ${row[column]}`);
  // What follows would only stumble over tables that are broken.
  if (violations.length > 0) return { violations, counts: {} };

  const arcs = new Map();
  for (const edge of edges) arcs.set(edge.from, [...(arcs.get(edge.from) ?? []), edge]);
  for (const request of requestRows) checkRequest(request, fail);
  checkCalls(requestRows, report.phone, fail);
  const traffic = trafficOf(report.traffic);
  checkDirectDrives(requestRows, arcs, traffic, fail);
  checkWalks({ requestRows, nodes, arcs, report }, fail);
  const power = readUnits({ flows, site, vans, report }, fail);

  for (const van of vehicleRows)
    Object.assign(van, {
      node: van.start_node,
      energy: van.initial_kwh ?? 0,
      duty: 'before',
      time: -Infinity,
      freeAt: -Infinity,
      aboard: new Set(),
      ...{ legs: [], busy: [], stands: [], calls: [], used: 0, served: 0, lowest: van.initial_kwh ?? 0 },
      flows: power.units.find((unit) => unit.van === van)?.lines ?? [],
      shifts: shifts.filter(({ vehicle }) => vehicle === van.vehicle),
      area: new Set(areas.filter(({ vehicle }) => vehicle === van.vehicle).map(({ node }) => node)),
      ...{ driven: 0, worked: 0, rests: 0 },
    });
  checkDuties(shifts, report.work_rules, fail);
  checkSupervision(vehicleRows, report, fail);
  const ms = (s) => (s === undefined || s === null ? undefined : Math.round(1000 * s));
  const rules = {
    kind: report.policies.matching.kind,
    patience: ms(report.wait_for_rider_s),
    repair: ms(report.repair_s),
    supervision: report.supervision,
    supervisors: new Array(report.supervision?.supervisors ?? 0).fill(-Infinity),
    traffic,
  };
  const depotNodes = new Map();
  const inUse = new Map();
  let time = -Infinity;
  for (const row of log) {
    if (row.t_s < time) fail(row.at, 'order', `${seconds(row.t_s)} comes after ${seconds(time)}`);
    time = row.t_s;
    const request = requests.get(row.request);
    if (['request', 'accept', 'refuse', 'reassign', 'late'].includes(row.event)) {
      if (request) followAnswer(row, request, vans, fail);
      else fail(row.at, 'table', `${row.event} without a request`);
    } else {
      const van = vans.get(row.vehicle);
      if (van) followVan({ row, van, request, arcs, sessions, depotNodes, inUse, rules }, fail);
      else fail(row.at, 'table', `${row.event} without a vehicle`);
    }
  }

  for (const request of requestRows) {
    if (request.answered === undefined) fail(request.at, 'answer', `${request.request} has no answer in the log`);
    if (request.answer !== 'accepted') continue;
    if (request.answered === 'accept' && request.carrier !== request.vehicle)
      fail(request.at, 'reassign', `${request.request} goes to van ${request.carrier}, not ${request.vehicle}`);
    if (request.noShow) continue;
    if (request.pickup === undefined) fail(request.at, 'pick-up', `${request.request} is never picked up`);
    else if (request.dropoff === undefined) fail(request.at, 'drop-off', `${request.request} is never dropped off`);
  }
  for (const van of vehicleRows) {
    if (van.duty !== 'after' && van.shift_begin_s !== undefined) fail(van.at, 'duty', `van ${van.vehicle} does not end its shift`);
    if (van.driving) fail(van.at, 'road', `van ${van.vehicle} is still driving at the end`);
    if (van.session) fail(van.session.at, 'charger', `van ${van.vehicle} is never unplugged`);
  }
  for (const session of sessions)
    if (!session.followed) fail(session.at, 'charger', `no such charging of van ${session.vehicle} in the log`);
  for (const van of vehicleRows) checkBreaks(van, log, requests, report.work_rules, fail);
  const waits = checkHubs({ log, vehicleRows, hubs, arcs, report }, fail);
  checkTimetable(timetable, vans, fail);
  checkStays({ log, vehicleRows, sessions, depotNodes, days: power.days }, fail);
  checkFlows(power, sessions, fail);
  checkMeters(power, fail);
  checkDays(power, fail);
  const figures = compareReport({ requestRows, vehicleRows, power, report, rules }, fail);

  const legs = sum(vehicleRows.map((van) => van.legs.length));
  const counts = {
    rows: log.length,
    requests: requestRows.length,
    rides: requestRows.filter(({ dropoff }) => dropoff !== undefined).length,
    vans: vehicleRows.length,
    calls: timetable.length,
    waits,
    legs,
    sessions: sessions.length,
    flows: flows.length,
    'half hours': site.length,
    figures,
  };
  return { violations, counts };
}

/** What the tables say about one request. */
function checkRequest(request, fail) {
  const { at, answer, promised_from_s: from, promised_until_s: until } = request;
  if (answer === 'accepted') {
    if (request.vehicle === undefined) fail(at, 'answer', 'accepted without a van');
    if (from === undefined || until === undefined) fail(at, 'promise', 'accepted without a promised window');
    else if (!(request.earliest_s <= from && from <= until && until <= request.latest_pickup_s))
      fail(at, 'promise', `the window ${seconds(from)} to ${seconds(until)} is not within the limits of the pick-up`);
  } else if (answer === 'refused') {
    if (from !== undefined || until !== undefined) fail(at, 'promise', 'refused with a promised window');
    if (request.limit === undefined) fail(at, 'answer', 'refused without a limit');
    if (!(request.missed_by >= 0)) fail(at, 'answer', `refused for ${request.limit}, missed by ${request.missed_by}`);
  } else fail(at, 'answer', `neither accepted nor refused: ${answer}`);
  if (request.answer_by_s < request.known_s) fail(at, 'answer', 'due before it is known');
  if (request.children > request.seats) fail(at, 'table', `${request.children} children on ${request.seats} seats`);
  if (isFreight(request) && request.max_ride_s !== undefined) fail(at, 'time aboard', 'parcels have no limit');
  if (isFreight(request) && request.parcels === 0) fail(at, 'table', 'neither people nor parcels');
  if (request.known_s > request.earliest_s) fail(at, 'answer', 'known only after the time asked for');
}

const HOUR = 3_600_000;
/** A clock time as milliseconds from midnight. */
const clock = (text) => sum(text.split(':').map((part, i) => Number(part) * [HOUR, 60_000, 1000][i]));

/** Calls by phone: each operator takes one after the other, in their order; who has not got through after 48 hours is let in. */
function checkCalls(requestRows, phone, fail) {
  const calls = requestRows.filter(({ channel }) => channel === 'phone');
  for (const { at, channel, called_s: called, known_s: known } of requestRows) {
    if (!['app', 'phone'].includes(channel)) fail(at, 'table', `no channel ${channel}`);
    if ((channel === 'app' || !phone) && known !== called) fail(at, 'phone', `known at ${seconds(known)}, not at once`);
  }
  if (!phone) return;
  const [opens, closes] = [clock(phone.opens ?? '0:00'), clock(phone.closes ?? '24:00')];
  const taken = (time) => {
    for (let day = Math.floor(time / (24 * HOUR)) - 1; ; day++)
      if (time < day * 24 * HOUR + closes) return Math.max(time, day * 24 * HOUR + opens);
  };
  const free = new Array(phone.operators).fill(-Infinity);
  // Calls of one moment may be taken in any order: only their ends are compared.
  const ends = calls.map(({ called_s: time }) => time).sort((a, b) => a - b);
  ends.forEach((called, i) => {
    const next = free.indexOf(Math.min(...free));
    ends[i] = Math.max(called, Math.min(48 * HOUR, taken(Math.max(called, free[next])) + phone.call_s * 1000));
    free[next] = ends[i];
  });
  calls.sort((a, b) => a.called_s - b.called_s || a.known_s - b.known_s);
  calls.forEach(({ at, request, known_s: known }, i) => {
    if (known !== ends[i]) fail(at, 'phone', `the call of ${request} is over at ${seconds(ends[i])}, not ${seconds(known)}`);
  });
}

function checkDirectDrives(requestRows, arcs, { after }, fail) {
  const byOrigin = new Map();
  for (const request of requestRows)
    byOrigin.set(request.origin_node, [...(byOrigin.get(request.origin_node) ?? []), request]);
  for (const [origin, group] of byOrigin) {
    const wanted = group.map((request) => request.destination_node);
    const times = drivingTimes(arcs, origin, wanted);
    for (const request of group) {
      request.least_s = times.get(request.destination_node);
      const shortest = after(request.earliest_s, request.least_s) - request.earliest_s;
      if (request.direct_s !== shortest)
        fail(request.at, 'direct drive', `${seconds(request.direct_s)} s, but the shortest is ${seconds(shortest)} s`);
    }
  }
}

/** Metres per degree of latitude on a sphere of the Earth's mean radius, 6,371,008.8 m. */
const METRES_PER_DEGREE = (Math.PI / 180) * 6_371_008.8;

/** The walk between two nodes in metres: 1.3 times the straight line. */
function walkLength(a, b) {
  const east = (b.lng - a.lng) * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return 1.3 * METRES_PER_DEGREE * Math.hypot(b.lat - a.lat, east);
}

/** Walks of riders on buses; gives each the shortest drive from where it gets on to where it gets off. */
function checkWalks({ requestRows, nodes, arcs, report }, fail) {
  const { kind, max_walk_m: most, walk_m_per_min: speed } = report.policies.matching;
  for (const request of requestRows) {
    const { at, board_node: board, alight_node: alight } = request;
    const walks = [board, alight, request.walk_to_s, request.walk_from_s].filter((value) => value !== undefined).length;
    if (walks !== (kind === 'fixed_route' && request.answer === 'accepted' ? 4 : 0)) fail(at, 'walk', `${walks} of 4 values`);
    if (walks !== 4) continue;
    for (const [from, to, time] of [
      [request.origin_node, board, request.walk_to_s],
      [alight, request.destination_node, request.walk_from_s],
    ]) {
      const metres = walkLength(nodes.get(from), nodes.get(to));
      if (metres > most + 0.01) fail(at, 'walk', `${metres.toFixed(1)} m from ${from} to ${to}, at most ${most} m`);
      const own = (60_000 * metres) / speed;
      if (Math.abs(time - own) > 1) fail(at, 'walk', `${seconds(time)} s from ${from} to ${to}, not ${seconds(own)} s`);
    }
    request.least_s = drivingTimes(arcs, board, [alight]).get(alight);
  }
}

/**
 * A bus calls at the stops of a trip one after the other, and stands at each until its time or longer. Only its depot, or where it
 * breaks down, may lie between them.
 */
function checkTimetable(timetable, vans, fail) {
  const at = new Map();
  for (const { at: line, vehicle, trip, node, departs_s: departs = -Infinity } of timetable) {
    const { calls, home_node: home } = vans.get(vehicle);
    const last = at.get(vehicle) ?? { stand: 0 };
    const kept = (call) => call?.node === node && (call.until ?? Infinity) >= departs;
    const passed = (call) => call.node !== node && (call.node === home || call.broken);
    const away = last.trip === trip ? passed : (call) => !kept(call);
    let stand = last.trip === trip ? last.stand + 1 : last.stand;
    while (stand < calls.length && away(calls[stand])) stand += 1;
    if (!kept(calls[stand]))
      fail(line, 'timetable', `van ${vehicle} does not keep its call at ${node} on trip ${trip}`);
    else at.set(vehicle, { trip, stand });
  }
}

const size = (request) => request.seats + request.wheelchairs;
/** Parcels that nobody rides with. */
const isFreight = (request) => size(request) === 0;

/** A row about a request: it is received, or answered. */
function followAnswer(row, request, vans, fail) {
  const wrong = (message) => fail(row.at, 'answer', `${row.event} of ${request.request}: ${message}`);
  if (row.node !== request.origin_node) wrong(`at node ${row.node}, not at its origin ${request.origin_node}`);
  if (row.load !== size(request)) wrong(`load ${row.load}, but the party has ${size(request)}`);
  if (row.energy_kwh !== 0) wrong('a request has no energy');
  if (row.event === 'late') {
    followLate(row, vans.get(row.vehicle), request, fail);
    return;
  }
  if (row.event === 'reassign') {
    const unfit = (message) => fail(row.at, 'reassign', `${request.request}: ${message}`);
    if (request.answered !== 'accept') unfit('not accepted before');
    if (request.pickup !== undefined && request.strandedAt === undefined) unfit('picked up before');
    if (row.vehicle === request.carrier) unfit(`van ${row.vehicle} has it already`);
    request.carrier = row.vehicle;
    return;
  }
  const { known_s: known, answer_by_s: by } = request;
  if (row.event === 'request') {
    if (row.t_s !== known) wrong(`at ${seconds(row.t_s)}, but it is known at ${seconds(known)}`);
    if (request.received) wrong('received before');
    request.received = true;
    return;
  }
  if (row.t_s < known || row.t_s > by) wrong(`at ${seconds(row.t_s)}, not from ${seconds(known)} to ${seconds(by)}`);
  if (!request.received) wrong('not received before');
  if (request.answered) wrong('answered before');
  if (request.answer !== { accept: 'accepted', refuse: 'refused' }[row.event]) wrong(`the answer is ${request.answer}`);
  if (row.event === 'accept') request.carrier = row.vehicle;
  request.answered = row.event;
}

/** A van without a driver drives no faster than its own speed. */
const drivingTime = ({ time_s: time, length_m: length }, { max_speed_kmh: speed }) =>
  speed === undefined ? time : Math.max(time, Math.round((length * 3600) / speed));

/** A row of a van: where it is, who is aboard and what its battery holds have to follow from its row before. */
function followVan({ row, van, request, arcs, sessions, depotNodes, inUse, rules }, fail) {
  const wrong = (constraint, message) => fail(row.at, constraint, `van ${van.vehicle}, ${row.event}: ${message}`);
  const moves = row.event === 'pass' || row.event === 'arrive';
  const riders = () => [...van.aboard].filter((party) => !isFreight(party));
  let energy = van.energy;

  // A van is busy with riders aboard, and from its depart to a stop where some get on or off.
  if (row.event === 'depart') van.departedAt = row.t_s;
  if (van.aboard.size > 0) van.busy.push([van.time, row.t_s]);
  else if (['pickup', 'dropoff'].includes(row.event) && van.departedAt !== undefined) van.busy.push([van.departedAt, row.t_s]);
  else if (van.dwellsFrom !== undefined) van.busy.push([van.dwellsFrom, van.freeAt]);
  if (!moves && !['depart', 'wait'].includes(row.event)) van.departedAt = undefined;
  van.dwellsFrom = row.event === 'dropoff' ? row.t_s : undefined;

  // Time and place.
  if (row.t_s < van.freeAt) wrong('dwell', `riders get on or off until ${seconds(van.freeAt)}`);
  if (moves) {
    if (!van.driving) wrong('road', 'without a depart');
    const sections = (arcs.get(van.node) ?? []).filter(({ to }) => to === row.node);
    const ends = (section) => rules.traffic.after(van.time, drivingTime(section, van));
    const section = sections.find((section) => ends(section) === row.t_s);
    if (section) {
      const use = (van.kwh_per_m ?? 0) * section.length_m + ((van.kwh_per_s ?? 0) * (row.t_s - van.time)) / 1000;
      van.driven += row.t_s - van.time;
      van.legs.push({ metres: section.length_m, load: sum([...van.aboard].map(size)) });
      van.used += use;
      energy -= use;
      if (section.length_m > 0 && riders().length > 1) for (const party of riders()) party.shared = true;
    } else {
      const times = sections.map((section) => seconds(ends(section) - van.time)).join(' or ') || 'none';
      wrong('road', `from ${van.node} to ${row.node} in ${seconds(row.t_s - van.time)} s; road sections: ${times}`);
      energy = row.energy_kwh;
    }
    van.driving = row.event === 'pass';
  } else {
    if (van.driving) wrong('road', `while driving from node ${van.node}`);
    else if (row.node !== van.node) wrong('road', `at node ${row.node}, but the van is at ${van.node}`);
    van.driving = row.event === 'depart';
  }
  if (van.session) {
    // It may begin and end its shift at the charger, and nothing else.
    if (!['unplug', 'shift_start', 'shift_end', 'break_start', 'break_end'].includes(row.event)) wrong('charger', 'while plugged in');
    energy += gained(van.flows, van.time, row.t_s);
  } else if (van.waiting || van.broken !== undefined || van.stuck) {
    // It is in nobody's way at a charger.
  } else if (!moves && row.node === van.home_node && van.aboard.size === 0 && energy < ALMOST_FULL * van.capacity_kwh) {
    van.stands.push({ from: Math.max(van.time, van.freeAt), until: row.t_s, at: row.at });
  }

  if (row.event === 'shift_start' || row.event === 'arrive') van.calls.push({ node: row.node });
  if (row.event === 'depart' && van.calls.length > 0) van.calls.at(-1).until = row.t_s;

  if (van.breakFrom !== undefined && !['plug', 'unplug', 'break_end'].includes(row.event)) wrong('break', 'in the break');

  // What happens.
  const near = (time) => time <= row.t_s && row.t_s <= time + lost(van);
  followStanding(row, van, request, wrong);
  switch (row.event) {
    case 'shift_start': {
      const begins = van.shifts[van.worked]?.begins_s ?? van.shift_begin_s;
      if (van.duty !== 'before' && !(van.duty === 'after' && van.worked < van.shifts.length)) wrong('duty', 'a second time');
      if (van.worked === 0 ? row.t_s !== begins : !near(begins)) wrong('duty', `not at ${seconds(begins)}`);
      van.duty = 'on';
      van.startedAt = row.t_s;
      break;
    }
    case 'break_start':
      if (van.duty !== 'on') wrong('duty', 'not on duty');
      if (riders().length > 0) wrong('break', 'with riders aboard');
      if (row.node !== van.home_node) wrong('break', `not at its depot, ${van.home_node}`);
      van.breakFrom = row.t_s;
      break;
    case 'break_end':
      if (van.breakFrom === undefined) wrong('break', 'without a begin');
      else van.rests += row.t_s - van.breakFrom;
      van.breakFrom = undefined;
      break;
    case 'shift_end':
      if (van.duty !== 'on') wrong('duty', 'not on duty');
      if (row.t_s > van.shift_end_s + lost(van)) wrong('duty', `after ${seconds(van.shift_end_s)}`);
      if (van.shifts.length > 0 && !near(van.shifts[van.worked]?.ends_s)) wrong('duty', 'not when the shift ends');
      van.worked += 1;
      van.onDuty = (van.onDuty ?? 0) + row.t_s - van.startedAt;
      if (van.home_node !== undefined && row.node !== van.home_node) wrong('duty', `not at home, ${van.home_node}`);
      if (riders().length > 0) wrong('duty', 'with riders aboard');
      van.duty = 'after';
      break;
    case 'depart':
    case 'pass':
    case 'arrive':
      if (van.duty !== 'on') wrong('duty', 'not on duty');
      break;
    case 'pickup':
    case 'dropoff': {
      if (van.duty !== 'on') wrong('duty', 'not on duty');
      if (!request) {
        wrong('table', 'without a request');
        break;
      }
      if (row.event === 'pickup') request.waited = (request.waited ?? 0) + endWait(row, van, rules, wrong);
      (row.event === 'pickup' ? board : alight)(row, van, request, wrong, rules.traffic);
      van.freeAt = row.t_s + request.dwell_s;
      break;
    }
    case 'wait':
    case 'no_show':
    case 'transfer':
      if (van.duty !== 'on') wrong('duty', 'not on duty');
      if (!request) wrong('table', 'without a request');
      else if (row.event === 'no_show') noShow(row, van, request, rules, wrong);
      else (row.event === 'wait' ? wait : transfer)(row, van, request, wrong);
      break;
    case 'breakdown':
    case 'repaired':
      (row.event === 'breakdown' ? breakDown : repaired)(row, van, rules, wrong);
      if (row.event === 'breakdown' && van.calls.length > 0) van.calls.at(-1).broken = true;
      break;
    case 'stuck':
      getStuck(row, van, rules, wrong);
      break;
    case 'freed':
      freed(row, van, wrong);
      break;
    case 'plug': {
      const session = sessions.find((s) => s.vehicle === van.vehicle && s.plugged_s === row.t_s && !s.followed);
      if (van.session) wrong('charger', 'a second time');
      if (riders().length > 0) wrong('charger', 'with riders aboard');
      if (row.node !== van.home_node) wrong('charger', `not at its depot, ${van.home_node}`);
      if (!session) {
        wrong('charger', 'not in the table of sessions');
        break;
      }
      const charger = `${session.depot}, charger ${session.charger}`;
      if (inUse.has(charger)) wrong('charger', `${charger} is in use by van ${inUse.get(charger)}`);
      if ((depotNodes.get(session.depot) ?? row.node) !== row.node) wrong('charger', `${session.depot} is elsewhere`);
      if (Math.abs(session.from_kwh - row.energy_kwh) > ENERGY_TOLERANCE)
        wrong('charger', `${row.energy_kwh} kWh, but ${session.from_kwh} kWh in the table`);
      depotNodes.set(session.depot, row.node);
      inUse.set(charger, van.vehicle);
      session.followed = true;
      van.session = session;
      break;
    }
    case 'unplug': {
      const { session } = van;
      if (!session) {
        wrong('charger', 'not plugged in');
        break;
      }
      Object.assign(session, { van, until_kwh: row.energy_kwh });
      if (row.t_s !== session.unplugged_s) wrong('charger', `at ${seconds(session.unplugged_s)} in the table`);
      inUse.delete(`${session.depot}, charger ${session.charger}`);
      van.session = undefined;
      break;
    }
    default:
      wrong('table', 'no such event');
  }

  // People and energy.
  const people = sum([...van.aboard].map(size));
  if (row.load !== people) wrong('load', `load ${row.load}, but ${people} are aboard`);
  if (van.capacity_kwh === undefined) energy = 0;
  if (Math.abs(row.energy_kwh - energy) > ENERGY_TOLERANCE) {
    wrong('energy', `${row.energy_kwh.toFixed(6)} kWh, but ${energy.toFixed(6)} follow from the row before`);
    // One wrong row is one violation.
    energy = row.energy_kwh;
  }
  // A van may begin its day below its reserve, but not use anything before it has been charged.
  if (row.energy_kwh < (van.reserve_kwh ?? 0) - ENERGY_TOLERANCE && (van.used > 0 || energy < van.initial_kwh))
    wrong('reserve', `${row.energy_kwh.toFixed(6)} kWh, less than the reserve of ${van.reserve_kwh}`);
  if (row.energy_kwh > (van.capacity_kwh ?? 0) + ENERGY_TOLERANCE)
    wrong('capacity', `${row.energy_kwh.toFixed(6)} kWh, more than the capacity of ${van.capacity_kwh}`);
  van.lowest = Math.min(van.lowest, energy);
  if ((row.event === 'pickup' || row.event === 'dropoff') && request) {
    // What follows this row has to include the energy for the dwell time.
    const use = ((van.kwh_per_s ?? 0) * request.dwell_s) / 1000;
    van.used += use;
    energy -= use;
  }
  van.energy = energy;
  van.node = row.node;
  van.time = row.t_s;
}

/** Policies that do not change their mind: under others a van may be left anywhere. */
const RESOLUTE = ['nearest', 'insertion', 'batch'];

/**
 * Under nearest_hub an empty drive leads to a rider, home, or to the nearest hub with room. A hub has none while as many vans as
 * may wait there stand there empty; of those that drive empty nobody knows where to, so it may have none with these. Gives how
 * many drives to hubs there were.
 */
function checkHubs({ log, vehicleRows, hubs, arcs, report }, fail) {
  const { matching, rebalancing } = report.policies;
  const inUse = rebalancing.kind === 'nearest_hub';
  if (hubs.length > 0 !== inUse) fail('hubs.csv:1', 'hub', `${hubs.length} hubs under ${rebalancing.kind}`);
  if (!inUse || !RESOLUTE.includes(matching.kind)) return 0;
  let waits = 0;
  const states = new Map(vehicleRows.map((van) => [van.vehicle, { van, node: van.start_node, aboard: 0 }]));
  const others = (state, holds) => [...states.values()].filter((other) => other !== state && other.aboard === 0 && holds(other)).length;
  const depart = (state) => {
    const rooms = hubs.map(({ node, vans = Infinity }) => {
      const standing = others(state, (other) => !other.drive && other.node === node);
      return { node, room: standing < vans, surely: standing + others(state, ({ drive }) => drive) < vans };
    });
    return { from: state.node, rooms: rooms.filter(({ node }) => state.van.area.size === 0 || state.van.area.has(node)) };
  };
  const judge = ({ van, ended: { at, node, from, rooms } }) => {
    waits += 1;
    const wrong = (message) => fail(at, 'hub', `van ${van.vehicle} goes empty to ${node}: ${message}`);
    const hub = rooms.find((hub) => hub.node === node);
    if (!hub) return wrong('no hub of its own');
    if (!hub.room) wrong('no room there');
    const times = drivingTimes(arcs, from, rooms.map((other) => other.node), van);
    const nearer = rooms.find((other) => other.surely && times.get(other.node) < times.get(node));
    if (nearer) wrong(`${nearer.node} is nearer`);
  };
  for (const row of log) {
    const state = states.get(row.vehicle);
    if (!state || row.event === 'refuse') continue;
    if (row.event === 'accept') {
      // A new ride may stop it where it is.
      if (state.drive) state.drive.free = false;
      continue;
    }
    if (state.ended?.free && !['pickup', 'dropoff'].includes(row.event)) judge(state);
    state.ended = undefined;
    if (row.event === 'depart') state.drive = { free: state.aboard === 0, ...depart(state) };
    if (row.event === 'arrive' && state.drive) {
      const away = row.node !== state.van.home_node;
      state.ended = { ...state.drive, free: state.drive.free && away, at: row.at, node: row.node };
      state.drive = undefined;
    }
    if (row.event === 'pickup') state.aboard += 1;
    if (row.event === 'dropoff') state.aboard -= 1;
    state.node = row.node;
  }
  return waits;
}

const driverless = (vans) =>
  vans.filter(({ max_speed_kmh: speed, shift_begin_s: begins }) => speed !== undefined && begins !== undefined);

/** Vans without a driver that run at a time; most do when one of them begins. */
function checkSupervision(vehicleRows, { supervision }, fail) {
  if (!supervision) return;
  const most = supervision.supervisors * supervision.vans_each;
  for (const { at, shift_begin_s: time } of driverless(vehicleRows)) {
    const running = driverless(vehicleRows).filter((van) => van.shift_begin_s <= time && time < van.shift_end_s).length;
    if (running > most) fail(at, 'supervision', `${running} vans run without a driver at ${seconds(time)}, ${most} are watched over`);
  }
}

function supervisorHours(vehicleRows, { supervision }) {
  const running = driverless(vehicleRows);
  if (!supervision || running.length === 0) return 0;
  const begin = Math.min(...running.map(({ shift_begin_s: time }) => time));
  const end = Math.max(...running.map(({ shift_end_s: time }) => time));
  return supervision.supervisors * hours(end - begin);
}

/** No driver is on duty too long; a rest that is too short does not end a duty. */
function checkDuties(shifts, rules, fail) {
  const duties = new Map();
  for (const { at, vehicle, driver, begins_s: begins, ends_s: ends } of [...shifts].sort((a, b) => a.begins_s - b.begins_s)) {
    if (ends <= begins) fail(at, 'duty', 'ends before it begins');
    if (shifts.some((other) => other.at !== at && other.vehicle === vehicle && other.begins_s < ends && begins < other.ends_s))
      fail(at, 'duty', `van ${vehicle} has another driver at the time`);
    const before = duties.get(driver);
    if (before && begins < before.ends) fail(at, 'duty', `${driver} drives another van at the time`);
    const from = before && rules && begins - before.ends < rules.min_rest_h * HOUR ? before.from : begins;
    if (rules && ends - from > rules.max_duty_h * HOUR) fail(at, 'duty', `${driver} is on duty for ${hours(ends - from)} h`);
    duties.set(driver, { from, ends });
  }
}

/**
 * Between two full breaks of a driver are no more than the rules' hours of driving. What counts is how long the van stands without
 * riders, in breaks and between rides, if long enough for a part of a break.
 */
function checkBreaks(van, log, requests, rules, fail) {
  if (!rules || van.shifts.length === 0) return;
  const [full, part, most] = [rules.break_min * 60_000, rules.break_part_min * 60_000, rules.max_driving_h * HOUR];
  const rows = log.filter(({ vehicle, event }) => vehicle === van.vehicle && !['accept', 'refuse', 'reassign', 'late'].includes(event));
  let [driven, rested, standsFrom, drivesFrom] = [0, 0, undefined, undefined];
  const aboard = new Set();
  for (const row of rows) {
    if (drivesFrom !== undefined) {
      driven += row.t_s - drivesFrom;
      if (driven > most) return fail(row.at, 'break', `van ${van.vehicle}: ${hours(driven)} h of driving without a break`);
    }
    drivesFrom = ['depart', 'pass'].includes(row.event) ? row.t_s : undefined;
    const stopped = ['wait', 'breakdown', 'transfer', 'stuck'].includes(row.event);
    if (drivesFrom !== undefined || row.event === 'pickup' || stopped) {
      if (row.t_s - standsFrom >= part) rested += row.t_s - standsFrom;
      if (rested >= full) [driven, rested] = [0, 0];
      standsFrom = undefined;
    }
    const request = requests.get(row.request);
    if (row.event === 'pickup' && !isFreight(request)) aboard.add(request);
    if (['dropoff', 'transfer'].includes(row.event)) aboard.delete(request);
    if (stopped) continue;
    if (row.event === 'shift_start') [driven, rested, standsFrom] = [0, 0, row.t_s];
    else if (drivesFrom === undefined && aboard.size === 0) standsFrom ??= row.t_s + (request && row.event !== 'no_show' ? request.dwell_s : 0);
  }
}

function board(row, van, request, wrong) {
  const name = request.request;
  const { earliest_s: earliest, latest_pickup_s: latest, promised_from_s: from, promised_until_s: until } = request;
  if (request.answered !== 'accept') wrong('pick-up', `${name} has not been accepted`);
  if (request.pickup !== undefined && request.strandedAt === undefined) wrong('pick-up', `${name} was picked up before`);
  if (request.carrier !== van.vehicle) wrong('pick-up', `${name} was promised van ${request.carrier}`);
  const { origin_node: origin, board_node: board = origin, strandedAt: stop = board, walk_to_s: walk = 0 } = request;
  if (row.node !== stop) wrong('pick-up', `${name} waits at node ${stop}`);
  if (row.t_s < earliest + walk) wrong('walk', `${name} is at the stop at ${seconds(earliest + walk)}`);
  // A van that waits for a party is not late.
  const offered = request.waitedFrom ?? row.t_s;
  const by = offered - Math.min(until, latest);
  if (request.strandedAt !== undefined || (by > 0 && excused(request, van, by))) {
    // It has another promise, or none any more.
  } else if (offered < earliest || offered > latest)
    wrong('promise', `${name} can be picked up from ${seconds(earliest)} to ${seconds(latest)}`);
  else if (offered < from || offered > until)
    wrong('promise', `${name} was promised ${seconds(from)} to ${seconds(until)}`);
  request.pickup ??= row.t_s;
  request.strandedAt = undefined;
  for (const node of van.area.size > 0 ? [row.node, request.destination_node] : [])
    if (!van.area.has(node)) wrong('area', `${name} goes by node ${node}`);
  van.aboard.add(request);
  for (const [what, places] of [
    ['seats', van.seats],
    ['wheelchairs', van.wheelchair_places],
    ['parcels', van.parcel_places],
  ]) {
    const taken = sum([...van.aboard].map((party) => party[what]));
    if (taken > places) wrong('seats', `${taken} ${what} taken of ${places}`);
  }
}

function alight(row, van, request, wrong, { after }) {
  const { request: name, latest_dropoff_s: latest, max_ride_s: longest = Infinity } = request;
  if (!van.aboard.delete(request)) wrong('drop-off', `${name} is not aboard`);
  const { destination_node: destination, alight_node: stop = destination, walk_from_s: walk = 0 } = request;
  if (row.node !== stop) wrong('drop-off', `${name} goes to node ${stop}`);
  if (row.t_s + walk > latest && !excused(request, van, row.t_s + walk - latest))
    wrong('drop-off', `${name} has to be there by ${seconds(latest)}`);
  const aboard = row.t_s - request.pickup - request.dwell_s;
  const ride = `${name} is aboard ${seconds(aboard)} s`;
  if (aboard > longest && !excused(request, van, aboard - longest))
    wrong('time aboard', `${ride}, at most ${seconds(longest)} s are allowed`);
  if (row.t_s < after(request.pickup + request.dwell_s, request.least_s)) wrong('time aboard', `${ride}, less than the direct drive`);
  request.dropoff = row.t_s;
  van.served += 1;
}

/** Vans are plugged in whenever they stand at their depot, and leave their charger only for a reason. */
function checkStays({ log, vehicleRows, sessions, depotNodes, days }, fail) {
  const atDepot = (depot) => sessions.filter((session) => session.depot === depot);
  // Chargers that somebody used at any time; the table does not tell of others.
  const chargers = (depot) => new Set(atDepot(depot).map(({ charger }) => charger)).size;
  for (const session of sessions) {
    const { depot, vehicle, unplugged_s: at } = session;
    // What is not in the log has been found out already.
    if (!session.van || at === days.get(depot)?.end) continue;
    const leaves = log.some(
      ({ event, vehicle: van, t_s: time }) =>
        van === vehicle && time === at && ['depart', 'pickup', 'dropoff', 'wait'].includes(event),
    );
    const yields =
      session.until_kwh >= ALMOST_FULL * session.van.capacity_kwh &&
      sessions.some((next) => next !== session && next.plugged_s === at && next.charger === session.charger);
    if (!leaves && !yields) fail(session.at, 'charger', `van ${vehicle} is unplugged at ${seconds(at)} for no reason`);
  }
  for (const [depot, node] of depotNodes) {
    const day = days.get(depot);
    for (const van of vehicleRows.filter(({ home_node: home, capacity_kwh: has }) => home === node && has > 0))
      for (const { from, until, at } of [...van.stands, { from: van.time, until: day.end, at: van.at }]) {
        const [begin, end] = [Math.max(from, day.begin), Math.min(until, day.end)];
        if (begin >= end || (at === van.at && van.energy >= ALMOST_FULL * van.capacity_kwh)) continue;
        const moments = [begin, ...atDepot(depot).map(({ unplugged_s: time }) => time)];
        const free = moments.find(
          (time) =>
            begin <= time &&
            time < end &&
            atDepot(depot).filter((stay) => stay.plugged_s <= time && time < stay.unplugged_s).length < chargers(depot),
        );
        if (free !== undefined)
          fail(at, 'charger', `van ${van.vehicle} stands at ${depot} beside a free charger from ${seconds(free)} on`);
      }
  }
}

/** Works the report's figures out again; gives how many were compared. */
function compareReport({ requestRows, vehicleRows, power, report, rules }, fail) {
  const carried = requestRows.filter(({ pickup, dropoff }) => pickup !== undefined && dropoff !== undefined);
  const served = carried.filter((request) => !isFreight(request));
  const refused = requestRows.filter(({ answered }) => answered === 'refuse');
  const walks = served.map(({ walk_to_s: to = 0, walk_from_s: from = 0 }) => ({ to, from }));
  const waits = served.map((r, i) => (r.pickup - r.earliest_s - walks[i].to) / 1000).sort((a, b) => a - b);
  const rides = served.map((r) => (r.dropoff - r.pickup - r.dwell_s) / 1000);
  const direct = served.map((r) => r.direct_s / 1000);
  const there = served.map((r, i) => r.dropoff + walks[i].from - r.earliest_s);
  const delays = served.map((r, i) => (there[i] - r.dwell_s - r.direct_s) / 1000);
  const limits = [...new Set(refused.map(({ limit }) => limit))];
  const ofVan = (van) => ({
    served: van.served,
    km: sum(van.legs.map(({ metres }) => metres)) / 1000,
    empty_km: sum(van.legs.map(({ metres, load }) => (load === 0 ? metres : 0))) / 1000,
    driver_hours: van.max_speed_kmh === undefined ? hours(van.onDuty ?? 0) : 0,
    driving_hours: van.max_speed_kmh === undefined ? hours(van.driven) : 0,
    break_hours: hours(van.rests),
    energy_used_kwh: van.used,
    energy_charged_kwh: sum(van.flows.map((line) => line.stored_kw * line.hours)),
    energy_drawn_kwh: sum(van.flows.map((line) => line.site_kw * line.hours)),
    lowest_soc: share(Math.min(van.lowest, ...van.flows.map((line) => line.energy_kwh)), van.capacity_kwh),
    final_soc: share(van.energy, van.capacity_kwh),
  });
  const each = vehicleRows.map(ofVan);
  const total = (key) => sum(each.map((van) => van[key]));
  const lowest = each.map((van) => van.lowest_soc).filter((soc) => soc !== undefined);
  const passengerKm = sum(vehicleRows.flatMap((van) => van.legs.map(({ metres, load }) => (metres * load) / 1000)));
  const figures = {
    requests: requestRows.length,
    served: carried.length,
    refused: refused.length,
    served_share: share(carried.length, requestRows.length),
    passengers: sum(served.map(size)),
    phone_share: share(requestRows.filter(({ channel }) => channel === 'phone').length, requestRows.length),
    mean_phone_s: mean(
      requestRows.filter(({ channel }) => channel === 'phone').map((r) => (r.known_s - r.called_s) / 1000),
    ),
    parcels: sum(carried.map(({ parcels }) => parcels)),
    mean_wait_s: mean(waits),
    median_wait_s: nearestRank(waits, 0.5),
    p95_wait_s: nearestRank(waits, 0.95),
    rider_requests: requestRows.filter((request) => !isFreight(request)).length,
    within_15_min_share: share(
      served.filter((r) => r.pickup - r.earliest_s <= 15 * 60_000).length,
      requestRows.filter((request) => !isFreight(request)).length,
    ),
    mean_walk_s: mean(walks.map(({ to, from }) => (to + from) / 1000)),
    mean_journey_s: mean(served.map((r, i) => (there[i] + r.dwell_s) / 1000)),
    mean_delay_s: mean(delays),
    mean_ride_s: mean(rides),
    mean_direct_s: mean(direct),
    ride_factor: share(sum(rides), sum(direct)),
    shared_share: share(served.filter(({ shared }) => shared).length, served.length),
    mean_occupancy: share(passengerKm, total('km')),
    vehicle_km: total('km'),
    empty_km: total('empty_km'),
    empty_share: share(total('empty_km'), total('km')),
    driver_hours: total('driver_hours'),
    driving_hours: total('driving_hours'),
    break_hours: total('break_hours'),
    supervisor_hours: supervisorHours(vehicleRows, report),
    rides_per_driver_hour: share(carried.length, total('driver_hours')),
    ...(report.operating_yen !== undefined && {
      yen_per_ride: share(report.operating_yen, carried.length),
      subsidy_yen_per_ride: share(report.operating_yen - report.fares_yen, carried.length),
    }),
    ...(lowest.length > 0 && {
      energy_used_kwh: total('energy_used_kwh'),
      energy_charged_kwh: total('energy_charged_kwh'),
      energy_drawn_kwh: total('energy_drawn_kwh'),
      lowest_soc: Math.min(...lowest),
    }),
    ...wrongFigures(requestRows, vehicleRows, rules),
  };
  let compared = 0;
  const compare = (name, written, own, tolerance = 1e-9) => {
    compared += 1;
    const bothAbsent = own === undefined && (written === null || written === undefined);
    const near = Math.abs(written - own) <= Math.max(tolerance, FIGURE_TOLERANCE * Math.abs(own));
    if (!bothAbsent && !(typeof written === 'number' && near))
      fail('report.json', 'report', `${name} is ${written}, but ${own} by the log`);
  };
  for (const [key, value] of Object.entries(figures)) compare(key, report[key], value);
  for (const limit of limits)
    compare(
      `refused_by ${limit}`,
      report.refused_by.find((by) => by.limit === limit)?.count,
      refused.filter((request) => request.limit === limit).length,
    );
  compare('the sum of refused_by', sum(report.refused_by.map(({ count }) => count)), refused.length);
  vehicleRows.forEach((van, index) => {
    const written = report.vehicles.find(({ id }) => id === van.vehicle);
    if (!written) fail('report.json', 'report', `van ${van.vehicle} is missing`);
    else
      for (const [key, value] of Object.entries(each[index]))
        compare(`${key} of van ${van.vehicle}`, written[key], value);
  });

  // The courses over the day: counts in, and means over, each step.
  const { from_s: from, step_s: step, requests, served: rode, busy_vans: busy, power_kw: drawn } = report.series;
  const count = (rows, index) =>
    rows.filter(({ earliest_s: at }) => Math.floor((at / 1000 - from) / step) === index).length;
  const within = (spans) => {
    const course = new Array(requests.length).fill(0);
    for (const [begin, end, weight = 1] of spans)
      for (let i = Math.max(Math.floor((begin / 1000 - from) / step), 0); i < course.length; i++) {
        const overlap = Math.min(end / 1000, from + (i + 1) * step) - Math.max(begin / 1000, from + i * step);
        if (overlap <= 0) break;
        course[i] += (overlap / step) * weight;
      }
    return course;
  };
  const ownBusy = within(vehicleRows.flatMap((van) => van.busy));
  const moving = power.units.filter(({ name }) => name !== 'stationary').flatMap(({ lines }) => lines);
  const ownPower = within(moving.map((line) => [line.t_s, line.until, line.site_kw]));
  requests.forEach((value, index) => {
    compare(`series.requests[${index}]`, value, count(requestRows, index));
    compare(`series.served[${index}]`, rode[index], count(carried, index));
    compare(`series.busy_vans[${index}]`, busy[index], ownBusy[index], 1e-6);
    compare(`series.power_kw[${index}]`, drawn[index], ownPower[index], 1e-6);
  });
  compare('the sum of series.requests', sum(requests), requestRows.length);
  compareSites(power, report, compare, fail);
  return compared;
}

function main([folder, ...more]) {
  if (folder === undefined || more.length > 0) {
    console.error('usage: node log.mjs DIR   (what `noriai run … --out DIR` wrote)');
    return 2;
  }
  const missing = [...Object.keys(COLUMNS), 'report.json'].filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0) {
    console.error(`not in ${folder}: ${missing.join(', ')}`);
    return 2;
  }
  const { violations, counts } = check(folder);
  for (const { at, constraint, message } of violations.slice(0, MOST_SHOWN))
    console.log(`${at}: ${constraint}: ${message}`);
  if (violations.length > MOST_SHOWN) console.log(`and ${violations.length - MOST_SHOWN} more`);
  if (violations.length > 0) return 1;
  const parts = Object.entries(counts).map(([what, number]) => `${number} ${what}`);
  console.log(`every limit kept: ${parts.join(', ')}`);
  return 0;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = main(process.argv.slice(2));
