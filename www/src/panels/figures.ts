// The report's main numbers, each with its change from the run before and a line of meaning.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Report } from '../../pkg/noriai.js';
import type { App } from '../app';
import { DIRECTION, hasBatteries } from '../state';
import { faultInShort } from './editor';

type Key = keyof App['words']['cards'] & keyof Report;

interface Card {
  key: Key;
  unit: string;
  meaning?: string;
  /** Another figure that the line of meaning has: the help defines it too. */
  also?: keyof Report;
  /** It has no heading above it: its own is one. */
  alone?: boolean;
}

export function figuresPanel(app: App): TemplateResult {
  const { words, state } = app;
  const w = words.figures;
  return html`
    <aside class="figures sheet" part="figures" id="figures" tabindex="-1" aria-labelledby="figures-heading">
      <div class="panel-head">
        <h2 id="figures-heading">${w.heading}</h2>
        ${state.previous ? html`<small>${w.compared}</small>` : nothing}
      </div>
      ${state.result && state.panels.includes('try') ? keeper(app) : nothing}
      ${state.result ? groups(app, state.result.report) : html`<p class="hint">${words.loading}</p>`}
    </aside>
  `;
}

/** The run shown can be kept, to be set beside others; where nothing can be tried there are none. */
function keeper(app: App): TemplateResult {
  const { words, state } = app;
  const w = words.decide.runs;
  const { runs } = state.deciding;
  const kept = runs.some(({ day }) => day.scenario === app.lived?.scenario);
  return html`
    <div class="row keep-run">
      <button class="run-keeper" aria-disabled=${kept} @click=${app.keepRun}>${kept ? w.kept : w.keep}</button>
      ${runs.length > 0
        ? html`<button class="runs-opener" @click=${() => app.showPart('runs')}>${words.decide.parts.runs} (${app.format.number(runs.length)})</button>`
        : nothing}
    </div>
  `;
}

function groups(app: App, report: Report): TemplateResult {
  const { words, format } = app;
  const w = words.figures;
  const m = words.meaning;
  const text = (value: number | undefined, unit: string) => (value === undefined ? '–' : format.text(value, unit));
  const per = (total: number, count: number, unit: string) => text(count > 0 ? total / count : undefined, unit);
  const emptiest = report.vehicles.find((van) => van.lowest_soc !== undefined && van.lowest_soc === report.lowest_soc);
  const service: Card[] = [
    { key: 'mean_wait_s', unit: 's', meaning: m.wait(text(report.median_wait_s, 's')) },
    { key: 'p95_wait_s', unit: 's', meaning: m.longWait(text(report.p95_wait_s, 's')) },
    ...(report.mean_walk_s ? [{ key: 'mean_walk_s', unit: 's', meaning: m.walk } as const] : []),
    { key: 'mean_journey_s', unit: 's', meaning: m.journey },
    { key: 'ride_factor', unit: 'times', meaning: m.rideFactor(text(report.mean_ride_s, 's'), text(report.mean_direct_s, 's')) },
    { key: 'shared_share', unit: 'share', meaning: m.shared },
    // There are none of these where nothing can go wrong.
    { key: 'late_pickups', unit: '', meaning: m.latePickups(text(report.mean_late_s, 's')) },
    { key: 'no_shows', unit: '', meaning: m.noShows(text(report.waited_s, 's')) },
  ];
  const operation: Card[] = [
    { key: 'vehicle_km', unit: 'km', meaning: m.distance(text(report.empty_share, 'share')) },
    { key: 'rides_per_driver_hour', unit: '', meaning: m.productivity(format.figure(report.driver_hours, 'h').number) },
    {
      key: 'batches_proven',
      unit: 'share',
      meaning: report.batches_proven === 1 ? m.allProven : m.proven(format.number(report.batch_gap_s ?? 0, 1)),
      also: 'batch_gap_s',
    },
    { key: 'fares_yen', unit: 'yen', meaning: m.fares(per(report.fares_yen, report.served, 'yen')) },
    {
      key: 'yen_per_ride',
      unit: 'yen',
      meaning: m.cost(text(report.subsidy_yen_per_ride, 'yen'), text(report.operating_yen, 'yen')),
    },
    { key: 'breakdowns', unit: '', meaning: m.breakdowns(text(report.stranded, '')) },
    { key: 'stuck', unit: '', meaning: m.stuck(text(report.mean_help_s, 's')) },
  ];
  const energy: Card[] = [
    { key: 'energy_used_kwh', unit: 'kWh', meaning: m.energy(perKm(app, report)) },
    { key: 'energy_drawn_kwh', unit: 'kWh', meaning: m.drawn(text(report.energy_charged_kwh, 'kWh')) },
    { key: 'lowest_soc', unit: 'share', meaning: emptiest && m.lowest(app.vehicles.text(emptiest.id)) },
  ];
  return html`
    ${headline(app, report)} ${faultInShort(app)}
    <section><h3>${w.service}</h3>${service.map((entry) => card(app, report, entry))}</section>
    <section><h3>${w.operation}</h3>${operation.map((entry) => card(app, report, entry))}</section>
    ${hasBatteries(report) ? html`<section><h3>${w.energy}</h3>${energy.map((entry) => card(app, report, entry))}</section>` : nothing}
    <p class="checksum">${w.checksum} <code>${report.log_hash}</code></p>
  `;
}

