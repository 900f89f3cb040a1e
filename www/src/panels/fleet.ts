// How many vans are needed: the question, its answer in a sentence, and what was probed.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Probe } from '../../pkg/noriai.js';
import type { App } from '../app';
import { hasSpread } from '../comparison';
import { chartWidth } from '../deciding/deciding';
import { FLEET_DAYS, withVans, type FleetSizing } from '../deciding/fleet';
import { scale } from '../deciding/pareto';
import type { FleetFound } from '../deciding/state';
import { settingsOf, type Settings } from '../settings';
import { choose } from './controls';

const FACTORS = [0.5, 1, 1.5, 2, 3, 5];

export function fleetPanel(app: App, fleet: FleetSizing): TemplateResult {
  const { words, state } = app;
  const found = state.deciding.fleet;
  return html`
    <p class="about">${words.decide.fleet.about}</p>
    ${hasSpread(state) ? question(app, fleet, found?.status === 'running') : html`<p class="bad">${words.decide.fleetFirst}</p>`}
    ${found ? answer(app, fleet, found) : nothing}
  `;
}

function question(app: App, fleet: FleetSizing, running: boolean): TemplateResult {
  const { words, format, state } = app;
  const w = words.decide.fleet;
  const { plan } = fleet;
  const number = (label: string, value: number, [min, max]: [number, number], change: (value: number) => void) => html`
    <input
      type="number"
      aria-label=${label}
      min=${min}
      max=${max}
      .value=${String(value)}
      @change=${({ target }: Event) => {
        const { valueAsNumber: wanted } = target as HTMLInputElement;
        // Not `live`: while time plays, the page is drawn anew, and would take away what is being typed.
        const valid = Number.isFinite(wanted) ? Math.min(Math.max(Math.round(wanted), min), max) : value;
        (target as HTMLInputElement).value = String(valid);
        change(valid);
      }}
    />
  `;
  const kinds = withVans(app);
  const factors = [...new Set([...FACTORS, state.settings!.factor])].sort((a, b) => a - b);
  const select = <T>(label: string, values: T[], value: T, name: (value: T) => string, change: (value: T) => void) => html`
    <label class="several">
      <span class="several-name">${label}</span>
      <select @change=${({ target }: Event) => change(values[(target as HTMLSelectElement).selectedIndex]!)}>
        ${values.map((each) => html`<option ?selected=${each === value}>${name(each)}</option>`)}
      </select>
    </label>
  `;
  return html`
    <fieldset class="sweep-setup" ?disabled=${running}>
      <legend class="visually-hidden">${words.decide.parts.fleet}</legend>
      <p class="fleet-question">
        ${w.question} ${number(w.share, Math.round(plan.share * 100), [1, 100], (share) => fleet.change({ share: share / 100 }))} ${w.of}
        ${number(w.within, plan.within_min, [0, 120], (within_min) => fleet.change({ within_min }))} ${w.minutes}
      </p>
      ${select(w.matching, kinds, plan.matching, (kind) => words.try.kinds[kind], (matching) => fleet.change({ matching }))}
      ${select(w.demand, factors, plan.factor, (factor) => words.try.demandTimes(format.number(factor, 1)), (factor) => fleet.change({ factor }))}
      <div class="several">
        <span class="several-name">${w.days}</span>
        <div class="several-items">
        ${choose(
          w.days,
          FLEET_DAYS.map((count) => ({ value: count, label: format.number(count) })),
          plan.days,
          (days) => fleet.change({ days }),
        )}
        <small class="hint">${words.decide.daysHint(format.number(state.settings!.seed))}</small>
        </div>
      </div>
    </fieldset>
    ${running ? nothing : html`<div class="row begin"><button class="primary" @click=${fleet.begin}>${w.begin}</button></div>`}
  `;
}

/** A share with a digit after the point: whether 95 % are reached is about those. */
const percent = ({ format }: App, share: number | undefined): string => (share === undefined ? '–' : format.plusMinus(share, undefined, 'share'));

