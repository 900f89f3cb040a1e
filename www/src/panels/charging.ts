// What can be tried about electricity: when vans and cars charge, the contract, and series of one's own.
import { html, nothing, type TemplateResult } from 'lit';
import type { App } from '../app';
import { heldBack } from '../energy';
import { clock } from '../format';
import { CHARGING, chargingPolicy, ownSite, sameTariff, seconds, SERIES, type OwnSeries, type SeriesName, type Settings } from '../settings';
import { choose, rowProblems, slider, switched } from './controls';

/** Clock times offered, half an hour apart; the service day goes on past midnight. */
const FROM = Array.from({ length: 48 }, (_, index) => 4 * 3600 + index * 1800);

export function chargingControls(app: App, settings: Settings): TemplateResult {
  const { words, format, state } = app;
  const w = words.try;
  const { charging } = settings;
  const site = ownSite(state.town);
  const change = (policy: Settings['charging']) => app.change({ charging: policy });
  return html`
    <div class="field charging">
      <div class="field-head"><span>${w.charging}</span></div>
      ${choose(
        w.charging,
        CHARGING.map((kind) => ({ value: kind, label: w.policies[kind] })),
        charging.kind,
        (kind) => change(chargingPolicy(kind, charging.below_soc, site)),
      )}
      <p class="hint">${w.policyHints[charging.kind]}</p>
    </div>
    ${charging.kind === 'off_peak' ? hours(app, charging.from, charging.until, (from, until) => change({ ...charging, from, until })) : nothing}
    ${charging.kind === 'peak_cap'
      ? slider({
          name: 'limit',
          label: w.limit,
          value: charging.limit_kw,
          min: 5,
          max: Math.max(120, Math.ceil((site?.import_limit_kw ?? 0) / 5) * 5),
          step: 5,
          shown: format.text(charging.limit_kw, 'kW').replace('.0', ''),
          change: (limit_kw) => change({ ...charging, limit_kw }),
        })
      : nothing}
    ${charging.kind === 'optimal'
      ? switched(w.discharge, w.dischargeHint, charging.discharge, (discharge) => change({ ...charging, discharge }))
      : nothing}
    ${charging.kind === 'backup'
      ? slider({
          name: 'backup-hours',
          label: w.backupHours,
          value: charging.hours,
          min: 1,
          max: 72,
          step: 1,
          shown: words.energy.hoursLong(format.number(charging.hours)),
          change: (hours) => change({ ...charging, hours }),
        })
      : nothing}
    ${charging.kind === 'backup' ? reserve(app) : nothing}
    ${slider({
      name: 'below',
      label: w.below,
      value: Math.round(charging.below_soc * 100),
      min: 0,
      max: 100,
      step: 5,
      shown: format.percent(charging.below_soc),
      hint: w.belowHint,
      change: (percent) => change({ ...charging, below_soc: percent / 100 }),
    })}
  `;
}

/** What a reserve for a power cut leaves to drive with, on the day shown; a warning where that is too little. */
function reserve({ words, format, state }: App): TemplateResult | typeof nothing {
  const { result } = state;
  const held = result?.scenario.policies.charging.kind === 'backup' ? heldBack(result.report) : undefined;
  if (!held) return nothing;
  const w = words.try;
  const kwh = (value: number) => format.text(value, 'kWh');
  const left_kwh = held.capacity_kwh - held.reserve_kwh;
  return html`
    <div class="reserve" role="status">
      <p class="hint">${left_kwh < 0.05 ? w.keptAll(kwh(held.capacity_kwh)) : w.kept(kwh(held.reserve_kwh), kwh(held.capacity_kwh), kwh(left_kwh))}</p>
      ${held.refused > 0 ? html`<p class="warning">${held.refused === 1 ? w.tooLittleOne : w.tooLittle(format.number(held.refused))}</p>` : nothing}
    </div>
  `;
}

/** Perfect foresight: for those who ask for more. */
export function foresight(app: App, { charging }: Settings): TemplateResult | typeof nothing {
  const w = app.words.try;
  if (charging.kind !== 'optimal') return nothing;
  return switched(w.foresight, w.foresightHint, charging.foresight ?? false, (known) =>
    app.change({ charging: { ...charging, foresight: known } }),
  );
}

