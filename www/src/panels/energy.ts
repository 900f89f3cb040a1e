// The energy view: what the day cost and why, on the clock of the map. It draws by itself when the day, the words or its own
// choices change, and moves only its cursors and numbers while time plays.
import { html, nothing, render, type TemplateResult } from 'lit';
import type { Site, SiteReport, Tariff, UnitReport } from '../../pkg/noriai.js';
import type { App } from '../app';
import { download } from '../download';
import {
  activityAt,
  csvOf,
  energyAt,
  flow,
  gains,
  isThere,
  powerTable,
  priceTable,
  PROVEN,
  siteOf,
  slotOf,
  tiny,
  unitTable,
  type Cell,
  type Flow,
  type Table,
} from '../energy';
import { clock } from '../format';
import { canBeStudied, chargingPolicy, ownSite } from '../settings';
import { treeOf } from '../place';
import { hasOwnTrips } from '../share/masking';
import type { State, TableName } from '../state';
import { choose } from './controls';
import { cutView } from './cut';
import {
  activitySwatch,
  KINDS,
  patterns,
  powerPlot,
  pricePlot,
  supplies,
  swatch,
  timeAt,
  unitsPlot,
  uses,
  xOf,
  type Paper,
} from './plots';

/** Below this width names stand above their rows, pixels. */
const NARROW = 560;

export class EnergyPanel {
  #width = 0;
  #papers: Record<string, Paper> = {};
  /** What had the focus when the view was opened. */
  #opener?: HTMLElement;

  constructor(
    private readonly app: App,
    private readonly host: HTMLElement,
  ) {
    new ResizeObserver(() => {
      const width = this.#room();
      if (width === this.#width) return;
      this.#width = width;
      this.#draw();
    }).observe(host);
    host.addEventListener('pointerdown', (event) => this.#seek(event, true));
    host.addEventListener('pointermove', (event) => this.#seek(event, false));
  }

  update(state: State, before: State): void {
    if (state.energy !== before.energy) this.#moved(state, before);
    if (!state.energy) return;
    const keys = ['energy', 'lang', 'result', 'compared', 'settings', 'tables', 'site', 'cut', 'cuts', 'unanswered', 'playing', 'progress'] as const;
    if (keys.some((key) => state[key] !== before[key])) this.#draw();
  }

  /** The moment shown. */
  frame(t_s: number): void {
    const { result, energy } = this.app.state;
    if (!energy || !result) return;
    for (const element of this.host.querySelectorAll<HTMLElement>('.plot')) {
      const paper = this.#papers[element.dataset['plot']!];
      const cursor = element.querySelector<HTMLElement>('.energy-cursor')!;
      const inside = paper !== undefined && t_s >= paper.from_s && t_s <= paper.until_s;
      cursor.hidden = !inside;
      if (inside) cursor.style.transform = `translateX(${xOf(paper, t_s).toFixed(1)}px)`;
    }
    const site = siteOf(result.report.sites, this.app.state.site);
    if (site && energy === 'day') this.#showNow(site, t_s);
  }

  /** Numbers of the moment in the legends. */
  #showNow(site: SiteReport, t_s: number): void {
    const { app } = this;
    const { format, words } = app;
    const slot = slotOf(site.series, site.series.import_kw.length, t_s);
    const write = (element: Element, text: string) => {
      if (element.textContent !== text) element.textContent = text;
    };
    for (const element of this.host.querySelectorAll<HTMLElement>('[data-flow]')) {
      const name = element.dataset['flow']!;
      if (name === 'price') write(element, format.number(site.series.buy_yen[slot]!, 2));
      else if (name === 'co2') write(element, format.number(1000 * site.series.co2_kg[slot]!));
      else write(element, format.number(flow(site.series, name as Flow)[slot]!, 1));
    }
    for (const row of this.host.querySelectorAll<SVGGElement>('[data-unit]')) {
      const unit = site.units.find(({ id }) => id === row.dataset['unit']);
      if (!unit) continue;
      const share = format.percent(energyAt(unit, t_s) / unit.capacity_kwh);
      const kind = activityAt(unit, t_s)?.kind;
      write(row.querySelector('.unit-now')!, kind ? `${share} ${words.energy.activities[kind]}` : share);
    }
  }

  #room(): number {
    const body = this.host.querySelector('.room-body');
    return Math.floor(body?.clientWidth ?? 0);
  }

  #seek(event: PointerEvent, first: boolean): void {
    const plot = (event.target as Element).closest<HTMLElement>('.plot');
    const paper = plot && this.#papers[plot.dataset['plot']!];
    if (!plot || !paper || !this.app.playback) return;
    if (first && event.button === 0) plot.setPointerCapture(event.pointerId);
    else if (!plot.hasPointerCapture(event.pointerId)) return;
    const t_s = timeAt(paper, event.clientX - plot.getBoundingClientRect().left);
    this.app.seek(Math.min(Math.max(t_s, paper.from_s), paper.until_s));
  }