function answer(app: App, fleet: FleetSizing, found: FleetFound): TemplateResult {
  const { words, format } = app;
  const w = words.decide.fleet;
  const { plan, probing, status, sizing } = found;
  return html`
    <div class="state" role="status">
      ${status === 'running'
        ? html`
            <label>
              ${probing ? w.probing(format.number(probing.vans), format.number(probing.finished), format.number(plan.days)) : nothing}
              <progress max=${plan.days} .value=${probing?.finished ?? 0}></progress>
            </label>
            <button @click=${fleet.cancel}>${words.run.cancel}</button>
          `
        : status === 'done'
          ? verdict(app, fleet, found)
          : html`<p class="bad">${w[status]}</p>`}
    </div>
    ${sizing.probes.length > 0 ? html`${chart(app, found)} ${table(app, fleet, found)}` : nothing}
  `;
}

/** The answer in a sentence, or why there is none. */
function verdict(app: App, fleet: FleetSizing, { sizing, plan }: FleetFound): TemplateResult {
  const { words, format } = app;
  const w = words.decide.fleet;
  const [goal, minutes] = [format.percent(plan.share), format.number(plan.within_min)];
  const { probes, vans } = sizing;
  if (vans !== undefined) {
    const enough = probes.find((probe) => probe.vans === vans)!;
    const less = probes.find((probe) => probe.vans === vans - 1);
    return html`
      <div class="fleet-answer">
        <p class="fleet-number">${vans === 1 ? w.reachedOne : w.reached(format.number(vans))}</p>
        <p>
          ${w.reachedText(percent(app, enough.share), minutes, percent(app, enough.at_least))}
          ${less ? w.fewer(format.number(less.vans), percent(app, less.at_least)) : nothing}
        </p>
        <button class="primary" @click=${() => fleet.open(vans)}>${words.decide.openRun}</button>
      </div>
    `;
  }
  const most = probes.at(-1)!;
  const because = w.because;
  const tooMany = sizing.verdict === 'too_many_vans';
  return html`
    <div class="fleet-answer none">
      <p class="fleet-never">${tooMany ? w.upTo(format.number(most.vans), goal, minutes) : w.never(goal, minutes)}</p>
      <p>
        ${sizing.verdict === 'vans_to_spare'
          ? because.vans_to_spare(format.number(most.vans), format.number(most.to_spare))
          : tooMany
            ? because.too_many_vans
            : because.out_of_reach}
      </p>
      <ul class="missed">${missed(app, most).map(([reason, calls]) => html`<li><span>${reason}</span> <b>${calls}</b></li>`)}</ul>
    </div>
  `;
}

/** Who is not picked up in time, most of them first. */
function missed(app: App, { late, refused_by, requests }: Probe): [string, string][] {
  const { words, format } = app;
  const rows = [...refused_by.map(({ limit, count }) => ({ name: words.limits[limit], count })), { name: words.decide.fleet.late, count: late }];
  return rows
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .map(({ name, count }) => [name, words.decide.fleet.calls(format.number(count), percent(app, count / requests))]);
}

const HEIGHT = 240;
const [LEFT, RIGHT, TOP, BOTTOM] = [48, 24, 16, 40];

