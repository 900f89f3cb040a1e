// The energy view's charts: one axis of time for all, steps and bands as SVG, colours and patterns from style/energy.css.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Activity, PowerCut, SiteReport, SiteSeries, UnitReport } from '../../pkg/noriai.js';
import {
  bandPath,
  CUT_SUPPLY,
  departuresOf,
  flow,
  isThere,
  stacked,
  stepPath,
  SUPPLY,
  ticks,
  USE,
  type Flow,
} from '../energy';
import { clock } from '../format';

/** What a chart is drawn on: pixels and seconds. */
export interface Paper {
  width: number;
  /** Room for numbers or names at the left. */
  left: number;
  from_s: number;
  until_s: number;
}

export const RIGHT = 16;

/** Whether names stand above their rows, since there is no room beside them. */
const isNarrow = ({ left }: Paper): boolean => left < 64;

const HOURS = 24;

export const xOf = ({ width, left, from_s, until_s }: Paper, t_s: number): number =>
  left + ((t_s - from_s) / (until_s - from_s)) * (width - left - RIGHT);

export const timeAt = ({ width, left, from_s, until_s }: Paper, x: number): number =>
  from_s + ((x - left) / (width - left - RIGHT)) * (until_s - from_s);

/** One drawing with its cursor; clicks and drags on it seek. */
export function plot(name: string, label: string, paper: Paper, height: number, content: unknown): TemplateResult {
  return html`
    <div class="plot" data-plot=${name}>
      <svg width=${paper.width} height=${height} role="img" aria-label=${label}>${content}</svg>
      <div class="energy-cursor" aria-hidden="true"></div>
    </div>
  `;
}

/** Hairlines and names of the hours, below `height`. */
function hours(paper: Paper, height: number, name: (t_s: number) => string = clock) {
  const room = (paper.width - paper.left - RIGHT) / ((paper.until_s - paper.from_s) / 3600);
  const every = 3600 * ([1, 2, 3, 4, 6, 12, 24, 48].find((step) => step * room >= 52) ?? 48);
  const times: number[] = [];
  for (let t = Math.ceil(paper.from_s / every) * every; t <= paper.until_s; t += every) times.push(t);
  return times.map((t) => {
    const x = Math.round(xOf(paper, t)) + 0.5;
    return svg`
      <line class="hour" x1=${x} x2=${x} y1="0" y2=${height} />
      <text class="hour-name" x=${x} y=${height + 18}>${name(t)}</text>
    `;
  });
}

/** Small pictures of a fill for legends. */
export const swatch = (kind: string): TemplateResult => html`
  <svg class="swatch" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${svg`<rect class="fill ${kind}" width="16" height="16" fill=${fill(kind)} />`}</svg>
`;

/** Fills with a pattern besides their colour. */
const PATTERNED = new Set(['discharge', 'export', 'curtailed', 'unserved', 'drive', 'away', 'discharging', 'reserve']);
const fill = (kind: string) => (PATTERNED.has(kind) ? `url(#pattern-${kind})` : nothing);

/** By how much their lines are turned, degrees. */
const TURN: Record<string, number> = { discharge: 90, discharging: 0, export: 0, drive: 45, away: 0, reserve: 45, unserved: -45, curtailed: -45 };

/** The patterns, once for the document. */
export const patterns = html`
  <svg class="patterns" width="0" height="0" aria-hidden="true">
    <defs>
      ${[...PATTERNED].map(
        (kind) => svg`
          <pattern id="pattern-${kind}" class="pattern ${kind}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform=${`rotate(${TURN[kind] ?? 45})`}>
            <rect class="ground" width="6" height="6" /><rect class="line" width="3" height="6" />
          </pattern>`,
      )}
    </defs>
  </svg>
`;

const band = (kind: string, d: string) => svg`<path class="fill ${kind}" fill=${fill(kind)} d=${d} />`;

