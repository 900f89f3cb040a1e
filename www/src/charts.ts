// The charts over the day: which lines they have, and how uPlot draws them.
import type uPlot from 'uplot';
import type { App } from './app';
import { people, sampled, spread } from './series';
import type { ChartName } from './state';

/** Step of the lines, seconds. */
export const STEP_S = 120;

/** Up to so many vans each have a line of their own; of more, the lowest, the mean and the highest are drawn. */
const LINES = 12;

export const FONT = '14px "Hiragino Sans", "Noto Sans CJK JP", "Yu Gothic UI", Meiryo, sans-serif';

export interface Line {
  label: string;
  stroke: string;
  unit: string;
  digits: number;
  /** Steps instead of slopes, for amounts that hold for a while. */
  stepped: boolean;
  width?: number;
  /** Its values at the times of a grid. */
  values: (grid: number[]) => (number | null)[];
}

/** The lines of a chart of the day shown, and where it ends above, if that does not follow from them. */
export function chartLines(app: App, chart: ChartName): { lines: Line[]; top?: number } {
  const { colour } = app;
  const { report, rides } = app.state.result!;
  const words = app.words.day;
  const { from_s, step_s, busy_vans, power_kw } = report.series;
  const held = (amounts: number[]) => (grid: number[]) => grid.map((t) => amounts[Math.floor((t - from_s) / step_s)] ?? 0);
  const amount = { unit: '', stepped: true };
  switch (chart) {
    case 'riders': {
      const { waiting, aboard } = people(rides);
      return {
        lines: [
          { label: words.waiting, stroke: colour('refused'), digits: 0, ...amount, values: waiting.over },
          { label: words.aboard, stroke: colour('accent'), digits: 0, ...amount, values: aboard.over },
          { label: app.vehicles.busy, stroke: colour('served'), digits: 1, ...amount, values: held(busy_vans) },
        ],
      };
    }
    case 'power':
      return {
        lines: [{ label: words.drawn, stroke: colour('van-charging'), digits: 1, ...amount, unit: 'kW', values: held(power_kw) }],
      };
    case 'energy':
      return { lines: chargeLines(app), top: 100 };
  }
}

/** The charge of the vans. */
function chargeLines(app: App): Line[] {
  const { colour } = app;
  const words = app.words.day;
  const followed = app.state.detail?.kind === 'van' ? app.state.detail.van : undefined;
  const vans = Array.from({ length: app.playback!.vans }, (_, van) => van);
  const share = { unit: '%', digits: 0, stepped: false };
  const one = (van: number): Line => {
    const series = app.chargeSeries(van);
    return {
      label: app.vanTitle(van),
      stroke: van === followed ? colour('accent') : colour(`line-${van % 4}`),
      width: van === followed ? 3 : 1.5,
      values: (grid) => sampled(series, grid),
      ...share,
    };
  };
  if (vans.length <= LINES) return vans.map(one);
  const all = vans.map((van) => app.chargeSeries(van)).filter((series) => series.length > 0);
  // The legend asks for one moment in every frame, and then the vans themselves know it.
  let drawn: ReturnType<typeof spread> | undefined;
  const line = (which: 'lowest' | 'mean' | 'highest', stroke: string): Line => ({
    label: words.charges[which],
    stroke: colour(stroke),
    values: (grid) => (grid.length === 1 ? spreadNow(app.frame!.charge) : (drawn ??= spread(all, grid)))[which],
    ...share,
  });
  return [line('highest', 'line-1'), line('mean', 'line-0'), line('lowest', 'refused'), ...(followed === undefined ? [] : [one(followed)])];
}

/** Times at which lines are drawn. */
export function chartGrid(begin_s: number, end_s: number): number[] {
  const grid: number[] = [];
  for (let t = begin_s; t <= end_s; t += STEP_S) grid.push(t);
  return grid;
}

/** The lower end of the numbers, and the upper one. */
export const chartRange =
  (top: number | undefined): uPlot.Range.Function =>
  (_, min, max) => [Math.min(0, min * 1.1), top ?? Math.max(1, max * 1.1)];

/** The axis of the numbers, in a room of a width in pixels. */
export const numbersAxis = (app: App, size: number): uPlot.Axis => ({
  size,
  gap: 4,
  space: 28,
  font: FONT,
  stroke: app.colour('muted'),
  grid: { stroke: app.colour('rule'), width: 1 },
  ticks: { show: false },
  values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? app.format.number(tick) : '')),
});

/** How lines are drawn; steps hold from their time on. */
export const chartSeries = (lines: Line[], paths: typeof uPlot.paths): uPlot.Series[] => [
  {},
  ...lines.map(({ label, stroke, stepped, width }) => ({
    label,
    stroke,
    width: width ?? 1.5,
    points: { show: false },
    ...(stepped ? { paths: paths.stepped!({ align: 1 }) } : {}),
  })),
];

/** The lowest, mean and highest charge of vans, those without a battery aside; in per cent. */
function spreadNow(charge: Float32Array): ReturnType<typeof spread> {
  let [lowest, sum, highest, count] = [Infinity, 0, -Infinity, 0];
  for (const share of charge) {
    if (Number.isNaN(share)) continue;
    lowest = Math.min(lowest, share);
    highest = Math.max(highest, share);
    sum += share;
    count += 1;
  }
  const only = (share: number) => [count > 0 ? 100 * share : null];
  return { lowest: only(lowest), mean: only(sum / count), highest: only(highest) };
}
