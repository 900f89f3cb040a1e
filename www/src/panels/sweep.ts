// The sweep: what is combined, the plot of what serving more takes, and the same as a table.
import { html, nothing, svg, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { App } from '../app';
import { hasSpread } from '../comparison';
import { chartWidth, duration } from '../deciding/deciding';
import { withVans } from '../deciding/fleet';
import { scale, spread } from '../deciding/pareto';
import {
  AGAINST,
  combinations,
  fronts,
  LARGEST,
  MOST_POINTS,
  SIZES,
  SWEEP_DAYS,
  type AgainstKey,
  type Combination,
  type Measured,
  type Point,
  type Sweep,
  type Sweeping,
  type SweepPlan,
} from '../deciding/sweep';
import { CHARGING, type MatchingKind } from '../settings';
import { choose } from './controls';

/** Demand that can be chosen, besides that of the settings. */
const FACTORS = [0.5, 1, 1.5, 2, 3];

export function sweepPanel(app: App, sweeping: Sweeping): TemplateResult {
  const { words, state } = app;
  const { sweep } = state.deciding;
  return html`
    <p class="about">${words.decide.sweep.about}</p>
    ${hasSpread(state) ? setup(app, sweeping, sweep?.status === 'running') : html`<p class="bad">${words.decide.fleetFirst}</p>`}
    ${sweep ? outcome(app, sweeping, sweep) : nothing}
  `;
}

// --- What is combined ------------------------------------------------------------------------------------------------

/** Some of several, each on or off. */
function several<T>(label: string, values: T[], on: T[], name: (value: T) => string, change: (on: T[]) => void): TemplateResult {
  return html`
    <div class="several" role="group" aria-label=${label}>
      <span class="several-name" aria-hidden="true">${label}</span>
      <div class="several-items">
        ${values.map(
          (value) => html`
            <label>
              <input type="checkbox" .checked=${live(on.includes(value))} @change=${() => change(values.filter((each) => (each === value) !== on.includes(each)))} />
              ${name(value)}
            </label>
          `,
        )}
      </div>
    </div>
  `;
}

function setup(app: App, sweeping: Sweeping, running: boolean): TemplateResult {
  const { words, format, state } = app;
  const w = words.decide.sweep;
  const { plan } = sweeping;
  const points = combinations(plan).length;
  const days = points * plan.days;
  const number = (label: string, value: number, change: (value: number) => void) => html`
    <label>
      ${label}
      <input
        type="number"
        min="1"
        max=${LARGEST}
        .value=${String(value)}
        @change=${({ target }: Event) => {
          const { valueAsNumber: wanted } = target as HTMLInputElement;
          // Not `live`: while time plays, the page is drawn anew, and would take away what is being typed.
          const valid = Number.isInteger(wanted) ? Math.min(Math.max(wanted, 1), LARGEST) : value;
          (target as HTMLInputElement).value = String(valid);
          change(valid);
        }}
      />
    </label>
  `;
  const set = (part: Partial<SweepPlan>) => sweeping.change(part);
  return html`
    <fieldset class="sweep-setup" ?disabled=${running}>
      <legend class="visually-hidden">${words.decide.parts.sweep}</legend>
      <div class="several" role="group" aria-label=${w.vans}>
        <span class="several-name" aria-hidden="true">${w.vans}</span>
        <div class="several-items">
          ${number(w.from, plan.from, (from) => set({ from, to: Math.max(from, sweeping.plan.to) }))}
          ${number(w.to, plan.to, (to) => set({ to, from: Math.min(to, sweeping.plan.from) }))}
          <small class="hint">${w.sizes(spread(plan.from, plan.to, SIZES).map((size) => format.number(size)).join(', '))}</small>
        </div>
      </div>
      ${several(w.matching, withVans(app), plan.matching, (kind) => words.try.kinds[kind], (matching) => set({ matching }))}
      ${state.town!.depots.length > 0
        ? several(w.charging, CHARGING, plan.charging, (kind) => words.try.policies[kind], (charging) => set({ charging }))
        : nothing}
      ${several(
        w.demand,
        [...new Set([...FACTORS, state.settings!.factor])].sort((a, b) => a - b),
        plan.factors,
        (factor) => words.try.demandTimes(format.number(factor, 1)),
        (factors) => set({ factors }),
      )}
      <div class="several">
        <span class="several-name">${words.decide.days}</span>
        <div class="several-items">
        ${choose(
          words.decide.days,
          SWEEP_DAYS.map((count) => ({ value: count, label: format.number(count) })),
          plan.days,
          (count) => set({ days: count }),
        )}
        <small class="hint">${words.decide.daysHint(format.number(state.settings!.seed))}</small>
        </div>
      </div>
    </fieldset>
    ${running
      ? nothing
      : points === 0
        ? html`<p class="bad" role="status">${w.nothing}</p>`
        : points > MOST_POINTS
          ? html`<p class="bad" role="status">${w.tooMany(format.number(points), format.number(MOST_POINTS))}</p>`
          : html`
              <div class="row begin">
                <button class="primary" @click=${sweeping.begin}>${w.begin}</button>
                <small class="hint">
                  ${w.size(format.number(points), format.number(plan.days), format.number(days))}, ${w.takes(duration(app, sweeping.estimate(days)))}
                </small>
              </div>
            `}
  `;
}

// --- What came of it -------------------------------------------------------------------------------------------------

function outcome(app: App, sweeping: Sweeping, sweep: Sweep): TemplateResult {
  const { words, format } = app;
  const w = words.decide;
  const all = sweep.points.length * sweep.plan.days;
  const [finished, total] = [format.number(sweep.finished), format.number(all)];
  const rest = sweep.finished === 0 ? sweeping.estimate(all) : (sweep.took_ms / sweep.finished) * (all - sweep.finished);
  return html`
    <div class="state" role="status">
      ${sweep.status === 'running'
        ? html`
            <label>
              ${w.running(finished, total, duration(app, rest))}
              <progress max=${all} .value=${sweep.finished}></progress>
            </label>
            <button @click=${sweeping.cancel}>${words.run.cancel}</button>
          `
        : sweep.status === 'done'
          ? nothing
          : html`<p class="bad">${w[sweep.status === 'cancelled' ? 'stopped' : 'failed'](finished, total)}</p>`}
    </div>
    ${sweep.finished > 0 ? html`${pareto(app, sweeping, sweep)} ${table(app, sweeping, sweep)}` : nothing}
  `;
}

/** The words that tell a combination from others of the sweep, its vans aside. */
function nameOf(app: App, { plan }: Sweep, { matching, charging, factor }: Combination): string {
  const { words, format } = app;
  return [
    plan.matching.length > 1 ? words.try.kinds[matching] : undefined,
    plan.charging.length > 1 ? words.try.policies[charging] : undefined,
    plan.factors.length > 1 ? words.try.demandTimes(format.number(factor, 1)) : undefined,
  ]
    .filter((part) => part)
    .join(words.decide.runs.and);
}

const fullName = (app: App, sweep: Sweep, point: Point): string => {
  const vans = app.words.decide.sweep.vansOf(app.format.number(point.vans));
  const rest = nameOf(app, sweep, point);
  return rest ? app.words.decide.sweep.both(vans, rest) : vans;
};

const UNITS: Record<Measured, string> = { served_share: 'share', within_15_min_share: 'share', yen_per_ride: 'yen', mean_wait_s: 's', driver_hours: 'h' };

const amount = (app: App, key: Measured, { means }: Point): string => {
  const { mean, half_width: half } = means[key];
  // Hours on duty do not differ from day to day.
  return mean === undefined ? '–' : app.format.plusMinus(mean, half || undefined, UNITS[key]);
};

/** One sign for each matching policy, around 0 and some 12 pixels wide. */
const SIGNS = ['M-6 0A6 6 0 1 0 6 0A6 6 0 1 0 -6 0Z', 'M-5.4 -5.4H5.4V5.4H-5.4Z', 'M0 -7L6.6 5.2H-6.6Z', 'M0 -7.4L7 0L0 7.4L-7 0Z', 'M0 7L6.6 -5.2H-6.6Z'];

const HEIGHT = 360;
const [LEFT, RIGHT, TOP, BOTTOM] = [48, 24, 28, 44];

/** Points that have a place in the plot, from the least x on: the order of the cursor. */
function placed({ points, against }: Sweep): { point: Point; index: number; x: number; y: number }[] {
  return points
    .flatMap((point, index) => {
      const [x, y] = [point.means[against].mean, point.means.served_share.mean];
      return x === undefined || y === undefined ? [] : [{ point, index, x, y }];
    })
    .sort((a, b) => a.x - b.x || a.y - b.y);
}

function pareto(app: App, sweeping: Sweeping, sweep: Sweep): TemplateResult {
  const { words, format } = app;
  const w = words.decide.sweep;
  const { against, plan } = sweep;
  const width = chartWidth();
  const shown = placed(sweep);
  const unit = UNITS[against];
  const scaled = (value: number) => (unit === 's' ? value / 60 : value);
  const ends = (key: Measured) =>
    shown.flatMap(({ point: { means } }) => {
      const { mean, half_width: half = 0 } = means[key];
      return [mean! - half, mean! + half];
    });
  const range = (values: number[], least: number): [number, number] => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = Math.max((high - low) * 0.06, least);
    return [low - room, high + room];
  };
  const [x0, x1] = range(ends(against), 1e-3);
  const [y0, y1] = range(ends('served_share'), 5e-3).map((value) => Math.min(Math.max(value, 0), 1.01)) as [number, number];
  const x = (value: number) => LEFT + ((value - x0) / (x1 - x0)) * (width - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - ((value - y0) / (y1 - y0)) * (HEIGHT - BOTTOM - TOP);
  const lines = fronts(sweep.points, against);
  const best = new Set(lines.flat());
  const chosen = shown.findIndex(({ index }) => index === sweep.chosen);
  const current = shown[chosen];
  const choosePoint = (index: number | undefined) => index !== undefined && sweeping.set({ chosen: shown[index]?.index });
  /** The nearest point to where the pointer is, if it is close to one. */
  const at = (event: MouseEvent): number | undefined => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const far = shown.map((place) => (x(place.x) - px) ** 2 + (y(place.y) - py) ** 2);
    const nearest = far.indexOf(Math.min(...far));
    return far[nearest]! < 24 ** 2 ? nearest : undefined;
  };
  const ticksOf = (from: number, to: number, count: number) => scale(from, to, count);
  const place = ({ means }: Point) => [x(means[against].mean!), y(means.served_share.mean!)] as const;
  return html`
    <div class="plot-head">
      ${choose(
        w.against,
        AGAINST.filter((key) => sweep.points.some(({ means }) => means[key].mean !== undefined)).map((key) => ({ value: key, label: w.columns[key] })),
        against,
        (key: AgainstKey) => sweeping.set({ against: key }),
      )}
      <ul class="legend">
        ${plan.matching.map(
          (kind) => html`<li><svg class="sign kind-${plan.matching.indexOf(kind)}" viewBox="-8 -8 16 16" aria-hidden="true">${svg`<path d=${signOf(plan.matching, kind)} />`}</svg>${words.try.kinds[kind]}</li>`,
        )}
        <li><svg class="sign front-sign" viewBox="-8 -8 16 16" aria-hidden="true">${svg`<path d="M-8 5H0V-5H8" />`}</svg>${w.frontName}</li>
      </ul>
    </div>
    <svg
      class="pareto"
      width=${width}
      height=${HEIGHT}
      role="img"
      aria-label=${w.plot(w.axis[against])}
      @pointermove=${(event: PointerEvent) => choosePoint(at(event))}
      @click=${(event: MouseEvent) => {
        const hit = at(event);
        if (hit !== undefined) sweeping.open(shown[hit]!.point);
      }}
    >
      ${ticksOf(y0 * 100, Math.min(y1, 1) * 100, 5).map(
        (tick) => svg`<line class="grid" x1=${LEFT} x2=${width - RIGHT} y1=${y(tick / 100)} y2=${y(tick / 100)} /><text class="tick" x=${LEFT - 8} y=${y(tick / 100) + 5}>${format.number(tick, tick % 1 ? 1 : 0)}</text>`,
      )}
      ${ticksOf(scaled(x0), scaled(x1), Math.max(2, Math.floor(width / 110))).map((tick) => {
        const value = unit === 's' ? tick * 60 : tick;
        return svg`<line class="grid" x1=${x(value)} x2=${x(value)} y1=${TOP} y2=${HEIGHT - BOTTOM} /><text class="tick middle" x=${x(value)} y=${HEIGHT - BOTTOM + 18}>${format.number(tick, tick % 1 ? 1 : 0)}</text>`;
      })}
      <text class="axis-name" x="0" y="16">${w.served}</text>
      <text class="axis-name end" x=${width - RIGHT} y=${HEIGHT - 6}>${w.axis[against]}</text>
      ${lines.map((line) => svg`<path class="front" d=${steps(line.map(place))} />`)}
      ${plan.factors.length > 1
        ? lines.map(([point]) => {
            if (!point) return nothing;
            const [px, py] = place(point);
            return svg`<text class="front-name" x=${px - 10} y=${py + 5}>${words.try.demandTimes(format.number(point.factor, 1))}</text>`;
          })
        : nothing}
      ${shown.map(({ point }) => whiskers(point, against, x, y))}
      ${shown.map(({ point, index }) => {
        const [px, py] = place(point);
        const kind = `kind-${plan.matching.indexOf(point.matching)}`;
        return svg`
          <g class="point ${kind} ${best.has(point) ? 'best' : ''} ${index === sweep.chosen ? 'chosen' : ''}" transform=${`translate(${px.toFixed(1)} ${py.toFixed(1)})`}>
            <path d=${signOf(plan.matching, point.matching)} />
            ${best.has(point) ? svg`<text x="9" y="-7">${format.number(point.vans)}</text>` : nothing}
          </g>
        `;
      })}
    </svg>
    <label class="point-cursor">
      <span class="visually-hidden">${w.cursor}</span>
      <input
        type="range"
        min="0"
        max=${Math.max(0, shown.length - 1)}
        step="1"
        .value=${live(String(Math.max(0, chosen)))}
        aria-valuetext=${readout(app, sweep, (current ?? shown[0])?.point)}
        @input=${({ target }: Event) => choosePoint((target as HTMLInputElement).valueAsNumber)}
        @focus=${() => current === undefined && choosePoint(0)}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Enter' && current) sweeping.open(current.point);
        }}
      />
    </label>
    <div class="readout">
      <p>${current ? readout(app, sweep, current.point) : w.cursorHint}</p>
      ${current ? html`<button @click=${() => sweeping.open(current.point)}>${words.decide.openRun}</button>` : nothing}
    </div>
    <p class="hint">${current ? w.cursorHint : nothing} ${plan.days > 1 ? w.days(format.number(plan.days)) : w.oneDay} ${w.front}</p>
  `;
}

