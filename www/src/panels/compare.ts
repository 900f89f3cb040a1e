// Policies on the same days: who takes part, how far it is, and for each figure the means and what is more than luck.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Difference, Estimate, Figure, FigureFindings } from '../../pkg/noriai.js';
import type { App } from '../app';
import { PARTS } from '../deciding/state';
import { competing, DAYS, FEWEST, hasSpread, MOST, type Choice, type Outcome } from '../comparison';
import { REBALANCING } from '../settings';
import { DIRECTION } from '../state';
import { choose } from './controls';

/** The figures shown, in this order; those that no policy has are left out. */
const SHOWN = [
  'served_share',
  'within_15_min_share',
  'mean_wait_s',
  'p95_wait_s',
  'mean_walk_s',
  'mean_journey_s',
  'ride_factor',
  'shared_share',
  'vehicle_km',
  'empty_share',
  'rides_per_driver_hour',
  'yen_per_ride',
  'energy_used_kwh',
];

export function comparePanel(app: App): TemplateResult | typeof nothing {
  const { words, state } = app;
  const w = words.compare;
  if (!state.comparing || !state.town) return nothing;
  return html`
    <section class="compare room sheet" id="compare" aria-labelledby="compare-heading">
      <div class="room-head">
        <h2 id="compare-heading" tabindex="-1">${state.deciding.part === 'policies' ? w.heading : words.decide.parts[state.deciding.part]}</h2>
        ${choose(
          words.decide.part,
          PARTS.map((part) => ({ value: part, label: words.decide.parts[part] })),
          state.deciding.part,
          (part) => app.showPart(part),
        )}
        <button class="icon close" aria-label=${w.close} title="${w.close} (Esc)" @click=${() => app.showComparing(false)}>×</button>
      </div>
      <div class="room-body">
        ${state.deciding.part === 'policies' ? policies(app) : (app.deciding?.panel() ?? html`<p class="hint">${words.decide.loading}</p>`)}
      </div>
    </section>
  `;
}

function policies(app: App): TemplateResult {
  const { words, state } = app;
  const w = words.compare;
  return html`
    <p class="about">${w.about}</p>
    ${hasSpread(state) ? setup(app) : html`<p class="bad">${w.noSpread}</p>`}
    ${state.outcome ? outcome(app, state.outcome) : nothing}
  `;
}

// --- Who takes part ------------------------------------------------------------------------------------------------

function setup(app: App): TemplateResult {
  const { words, format, state } = app;
  const w = words.compare;
  const { choices, days } = state.plan;
  const kinds = competing(app.matchingKinds());
  const running = state.outcome?.status === 'running';
  return html`
    <fieldset class="entrants" ?disabled=${running}>
      <legend class="visually-hidden">${w.policies}</legend>
      <p class="columns hint" aria-hidden="true"><span>${words.try.matching}</span><span>${words.try.idle}</span></p>
      <ol>
        ${choices.map((choice, index) => html`<li>${entrant(app, choice, index, kinds)}</li>`)}
      </ol>
      <div class="row">
        ${choices.length < MOST ? html`<button @click=${() => app.comparing.add(kinds)}>${w.add}</button>` : nothing}
        <small class="hint">${w.noScript}</small>
      </div>
      <div class="days">
        <span>${w.days}</span>
        ${choose(
          w.days,
          DAYS.map((count) => ({ value: count, label: format.number(count) })),
          days,
          (count) => app.comparing.plan({ days: count }),
        )}
        <small class="hint">${w.daysHint(format.number(state.settings!.seed))}</small>
      </div>
    </fieldset>
    ${running
      ? nothing
      : html`<button class="primary" @click=${app.comparing.begin}>${w.begin(format.number(choices.length * days))}</button>`}
  `;
}

