// The energy view without a browser: what is stacked on what, what stands in the tables, what the comparison says.
import type { Activity, Against, Compared, PowerCut, Report, SiteSeries, UnitReport } from '../pkg/noriai.js';

/** Where power comes from, lowest first: what is bought stands on the ground, so that its edge meets the billed peak. */
export const SUPPLY = ['import', 'discharge', 'fuel', 'wind', 'solar'] as const;
/** Where it goes, downwards from the ground. */
export const USE = ['load', 'charge', 'export'] as const;
/** Who carries the critical loads in a power cut, lowest first. */
export const CUT_SUPPLY = ['free', 'fuel', 'battery', 'unserved'] as const;

export type Flow = (typeof SUPPLY)[number] | (typeof USE)[number] | 'curtailed';
export const FLOWS: Flow[] = [...SUPPLY, ...USE, 'curtailed'];

/** Below this nobody sees anything, kW. */
const NOTHING_KW = 0.005;

/** The powers of one flow by half hour. */
export const flow = (series: SiteSeries, name: Flow): number[] => series[`${name}_kw`];

/** Whether there is anything of it on this day. */
export const isThere = (values: number[]): boolean => values.some((value) => Math.abs(value) > NOTHING_KW);

export interface Band {
  low: number[];
  high: number[];
}

/** Layers on top of each other. */
export function stacked(layers: number[][]): Band[] {
  const sum: number[] = [];
  return layers.map((layer) => {
    const low = layer.map((_, index) => sum[index] ?? 0);
    const high = layer.map((value, index) => low[index]! + value);
    high.forEach((value, index) => (sum[index] = value));
    return { low, high };
  });
}

/** A band of steps as a path. `step` is the width of a step, `x0` where the first begins, `y` the height of a value. */
export function bandPath({ low, high }: Band, x0: number, step: number, y: (value: number) => number): string {
  if (high.length === 0) return '';
  const at = (index: number) => round(x0 + index * step);
  const there = high.map((value, index) => `V${round(y(value))}H${at(index + 1)}`).join('');
  const back = low.map((_, index) => low.length - 1 - index).map((index) => `V${round(y(low[index]!))}H${at(index)}`).join('');
  return `M${at(0)} ${round(y(low[0]!))}${there}${back}Z`;
}

/** A line of steps as a path. */
export function stepPath(values: number[], x0: number, step: number, y: (value: number) => number): string {
  const at = (index: number) => round(x0 + index * step);
  return values.map((value, index) => `${index === 0 ? 'M' + at(0) + ' ' : 'V'}${round(y(value))}H${at(index + 1)}`).join('');
}

const round = (value: number) => Math.round(value * 10) / 10;