export interface PowerWords {
  label: string;
  billed: (kw: number) => string;
  limit: (kw: number) => string;
  limitAbove: (kw: number) => string;
  number: (value: number) => string;
}

/** Flows that are there on this day, lowest first. */
export const supplies = (series: SiteSeries): Flow[] => SUPPLY.filter((name) => isThere(flow(series, name)));
export const uses = (series: SiteSeries): Flow[] => USE.filter((name) => isThere(flow(series, name)));

/** Supply above the ground, use below it. */
export function powerPlot({ series, billed_kw }: SiteReport, limit_kw: number, paper: Paper, words: PowerWords): TemplateResult {
  const drawn = 280;
  const wasted = isThere(series.curtailed_kw);
  const up = [...supplies(series), ...(wasted ? (['curtailed'] as const) : [])];
  const down = uses(series);
  const above = stacked(up.map((name) => flow(series, name)));
  const below = stacked(down.map((name) => flow(series, name)));
  const highest = (bands: { high: number[] }[]) => Math.max(1, ...bands.flatMap(({ high }) => high));
  const most = Math.max(highest(above), highest(below), billed_kw) * 1.12;
  const shown = Math.max(most, limit_kw <= 1.2 * most ? limit_kw * 1.08 : 0);
  // Where the limit lies above the chart, a line of its own says so.
  const beyond = limit_kw > shown;
  const top = beyond ? 24 : 0;
  const height = top + drawn;
  const ground = top + drawn / 2;
  const y = (value: number) => ground - (value / shown) * (drawn / 2);
  const mirrored = (value: number) => y(-value);
  const x0 = xOf(paper, series.from_s);
  const step = xOf(paper, series.from_s + series.step_s) - x0;
  const right = paper.width - RIGHT;
  const scale = ticks(shown, 5);
  const line = (kw: number, kind: string) => svg`<line class=${kind} x1=${paper.left} x2=${right} y1=${y(kw)} y2=${y(kw)} />`;
  const content = svg`
    ${hours(paper, height)}
    ${scale.map(
      (tick) => svg`
        <text class="tick" x=${paper.left - 8} y=${y(tick) + 5}>${words.number(tick)}</text>
        ${tick === 0 ? nothing : svg`<text class="tick" x=${paper.left - 8} y=${y(-tick) + 5}>${words.number(tick)}</text>`}
      `,
    )}
    ${up.map((name, index) => band(name, bandPath(above[index]!, x0, step, y)))}
    ${down.map((name, index) => band(name, bandPath(below[index]!, x0, step, mirrored)))}
    <path class="edge" d=${stepPath(series.import_kw, x0, step, y)} />
    <line class="ground-line" x1=${paper.left} x2=${right} y1=${ground} y2=${ground} />
    ${line(billed_kw, 'billed-line')}
    <text class="line-name" x=${paper.left + 6} y=${y(billed_kw) - 5}>${words.billed(billed_kw)}</text>
    ${beyond
      ? svg`<text class="line-name end" x=${right} y="14">${words.limitAbove(limit_kw)}</text>`
      : svg`${line(limit_kw, 'limit-line')}<text class="line-name end" x=${right} y=${y(limit_kw) - 5}>${words.limit(limit_kw)}</text>`}
  `;
  return plot('power', words.label, paper, height + HOURS, content);
}

