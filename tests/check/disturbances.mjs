// What may go wrong on a day, followed row by row: vans that wait for riders, vans that break down, riders who change vans on
// the way, vans without a driver that ask for help, and promises that cannot be kept. A limit may be broken only where the log says `late`, and by no more than
// disturbances have cost the van.
import { seconds } from './tables.mjs';

/** How much later than a limit a van may be: by what disturbances have cost it, and what traffic makes of that. */
export const lost = (van) => van.lost ?? 0;

/** A row that says that a request's limits will be broken. */
export function followLate(row, van, request, fail) {
  const wrong = (message) => fail(row.at, 'late', `${request.request}: ${message}`);
  if (request.answered !== 'accept') wrong('not accepted before');
  if (request.dropoff !== undefined) wrong('dropped off before');
  if (request.late) wrong('late before');
  if (row.vehicle !== request.carrier) wrong(`by van ${row.vehicle}, but van ${request.carrier} has it`);
  if (lost(van) === 0 && !request.transferred) wrong(`van ${row.vehicle} has lost no time`);
  request.late = true;
}

/** Whether a limit that is missed by so many ms may be: the log has said so, and not by more than the van has lost. */
export const excused = (request, van, by) => request.late && (request.transferred || by <= lost(van));

/** What a van that waits or has broken down may do. */
export function followStanding(row, van, request, wrong) {
  const { waiting, broken, stuck } = van;
  if (waiting && !(['pickup', 'no_show'].includes(row.event) && request === waiting.request))
    wrong('wait', `while it waits for ${waiting.request.request}`);
  if (broken !== undefined && row.event !== 'repaired' && !(row.event === 'transfer' && row.t_s === broken))
    wrong('breakdown', 'while it has broken down');
  if (stuck && row.event !== 'freed') wrong('stuck', 'while it waits for help');
}

/** A van without a driver asks for help; the first supervisor who is free gives it. */
export function getStuck(row, van, { supervision, supervisors, traffic }, wrong) {
  if (van.max_speed_kmh === undefined) wrong('stuck', 'with a driver');
  if (!(supervision?.stuck_per_h > 0)) return wrong('stuck', 'vans do not get stuck in this town');
  const next = supervisors.indexOf(Math.min(...supervisors));
  const attended = Math.max(row.t_s, supervisors[next]);
  supervisors[next] = attended + 1000 * (supervision.help_s ?? 0);
  van.stuck = { attended, until: supervisors[next] };
  van.lost = lost(van) + (supervisors[next] - row.t_s) * traffic.growth;
  van.helpWaits = [...(van.helpWaits ?? []), (attended - row.t_s) / 1000];
}

export function freed(row, van, wrong) {
  if (!van.stuck) wrong('stuck', 'it had not asked for help');
  else if (row.t_s !== van.stuck.until)
    wrong('stuck', `at ${seconds(row.t_s)}; a supervisor attends to it at ${seconds(van.stuck.attended)}, and has freed it at ${seconds(van.stuck.until)}`);
  van.stuck = undefined;
}

/** Begins to wait for a party. */
export function wait(row, van, request, wrong) {
  const name = request.request;
  const { origin_node: origin, board_node: stop = origin, promised_from_s: from, promised_until_s: until } = request;
  if (request.answered !== 'accept') wrong('wait', `${name} has not been accepted`);
  if (request.pickup !== undefined) wrong('wait', `${name} was picked up before`);
  if (request.carrier !== van.vehicle) wrong('wait', `${name} was promised van ${request.carrier}`);
  if (row.node !== stop) wrong('wait', `${name} would be at node ${stop}`);
  if (row.t_s < from) wrong('wait', `before the promise begins, ${seconds(from)}`);
  if (row.t_s > until && !excused(request, van, row.t_s - until)) wrong('promise', `${name} was promised ${seconds(until)}`);
  request.waitedFrom = row.t_s;
  van.waiting = { request, from: row.t_s };
}

/** Ends a wait, whatever its end; gives how long it was. */
export function endWait(row, van, { kind, patience, traffic }, wrong) {
  if (!van.waiting) return 0;
  const waited = row.t_s - van.waiting.from;
  const most = kind === 'fixed_route' ? 0 : patience;
  if (row.event === 'no_show' ? waited !== most : waited > most)
    wrong('wait', `for ${seconds(waited)} s; vans wait for ${seconds(most)} s`);
  van.waiting = undefined;
  van.lost = lost(van) + waited * traffic.growth;
  return waited;
}

/** A party has not come. */
export function noShow(row, van, request, rules, wrong) {
  if (van.waiting?.request !== request) wrong('wait', `it did not wait for ${request.request}`);
  request.waited = endWait(row, van, rules, wrong);
  request.noShow = true;
}

export function breakDown(row, van, { repair, traffic }, wrong) {
  if (repair === undefined) wrong('breakdown', 'vans do not break down in this town');
  van.broken = row.t_s;
  van.lost = lost(van) + (repair ?? 0) * traffic.growth;
  van.breakdowns = (van.breakdowns ?? 0) + 1;
  van.stranded = (van.stranded ?? 0) + van.aboard.size;
}

export function repaired(row, van, { repair }, wrong) {
  if (van.broken === undefined) wrong('breakdown', 'it had not broken down');
  else if (row.t_s - van.broken !== repair) wrong('breakdown', `after ${seconds(row.t_s - van.broken)} s, not ${seconds(repair)} s`);
  van.broken = undefined;
}

/** A party gets off, to be picked up here by another van. */
export function transfer(row, van, request, wrong) {
  if (van.broken !== row.t_s) wrong('transfer', 'not at a breakdown');
  if (!van.aboard.delete(request)) wrong('transfer', `${request.request} is not aboard`);
  Object.assign(request, { transferred: true, strandedAt: row.node });
}

/** The report's figures of what went wrong; none where nothing can. */
export function figures(requestRows, vehicleRows, rules) {
  if (rules.patience === undefined) return {};
  const mean = (values) => (values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : undefined);
  const count = (rows) => rows.reduce((total, value) => total + (value ?? 0), 0);
  const late = requestRows.filter((r) => r.pickup !== undefined).map((r) => (r.waitedFrom ?? r.pickup) - r.promised_until_s);
  const beyond = ({ dropoff, pickup, dwell_s: dwell, walk_from_s: walk = 0, latest_dropoff_s: latest, max_ride_s: longest = Infinity }) =>
    dropoff !== undefined && (dropoff + walk > latest || dropoff - pickup - dwell > longest);
  return {
    no_shows: requestRows.filter(({ noShow: absent }) => absent).length,
    waited_s: count(requestRows.map(({ waited }) => waited)) / 1000,
    late_pickups: late.filter((by) => by > 0).length,
    mean_late_s: mean(late.filter((by) => by > 0).map((by) => by / 1000)),
    late_rides: requestRows.filter(beyond).length,
    breakdowns: count(vehicleRows.map(({ breakdowns }) => breakdowns)),
    stranded: count(vehicleRows.map(({ stranded }) => stranded)),
    stuck: rules.supervision?.stuck_per_h > 0 ? vehicleRows.flatMap(({ helpWaits }) => helpWaits ?? []).length : undefined,
    mean_help_s: mean(vehicleRows.flatMap(({ helpWaits }) => helpWaits ?? [])),
  };
}