/** Round numbers from 0 to `most`, some `count` of them. */
export function ticks(most: number, count: number): number[] {
  if (!(most > 0)) return [0];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((unit) => unit * power).find((unit) => unit >= rough)!;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** The half hour of a series in which a moment lies. */
export const slotOf = (series: { from_s: number; step_s: number }, length: number, t_s: number): number =>
  Math.min(Math.max(Math.floor((t_s - series.from_s) / series.step_s), 0), length - 1);

/** Energy of a battery at a moment: linear between its points. */
export function energyAt(unit: UnitReport, t_s: number): number {
  const { energy } = unit;
  let next = 0;
  while (next < energy.length && energy[next]! <= t_s) next += 2;
  if (next === 0) return energy[1] ?? 0;
  const [t0, a] = [energy[next - 2]!, energy[next - 1]!];
  if (next >= energy.length) return a;
  return a + ((energy[next + 1]! - a) * (t_s - t0)) / (energy[next]! - t0);
}

export const activityAt = (unit: UnitReport, t_s: number): Activity | undefined =>
  unit.activities.find(({ from_s, until_s }) => from_s <= t_s && t_s < until_s);

/** What a battery is not at its charger for. */
const OUT = new Set<Activity['kind']>(['ride', 'drive', 'parked', 'away']);

/**
 * Departures and what has to be in the battery then: of a car by its timetable; of a van, which has none, what it used until it
 * was back, and its reserve.
 */
export function departuresOf(unit: UnitReport): { t_s: number; kwh: number; missed: boolean }[] {
  const known = unit.departures.filter((_, index) => index % 2 === 0);
  const targets = known.length > 0
    ? known.map((t_s, index) => ({ t_s, kwh: unit.departures[2 * index + 1]! }))
    : outings(unit).map(([t_s, back_s]) => ({ t_s, kwh: unit.reserve_kwh + energyAt(unit, t_s) - energyAt(unit, back_s) }));
  return targets.map((target) => ({ ...target, missed: energyAt(unit, target.t_s) < target.kwh - 0.01 }));
}

/** From when until when a van that was at its charger is out. */
function outings({ activities }: UnitReport): [number, number][] {
  const spans: [number, number][] = [];
  let atHome = false;
  for (const { kind, from_s, until_s } of activities) {
    if (!OUT.has(kind)) atHome = true;
    else if (atHome) {
      spans.push([from_s, until_s]);
      atHome = false;
    } else if (spans.length > 0) spans.at(-1)![1] = until_s;
  }
  return spans;
}

/** The vans and what of their batteries a power cut keeps from driving. */
export function heldBack(report: Report): { reserve_kwh: number; capacity_kwh: number; refused: number } | undefined {
  const ids = new Set(report.vehicles.map(({ id }) => id));
  const vans = report.sites.flatMap(({ units }) => units.filter((unit) => !unit.name && ids.has(unit.id)));
  if (vans.length === 0) return undefined;
  const fullest = vans.reduce((a, b) => (b.reserve_kwh / b.capacity_kwh > a.reserve_kwh / a.capacity_kwh ? b : a));
  const refused = report.refused_by.find(({ limit }) => limit === 'charge')?.count ?? 0;
  return { reserve_kwh: fullest.reserve_kwh, capacity_kwh: fullest.capacity_kwh, refused };
}

/** The site that is looked at: that of a depot, or the first. */
export const siteOf = <T extends { depot: string }>(sites: T[], depot: string | undefined): T | undefined =>
  sites.find((site) => site.depot === depot) ?? sites[0];

// --- Figures beside the report ---------------------------------------------------------------------------------------

export interface Gains {
  /** Cost of all sites. */
  total_yen: number;
  /** What charging at once would cost more. */
  saving_yen?: number;
  /** How much higher the peak would be. */
  peak_saving_kw?: number;
  /** What carbon dioxide there would be more. */
  co2_saving_kg?: number;
  /** What one-way chargers would cost more. */
  two_way_yen?: number;
  /** What perfect foresight would cost less. */
  foresight_yen?: number;
  /** What the cheapest schedule would cost less, where the day is one of charging at once. */
  to_gain_yen?: number;
  /** How many rides charging at once would serve more. */
  rides_cost?: number;
}

/** What the comparison with the same day under other policies says. */
export function gains({ sites, served }: Report, compared: Compared[] | undefined): Gains {
  const total_yen = sites.reduce((sum, site) => sum + site.total_yen, 0);
  const co2_kg = sites.reduce((sum, site) => sum + site.co2_kg, 0);
  const peak_kw = Math.max(0, ...sites.map((site) => site.peak_kw));
  const other = (against: Against) => compared?.find((entry) => entry.against === against);
  const [immediate, oneWay, foresight, optimal] = [other('immediate'), other('one_way'), other('foresight'), other('optimal')];
  return {
    total_yen,
    ...(immediate && {
      saving_yen: immediate.total_yen - total_yen,
      peak_saving_kw: immediate.peak_kw - peak_kw,
      co2_saving_kg: immediate.co2_kg - co2_kg,
      rides_cost: immediate.served - served,
    }),
    ...(oneWay && { two_way_yen: oneWay.total_yen - total_yen }),
    ...(foresight && { foresight_yen: total_yen - foresight.total_yen }),
    ...(optimal && { to_gain_yen: total_yen - optimal.total_yen }),
  };
}

/** A gap or residual as people write it: `2e-9`. */
export const tiny = (value: number): string => (value === 0 ? '0' : value.toExponential(0).replace('e+', 'e'));

/** Gaps up to this count as proven. */
export const PROVEN = 1e-6;

// --- Tables ----------------------------------------------------------------------------------------------------------

/** A cell is a word or a number with the digits that are shown. */
export type Cell = string | { value: number; digits: number };

export interface Table {
  head: string[];
  rows: Cell[][];
}

const kw = (value: number): Cell => ({ value, digits: 2 });

/** By half hour: each flow of the site. */
export function powerTable(series: SiteSeries, name: (flow: Flow) => string, time: string, clock: (t_s: number) => string): Table {
  return {
    head: [time, ...FLOWS.map(name)],
    rows: series.import_kw.map((_, index) => [
      clock(series.from_s + index * series.step_s),
      ...FLOWS.map((each) => kw(flow(series, each)[index]!)),
    ]),
  };
}

/** By half hour: price and carbon dioxide of energy bought. */
export function priceTable(series: SiteSeries, head: [string, string, string], clock: (t_s: number) => string): Table {
  return {
    head,
    rows: series.buy_yen.map((yen, index) => [
      clock(series.from_s + index * series.step_s),
      { value: yen, digits: 2 },
      { value: 1000 * series.co2_kg[index]!, digits: 0 },
    ]),
  };
}

/** What each battery does, one after the other, with its energy before and after. */
export function unitTable(
  units: UnitReport[],
  head: string[],
  name: (unit: UnitReport) => string,
  what: (kind: Activity['kind']) => string,
  clock: (t_s: number) => string,
): Table {
  return {
    head,
    rows: units.flatMap((unit) => {
      const departures = departuresOf(unit);
      return unit.activities.map(({ from_s, until_s, kind, kw: power }): Cell[] => {
        const target = departures.find(({ t_s }) => Math.abs(t_s - from_s) < 1);
        return [
          name(unit),
          clock(from_s),
          clock(until_s),
          what(kind),
          { value: power, digits: 1 },
          { value: energyAt(unit, from_s), digits: 1 },
          { value: energyAt(unit, until_s), digits: 1 },
          target ? { value: target.kwh, digits: 1 } : '',
        ];
      });
    }),
  };
}

/** By half hour of a power cut: who supplies, and what is left. */
export function cutTable(cut: PowerCut, head: string[], clock: (t_s: number) => string): Table {
  const { free_kw, fuel_kw, battery_kw, unserved_kw, spare_kwh } = cut;
  return {
    head,
    rows: free_kw.map((free, index) => [
      clock(cut.from_s + index * cut.step_s),
      ...[free, fuel_kw[index]!, battery_kw[index]!, unserved_kw[index]!].map(kw),
      { value: spare_kwh[index]!, digits: 1 },
    ]),
  };
}

/** A table as CSV, its numbers whole. */
export function csvOf({ head, rows }: Table): string {
  const field = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const cell = (value: Cell) => (typeof value === 'string' ? field(value) : String(Number(value.value.toFixed(6))));
  return [head.map(field), ...rows.map((row) => row.map(cell))].map((row) => row.join(',') + '\r\n').join('');
}

/** The first part of a long name: what stands before a colon or a bracket. */
export const shortName = (name: string): string => name.split(/[:：（(]/)[0]!.trim();

/** The core looks no further than a week. */
export const WEEK_H = 168;