function hours(app: App, from: string, until: string, change: (from: string, until: string) => void): TemplateResult {
  const w = app.words.try;
  const [from_s, until_s] = [seconds(from), seconds(until)];
  const select = (name: string, times: number[], value: number, set: (t_s: number) => void) => html`
    <select aria-label=${name} @change=${(event: Event) => set(Number((event.target as HTMLSelectElement).value))}>
      ${times.map((t_s) => html`<option value=${t_s} ?selected=${t_s === value}>${clock(t_s % 86_400)}</option>`)}
    </select>
  `;
  const text = (t_s: number) => clock(t_s);
  const ends = Array.from({ length: 47 }, (_, index) => from_s + (index + 1) * 1800).filter((t_s) => t_s < 47 * 3600);
  return html`
    <div class="field row hours">
      ${select(w.hoursFrom, FROM, from_s, (t_s) => change(text(t_s), text(t_s + Math.min(until_s - from_s, 47 * 3600 - 1800 - t_s))))}
      <span aria-hidden="true">–</span>
      ${select(w.hoursUntil, ends, until_s, (t_s) => change(text(from_s), text(t_s)))}
    </div>
  `;
}

/** The contract, and files in the place of what is built in. */
export function electricity(app: App, settings: Settings): TemplateResult | typeof nothing {
  const { words, state } = app;
  const w = words.try;
  const site = ownSite(state.town);
  if (!site) return nothing;
  const current = settings.tariff ?? site.tariff;
  const presets = state.tariffs.map(({ tariff }) => tariff);
  const offered = presets.some((tariff) => sameTariff(tariff, site.tariff)) ? presets : [site.tariff, ...presets];
  return html`
    <section class="electricity">
      <h3>${w.site}</h3>
      <div class="field">
        <label class="field-head" for="tariff">${w.tariff}</label>
        <select
          id="tariff"
          @change=${(event: Event) => {
            const tariff = offered[(event.target as HTMLSelectElement).selectedIndex]!;
            app.change({ tariff: sameTariff(tariff, site.tariff) ? undefined : tariff });
          }}
        >
          ${offered.map((tariff) => html`<option ?selected=${sameTariff(tariff, current)}>${app.say(tariff.name)}</option>`)}
        </select>
        <p class="hint">${w.tariffSince(current.since)}</p>
        <details class="tariff-source">
          <summary>${w.tariffSource}</summary>
          <p class="hint">${current.source}</p>
        </details>
      </div>
      ${app.place.kind === 'element'
        ? nothing
        : html`
            <h4>${w.ownSeries}</h4>
            <ul class="own-series">
              ${SERIES.map((name) => series(app, name, site[name as 'solar'] !== undefined || name === 'load' || name === 'price'))}
            </ul>
            <p class="hint">${w.seriesHint}</p>
          `}
    </section>
  `;
}

function series(app: App, name: SeriesName, built: boolean): TemplateResult {
  const { words, format, state } = app;
  const w = words.try;
  const own = state.series[name];
  const bad = state.badSeries?.name === name ? state.badSeries.own : undefined;
  const shown = bad ?? own;
  const choice = (event: Event) => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) void app.loadSeries(name, file);
    // The same file, corrected, may be chosen again.
    input.value = '';
  };
  return html`
    <li data-series=${name}>
      <div class="series-head">
        <span class="series-name">${w.series[name]}</span>
        <label class="file">
          <input type="file" class="visually-hidden" accept=".csv,.txt,text/csv" aria-label=${w.chooseFor(w.series[name])} @change=${choice} />
          ${own ? w.choose : html`<span class="hint">${built ? w.builtIn : w.none}</span> ${w.choose}`}
        </label>
      </div>
      ${shown ? html`<div role="status">${bad ? unread(app, bad) : taken(app, own!, format.number(own!.values.length))}${columns(app, name, shown)}</div>` : nothing}
      ${name === 'price' && own ? html`<p class="hint">${w.priceNote}</p>` : nothing}
      ${own ? html`<button @click=${() => app.forgetSeries(name)}>${w.back}</button>` : nothing}
    </li>
  `;
}

function taken({ words }: App, { file, column }: OwnSeries, count: string): TemplateResult {
  return html`<p><b>${file}</b><br />${words.try.values(count)}${column ? html` · ${column}` : nothing}</p>`;
}

function unread(app: App, { file, problems }: OwnSeries): TemplateResult {
  return html`<p class="bad">${app.words.try.unread(file)}</p>${rowProblems(app, problems)}`;
}

/** Which column of the file counts, where there are several. */
function columns(app: App, name: SeriesName, own: OwnSeries): TemplateResult | typeof nothing {
  if (own.columns.length < 2) return nothing;
  const w = app.words.try;
  return html`
    <label class="column">
      ${w.column}
      <select @change=${(event: Event) => app.loadSeries(name, own.source, (event.target as HTMLSelectElement).value)}>
        ${own.columns.map((column) => html`<option value=${column} ?selected=${column === own.column}>${column}</option>`)}
      </select>
    </label>
  `;
}