function entrant(app: App, { matching, rebalancing }: Choice, index: number, kinds: Choice['matching'][]): TemplateResult {
  const { words, state } = app;
  const w = words.compare;
  const number = app.format.number(index + 1);
  const select = <T extends string>(label: string, values: T[], value: T, name: (value: T) => string, change: (value: T) => void) => html`
    <select aria-label=${label} @change=${(event: Event) => change(values[(event.target as HTMLSelectElement).selectedIndex]!)}>
      ${values.map((each) => html`<option ?selected=${each === value}>${name(each)}</option>`)}
    </select>
  `;
  return html`
    <b class="number">${number}</b>
    ${select(w.policy(number), kinds, matching, (kind) => words.try.kinds[kind], (kind) => app.comparing.choose(index, { matching: kind }))}
    ${matching === 'fixed_route'
      ? html`<span class="no-idle"></span>`
      : select(w.idle(number), REBALANCING, rebalancing, (kind) => words.try.idles[kind], (kind) => app.comparing.choose(index, { rebalancing: kind }))}
    ${state.plan.choices.length > FEWEST
      ? html`<button class="icon" aria-label=${w.remove(number)} title=${w.remove(number)} @click=${() => app.comparing.remove(index)}>×</button>`
      : nothing}
  `;
}

// --- What came of it -----------------------------------------------------------------------------------------------

function outcome(app: App, found: Outcome): TemplateResult {
  const { words, format } = app;
  const w = words.compare;
  const all = found.choices.length * found.days;
  const shown = SHOWN.flatMap((key) => found.findings.figures.find((figure) => figure.key === key) ?? []).filter(
    ({ means }) => means.some(({ mean }) => mean !== undefined && mean !== 0),
  );
  const complete = found.status === 'done';
  return html`
    <div class="state" role="status">
      ${found.status === 'running'
        ? html`
            <label>
              ${w.progress(format.number(found.finished), format.number(all))}
              <progress max=${all} .value=${found.finished}></progress>
            </label>
            <button @click=${app.comparing.cancel}>${words.run.cancel}</button>
          `
        : html`<p class=${complete ? '' : 'bad'}>${w.ended[found.status](format.number(found.finished), format.number(all))}</p>`}
    </div>
    ${complete ? summary(app, found) : nothing}
    ${shown.length > 0
      ? html`
          <table class="findings">
            <caption class="hint">${complete ? w.caption(format.number(found.days), format.number(found.first)) : w.soFar}</caption>
            <thead>
              <tr>
                <th scope="col">${w.columns.policy}</th>
                <th scope="col">${w.columns.mean}</th>
                <th scope="col" class="strip-cell" aria-hidden="true"></th>
                <th scope="col">${w.columns.difference(name(app, found, 0))}</th>
              </tr>
            </thead>
            ${shown.map((figure) => rows(app, found, figure, complete))}
          </table>
          <p class="hint">${w.method}</p>
        `
      : nothing}
  `;
}

/** A policy with its number, and what idle vans do where that tells two apart. */
function name({ words, format }: App, { choices }: Outcome, index: number): string {
  const { matching, rebalancing } = choices[index]!;
  const twice = choices.filter((choice) => choice.matching === matching).length > 1 && matching !== 'fixed_route';
  const half = words.try.kinds[matching];
  return `${format.number(index + 1)} ${twice ? words.compare.both(half, words.try.idles[rebalancing]) : half}`;
}

/** The calls served, in a sentence for each policy after the first: what most people ask first. */
function summary(app: App, found: Outcome): TemplateResult {
  const figure = found.findings.figures.find(({ key }) => key === 'served_share')!;
  const w = app.words.compare;
  return html`
    <ul class="summary">
      ${figure.differences
        .filter(({ against }) => against === 0)
        .map((difference) => {
          const { verdict, sign } = judged('served_share', difference);
          const size = amount(app, 'served_share', { ...difference.difference, mean: Math.abs(difference.difference.mean ?? 0) }, true);
          const [policy, first] = [name(app, found, difference.policy), name(app, found, 0)];
          return html`<li class=${verdict}>${mark(verdict, sign)} ${verdict === 'luck' ? w.noDifference(policy, first) : w.serves[sign > 0 ? 'more' : 'fewer'](policy, size, first)}</li>`;
        })}
    </ul>
  `;
}