  /** Opened or closed: the focus goes in, and back to where it was. */
  #moved(state: State, before: State): void {
    if (state.energy && !before.energy) {
      const active = treeOf(this.host).activeElement;
      this.#opener = active instanceof HTMLElement && active !== document.body ? active : undefined;
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          this.#width = this.#room();
          this.#draw();
          if (!this.app.state.touring) this.host.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
        }),
      );
    } else if (!state.energy) {
      const opener = this.#opener;
      const { activeElement: active } = treeOf(this.host);
      // Within an element, nothing of it has the focus where a document's body has.
      if (!active || this.host.contains(active) || active === document.body) opener?.focus();
      render(nothing, this.host);
      this.#width = 0;
    }
  }

  // --- Drawing -----------------------------------------------------------------------------------------------------

  #draw(): void {
    const { app } = this;
    if (!app.state.energy) return;
    render(this.#template(), this.host);
    this.frame(app.clock.t_s);
  }

  #paper(name: string, from_s: number, until_s: number): Paper {
    const narrow = this.#width < NARROW;
    const left = narrow ? 48 : name === 'cut' ? 72 : 160;
    return (this.#papers[name] = { width: Math.max(this.#width, 200), left, from_s, until_s });
  }

  #template(): TemplateResult {
    const { app } = this;
    const { words, state } = app;
    const w = words.energy;
    const sites = state.result?.report.sites ?? [];
    const site = siteOf(sites, state.site);
    const playWords = state.playing ? words.day.pause : words.day.play;
    return html`
      ${patterns}
      <div class="room-head">
        <h2 tabindex="-1" id="energy-heading">${site?.name ? app.say(site.name) : w.heading}</h2>
        ${site
          ? choose(
              w.views,
              [
                { value: 'day', label: w.day },
                { value: 'cut', label: w.cut },
              ] as const,
              state.energy!,
              (view) => app.showEnergy(view),
            )
          : nothing}
        ${sites.length > 1
          ? html`
              <select class="energy-site" aria-label=${w.site} @change=${(event: Event) => app.store.set({ site: (event.target as HTMLSelectElement).value })}>
                ${sites.map(({ depot, name }) => html`<option value=${depot} ?selected=${depot === site?.depot}>${name ? app.say(name) : depot}</option>`)}
              </select>
            `
          : nothing}
        <div class="phone-clock">
          <p class="clock" aria-hidden="true">${clock(app.clock.t_s)}</p>
          <button class="icon" aria-label=${playWords} @click=${app.toggle}>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path class="filled" d=${state.playing ? 'M4 3h3v10H4zM9 3h3v10H9z' : 'M4 2.5v11l9-5.5z'} /></svg>
          </button>
        </div>
        <button class="icon close" aria-label=${w.close} title="${w.close} (Esc)" @click=${() => app.showEnergy(undefined)}>×</button>
      </div>
      <div class="room-body">
        ${!state.result
          ? html`<p class="hint">${words.loading}</p>`
          : !site
            ? html`<p class="hint">${w.noSite}</p>`
            : this.#width === 0
              ? nothing
              : state.energy === 'cut'
                ? cutView(app, (from_s, until_s) => this.#paper('cut', from_s, until_s))
                : this.#day(site)}
      </div>
    `;
  }

  #day(site: SiteReport): TemplateResult {
    const { app } = this;
    const { from_s, step_s, import_kw } = site.series;
    const paper = (name: string) => this.#paper(name, from_s, from_s + step_s * import_kw.length);
    return html`
      ${headline(app, site)}
      ${power(app, site, paper('power'))}
      ${price(app, site, paper('price'))}
      ${units(app, site, paper('units'))}
      ${account(app, site)}
    `;
  }
}

// --- Figures ---------------------------------------------------------------------------------------------------------

/** A name that explains itself. */
const named = (name: string, note: string | undefined) =>
  html`<button class="name" data-note=${note ?? nothing} aria-describedby="tooltip">${name}</button>`;

