// One axis of time for two things: a chart above, and below it the slider over a histogram of calls.
import 'uplot/dist/uPlot.min.css';
import { html, render, svg } from 'lit';
import uPlot from 'uplot';
import type { App } from './app';
import { chartGrid, chartLines, chartRange, chartSeries, numbersAxis, type Line } from './charts';
import { clock } from './format';
import { seconds, weekOf } from './settings';
import type { State } from './state';

/** Room for the chart's numbers at the left, and for the last hour at the right, pixels. */
const LEFT = 48;
const RIGHT = 24;
const BARS = 40;
const HOURS = 20;

export class Timeline {
  readonly #chartHost: HTMLElement;
  readonly #slider: HTMLElement;
  readonly #cursor: HTMLElement;
  #legend?: HTMLElement;
  #chart?: uPlot;
  #lines: Line[] = [];
  #width = 0;
  #chartHeight = 0;

  constructor(
    private readonly app: App,
    private readonly host: HTMLElement,
  ) {
    render(
      html`
        <div class="chart"></div>
        <div class="slider" role="slider" tabindex="0" aria-orientation="horizontal"></div>
        <div class="cursor" aria-hidden="true"></div>
      `,
      host,
    );
    this.#chartHost = host.querySelector('.chart')!;
    this.#slider = host.querySelector('.slider')!;
    this.#cursor = host.querySelector('.cursor')!;
    for (const part of [this.#chartHost, this.#slider]) this.#scrubbed(part);
    new ResizeObserver(() => this.#resized()).observe(host);
    app.place.closed?.addEventListener('abort', () => this.#chart?.destroy());
  }

  update(state: State, before: State): void {
    const words = state.lang !== before.lang || state.theme !== before.theme;
    const van = state.detail?.kind === 'van' || before.detail?.kind === 'van';
    const followed = state.chart === 'energy' && state.detail !== before.detail && van;
    if (words || state.result !== before.result) this.#drawHistogram();
    if (words || followed || state.result !== before.result || state.chart !== before.chart) this.#drawChart();
  }

  /** The moment shown. */
  frame(t_s: number): void {
    this.#cursor.style.transform = `translateX(${this.#x(t_s)}px)`;
    this.#slider.setAttribute('aria-valuenow', String(Math.round(t_s)));
    this.#slider.setAttribute('aria-valuetext', clock(t_s));
    this.#showValues(t_s);
  }

  #span(): { begin_s: number; length_s: number } {
    const { begin_s, end_s } = this.app.clock;
    return { begin_s, length_s: Math.max(end_s - begin_s, 60) };
  }

  #x(t_s: number): number {
    const { begin_s, length_s } = this.#span();
    return LEFT + ((t_s - begin_s) / length_s) * (this.#width - LEFT - RIGHT);
  }

  #time(x: number): number {
    const { begin_s, length_s } = this.#span();
    return begin_s + ((x - LEFT) / (this.#width - LEFT - RIGHT)) * length_s;
  }

  #scrubbed(part: HTMLElement): void {
    const seek = (event: PointerEvent) => this.app.seek(this.#time(event.clientX - this.host.getBoundingClientRect().left));
    part.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || !this.app.playback) return;
      part.setPointerCapture(event.pointerId);
      seek(event);
    });
    part.addEventListener('pointermove', (event) => {
      if (part.hasPointerCapture(event.pointerId)) seek(event);
    });
  }

  #resized(): void {
    const width = this.host.clientWidth;
    const height = this.host.clientHeight - BARS - HOURS;
    if (width === 0 || (width === this.#width && height === this.#chartHeight)) return;
    this.#width = width;
    this.#chartHeight = height;
    this.#drawHistogram();
    this.#drawChart();
  }

  // --- The slider --------------------------------------------------------------------------------------------------

  #drawHistogram(): void {
    const { app } = this;
    const { result } = app.state;
    if (!result || this.#width === 0) return;
    const { begin_s, end_s } = app.clock;
    const words = app.words.day;
    this.#slider.setAttribute('aria-label', words.slider);
    this.#slider.setAttribute('aria-valuemin', String(begin_s));
    this.#slider.setAttribute('aria-valuemax', String(end_s));
    const { from_s, step_s, requests, served } = result.report.series;
    const most = Math.max(1, ...requests);
    const unit = (BARS - 4) / most;
    const bar = (index: number, from: number, count: number, kind: string) => {
      const x = this.#x(from_s + index * step_s);
      const width = this.#x(from_s + (index + 1) * step_s) - x;
      return svg`<rect class=${kind} x=${x + 0.5} y=${BARS - (from + count) * unit} width=${Math.max(width - 1, 1)} height=${count * unit} />`;
    };
    // When nobody is driven.
    const { date } = result.scenario.day;
    const open = weekOf(result.scenario, date).find((day) => day.date === date)?.hours;
    const nights = open
      ? [
          [begin_s, seconds(open.opens)] as const,
          [seconds(open.closes), end_s] as const,
        ]
      : [[begin_s, end_s] as const];
    const hours: number[] = [];
    // Every hour where there is room for its name, else every second or third.
    const every = 3600 * Math.ceil(((end_s - begin_s) / 3600) * (48 / Math.max(this.#width - LEFT - RIGHT, 1)));
    for (let t = Math.ceil(begin_s / every) * every; t <= end_s; t += every) hours.push(t);
    render(
      html`
        <svg class="histogram" width=${this.#width} height=${BARS + HOURS} aria-hidden="true">
          ${nights.map(([from, until]) => svg`<rect class="night" x=${this.#x(from)} width=${Math.max(this.#x(until) - this.#x(from), 0)} y="0" height=${BARS} />`)}
          ${requests.map((count, index) => {
            const met = Math.min(served[index]!, count);
            return svg`${bar(index, 0, met, 'served')}${bar(index, met, count - met, 'refused')}`;
          })}
          ${svg`<line x1=${LEFT} x2=${this.#width - RIGHT} y1=${BARS + 0.5} y2=${BARS + 0.5} />`}
          ${hours.map((t) => svg`<text x=${this.#x(t)} y=${BARS + HOURS - 4}>${clock(t)}</text>`)}
        </svg>
      `,
      this.#slider,
    );
    this.frame(app.clock.t_s);
  }

  // --- The chart ---------------------------------------------------------------------------------------------------

  #drawChart(): void {
    const { app } = this;
    this.#chart?.destroy();
    this.#chart = undefined;
    if (!app.playback || !app.state.result || this.#width === 0 || this.#chartHeight < 40) return;
    const { lines, top } = chartLines(app, app.state.chart);
    const { begin_s, length_s } = this.#span();
    const grid = chartGrid(begin_s, begin_s + length_s);
    this.#lines = lines;
    this.#chartHost.setAttribute('role', 'img');
    this.#chartHost.setAttribute('aria-label', app.words.day.chartLabel(app.words.day[app.state.chart]));
    this.#chart = new uPlot(
      {
        width: this.#width,
        height: this.#chartHeight,
        padding: [8, RIGHT, 8, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false, range: [begin_s, begin_s + length_s] }, y: { range: chartRange(top) } },
        axes: [{ show: false }, numbersAxis(app, LEFT)],
        series: chartSeries(lines, uPlot.paths),
      },
      [grid, ...lines.map(({ values }) => values(grid))],
      this.#chartHost,
    );
    this.frame(app.clock.t_s);
  }

  /** Name and value of each line at the moment shown. */
  #showValues(t_s: number): void {
    this.#legend ??= this.host.parentElement!.querySelector<HTMLElement>('.chart-legend')!;
    const { format } = this.app;
    render(
      // At the very moment, which most times lies between two points of the chart.
      (this.#chart ? this.#lines : []).map(({ label, stroke, unit, digits, values }) => {
        const [value] = values([t_s]);
        return html`
          <span class="entry">
            <svg viewBox="0 0 16 4" aria-hidden="true">${svg`<rect width="16" height="4" rx="2" fill=${stroke} />`}</svg>
            ${label}<b>${typeof value === 'number' ? format.number(value, digits) : '–'}</b>${unit}
          </span>
        `;
      }),
      this.#legend,
    );
  }
}
