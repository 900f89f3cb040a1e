// Batteries at their chargers and the meters behind which they are: flows.csv and site.csv against each other, and the
// accounts of the sites in report.json against both. What the tables mean stands at Flow and SiteRow in src/log.rs, what
// the figures mean at SiteReport in src/report/energy.rs. Not in the tables, so not checked: wear and the demand charge.
import { hours, seconds, share, sum } from './tables.mjs';

const HALF_HOUR = 1_800_000;
/** Powers and energies are printed to 9 decimals; what a few hours of rounded power come to is far below this. */
const TOLERANCE = 1e-6;
/** For the balance of a day, kWh. */
const DAY_TOLERANCE = 1e-5;

const kwh = (energy) => `${energy.toFixed(6)} kWh`;
const kw = (power) => `${power.toFixed(6)} kW`;

/** The batteries of a run, each with its lines and the span of time for which each holds; and when each depot's day is. */
export function readUnits({ flows, site, vans, report }, fail) {
  const days = new Map();
  for (const row of site) {
    const day = days.get(row.depot) ?? { begin: row.t_s, rows: [] };
    day.rows.push(row);
    day.end = row.t_s + HALF_HOUR;
    days.set(row.depot, day);
  }
  const units = new Map();
  let time = -Infinity;
  for (const line of flows) {
    if (line.t_s < time) fail(line.at, 'order', `${seconds(line.t_s)} comes after ${seconds(time)}`);
    time = line.t_s;
    const key = `${line.depot}, ${line.unit}`;
    if (!units.has(key)) {
      const van = vans.get(line.unit);
      const own = report.sites
        .find((account) => account.depot === line.depot)
        ?.units.find(({ id }) => id === line.unit);
      if (!days.has(line.depot)) fail(line.at, 'table', `site.csv has no depot ${line.depot}`);
      if (!van && !/^(car [1-9]\d*|stationary)$/.test(line.unit)) fail(line.at, 'table', `no unit ${line.unit}`);
      else if (!van && !own) fail(line.at, 'table', `the report has no unit ${line.unit}`);
      const limits = van ?? own ?? { capacity_kwh: Infinity, reserve_kwh: 0 };
      units.set(key, { name: line.unit, depot: line.depot, van, limits, lines: [] });
    }
    units.get(key).lines.push(line);
  }
  // A van that never had a charger is part of its site's account too.
  for (const { depot, units: written } of report.sites)
    for (const van of written.flatMap(({ id }) => vans.get(id) ?? [])) {
      const key = `${depot}, ${van.vehicle}`;
      if (!units.has(key)) units.set(key, { name: van.vehicle, depot, van, limits: van, lines: [] });
    }
  for (const { depot, lines } of units.values())
    lines.forEach((line, i) => {
      line.until = lines[i + 1]?.t_s ?? days.get(depot)?.end ?? line.t_s;
      line.hours = hours(line.until - line.t_s);
    });
  return { days, units: [...units.values()] };
}

/** Energy that a battery gains (loses, where negative) at its charger between two times. */
export function gained(lines, from, until) {
  const overlap = (line) => Math.max(hours(Math.min(until, line.until) - Math.max(from, line.t_s)), 0);
  return sum(lines.map((line) => line.stored_kw * overlap(line)));
}