function headline(app: App, site: SiteReport): TemplateResult {
  const { words, format, state } = app;
  const w = words.energy;
  const report = state.result!.report;
  const { saving_yen, peak_saving_kw, co2_saving_kg, to_gain_yen } = gains(report, state.compared?.others);
  const policy = state.result!.scenario.policies.charging;
  const studied = canBeStudied(state.result!.scenario);
  const note = (key: string) => {
    const figure = app.siteFigures.get(key);
    return figure && app.say(figure.definition);
  };
  const against = (gain: number | undefined, unit: string, more: (text: string) => string, less: (text: string) => string, same: string) => {
    if (policy.kind === 'immediate') return undefined;
    if (!studied) return { text: w.notStudied, kind: 'hint' };
    if (gain === undefined) return { text: state.unanswered === 'compare' ? w.unanswered : w.comparing, kind: 'hint' };
    const text = format.text(Math.abs(gain), unit);
    if (/^[0.,]*$/.test(format.figure(Math.abs(gain), unit).number)) return { text: same, kind: 'hint' };
    return gain > 0 ? { text: less(text), kind: 'better' } : { text: more(text), kind: 'worse' };
  };
  const big = (key: string, name: string, value: number, unit: string, below: { text: string; kind: string } | undefined) => {
    const shown = format.figure(value, unit);
    return html`
      <article class="big" data-energy=${key}>
        <h3>${named(name, note(key))}</h3>
        <p class="value"><b>${shown.number}</b><span>${shown.unit}</span></p>
        <p class=${below?.kind ?? 'hint'}>${below?.text ?? nothing}</p>
      </article>
    `;
  };
  return html`
    <section class="energy-headline">
      ${big('total_yen', w.bill, site.total_yen, 'yen', against(saving_yen, 'yen', w.dearer, w.saved, w.same) ?? { text: w.charged(format.text(site.charged_kwh, 'kWh'), format.text(site.discharged_kwh, 'kWh')), kind: 'hint' })}
      ${big('peak_kw', w.peak, site.peak_kw, 'kW', against(peak_saving_kw, 'kW', w.higher, w.lower, w.samePeak) ?? { text: w.billed(format.text(site.billed_kw, 'kW')), kind: 'hint' })}
      ${big('co2_kg', w.co2, site.co2_kg, 'kg', against(co2_saving_kg, 'kg', w.more, w.less, w.sameCo2) ?? { text: w.bought(format.text(site.bought_kwh, 'kWh')), kind: 'hint' })}
      ${site.autarky === undefined ? nothing : big('autarky', w.own, site.autarky, 'share', { text: w.generated(format.text(site.generated_kwh, 'kWh')), kind: 'hint' })}
    </section>
    ${policy.kind === 'immediate'
      ? html`
          <p class="invitation">
            <span>${to_gain_yen !== undefined && to_gain_yen >= 0.5 ? w.toGain(format.text(to_gain_yen, 'yen')) : w.baseline}</span>
            <button @click=${() => app.change({ charging: chargingPolicy('optimal', policy.below_soc, ownSite(state.town)) })}>${w.tryOptimal}</button>
          </p>
        `
      : nothing}
    ${badge(app, site)}
  `;
}

/** The certificate of the schedules. */
function badge({ words, format }: App, { plans }: SiteReport): TemplateResult | typeof nothing {
  if (!plans || plans.count === 0) return nothing;
  const w = words.energy;
  const proven = plans.gap_rel <= PROVEN;
  const text = proven ? w.proven(tiny(plans.gap_rel)) : w.nearly(`${format.number(100 * plans.gap_rel, 2)}%`);
  const short = plans.shortfall_kwh > 0.05 ? w.shortfall(format.text(plans.shortfall_kwh, 'kWh')) : '';
  return html`
    <p class="certificate">
      <button class=${proven ? 'badge proven' : 'badge'} data-note=${w.provenNote(format.number(plans.count), tiny(plans.primal), tiny(plans.dual))} aria-describedby="tooltip">
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${proven ? 'M3 8.5l3.2 3.2L13 5' : 'M3 9q2.5-4 5 0t5 0'} /></svg>
        ${text}
      </button>
      <span class="hint">${w.residuals(format.number(plans.count), tiny(plans.primal), tiny(plans.dual))}</span>
      ${short === '' ? nothing : html`<span class="short">${short}</span>`}
    </p>
  `;
}