function perKm(app: App, report: Report): string {
  if (report.energy_used_kwh === undefined || report.vehicle_km === 0) return '–';
  return `${app.format.number(report.energy_used_kwh / report.vehicle_km, 2)} kWh`;
}

/** Calls served, large, with the refused ones by their reason. */
function headline(app: App, report: Report): TemplateResult {
  const { words, format, state } = app;
  const w = words.figures;
  if (report.requests === 0) return html`<p class="none">${w.none}</p>`;
  const share = report.served_share ?? 0;
  const chosen = state.detail?.kind === 'refusals' ? state.detail.limit : undefined;
  return html`
    <section class="headline-figure">
      ${card(app, report, {
        key: 'served_share',
        unit: 'share',
        meaning: words.meaning.served(format.number(report.served), format.number(report.requests)),
        alone: true,
      })}
      <svg class="share-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        ${svg`<rect class="refused" width="100" height="1" /><rect class="served" width=${share * 100} height="1" />`}
      </svg>
      ${report.refused === 0
        ? html`<p class="hint">${w.nobodyRefused}</p>`
        : html`
            <h4>${w.refusedBecause}</h4>
            <ul class="reasons">
              ${[...report.refused_by]
                .filter(({ count }) => count > 0)
                .sort((a, b) => b.count - a.count)
                .map(
                  ({ limit, count }) => html`
                    <li>
                      <button
                        class="reason"
                        aria-pressed=${chosen === limit}
                        @click=${() => app.show(chosen === limit ? undefined : { kind: 'refusals', limit })}
                      >
                        <span>${app.vehicles.limits[limit]}</span><b>${format.number(count)}</b>
                      </button>
                    </li>
                  `,
                )}
            </ul>
          `}
    </section>
  `;
}

function card(app: App, report: Report, { key, unit, meaning, also, alone }: Card): TemplateResult | typeof nothing {
  const { words, format, figures } = app;
  const value = report[key];
  if (typeof value !== 'number') return nothing;
  const name = words.cards[key];
  const definitions = [key, also].flatMap((each) => figures.get(each ?? '')?.definition ?? []);
  const shown = format.figure(value, unit);
  const button = html`<button class="name" data-note=${definitions.map(app.say).join('\n') || nothing} aria-describedby="tooltip">${name}</button>`;
  return html`
    <article class="card" data-figure=${key}>
      <div class="card-row">
        ${alone ? html`<h3>${button}</h3>` : html`<h4>${button}</h4>`}
        <p class="value"><b>${shown.number}</b><span>${shown.unit}</span></p>
      </div>
      <div class="card-row">
        <p class="meaning">${meaning}</p>
        ${difference(app, key, value, unit)}
      </div>
    </article>
  `;
}

function difference(app: App, key: Key, value: number, unit: string): TemplateResult | typeof nothing {
  const { words, format, state } = app;
  const before = state.previous?.[key];
  if (typeof before !== 'number') return nothing;
  const change = format.difference(value, before, unit);
  if (change === '') return html`<p class="difference same" aria-hidden="true">±0</p>`;
  const good = Math.sign(value - before) * (DIRECTION[key] ?? 0);
  const kind = good > 0 ? 'better' : good < 0 ? 'worse' : 'changed';
  return html`
    <p class="difference ${kind}">${change}<span class="visually-hidden"> (${words.figures[kind]})</span></p>
  `;
}