/** Every battery's energy follows from its powers, and keeps within its limits. */
export function checkFlows({ days, units }, sessions, fail) {
  for (const { name, depot, van, limits, lines } of units) {
    const stays = sessions.filter((session) => session.depot === depot && session.vehicle === name);
    const day = days.get(depot);
    lines.forEach((line, i) => {
      const wrong = (constraint, message) => fail(line.at, constraint, `${name}, ${seconds(line.t_s)}: ${message}`);
      const { site_kw: site, stored_kw: stored, energy_kwh: energy, plugged } = line;
      if (day && (line.t_s < day.begin || line.t_s > day.end))
        wrong('flow', `the day is from ${seconds(day.begin)} to ${seconds(day.end)}`);
      if (plugged !== 0 && plugged !== 1) wrong('table', `plugged is ${plugged}`);
      if (!plugged && (site !== 0 || stored !== 0)) wrong('flow', `${kw(site)} without a charger`);
      if (site === 0 ? stored !== 0 : site < 0 && stored >= 0) wrong('flow', `${kw(site)} stores ${kw(stored)}`);
      if (stored > site + TOLERANCE || (site > 0 && stored < 0)) wrong('flow', `stores ${kw(stored)} of ${kw(site)}`);
      const then = plugged ? energy + stored * line.hours : energy;
      for (const held of [energy, then]) {
        if (held < -TOLERANCE) wrong('reserve', `${kwh(held)}, less than nothing`);
        if (held > limits.capacity_kwh + TOLERANCE)
          wrong('capacity', `${kwh(held)}, more than the capacity of ${limits.capacity_kwh}`);
      }
      if (stored < 0 && then < limits.reserve_kwh - TOLERANCE)
        wrong('reserve', `gives until ${kwh(then)} are left, less than the reserve of ${limits.reserve_kwh}`);
      const next = lines[i + 1];
      if (!next) {
        if (plugged && van) wrong('flow', 'is never unplugged');
      } else if (plugged && Math.abs(next.energy_kwh - then) > TOLERANCE) {
        fail(next.at, 'flow', `${name}, ${seconds(next.t_s)}: ${kwh(next.energy_kwh)}, but ${kwh(then)} follow`);
      } else if (!plugged && !van && next.energy_kwh > energy + TOLERANCE) {
        fail(next.at, 'flow', `${name}, ${seconds(next.t_s)}: comes back with ${kwh(next.energy_kwh - energy)} more`);
      }
      if (van && plugged && !stays.some((stay) => stay.plugged_s <= line.t_s && line.until <= stay.unplugged_s))
        wrong('flow', `not at a charger until ${seconds(line.until)}`);
      if (van && !plugged && !stays.some((stay) => stay.unplugged_s === line.t_s)) wrong('flow', 'not unplugged then');
    });
  }
  for (const stay of sessions) {
    const lines = units.find(({ name, depot }) => name === stay.vehicle && depot === stay.depot)?.lines ?? [];
    const wrong = (message) => fail(stay.at, 'flow', `van ${stay.vehicle}: ${message}`);
    // A stay of no time has no power.
    if (stay.plugged_s === stay.unplugged_s) continue;
    const first = lines.find((line) => line.plugged && line.t_s === stay.plugged_s);
    if (!first) wrong(`no flow from ${seconds(stay.plugged_s)} on`);
    else if (Math.abs(first.energy_kwh - stay.from_kwh) > TOLERANCE)
      wrong(`from ${kwh(stay.from_kwh)}, but ${kwh(first.energy_kwh)} in ${first.at}`);
    if (!lines.some((line) => !line.plugged && line.t_s === stay.unplugged_s))
      wrong(`no end of the flow at ${seconds(stay.unplugged_s)}`);
  }
}

/** Spreads powers over half hours; gives the mean of each. */
function halfHours(day, lines, power) {
  const means = new Array(day.rows.length).fill(0);
  for (const line of lines)
    for (let i = Math.max(Math.floor((line.t_s - day.begin) / HALF_HOUR), 0); i < means.length; i++) {
      const begin = day.begin + i * HALF_HOUR;
      const overlap = Math.min(line.until, begin + HALF_HOUR) - Math.max(line.t_s, begin);
      if (overlap <= 0) break;
      means[i] += (power(line) * overlap) / HALF_HOUR;
    }
  return means;
}

/** Every half hour at a meter is balanced, and its batteries' powers are those of the flows. */
export function checkMeters({ days, units }, fail) {
  for (const [depot, day] of days) {
    const lines = units.filter((unit) => unit.depot === depot).flatMap((unit) => unit.lines);
    const charge = halfHours(day, lines, (line) => Math.max(line.site_kw, 0));
    const discharge = halfHours(day, lines, (line) => Math.max(-line.site_kw, 0));
    day.rows.forEach((row, i) => {
      const wrong = (message) => fail(row.at, 'meter', `${depot}, ${seconds(row.t_s)}: ${message}`);
      const begin = day.begin + i * HALF_HOUR;
      if (row.t_s !== begin) wrong(`the half hour begins at ${seconds(begin)}`);
      for (const [key, value] of Object.entries(row))
        if (key.endsWith('_kw') && value < 0) wrong(`${key} is ${kw(value)}`);
      const taken = row.import_kw + row.free_used_kw + row.fuel_kw + row.discharge_kw;
      const given = row.export_kw + row.charge_kw + row.standby_kw + row.load_kw;
      if (Math.abs(taken - given) > TOLERANCE) wrong(`${kw(taken - given)} more come in than go out`);
      const spare = row.solar_kw + row.wind_kw - row.free_used_kw;
      if (spare < -TOLERANCE) wrong(`uses ${kw(-spare)} more of sun and wind than there are`);
      for (const [key, own] of [
        ['charge_kw', charge[i]],
        ['discharge_kw', discharge[i]],
      ])
        if (Math.abs(row[key] - own) > TOLERANCE) wrong(`${key} is ${kw(row[key])}, but ${kw(own)} by the flows`);
    });
  }
}