function account(app: App, site: SiteReport): TemplateResult {
  const { words, format, state } = app;
  const w = words.energy;
  const { saving_yen, two_way_yen, foresight_yen, rides_cost } = gains(state.result!.report, state.compared?.others);
  const row = (key: string, name: string, note: string | undefined, value: number, unit: string) => html`
    <div class="account-row" data-account=${key}>
      <dt>${named(name, note)}</dt>
      <dd><b>${format.figure(value, unit).number}</b> ${format.figure(value, unit).unit}</dd>
    </div>
  `;
  const figure = (key: keyof SiteReport, sign = 1) => {
    const meant = app.siteFigures.get(key);
    const value = site[key];
    if (typeof value !== 'number' || !meant) return nothing;
    return row(key, app.say(meant.name), app.say(meant.definition), sign * value, meant.unit);
  };
  const there = (key: 'fuel_yen' | 'sold_yen' | 'sold_kwh' | 'curtailed_kwh', sign = 1) => (Math.abs(site[key]) > 0.05 ? figure(key, sign) : nothing);
  const gain = (key: string, name: string, note: string, value: number | undefined) =>
    value === undefined ? nothing : row(key, name, note, value, 'yen');
  const group = (name: string, rows: TemplateResult) => html`<div><h4>${name}</h4><dl>${rows}</dl></div>`;
  return html`
    <section class="account">
      <h3>${w.account}</h3>
      <div class="columns">
        ${group(
          w.money,
          html`
            ${figure('energy_yen')} ${figure('demand_yen')} ${figure('wear_yen')} ${there('fuel_yen')} ${there('sold_yen', -1)}
            ${figure('stored_yen', -1)} ${figure('total_yen')}
          `,
        )}
        ${group(
          w.amounts,
          html`
            ${figure('load_kwh')} ${figure('bought_kwh')} ${there('sold_kwh')} ${figure('generated_kwh')} ${there('curtailed_kwh')}
            ${figure('charged_kwh')} ${figure('discharged_kwh')} ${figure('lost_kwh')}
          `,
        )}
        ${group(
          w.value,
          html`
            ${gain('saving', w.saving, w.savingNote, saving_yen)}
            ${gain('two_way', w.twoWay, w.twoWayNote, two_way_yen)}
            ${gain('foresight', w.foresight, w.foresightNote, foresight_yen)}
            ${rides_cost === undefined ? nothing : row('rides_cost', w.ridesCost, w.ridesCostNote, rides_cost, '')}
            ${site.plans ? html`${gain('planned', w.planned, w.plannedNote, site.plans.planned_yen)}${gain('realised', w.realised, w.realisedNote, site.plans.realised_yen)}` : nothing}
            ${figure('billed_kw')} ${figure('self_consumption')} ${figure('autarky')} ${figure('full_cycles')} ${figure('missed_departures')}
          `,
        )}
      </div>
    </section>
  `;
}

// --- Charts ----------------------------------------------------------------------------------------------------------

/** A chart with its heading and legend, and the table behind it. */
export function chart(
  app: App,
  { name, heading, hint, legend, drawing, table }: { name: TableName; heading: string; hint?: string; legend: unknown; drawing: () => TemplateResult; table: () => Table },
): TemplateResult {
  const { words, state } = app;
  const w = words.energy;
  const asTable = state.tables.includes(name);
  return html`
    <section class="energy-chart" data-chart=${name}>
      <div class="chart-title">
        <h3>${heading}</h3>
        <p class="hint">${hint ?? nothing}</p>
        ${asTable ? html`<button class="quiet" @click=${() => saveTable(app, name, table())}>${w.csv}</button>` : nothing}
        <button class="quiet toggle" aria-pressed=${asTable} aria-label="${w.table}: ${heading}" @click=${() => app.toggleTable(name)}>${w.table}</button>
      </div>
      ${asTable ? tableView(app, heading, table()) : html`<div class="legend">${legend}</div>${drawing()}`}
    </section>
  `;
}

/** What single vans do tells of single trips. */
function saveTable(app: App, name: TableName, table: Table): void {
  const { result } = app.state;
  const file = `${name}.csv`;
  const save = () => download(file, csvOf(table));
  if (name === 'units' && result && hasOwnTrips(result.scenario)) app.carrying.ask(file, save);
  else save();
}

function tableView({ format }: App, caption: string, { head, rows }: Table): TemplateResult {
  const cell = (value: Cell, index: number) => {
    const text = typeof value === 'string' ? value : format.number(value.value, value.digits).replace(/^−(0[.,]?0*)$/, '$1');
    return index === 0 ? html`<th scope="row">${text}</th>` : html`<td class=${typeof value === 'string' ? 'word' : 'number'}>${text}</td>`;
  };
  return html`
    <div class="table-room" tabindex="0" role="region" aria-label=${caption}>
      <table>
        <caption class="visually-hidden">${caption}</caption>
        <thead><tr>${head.map((name, index) => html`<th scope="col" class=${typeof rows[0]?.[index] === 'string' ? 'word' : 'number'}>${name}</th>`)}</tr></thead>
        <tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody>
      </table>
    </div>
  `;
}