/** Two lines on their own grounds: price above, carbon dioxide below. */
export function pricePlot(
  series: SiteSeries,
  paper: Paper,
  words: { label: string; price: string; co2: string; number: (value: number, digits: number) => string },
): TemplateResult {
  const lane = 48;
  const gap = 20;
  const x0 = xOf(paper, series.from_s);
  const step = xOf(paper, series.from_s + series.step_s) - x0;
  const one = (values: number[], top: number, kind: string, name: string, digits: number) => {
    const most = Math.max(1e-9, ...values);
    const y = (value: number) => top + lane - (Math.max(value, 0) / (most * 1.1)) * lane;
    return svg`
      ${band(kind, bandPath({ low: values.map(() => 0), high: values }, x0, step, y))}
      <path class="edge ${kind}" d=${stepPath(values, x0, step, y)} />
      <line class="ground-line" x1=${paper.left} x2=${paper.width - RIGHT} y1=${top + lane} y2=${top + lane} />
      <text class="tick" x=${paper.left - 8} y=${y(most) + 5}>${words.number(most, digits)}</text>
      <text class="tick" x=${paper.left - 8} y=${top + lane + 5}>0</text>
      ${isNarrow(paper) ? nothing : svg`<text class="side-name" x="0" y=${top + lane / 2 + 5}>${name}</text>`}
    `;
  };
  const height = 2 * lane + gap + 8;
  return plot('price', words.label, paper, height + HOURS, svg`
    ${hours(paper, height)}
    ${one(series.buy_yen, 4, 'price', words.price, 1)}
    ${one(series.co2_kg.map((kg) => 1000 * kg), 4 + lane + gap, 'co2', words.co2, 0)}
  `);
}

export const KINDS: Activity['kind'][] = ['ride', 'drive', 'parked', 'away', 'plugged', 'charging', 'discharging'];

const LANE = 36;
const STRIP = 16;

/** What a battery does, told by colour, pattern and place: on the road fills the strip, charging stands in it, giving hangs. */
function strip(kind: Activity['kind'], x: number, width: number, y: number) {
  const [top, height] = {
    ride: [0, STRIP],
    drive: [0, STRIP],
    away: [0, STRIP],
    parked: [STRIP / 2 - 3, 6],
    plugged: [STRIP / 2 - 1.5, 3],
    charging: [0, STRIP / 2],
    discharging: [STRIP / 2, STRIP / 2],
  }[kind] as [number, number];
  return svg`<rect class="fill ${kind}" fill=${fill(kind)} x=${x} y=${y + top} width=${Math.max(width, 1)} height=${height} />`;
}

export const activitySwatch = (kind: Activity['kind']): TemplateResult => html`
  <svg class="swatch" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${strip(kind, 0, 16, 0)}</svg>
`;

/** One row for each battery: its charge between reserve and capacity, and below it what it does. */
export function unitsPlot(
  units: UnitReport[],
  paper: Paper,
  words: { label: string; name: (unit: UnitReport, index: number) => string; missed: string },
): TemplateResult {
  const narrow = isNarrow(paper);
  const head = narrow ? 20 : 4;
  const row = head + LANE + 4 + STRIP + 12;
  const height = row * units.length;
  const right = paper.width - RIGHT;
  const content = units.map((unit, index) => {
    const top = index * row + head;
    const y = (kwh: number) => top + LANE - (kwh / unit.capacity_kwh) * LANE;
    const points: string[] = [];
    for (let i = 0; i < unit.energy.length; i += 2) {
      points.push(`${xOf(paper, unit.energy[i]!).toFixed(1)} ${y(unit.energy[i + 1]!).toFixed(1)}`);
    }
    const first = xOf(paper, unit.energy[0] ?? paper.from_s).toFixed(1);
    const last = xOf(paper, unit.energy.at(-2) ?? paper.until_s).toFixed(1);
    const ground = (top + LANE).toFixed(1);
    const label = words.name(unit, index);
    return svg`
      <g data-unit=${unit.id}>
        <rect class="capacity" x=${paper.left} y=${top} width=${right - paper.left} height=${LANE} />
        <rect class="fill reserve" fill=${fill('reserve')} x=${paper.left} y=${y(unit.reserve_kwh)} width=${right - paper.left} height=${top + LANE - y(unit.reserve_kwh)} />
        <svg x=${paper.left} y=${top - head} width=${right - paper.left} height=${row} viewBox=${`${paper.left} ${top - head} ${right - paper.left} ${row}`}>
          <path class="fill stored" d=${`M${first} ${ground}L${points.join('L')}L${last} ${ground}Z`} />
          <path class="edge stored" d=${`M${points.join('L')}`} />
          ${departuresOf(unit).map(({ t_s, kwh, missed }) => {
            const [x, at] = [xOf(paper, t_s), y(kwh)];
            return svg`
              <line class=${missed ? 'departure missed' : 'departure'} x1=${x} x2=${x} y1=${top} y2=${top + LANE} />
              <path class=${missed ? 'target missed' : 'target'} d=${`M${x - 7} ${at}H${x + 7}M${x - 4} ${at + 5}L${x} ${at + 1}L${x + 4} ${at + 5}`} />
            `;
          })}
          ${unit.activities.map(({ from_s, until_s, kind }) => strip(kind, xOf(paper, from_s), xOf(paper, until_s) - xOf(paper, from_s), top + LANE + 4))}
        </svg>
        ${narrow
          ? svg`<text class="unit-name" x="0" y=${top - 5}>${label}</text>`
          : svg`<text class="unit-name" x="0" y=${top + 15}>${label}</text>`}
        <text class="unit-now" x=${narrow ? right : 0} y=${narrow ? top - 5 : top + 35}></text>
      </g>
    `;
  });
  return plot('units', words.label, paper, height + HOURS, svg`${hours(paper, height)}${content}`);
}