/** Energy that a site's own battery used on trips: what it lacks when it is back. */
const tripsOf = ({ van, lines }) =>
  van ? 0 : sum(lines.slice(1).map((line, i) => (lines[i].plugged ? 0 : lines[i].energy_kwh - line.energy_kwh)));
const heldFirst = ({ van, lines }) => van?.initial_kwh ?? lines[0].energy_kwh;
function heldLast({ van, lines }) {
  const last = lines.at(-1);
  return van?.energy ?? last.energy_kwh + last.stored_kw * last.hours;
}
const usedBy = (unit) => unit.van?.used ?? tripsOf(unit);
const lostIn = ({ lines }) => sum(lines.map((line) => (line.site_kw - line.stored_kw) * line.hours));
const energy = (rows, key) => hours(HALF_HOUR) * sum(rows.map((row) => row[key]));

/** What came in over the day went out, was used, lost, or is still there. */
export function checkDays({ days, units }, fail) {
  for (const [depot, { rows }] of days) {
    const here = units.filter((unit) => unit.depot === depot);
    const each = (value) => sum(here.map(value));
    const came = sum(['import_kw', 'free_used_kw', 'fuel_kw'].map((key) => energy(rows, key))) + each(heldFirst);
    const went = sum(['load_kw', 'standby_kw', 'export_kw'].map((key) => energy(rows, key)));
    const rest = each(usedBy) + each(lostIn) + each(heldLast);
    if (Math.abs(came - went - rest) > DAY_TOLERANCE)
      fail(
        rows.at(-1).at,
        'conservation',
        `${depot}: ${kwh(came)} came in by the end, but ${kwh(went + rest)} went out`,
      );
  }
}

/** Works the accounts of the sites out again. `compare` takes a name, the figure written and the own one. */
export function compareSites({ days, units }, { sites }, compare, fail) {
  for (const account of sites) {
    const { depot } = account;
    const rows = days.get(depot)?.rows;
    if (!rows) {
      fail('report.json', 'report', `sites: site.csv has no depot ${depot}`);
      continue;
    }
    const here = units.filter((unit) => unit.depot === depot);
    const of = (key) => energy(rows, key);
    const generated = of('solar_kw') + of('wind_kw');
    const positive = (kw) => hours(HALF_HOUR) * sum(rows.map((row) => Math.max(kw(row), 0)));
    const selfConsumed = positive((row) => row.free_used_kw - row.export_kw);
    const own = positive((row) => row.free_used_kw + row.fuel_kw - row.export_kw);
    const used = of('free_used_kw');
    const [fuel, bought, sold] = ['fuel_kw', 'import_kw', 'export_kw'].map(of);
    const money = (power, price) => hours(HALF_HOUR) * sum(rows.map((row) => row[power] * row[price]));
    const parts = account.energy_yen + account.demand_yen + account.fuel_yen + account.wear_yen;
    const figures = {
      load_kwh: of('load_kw'),
      generated_kwh: generated,
      curtailed_kwh: generated - used,
      fuel_kwh: fuel,
      bought_kwh: bought,
      sold_kwh: sold,
      charged_kwh: of('charge_kw'),
      discharged_kwh: of('discharge_kw'),
      standby_kwh: of('standby_kw'),
      stored_kwh: sum(here.map((unit) => heldLast(unit) - heldFirst(unit))),
      lost_kwh: sum(here.map(lostIn)),
      self_consumed_kwh: selfConsumed,
      self_consumption: share(selfConsumed, generated),
      autarky: share(own, own + bought),
      peak_kw: Math.max(...rows.map((row) => row.import_kw)),
      energy_yen: money('import_kw', 'buy_yen'),
      wear_yen: sum(account.units.map((unit) => unit.wear_yen)),
      sold_yen: money('export_kw', 'sell_yen'),
      co2_kg: hours(HALF_HOUR) * sum(rows.map((row, i) => row.import_kw * account.series.co2_kg[i])),
      full_cycles: sum(here.map(cyclesOf)),
      missed_departures: sum(account.units.map((unit) => missed(unit, here))),
    };
    for (const [key, own] of Object.entries(figures)) compare(`${key} of ${depot}`, account[key], own, TOLERANCE);
    const total = parts - account.sold_yen - account.stored_yen;
    compare(`total_yen of ${depot} less its parts`, account.total_yen - total, 0, TOLERANCE);
    if (account.billed_kw < account.peak_kw)
      fail('report.json', 'report', `billed_kw of ${depot} is ${account.billed_kw}, less than the peak`);
    compareUnits(account, here, rows, compare, fail);
    compareSeries(account, rows, compare);
  }
}