const signOf = (kinds: MatchingKind[], kind: MatchingKind): string => SIGNS[kinds.indexOf(kind) % SIGNS.length]!;

/** From one best point to the next: what can be had in between is what the cheaper one gives. */
const steps = (places: (readonly [number, number])[]): string =>
  places.map(([px, py], index) => (index === 0 ? `M${px.toFixed(1)} ${py.toFixed(1)}` : `H${px.toFixed(1)}V${py.toFixed(1)}`)).join('');

/** Both intervals of a point. */
function whiskers({ means }: Point, against: AgainstKey, x: (value: number) => number, y: (value: number) => number) {
  const [a, b] = [means[against], means.served_share];
  if (!a.half_width && !b.half_width) return nothing;
  const [px, py] = [x(a.mean!), y(b.mean!)];
  const [left, right] = [x(a.mean! - (a.half_width ?? 0)), x(a.mean! + (a.half_width ?? 0))];
  const [low, high] = [y(b.mean! - (b.half_width ?? 0)), y(Math.min(b.mean! + (b.half_width ?? 0), 1))];
  return svg`<path class="whisker" d=${`M${left.toFixed(1)} ${py.toFixed(1)}H${right.toFixed(1)}M${px.toFixed(1)} ${low.toFixed(1)}V${high.toFixed(1)}`} />`;
}

