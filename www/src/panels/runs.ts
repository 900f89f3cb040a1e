// Runs that are kept: a table of them, and two side by side on one clock.
import { html, nothing, svg, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { live } from 'lit/directives/live.js';
import { ref } from 'lit/directives/ref.js';
import type { Report } from '../../pkg/noriai.js';
import type { App } from '../app';
import { chartGrid } from '../charts';
import { chartWidth, type Deciding } from '../deciding/deciding';
import { scale } from '../deciding/pareto';
import { canBeChecked, CHECK_DAYS, MOST_RUNS, sorted, type KeptRun, type Pairing } from '../deciding/runs';
import { stepPath } from '../energy';
import { clock } from '../format';
import { people } from '../series';
import { DIRECTION } from '../state';
import { amount, figureName, judged, mark, type Verdict } from './compare';
import { choose } from './controls';

/** The figures that the table begins with; the others follow, and those that no run has are left out. */
const FIRST = ['served_share', 'within_15_min_share', 'mean_wait_s', 'yen_per_ride', 'vehicle_km', 'driver_hours', 'energy_used_kwh'];

/** The lines of the chart. */
const LINES = ['aboard', 'waiting', 'busy', 'power'] as const;
type LineName = (typeof LINES)[number];

export function runsPanel(app: App, deciding: Deciding): TemplateResult {
  const { words, state } = app;
  const w = words.decide.runs;
  const { runs, pair } = state.deciding;
  const both = pair?.runs.flatMap((id) => runs.find((run) => run.id === id) ?? []);
  if (pair && both?.length === 2) return beside(app, deciding, pair, both as [KeptRun, KeptRun]);
  return html`
    <p class="about">${w.about(app.format.number(MOST_RUNS))}</p>
    ${keepButton(app, deciding)} ${runs.length === 0 ? html`<p class="hint">${w.none}</p>` : table(app, deciding, runs)}
  `;
}

function keepButton(app: App, { runs }: Deciding): TemplateResult {
  const w = app.words.decide.runs;
  return html`
    <div class="row begin">
      ${runs.isFull
        ? html`<p class="bad" role="status">${w.full(app.format.number(MOST_RUNS))}</p>`
        : html`<button class="primary" aria-disabled=${runs.has} @click=${runs.keep}>${runs.has ? w.kept : w.keep}</button>`}
    </div>
  `;
}

// --- All of them -----------------------------------------------------------------------------------------------------

/** The two that are chosen, or fewer. */
let chosen: number[] = [];

function table(app: App, { runs: own }: Deciding, runs: KeptRun[]): TemplateResult {
  const { words, state } = app;
  const w = words.decide.runs;
  const { sort } = state.deciding;
  const isThere = (key: string) => runs.some(({ report }) => typeof report[key as keyof Report] === 'number' && report[key as keyof Report] !== 0);
  const columns = [...new Set([...FIRST, ...app.figures.keys()])].filter(isThere);
  chosen = chosen.filter((id) => runs.some((run) => run.id === id));
  const head = (key: string, name: string) => html`
    <th scope="col" aria-sort=${sort?.key === key ? (sort.down ? 'descending' : 'ascending') : nothing}>
      <button @click=${() => own.sort(key)}>${name}</button>
    </th>
  `;
  const toggle = (id: number) => {
    // The two chosen last.
    chosen = chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id].slice(-2);
    app.decide({});
  };
  return html`
    <div class="table-room" role="group" tabindex="0" aria-label=${words.decide.parts.runs}>
      <table class="sortable runs-table">
        <caption class="hint">${w.caption}</caption>
        <thead>
          <tr>
            <th scope="col"><span class="visually-hidden">${w.beside}</span></th>
            ${head('name', w.name)}
            <th scope="col"><span class="visually-hidden">${w.open}</span></th>
            ${columns.map((key) => head(key, figureName(app, key, app.figures.get(key))))}
          </tr>
        </thead>
        <tbody>
          ${sorted(runs, sort).map((run) => {
            const { id, name, pinned, report } = run;
            return html`
              <tr class=${pinned ? 'best' : ''}>
                <td>
                  <label class="pick"><input type="checkbox" aria-label=${w.choose(name)} .checked=${live(chosen.includes(id))} @change=${() => toggle(id)} /></label>
                </td>
                <th scope="row">
                  <input
                    type="text"
                    maxlength="80"
                    aria-label=${w.nameOf(name)}
                    .value=${name}
                    @change=${({ target }: Event) => own.change(id, { name: (target as HTMLInputElement).value.trim() || name })}
                  />
                </th>
                <td class="doing">
                  <button aria-label=${words.decide.openRunOf(name)} @click=${() => own.open(run)}>${w.open}</button>
                  <button class="icon" aria-label=${w.pin(name)} title=${w.pin(name)} aria-pressed=${pinned} @click=${() => own.change(id, { pinned: !pinned })}>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M5 2h6M6 2v5L3.5 10h9L10 7V2M8 10v4.5" /></svg>
                  </button>
                  <button class="icon" aria-label=${w.remove(name)} title=${w.remove(name)} @click=${() => own.remove(id)}>×</button>
                </td>
                ${columns.map((key) => html`<td class="amount">${shown(app, key, report)}</td>`)}
              </tr>
            `;
          })}
        </tbody>
      </table>
    </div>
    <div class="row begin">
      <button class="primary" ?disabled=${chosen.length !== 2} @click=${() => own.pair([...chosen].sort((a, b) => a - b) as [number, number])}>${w.beside}</button>
      ${chosen.length === 2 ? nothing : html`<small class="hint">${w.chooseTwo}</small>`}
    </div>
  `;
}

