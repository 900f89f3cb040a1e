// What the tables alone cannot tell of a site, checked against the scenario: chargers and their losses, limits of powers,
// the load, prices and what they come to.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { near, readReport, readTable } from './days.mjs';

const NUMBERS = /_kw$|_kwh$|_yen$|_s$|^plugged$|^charger$/;
const numbers = (rows) =>
  rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, NUMBERS.test(key) ? Number(cell) : cell])),
  );
const clock = (text) => text.split(':').reduce((hours, minutes) => hours * 3600 + minutes * 60);
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const lost = ({ fixed_kw: fixed, proportional, quadratic_per_kw: quadratic }, kw) =>
  fixed + kw * (proportional + quadratic * kw);

/** Month, day of the week and second of the day at a time of the scenario's day, which goes on past midnight. */
function calendar(date, time) {
  const day = new Date(Date.parse(date) + Math.floor(time / 86_400) * 86_400_000);
  return { month: day.getUTCMonth() + 1, weekday: DAYS[day.getUTCDay()], second: time % 86_400 };
}
/** A value of a profile of 1, 24 or 48 values. */
const ofDay = (profile, time) => profile[Math.floor(((time % 86_400) / 86_400) * profile.length)];

function buyYen(tariff, date, time) {
  const { energy, fuel_adjustment_yen_per_kwh: adjustment, levy_yen_per_kwh: levy, tax } = tariff;
  const inPeriod = ({ months, days, from, until }, at, second) =>
    (months.length === 0 || months.includes(at.month)) &&
    (days.length === 0 || days.includes(at.weekday)) &&
    clock(from) <= second &&
    second < clock(until);
  const holds = (period) => {
    const { second } = calendar(date, time);
    return (
      inPeriod(period, calendar(date, time), second) || inPeriod(period, calendar(date, time - 86_400), second + 86_400)
    );
  };
  const price = {
    flat: () => energy.yen_per_kwh,
    time_of_use: () => energy.periods.find(holds)?.yen_per_kwh ?? energy.otherwise_yen_per_kwh,
    market: () => ofDay(energy.spot_yen_per_kwh, time) / (1 - energy.loss) + energy.adder_yen_per_kwh,
  };
  return (price[energy.kind]() + adjustment + levy) * (1 + tax);
}

/** The batteries behind a depot's meter by name, each with its charger. */
function batteries(scenario, depot) {
  const { site, chargers } = depot;
  const own = new Map();
  for (const { battery, charger, count } of site?.cars ?? [])
    for (let i = 0; i < count; i++) own.set(`car ${own.size + 1}`, { battery, charger });
  if (site?.battery) own.set('stationary', { battery: site.battery, charger: site.battery.charger });
  for (const { id, battery } of scenario.fleet.vehicles) if (battery) own.set(id, { battery });
  const places = chargers.flatMap((charger) => new Array(charger.count).fill(charger));
  return { own, places };
}

/** Every line of a battery is what its charger and its cells can do. */
function assertPowers(line, battery, charger, until) {
  const what = `${line.unit} at ${line.t_s}`;
  const { site_kw: site, stored_kw: stored } = line;
  const kept = 1 - battery.cell_loss;
  const most = battery.max_charge_kw ?? Infinity;
  if (site > 0) {
    const taken = stored / kept;
    assert.ok(site <= charger.power_kw + 1e-6, `${what} takes ${site} kW`);
    if (site > charger.losses.fixed_kw) near(taken + lost(charger.losses, taken), site, 1e-6, `power of ${what}`);
    else near(stored, 0, 1e-9, `power stored of ${what}`);
    // Powers are set anew every 5 minutes: the taper holds at the begin of the last of them, too.
    for (const time of [line.t_s, Math.max(line.t_s, until - 300)]) {
      const soc = (line.energy_kwh + (stored * (time - line.t_s)) / 3600) / battery.capacity_kwh;
      const { from_soc: from, at_full: full } = battery.taper;
      const slowed = soc > from && from < 1 ? 1 - ((1 - full) * (soc - from)) / (1 - from) : 1;
      assert.ok(taken <= most * slowed + 1e-6, `${what} stores ${taken} kW at ${soc}`);
    }
  } else if (site < 0) {
    const taken = -stored * kept;
    const { power_kw: power, losses } = charger.discharge;
    assert.ok(-site <= power + 1e-6 && taken <= most + 1e-6, `${what} gives ${-site} kW`);
    near(taken - lost(losses, taken), -site, 1e-6, `power given of ${what}`);
  }
}