/** A power cut: who supplies the critical loads, and below it what is left in the batteries. */
export function cutPlot(
  cut: PowerCut,
  paper: Paper,
  words: { label: string; spare: string; critical: string; number: (value: number, digits?: number) => string },
): TemplateResult {
  const [upper, lower, gap] = [136, 56, 32];
  const positive = (values: number[]) => values.map((value) => Math.max(value, 0));
  const bands = stacked(CUT_SUPPLY.map((name) => positive(cut[`${name}_kw`])));
  const most = Math.max(cut.critical_kw, ...bands.at(-1)!.high) * 1.25;
  const x0 = xOf(paper, cut.from_s);
  const step = xOf(paper, cut.from_s + cut.step_s) - x0;
  const right = paper.width - RIGHT;
  const y = (value: number) => upper - (value / most) * upper;
  const fullest = Math.max(1, ...cut.spare_kwh) * 1.1;
  const base = upper + gap + lower;
  const z = (value: number) => base - (value / fullest) * lower;
  return plot('cut', words.label, paper, base + HOURS, svg`
    ${hours(paper, base, (t_s) => clock(t_s % 86_400))}
    ${ticks(most, 3).map((tick) => svg`<text class="tick" x=${paper.left - 8} y=${y(tick) + 5}>${words.number(tick)}</text>`)}
    ${CUT_SUPPLY.map((name, index) => band(name, bandPath(bands[index]!, x0, step, y)))}
    <line class="critical-line" x1=${paper.left} x2=${right} y1=${y(cut.critical_kw)} y2=${y(cut.critical_kw)} />
    <text class="line-name" x=${paper.left + 6} y=${y(cut.critical_kw) - 5}>${words.critical}</text>
    <line class="ground-line" x1=${paper.left} x2=${right} y1=${upper} y2=${upper} />
    <text class="side-name" x="0" y="14">kW</text>
    ${band('battery', bandPath({ low: cut.spare_kwh.map(() => 0), high: cut.spare_kwh }, x0, step, z))}
    <line class="ground-line" x1=${paper.left} x2=${right} y1=${base} y2=${base} />
    <text class="tick" x=${paper.left - 8} y=${z(fullest / 1.1) + 5}>${words.number(fullest / 1.1)}</text>
    <text class="line-name" x=${paper.left + 6} y=${upper + gap - 8}>${words.spare}</text>
    <text class="side-name" x="0" y=${base}>kWh</text>
  `);
}