function shown({ figures, format }: App, key: string, report: Report): string {
  const value = report[key as keyof Report];
  return typeof value === 'number' ? format.text(value, figures.get(key)?.unit ?? '') : '–';
}

// --- Two of them -----------------------------------------------------------------------------------------------------

let line: LineName = 'aboard';

function beside(app: App, deciding: Deciding, pair: Pairing, both: [KeptRun, KeptRun]): TemplateResult {
  const { words } = app;
  const w = words.decide.runs;
  const { pair: maps } = deciding;
  const mount = (host?: Element) => {
    // Within a drawing of the page, which is not drawn anew until it is over.
    if (host) queueMicrotask(() => host.isConnected && maps.open([...host.querySelectorAll<HTMLElement>('.pair-map')], both));
    else maps.close();
  };
  return html`
    <div class="row"><button @click=${() => deciding.runs.pair(undefined)}>${w.back}</button></div>
    <h3>${w.heading}: <span class="clock-small">${clock(app.clock.t_s)}</span></h3>
    ${keyed(
      pair.runs.join(),
      html`
        <div class="pair" ${ref(mounted(pair.runs.join(), mount))}>
          ${both.map(
            ({ name }, index) => html`
              <figure>
                <figcaption><i class="run-sign run-${index}" aria-hidden="true"></i>${name}</figcaption>
                <div class="pair-map" role="group" tabindex="0" aria-label=${w.map(name)}></div>
              </figure>
            `,
          )}
        </div>
      `,
    )}
    <div class="row pair-buttons">
      <button class="icon" aria-label=${w.closer} title=${w.closer} @click=${maps.closer}>+</button>
      <button class="icon" aria-label=${w.farther} title=${w.farther} @click=${maps.farther}>−</button>
      <button @click=${maps.whole}>${w.whole}</button>
      <small class="hint">${w.mapHint}</small>
    </div>
    <h3>${w.chart}</h3>
    ${choose(
      w.line,
      LINES.map((name) => ({ value: name, label: w.lines[name] })),
      line,
      (name) => {
        line = name;
        app.decide({});
      },
    )}
    ${maps.rides.length === 2 ? chart(app, deciding, both) : nothing}
    <h3>${w.figures}</h3>
    ${check(app, deciding, pair, both)} ${differences(app, pair, both)}
  `;
}