function assertDepot(folder, scenario, depot) {
  const { own, places } = batteries(scenario, depot);
  const [flows, sessions, rows] = ['flows.csv', 'sessions.csv', 'site.csv'].map((file) =>
    numbers(readTable(join(folder, file))).filter((row) => row.depot === depot.id),
  );
  for (const { vehicle, charger } of sessions) {
    assert.equal(scenario.fleet.vehicles.find(({ id }) => id === vehicle).depot, depot.id);
    assert.ok(charger < places.length, `${vehicle} at charger ${charger} of ${places.length}`);
  }
  const end = (rows.at(-1)?.t_s ?? 0) + 1800;
  const standby = new Array(rows.length).fill(0);
  const plugged = new Set();
  const next = new Map();
  for (const line of flows.toReversed()) {
    line.until = next.get(line.unit) ?? end;
    next.set(line.unit, line.t_s);
  }
  for (const line of flows) {
    if (line.until === line.t_s) continue;
    const { battery, charger: site } = own.get(line.unit);
    const stay = sessions.find((s) => s.vehicle === line.unit && s.plugged_s <= line.t_s && line.t_s < s.unplugged_s);
    const charger = site ?? places[stay?.charger];
    if (!site && line.plugged) plugged.add(line.unit);
    else plugged.delete(line.unit);
    assert.ok(plugged.size <= places.length, `${[...plugged]} at ${places.length} chargers at ${line.t_s}`);
    if (!line.plugged) continue;
    assertPowers(line, battery, charger, line.until);
    if (line.site_kw === 0)
      rows.forEach(({ t_s: begin }, i) => {
        const overlap = Math.min(line.until, begin + 1800) - Math.max(line.t_s, begin);
        if (overlap > 0) standby[i] += (charger.standby_kw * overlap) / 1800;
      });
  }
  rows.forEach((row, i) => near(row.standby_kw, standby[i], 1e-6, `standby at ${row.t_s}`));
  if (depot.site) assertContract(folder, scenario, depot, own, rows);
}

function assertContract(folder, scenario, { id, site }, own, rows) {
  const { date } = scenario.day;
  const { tariff, import_limit_kw: most, export_limit_kw: mostOut } = site;
  for (const row of rows) {
    const at = `at ${row.t_s}`;
    assert.ok(row.import_kw <= Math.max(most, row.load_kw + row.standby_kw) + 1e-6, `${row.import_kw} kW bought ${at}`);
    assert.ok(row.export_kw <= mostOut + 1e-6, `${row.export_kw} kW sold ${at}`);
    if (!tariff.battery_export)
      assert.ok(row.export_kw <= row.free_used_kw + 1e-6, `${row.export_kw} kW sold ${at} from batteries`);
    assert.ok(row.fuel_kw <= (site.fuel_cell?.power_kw ?? 0) + 1e-6, `${row.fuel_kw} kW of the fuel cell ${at}`);
    const load = ofDay(site.load_kw, row.t_s) * site.load_by_month[calendar(date, row.t_s).month - 1];
    near(row.load_kw, load, 1e-6, `load ${at}`);
    near(row.buy_yen, buyYen(tariff, date, row.t_s), 1e-6, `price ${at}`);
    near(row.sell_yen, tariff.export_yen_per_kwh, 1e-6, `price of energy sold ${at}`);
  }
  const account = readReport(folder).sites.find(({ depot }) => depot === id);
  for (const unit of account.units) {
    const { battery, charger } = own.get(unit.id);
    near(unit.capacity_kwh, battery.capacity_kwh, 1e-9, `capacity of ${unit.id}`);
    // A policy may hold back more of a van's battery, but not of the others.
    const reserve = battery.reserve_soc * battery.capacity_kwh;
    if (charger) near(unit.reserve_kwh, reserve, 1e-9, `reserve of ${unit.id}`);
    else assert.ok(unit.reserve_kwh >= reserve - 1e-9, `reserve of ${unit.id}`);
  }
  const month = (tariff.basic_yen_per_kw_month * (185 - tariff.power_factor_percent) * (1 + tariff.tax)) / 100;
  const billed = Math.max(account.peak_kw, tariff.past_peak_kw);
  near(account.billed_kw, billed, 1e-6, 'billed peak');
  near(account.demand_yen, (month * 12 * billed) / 365, 1e-3, 'demand charge');
  const over = rows.reduce((sum, row) => sum + Math.max(row.import_kw - most, 0) / 2, 0);
  near(account.over_limit_kwh, over, 1e-6, 'bought beyond the limit');
  near(account.fuel_yen, account.fuel_kwh * (site.fuel_cell?.yen_per_kwh ?? 0), 1e-6, 'fuel');
  account.series.co2_kg.forEach((kg, i) => near(kg, ofDay(tariff.co2_kg_per_kwh, rows[i].t_s), 1e-9, 'co2_kg'));
}

export function assertSites(folder, scenario) {
  for (const depot of scenario.depots) assertDepot(folder, scenario, depot);
}