function readout(app: App, sweep: Sweep, point: Point | undefined): string {
  if (!point) return '';
  const columns = app.words.decide.sweep.columns;
  const figures = (['served_share', ...AGAINST] as const).filter((key) => point.means[key].mean !== undefined);
  return [fullName(app, sweep, point), ...figures.map((key) => `${columns[key]} ${amount(app, key, point)}`)].join(app.words.decide.runs.and);
}

type Column = keyof Combination | Measured;

function table(app: App, sweeping: Sweeping, sweep: Sweep): TemplateResult {
  const { words, format } = app;
  const w = words.decide.sweep;
  const { plan, sort } = sweep;
  const best = new Set(fronts(sweep.points, sweep.against).flat());
  const columns: Column[] = [
    'vans',
    ...(plan.matching.length > 1 ? (['matching'] as const) : []),
    ...(plan.charging.length > 1 ? (['charging'] as const) : []),
    ...(plan.factors.length > 1 ? (['factor'] as const) : []),
    'served_share',
    'within_15_min_share',
    ...AGAINST.filter((key) => sweep.points.some(({ means }) => means[key].mean !== undefined)),
  ];
  const told: Partial<Record<Column, (point: Point) => string>> = {
    vans: ({ vans }) => format.number(vans),
    matching: ({ matching }) => words.try.kinds[matching],
    charging: ({ charging }) => words.try.policies[charging],
    factor: ({ factor }) => words.try.demandTimes(format.number(factor, 1)),
  };
  const value = (point: Point, key: Column): number | string =>
    key in point.means ? (point.means[key as Measured].mean ?? Infinity) : (point[key as keyof Combination] as number | string);
  const rows = [...sweep.points];
  if (sort) {
    rows.sort((a, b) => {
      const [p, q] = [value(a, sort.key), value(b, sort.key)];
      const order = typeof p === 'string' ? p.localeCompare(q as string) : p - (q as number);
      return sort.down ? -order : order;
    });
  }
  return html`
    <div class="table-room" role="group" tabindex="0" aria-label=${w.table}>
      <table class="sortable sweep-table">
        <caption class="hint">${w.caption}</caption>
        <thead>
          <tr>
            <th scope="col"><span class="visually-hidden">${words.decide.openRun}</span></th>
            ${columns.map(
              (key) => html`
                <th scope="col" aria-sort=${sort?.key === key ? (sort.down ? 'descending' : 'ascending') : nothing}>
                  <button @click=${() => sweeping.set({ sort: { key, down: sort?.key === key ? !sort.down : key === 'served_share' || key === 'within_15_min_share' } })}>
                    ${w.columns[key]}
                  </button>
                </th>
              `,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (point) => html`
              <tr class=${best.has(point) ? 'best' : ''}>
                <td><button aria-label=${words.decide.openRunOf(fullName(app, sweep, point))} @click=${() => sweeping.open(point)}>${words.decide.runs.open}</button></td>
                ${columns.map((key, index) => {
                  const text = told[key]?.(point) ?? amount(app, key as Measured, point);
                  return index === 0
                    ? html`<th scope="row">${text}${best.has(point) ? html`<span class="visually-hidden"> (${w.onFront})</span>` : nothing}</th>`
                    : html`<td class="amount">${text}</td>`;
                })}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}