/** One function for each pair: a new one would open the maps anew in every drawing. */
const mounts = new Map<string, (host?: Element) => void>();
function mounted(key: string, mount: (host?: Element) => void): (host?: Element) => void {
  if (!mounts.has(key)) {
    mounts.clear();
    mounts.set(key, mount);
  }
  return mounts.get(key)!;
}

const HEIGHT = 180;
const [LEFT, RIGHT, TOP, BOTTOM] = [40, 12, 8, 24];

/** One line of both days, over the hours. */
function chart(app: App, { pair }: Deciding, both: [KeptRun, KeptRun]): TemplateResult {
  const { words, format } = app;
  const w = words.decide.runs;
  const width = chartWidth();
  const { begin_s, end_s, t_s } = app.clock;
  const grid = chartGrid(begin_s, end_s);
  const values = both.map(({ report: { series } }, index): number[] => {
    const held = (amounts: number[]) => grid.map((t) => amounts[Math.floor((t - series.from_s) / series.step_s)] ?? 0);
    if (line === 'busy') return held(series.busy_vans);
    if (line === 'power') return held(series.power_kw);
    return people(pair.rides[index]!)[line].over(grid);
  });
  const most = Math.max(1, ...values.flat());
  const least = Math.min(0, ...values.flat());
  const x = (t: number) => LEFT + ((t - begin_s) / Math.max(end_s - begin_s, 60)) * (width - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - ((value - least) / (most - least)) * (HEIGHT - BOTTOM - TOP);
  const step = x(begin_s + (grid[1] ?? begin_s) - begin_s) - x(begin_s);
  const every = width < 500 ? 4 : 2;
  const hours = grid.filter((t) => t % (every * 3600) === 0);
  const now = Math.min(Math.max(Math.round((t_s - begin_s) / ((grid[1] ?? 1) - begin_s)), 0), grid.length - 1);
  const digits = line === 'busy' || line === 'power' ? 1 : 0;
  return html`
    <svg class="pair-chart" width=${width} height=${HEIGHT} role="img" aria-label=${w.chartLabel(w.lines[line], both[0].name, both[1].name)}
      @click=${(event: MouseEvent) => {
        const { left } = (event.currentTarget as Element).getBoundingClientRect();
        app.seek(begin_s + ((event.clientX - left - LEFT) / (width - LEFT - RIGHT)) * (end_s - begin_s));
      }}>
      ${scale(least, most, 4).map((tick) => svg`<line class="grid" x1=${LEFT} x2=${width - RIGHT} y1=${y(tick)} y2=${y(tick)} /><text class="tick" x=${LEFT - 6} y=${y(tick) + 5}>${format.number(tick)}</text>`)}
      ${hours.map((t) => svg`<text class="tick middle" x=${x(t)} y=${HEIGHT - 6}>${format.number(t / 3600)}</text>`)}
      ${values.map((each, index) => svg`<path class="run-line run-${index}" d=${stepPath(each, x(begin_s), step, y)} />`)}
      <line class="now" x1=${x(t_s)} x2=${x(t_s)} y1=${TOP} y2=${HEIGHT - BOTTOM} />
    </svg>
    <p class="pair-now">
      ${w.now(clock(t_s))}
      ${both.map(({ name }, index) => html`<span><i class="run-sign run-${index}" aria-hidden="true"></i>${name}: <b>${format.number(values[index]![now] ?? 0, digits)}</b></span>`)}
    </p>
  `;
}

/** More days, to tell differences from luck. */
function check(app: App, { runs }: Deciding, { check: found }: Pairing, both: [KeptRun, KeptRun]): TemplateResult {
  const { words, format } = app;
  const w = words.decide.runs;
  const all = 2 * CHECK_DAYS;
  if (!canBeChecked(...both)) return html`<p class="hint">${w.cannot}</p>`;
  return html`
    <div class="state" role="status">
      ${found?.status === 'running'
        ? html`
            <label>${w.checking(format.number(found.finished), format.number(all))}<progress max=${all} .value=${found.finished}></progress></label>
            <button @click=${runs.cancel}>${words.run.cancel}</button>
          `
        : found
          ? html`<p class=${found.status === 'done' ? '' : 'bad'}>
              ${found.status === 'done' ? w.checked(format.number(CHECK_DAYS)) : words.compare.ended[found.status](format.number(found.finished), format.number(all))}
            </p>`
          : html`<p class="hint">${w.notChecked}</p>`}
    </div>
    ${found?.status === 'running' ? nothing : html`<div class="row begin"><button class="primary" @click=${runs.check}>${w.check(format.number(CHECK_DAYS))}</button></div>`}
  `;
}

/** Every figure of both days, and what the second has more than the first. */
function differences(app: App, { check: found }: Pairing, [first, second]: [KeptRun, KeptRun]): TemplateResult {
  const { words, format, figures } = app;
  const w = words.decide.runs;
  const done = found?.status === 'done' ? found.findings : undefined;
  const value = (run: KeptRun, key: string) => run.report[key as keyof Report];
  const keys = [...figures.keys()].filter((key) => [first, second].some((run) => typeof value(run, key) === 'number' && value(run, key) !== 0));
  return html`
    <div class="table-room" role="group" tabindex="0" aria-label=${w.figures}>
      <table class="sortable pair-table">
        <thead>
          <tr>
            <th scope="col">${w.figure}</th>
            <th scope="col"><i class="run-sign run-0" aria-hidden="true"></i>${first.name}</th>
            <th scope="col"><i class="run-sign run-1" aria-hidden="true"></i>${second.name}</th>
            <th scope="col">${w.difference}</th>
            ${done ? html`<th scope="col">${w.verdictOfDays}</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${keys.map((key) => {
            const [a, b] = [value(first, key), value(second, key)];
            const meaning = figures.get(key)!;
            const difference = done?.figures.find((figure) => figure.key === key)?.differences[0];
            return html`
              <tr data-figure=${key}>
                <th scope="row"><button class="name" data-note=${app.say(meaning.definition)} aria-describedby="tooltip">${figureName(app, key, meaning)}</button></th>
                <td class="amount">${shown(app, key, first.report)}</td>
                <td class="amount">${shown(app, key, second.report)}</td>
                <td>${typeof a === 'number' && typeof b === 'number' ? ofDay(app, key, b, a, format.difference(b, a, meaning.unit)) : '–'}</td>
                ${done ? html`<td>${difference && difference.difference.mean !== undefined ? ofDays(app, key, difference) : '–'}</td>` : nothing}
              </tr>
            `;
          })}
        </tbody>
      </table>
    </div>
  `;
}

/** A difference of one day: its direction is told, and whether that is good, not that it is more than luck. */
function ofDay({ words }: App, key: string, now: number, before: number, text: string): TemplateResult {
  if (text === '') return html`<span class="verdict same">±0</span>`;
  const sign = Math.sign(now - before);
  const good = sign * (DIRECTION[key] ?? 0);
  const kind: Verdict = good > 0 ? 'better' : good < 0 ? 'worse' : 'changed';
  return html`<span class="verdict ${kind}">${mark('luck', sign)}<span class="amount">${text}</span><span class="visually-hidden"> (${words.compare.verdicts[kind]})</span></span>`;
}

function ofDays(app: App, key: string, difference: Parameters<typeof judged>[1]): TemplateResult {
  const { verdict, sign } = judged(key, difference);
  const size = amount(app, key, difference.difference, true);
  return html`<span class="verdict ${verdict}">${mark(verdict, sign)}<span class="amount">${size}</span> <small>${app.words.compare.verdicts[verdict]}</small></span>`;
}