function rows(app: App, found: Outcome, figure: FigureFindings, complete: boolean): TemplateResult {
  const meaning = app.figures.get(figure.key);
  const scale = range(figure.means);
  return html`
    <tbody>
      <tr class="figure-row">
        <th colspan="4" scope="rowgroup">
          <button class="name" data-note=${meaning ? app.say(meaning.definition) : nothing} aria-describedby="tooltip">${figureName(app, figure.key, meaning)}</button>
        </th>
      </tr>
      ${figure.means.map((mean, index) => {
        const difference = figure.differences.find((each) => each.policy === index && each.against === 0);
        return html`
          <tr>
            <th scope="row">${name(app, found, index)}</th>
            <td class="amount">${amount(app, figure.key, mean, false)}</td>
            <td class="strip-cell">${strip(mean, scale, index === 0)}</td>
            <td>${difference ? against(app, figure.key, difference, complete) : nothing}</td>
          </tr>
        `;
      })}
    </tbody>
  `;
}

/** The name on the card, or else the report's. */
export function figureName(app: App, key: string, figure: Figure | undefined): string {
  const cards: Partial<Record<string, string>> = app.words.cards;
  return cards[key] ?? (figure ? app.say(figure.name) : key);
}

export type Verdict = 'better' | 'worse' | 'changed' | 'luck' | 'same';

export function judged(key: string, { difference: { mean, half_width: half }, significant }: Difference): { verdict: Verdict; sign: number } {
  const sign = Math.sign(mean ?? 0);
  if (sign === 0 && (half ?? 0) === 0) return { verdict: 'same', sign };
  if (!significant) return { verdict: 'luck', sign };
  const good = sign * (DIRECTION[key] ?? 0);
  return { verdict: good > 0 ? 'better' : good < 0 ? 'worse' : 'changed', sign };
}

/** An arrow, full where the difference is more than luck: read without colours. */
export function mark(verdict: Verdict, sign: number): TemplateResult | typeof nothing {
  if (verdict === 'same') return nothing;
  const path = sign > 0 ? 'M6 1.5L11 10.5H1Z' : 'M6 10.5L11 1.5H1Z';
  return html`<svg class="mark-${verdict}" viewBox="0 0 12 12" aria-hidden="true">${svg`<path d=${path} />`}</svg>`;
}

function against(app: App, key: string, difference: Difference, complete: boolean): TemplateResult {
  const w = app.words.compare;
  const { verdict, sign } = judged(key, difference);
  if (difference.difference.mean === undefined) return html`–`;
  const size = html`<span class="amount">${amount(app, key, difference.difference, true)}</span>`;
  // Whoever stops at the first difference that looks sure is misled.
  if (!complete) return size;
  return html`<span class="verdict ${verdict}">${mark(verdict, sign)}${size} <small>${w.verdicts[verdict]}</small></span>`;
}

/** A mean and half the width of its interval. */
export function amount({ format, figures }: App, key: string, { mean, half_width: half }: Estimate, isDifference: boolean): string {
  if (mean === undefined) return '–';
  const unit = figures.get(key)?.unit ?? '';
  return isDifference ? format.plusMinusDifference(mean, half, unit) : format.plusMinus(mean, half, unit);
}

// --- Intervals -----------------------------------------------------------------------------------------------------

const WIDTH = 160;

/** From the least to the largest end of all intervals. */
function range(means: Estimate[]): { from: number; to: number } {
  const ends = means.flatMap(({ mean, half_width: half = 0 }) => (mean === undefined ? [] : [mean - half, mean + half]));
  return { from: Math.min(...ends), to: Math.max(...ends) };
}

/** A mean with its interval, on the scale of its figure. */
function strip({ mean, half_width: half = 0 }: Estimate, { from, to }: { from: number; to: number }, isFirst: boolean): TemplateResult | typeof nothing {
  if (mean === undefined) return nothing;
  const x = (value: number) => (to > from ? 8 + ((value - from) / (to - from)) * (WIDTH - 16) : WIDTH / 2);
  return html`
    <svg class="strip ${isFirst ? 'first' : ''}" viewBox="0 0 ${WIDTH} 16" aria-hidden="true">
      ${svg`<line x1="0" x2=${WIDTH} y1="8" y2="8" /><path d="M${x(mean - half)} 4V12M${x(mean - half)} 8H${x(mean + half)}M${x(mean + half)} 4V12" /><circle cx=${x(mean)} cy="8" r="4" />`}
    </svg>
  `;
}