const entry = (kind: string, name: string, key: string, unit: string) =>
  html`<li>${swatch(kind)} ${name}<b data-flow=${key}></b><span class="unit">${unit}</span></li>`;

function power(app: App, site: SiteReport, paper: Paper): TemplateResult {
  const { words, format } = app;
  const w = words.energy;
  const limit_kw = contractOf(app, site.depot)?.import_limit_kw ?? Infinity;
  const kw = (value: number) => format.text(value, 'kW');
  const label = w.chartLabel(w.power);
  const flows = (names: Flow[]) => names.map((name) => entry(name, w.flows[name], name, 'kW'));
  const wasted: Flow[] = isThere(site.series.curtailed_kw) ? ['curtailed'] : [];
  return chart(app, {
    name: 'power',
    heading: w.power,
    hint: w.powerHint,
    legend: html`
      <ul aria-label=${w.from}>${flows([...[...supplies(site.series)].reverse(), ...wasted])}</ul>
      <ul aria-label=${w.to}>${flows(uses(site.series))}</ul>
    `,
    drawing: () =>
      powerPlot(site, limit_kw, paper, {
        label,
        billed: (value) => w.billedPeak(kw(value)),
        limit: (value) => w.limit(kw(value)),
        limitAbove: (value) => w.limitAbove(kw(value)),
        number: (value) => format.number(value),
      }),
    table: () => powerTable(site.series, (name) => `${w.flows[name]} kW`, w.time, clock),
  });
}


function price(app: App, site: SiteReport, paper: Paper): TemplateResult {
  const { words, format } = app;
  const w = words.energy;
  const yen = format.unit('yen_per_kwh');
  return chart(app, {
    name: 'price',
    heading: w.price,
    hint: w.priceHint,
    legend: html`<ul>${entry('price', w.yenPerKwh, 'price', yen)}${entry('co2', w.gramsPerKwh, 'co2', 'g/kWh')}</ul>`,
    drawing: () =>
      pricePlot(site.series, paper, {
        label: w.chartLabel(w.price),
        price: yen,
        co2: 'g/kWh',
        number: (value, digits) => format.number(value, digits),
      }),
    table: () => priceTable(site.series, [w.time, `${w.yenPerKwh} ${yen}`, `${w.gramsPerKwh} g/kWh`], clock),
  });
}

/** What the scenario says of the site of a depot. */
export const contractOf = ({ state }: App, depot: string | undefined): Site | undefined =>
  state.result!.scenario.depots.find(({ id }) => id === depot)?.site;

/** The name of a van or car; cars of one group are counted. */
export function unitName(app: App, unit: { id: string; name?: Tariff['name'] }, all: { id: string; name?: Tariff['name'] }[]): string {
  const w = app.words.energy;
  if (!unit.name) return unit.id === 'stationary' ? w.stationary : app.vehicles.title(unit.id);
  const group = all.filter(({ name }) => name?.en === unit.name?.en);
  const number = group.findIndex(({ id }) => id === unit.id) + 1;
  return group.length > 1 ? `${app.say(unit.name)} ${number}` : app.say(unit.name);
}

function units(app: App, site: SiteReport, paper: Paper): TemplateResult {
  const w = app.words.energy;
  const name = (unit: UnitReport) => unitName(app, unit, site.units);
  const c = w.columns;
  return chart(app, {
    name: 'units',
    heading: w.units,
    hint: w.unitsHint,
    legend: html`
      <ul>
        ${KINDS.filter((kind) => site.units.some(({ activities }) => activities.some((activity) => activity.kind === kind))).map(
          (kind) => html`<li>${activitySwatch(kind)} ${w.activities[kind]}</li>`,
        )}
        <li>${swatch('reserve')} ${w.reserve}</li>
        <li>
          <svg class="swatch" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path class="target" d="M1 5H15M4 10L8 6L12 10" /></svg>
          ${named(w.departure, w.departureNote)}
        </li>
      </ul>
    `,
    drawing: () => unitsPlot(site.units, paper, { label: w.chartLabel(w.units), name, missed: w.missed }),
    table: () =>
      unitTable(site.units, [c.unit, c.from, c.until, c.what, c.kw, c.before, c.after, c.needed], name, (kind) => w.activities[kind], clock),
  });
}
