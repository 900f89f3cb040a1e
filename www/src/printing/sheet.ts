// The report on paper: what a council has to know, what it rests on, and how to make the same day again.
import { html, nothing, type TemplateResult } from 'lit';
import type { Figure, Report } from '../../pkg/noriai.js';
import type { App } from '../app';
import { clock } from '../format';
import { runsBus, settingsOf } from '../settings';
import { FEWEST, hasOwnTrips, maskedReport } from '../share/masking';
import { hasBatteries, type Result } from '../state';

/** Addresses of pictures of the day; none where the page is printed from the browser's menu. */
export interface Pictures {
  map?: string;
  charts?: string;
}

/** A link longer than this helps nobody on paper. */
const LONGEST_LINK = 400;

/** The figures in large type. */
const LARGE = ['served_share', 'mean_wait_s', 'p95_wait_s', 'mean_journey_s', 'shared_share', 'vehicle_km', 'rides_per_driver_hour', 'yen_per_ride'] as const;

export function printed(app: App, result: Result, pictures: Pictures | undefined, link: string | undefined): TemplateResult {
  const { words, format } = app;
  const w = words.print;
  const { scenario, report } = result;
  const own = hasOwnTrips(scenario);
  return html`
    <header>
      <p class="print-kicker">${words.name} · ${w.kicker}</p>
      <h1>${words.heading(app.say(scenario.name))}</h1>
      <p class="print-day">${format.day(scenario.day.date)}</p>
    </header>
    <p class="print-summary">${summary(app, report)}</p>
    <dl class="print-large">
      ${LARGE.map((key) => {
        const value = report[key];
        if (typeof value !== 'number') return nothing;
        const { number, unit } = format.figure(value, app.figures.get(key)!.unit);
        return html`<div><dt>${words.cards[key]}</dt><dd><b>${number}</b> ${unit}</dd></div>`;
      })}
    </dl>
    ${pictures ? nothing : html`<p class="print-note">${w.withoutPictures}</p>`}
    ${pictures?.map
      ? html`<figure class="print-map"><img src=${pictures.map} alt="" /><figcaption>${own ? w.mapOfCells : w.map(clock(app.clock.t_s))}</figcaption></figure>`
      : nothing}
    ${refused(app, report, own)}
    ${own ? html`<p class="print-note">${w.chartsLeftOut}</p>` : nothing}
    ${pictures?.charts
      ? html`<section class="print-charts"><h2>${w.charts}</h2><img src=${pictures.charts} alt="" /></section>`
      : nothing}
    ${ran(app, result)}
    <section><h2>${w.figures}</h2>${figuresOf(app, app.figures, report as unknown as Record<string, unknown>)}</section>
    ${report.sites.map(
      (site) => html`
        <section>
          <h2>${w.sites(site.name ? app.say(site.name) : site.depot)}</h2>
          ${figuresOf(app, app.siteFigures, site as unknown as Record<string, unknown>)}
        </section>
      `,
    )}
    <section class="print-prose">
      <h2>${w.about}</h2>
      <p>${app.say(scenario.about)}</p>
      <h3>${w.assumptions}</h3>
      <ul>${scenario.assumptions.map((line) => html`<li>${app.say(line)}</li>`)}</ul>
      <h3>${w.sources}</h3>
      <ul>${scenario.sources.map((line) => html`<li>${line}</li>`)}</ul>
      <h2>${w.limits}</h2>
      <p>${w.limitsText}</p>
      <h2>${w.again}</h2>
      <p>${w.hash} <code>${report.log_hash}</code> — ${w.hashHint}</p>
      ${link !== undefined && link.length <= LONGEST_LINK ? html`<p>${w.link} <code class="print-link">${link}</code></p>` : nothing}
      <p class="print-made">${w.made(format.moment(Date.now()))}</p>
    </section>
  `;
}

function summary({ words, format, language }: App, report: Report): string {
  const w = words.print;
  const { served, requests, served_share, mean_wait_s, yen_per_ride, subsidy_yen_per_ride } = report;
  if (requests === 0) return words.figures.none;
  const text = (value: number | undefined, unit: string) => (value === undefined ? '–' : format.text(value, unit));
  const first = w.summary(format.number(served), format.number(requests), text(served_share, 'share'), text(mean_wait_s, 's'));
  const cost = yen_per_ride === undefined ? '' : w.cost(text(yen_per_ride, 'yen'), text(subsidy_yen_per_ride, 'yen'));
  return [first, cost].join(language.sentenceSpace);
}

function refused(app: App, report: Report, own: boolean): TemplateResult | typeof nothing {
  const { words, format, vehicles } = app;
  const w = words.print;
  const reasons = (own ? maskedReport(report) : report).refused_by.filter(({ count }) => count !== 0);
  if (reasons.length === 0) return nothing;
  const sorted = [...reasons].sort((a, b) => (b.count ?? 0) - (a.count ?? 0));
  return html`
    <section class="print-refused">
      <h2>${w.refused}</h2>
      <ul>
        ${sorted.map(
          ({ limit, count }) => html`<li><span>${vehicles.limits[limit]}</span><b>${count === null ? w.masked(format.number(FEWEST)) : format.number(count)}</b></li>`,
        )}
      </ul>
    </section>
  `;
}

/** The settings of the day, as the page names them. */
function ran(app: App, { scenario, report }: Result): TemplateResult {
  const { words, format } = app;
  const w = words.print;
  const settings = settingsOf(scenario);
  const bus = runsBus(scenario);
  const rows: [string, unknown][] = [
    [w.setting.town, app.say(scenario.name)],
    [w.setting.date, `${format.day(scenario.day.date)} (${scenario.day.date})`],
    [w.setting.demand, hasOwnTrips(scenario) ? w.setting.ownTrips : words.try.demandTimes(format.number(settings.factor, 2))],
    [w.setting.vans, format.number(report.vehicles.length)],
    [w.setting.matching, words.try.kinds[settings.matching.kind]],
    ...(bus ? [] : [[w.setting.idle, words.try.idles[settings.rebalancing.kind]] as [string, unknown]]),
    ...(hasBatteries(report) ? [[w.setting.charging, words.try.policies[settings.charging.kind]] as [string, unknown]] : []),
    ...(bus
      ? []
      : [
          [w.setting.wait, format.minutes(settings.max_wait_s)] as [string, unknown],
          [w.setting.detour, words.try.demandTimes(format.number(settings.detour_factor, 1))] as [string, unknown],
        ]),
    [w.setting.outdoor, format.temperature(settings.outdoor_c)],
    [w.setting.seed, format.number(settings.seed)],
  ];
  return html`
    <section class="print-settings">
      <h2>${w.settings}</h2>
      <dl>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    </section>
  `;
}

/** All figures that a report has, each with its definition. */
function figuresOf(app: App, figures: Map<string, Figure>, report: Record<string, unknown>): TemplateResult {
  const { format } = app;
  const w = app.words.print.columns;
  return html`
    <table class="print-figures">
      <thead>
        <tr><th scope="col">${w.figure}</th><th scope="col">${w.value}</th><th scope="col">${w.meaning}</th></tr>
      </thead>
      <tbody>
        ${[...figures.values()].map(({ key, unit, name, definition }) => {
          const value = report[key];
          if (typeof value !== 'number') return nothing;
          return html`<tr data-figure=${key}><th scope="row">${app.say(name)}</th><td>${format.text(value, unit)}</td><td>${app.say(definition)}</td></tr>`;
        })}
      </tbody>
    </table>
  `;
}