const cyclesOf = (unit) =>
  (sum(unit.lines.map((line) => Math.abs(line.stored_kw) * line.hours)) + usedBy(unit)) / 2 / unit.limits.capacity_kwh;

/** Departures of a battery with less energy than each needs. */
function missed(written, here) {
  const lines = here.find(({ name }) => name === written.id)?.lines ?? [];
  let count = 0;
  for (let i = 0; i < written.departures.length; i += 2) {
    const leaves = lines.find((line) => !line.plugged && line.t_s === written.departures[i] * 1000);
    if (leaves && leaves.energy_kwh < written.departures[i + 1] - TOLERANCE) count += 1;
  }
  return count;
}

function compareUnits(account, here, rows, compare, fail) {
  const wrong = (message) => fail('report.json', 'report', `sites, ${account.depot}: ${message}`);
  const [begin, end] = [rows[0].t_s / 1000, (rows.at(-1).t_s + HALF_HOUR) / 1000];
  for (const unit of here) if (!account.units.some(({ id }) => id === unit.name)) wrong(`no unit ${unit.name}`);
  for (const written of account.units) {
    const of = (key) => `${key} of ${written.id} at ${account.depot}`;
    const unit = here.find(({ name }) => name === written.id);
    if (!unit) continue;
    const { lines, limits } = unit;
    const charged = sum(lines.map((line) => Math.max(line.site_kw, 0) * line.hours));
    const discharged = sum(lines.map((line) => Math.max(-line.site_kw, 0) * line.hours));
    compare(of('capacity_kwh'), written.capacity_kwh, limits.capacity_kwh);
    compare(of('reserve_kwh'), written.reserve_kwh, limits.reserve_kwh);
    compare(of('charged_kwh'), written.charged_kwh, charged, TOLERANCE);
    compare(of('discharged_kwh'), written.discharged_kwh, discharged, TOLERANCE);
    compare(of('used_kwh'), written.used_kwh, usedBy(unit), TOLERANCE);
    compare(of('full_cycles'), written.full_cycles, cyclesOf(unit), TOLERANCE);
    const { activities, energy: points } = written;
    compare(of('energy first'), points[1], heldFirst(unit), TOLERANCE);
    compare(of('energy last'), points.at(-1), heldLast(unit), TOLERANCE);
    for (let i = 0; i < points.length; i += 2) {
      const [time, held, before] = [points[i], points[i + 1], points[i - 2] ?? begin];
      if (time < before || time > end) wrong(`energy of ${written.id}: ${time} s comes after ${before} s`);
      if (held < -TOLERANCE || held > limits.capacity_kwh + TOLERANCE)
        wrong(`energy of ${written.id}: ${kwh(held)} at ${time} s`);
    }
    activities.forEach(({ from_s: from, until_s: until, kind }, i) => {
      const before = activities[i - 1]?.until_s ?? from;
      if (from !== before || from >= until || from < begin || until > end)
        wrong(`${kind} of ${written.id} from ${from} s to ${until} s, after ${before} s`);
    });
    // Times of activities are whole milliseconds, powers the mean over each.
    const total = (kind) =>
      sum(activities.map((one) => (one.kind === kind ? (one.kw * (one.until_s - one.from_s)) / 3600 : 0)));
    compare(of('activities charging'), total('charging'), charged, 1e-5);
    compare(of('activities discharging'), -total('discharging'), discharged, 1e-5);
  }
}

function compareSeries({ depot, series }, rows, compare) {
  compare(`series.from_s of ${depot}`, series.from_s, rows[0].t_s / 1000);
  compare(`series.step_s of ${depot}`, series.step_s, HALF_HOUR / 1000);
  rows.forEach((row, i) => {
    const part = share(row.free_used_kw, row.solar_kw + row.wind_kw) ?? 0;
    const own = {
      load_kw: row.load_kw + row.standby_kw,
      charge_kw: row.charge_kw,
      discharge_kw: row.discharge_kw,
      solar_kw: row.solar_kw * part,
      wind_kw: row.wind_kw * part,
      curtailed_kw: (row.solar_kw + row.wind_kw) * (1 - part),
      fuel_kw: row.fuel_kw,
      import_kw: row.import_kw,
      export_kw: row.export_kw,
      buy_yen: row.buy_yen,
    };
    for (const [key, value] of Object.entries(own))
      compare(`series.${key}[${i}] of ${depot}`, series[key][i], value, TOLERANCE);
  });
  for (const [key, values] of Object.entries(series))
    if (Array.isArray(values)) compare(`the length of series.${key} of ${depot}`, values.length, rows.length);
}