/** Shares over numbers of vans, the latter so that a doubling is always as wide. */
function chart(app: App, { sizing: { goal, probes, vans: answer } }: FleetFound): TemplateResult {
  const { words, format } = app;
  const w = words.decide.fleet;
  const width = Math.min(chartWidth(), 640);
  const last = Math.max(2, probes.at(-1)!.vans);
  const low = Math.max(0, Math.min(goal.share, ...probes.map(({ share, at_least }) => at_least ?? share ?? 1)) - 0.05);
  const x = (vans: number) => LEFT + 12 + (Math.log2(vans) / Math.log2(last)) * (width - LEFT - RIGHT - 24);
  const y = (share: number) => HEIGHT - BOTTOM - ((share - low) / (1.02 - low)) * (HEIGHT - BOTTOM - TOP);
  // Names that would touch are left out, the answer's never.
  const named = probes.filter(({ vans }) => vans === answer || probes.every((other) => other.vans <= vans || x(other.vans) - x(vans) > 18));
  const line = probes.flatMap(({ vans, share }) => (share === undefined ? [] : [`${x(vans).toFixed(1)} ${y(share).toFixed(1)}`]));
  return html`
    <svg class="fleet-chart" width=${width} height=${HEIGHT} role="img" aria-label=${w.chart(format.percent(goal.share))}>
      ${scale(low * 100, 100, 4).map(
        (tick) => svg`<line class="grid" x1=${LEFT} x2=${width - RIGHT} y1=${y(tick / 100)} y2=${y(tick / 100)} /><text class="tick" x=${LEFT - 8} y=${y(tick / 100) + 5}>${format.number(tick)}%</text>`,
      )}
      <line class="goal" x1=${LEFT} x2=${width - RIGHT} y1=${y(goal.share)} y2=${y(goal.share)} />
      <path class="course" d=${`M${line.join('L')}`} />
      ${probes.map(({ vans, share, at_least, reached }) =>
        share === undefined
          ? nothing
          : svg`
              ${at_least === undefined ? nothing : svg`<path class="whisker" d=${`M${x(vans)} ${y(share)}V${y(at_least)}M${x(vans) - 5} ${y(at_least)}H${x(vans) + 5}`} />`}
              <circle class="probe ${reached ? 'reached' : ''} ${vans === answer ? 'answer' : ''}" cx=${x(vans)} cy=${y(share)} r=${vans === answer ? 7 : 5} />
            `,
      )}
      ${named.map(({ vans }) => svg`<text class="tick middle ${vans === answer ? 'answer' : ''}" x=${x(vans)} y=${HEIGHT - BOTTOM + 18}>${format.number(vans)}</text>`)}
      <text class="axis-name end" x=${width - RIGHT} y=${HEIGHT - 4}>${w.axis}</text>
    </svg>
  `;
}

/** Whether the command line can ask the same: of a built-in town, with nothing else changed. */
function isOfTown(app: App, { settings, plan, series }: FleetFound): boolean {
  const { chosen, town } = app.state;
  const rest = (all: Settings) => JSON.stringify({ ...all, matching: plan.matching, vans: 0, factor: 0, seed: 0 });
  const own = settings.matching.kind !== plan.matching || JSON.stringify(settings.matching) === JSON.stringify(app.matching(plan.matching));
  return chosen?.id !== undefined && own && !series && rest(settings) === rest(settingsOf(town!));
}

function table(app: App, fleet: FleetSizing, found: FleetFound): TemplateResult {
  const { plan, first, sizing } = found;
  const { probes, vans: answer } = sizing;
  const { words, format } = app;
  const w = words.decide.fleet;
  const command = [
    `noriai fleet --town ${app.state.chosen?.id}`,
    `--share ${plan.share}`,
    `--within ${plan.within_min}`,
    `--policy ${plan.matching}`,
    `--factor ${plan.factor}`,
    `--seeds ${plan.days}`,
    `--seed ${first}`,
  ].join(' ');
  return html`
    <table class="sortable fleet-table">
      <caption class="hint">${w.caption(format.number(plan.days), format.number(first))}</caption>
      <thead>
        <tr>
          <th scope="col">${w.columns.vans}</th>
          <th scope="col">${w.columns.share}</th>
          <th scope="col">${w.columns.least}</th>
          <th scope="col">${w.columns.idle}</th>
          <th scope="col">${w.columns.verdict}</th>
          <th scope="col"><span class="visually-hidden">${words.decide.openRun}</span></th>
        </tr>
      </thead>
      <tbody>
        ${probes.map(
          ({ vans, share, at_least, to_spare, reached }) => html`
            <tr class=${vans === answer ? 'best' : ''}>
              <th scope="row">${format.number(vans)}</th>
              <td>${percent(app, share)}</td>
              <td>${percent(app, at_least)}</td>
              <td>${format.number(to_spare)}</td>
              <td>${reached ? w.enough : w.notEnough}</td>
              <td>
                <button aria-label=${words.decide.openRunOf(words.decide.runs.vans(format.number(vans)))} @click=${() => fleet.open(vans)}>${words.decide.runs.open}</button>
              </td>
            </tr>
          `,
        )}
      </tbody>
    </table>
    <p class="hint">${w.method}</p>
    ${isOfTown(app, found) ? html`<p class="hint">${w.command}: <code>${command}</code></p>` : nothing}
  `;
}
