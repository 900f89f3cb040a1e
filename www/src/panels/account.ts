// The year's account: what it says in a sentence, its lines on two sides, what matters most, its prices, and people and carbon.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { AccountLine, GroupKind, Parameter, Side, Swing, Text, Totals } from '../../pkg/account.js';
import { canBeAccounted, isStale, type Accounting, type Found, type Year } from '../account/account';
import { rangeOf, written, type Field } from '../account/fields';
import type { App } from '../app';

/** Bars of the tornado at most. */
const BARS = 12;

export function accountBody(app: App, room: Accounting, year: Year): TemplateResult {
  const { words, state } = app;
  const w = words.year;
  if (!canBeAccounted(state)) return html`<p class="bad refused">${w.refused}</p>`;
  const { found } = year;
  return html`
    ${progress(app, room, year)}
    ${found
      ? html`
          ${headline(app, found)} ${lines(app, found)} ${figures(app, found)} ${tornado(app, found)} ${prices(app, room, year, found)}
          ${people(app, found)} ${reached(app, found)} ${carbon(app, found)}
        `
      : nothing}
  `;
}

function progress(app: App, room: Accounting, { status, finished, all, found }: Year): TemplateResult | typeof nothing {
  const { words, format, state } = app;
  const w = words.year;
  if (status === 'running') {
    const label = all === undefined ? w.planning : w.progress(format.number(finished), format.number(all));
    return html`
      <div class="year-state" role="status">
        <label>${label}<progress max=${all ?? 1} .value=${all === undefined ? 0 : finished}></progress></label>
        <button @click=${room.cancel}>${words.run.cancel}</button>
      </div>
    `;
  }
  const stale = found && isStale(state, found.of);
  if (status === 'done' && !stale) return nothing;
  const told = status === 'done' ? w.stale : status === 'failed' ? w.failed : w.cancelled;
  return html`
    <div class="year-state" role="status">
      <p class="bad">${told}</p>
      <button class="primary" @click=${room.begin}>${found ? w.again : w.begin}</button>
    </div>
  `;
}

const unitOf = (app: App, unit: string): string => (app.words.year.units as Record<string, string>)[unit] ?? unit;

// --- What it says --------------------------------------------------------------------------------------------------

/** What has to be added from outside: the result without the subsidy that is granted. */
const lackOf = ({ figures: { account } }: Found): number =>
  account.lines.filter(({ key }) => key === 'subsidy').reduce((sum, { yen }) => sum + yen, 0) - account.both.result_yen;

function headline(app: App, found: Found): TemplateResult {
  const { words, format } = app;
  const w = words.year;
  const { account } = found.figures;
  const { figures: per, mobility, energy } = account;
  const lack = lackOf(found);
  const each = (yen: number | undefined) => (yen === undefined ? '–' : format.text(yen, 'yen'));
  const trade = energy.result_yen;
  const traded = trade > 0.5 ? w.lowers(format.money(trade)) : trade < -0.5 ? w.raises(format.money(-trade)) : w.none;
  return html`
    <p class="year-headline" data-headline>
      ${w.headline(format.money(mobility.cost_yen), each(per.cost_yen_per_ride), format.money(mobility.income_yen))}
      <b>${lack > 0 ? w.needs(format.money(lack), each(per.subsidy_yen_per_ride)) : w.earns(format.money(-lack))}</b>
      ${traded} ${Math.abs(trade) > 0.5 ? w.without(format.money(account.both.result_yen - trade)) : nothing}
    </p>
    ${forgotten(app, found)}
    <p class="hint">${w.basis(format.number(found.quantities.service_days))}</p>
  `;
}

/** Whom the service reaches least, if it reaches somebody less than others. */
function forgotten({ words, format }: App, { reach: { groups, most_forgotten } }: Found): TemplateResult | typeof nothing {
  const w = words.year;
  const share = (of: GroupKind | undefined) => groups.find(({ kind }) => kind === of)?.within_15_min_share;
  const [theirs, all] = [share(most_forgotten), share('all')];
  if (!most_forgotten || most_forgotten === 'all' || theirs === undefined || all === undefined) return nothing;
  const told = w.mostForgotten(w.forgotten[most_forgotten], format.percent(theirs), format.percent(all));
  return html`<p class="year-headline" data-most-forgotten=${most_forgotten}>${told}</p>`;
}

// --- The account ---------------------------------------------------------------------------------------------------

/** Where a number comes from, to be read by pointer and keys. */
function origin(app: App, name: string, { source, assumption }: { source?: string; assumption?: Text }): TemplateResult {
  const w = app.words.year;
  const word = source ? w.source : w.assumed;
  const note = source ?? (assumption ? app.say(assumption) : '');
  return html`
    <button class="origin ${source ? '' : 'assumed'}" data-note=${note} aria-label=${w.originOf(name, word)} aria-describedby="tooltip">
      ${word}
    </button>
  `;
}

function lines(app: App, { figures: { account } }: Found): TemplateResult {
  const w = app.words.year;
  const whole = (yen: number) => app.format.number(Math.round(yen) || 0);
  const row = (line: AccountLine) => {
    const name = app.say(line.name);
    return html`
      <tr data-line="${line.side}.${line.key}">
        <th scope="row">${line.internal ? html`<button class="name" data-note=${w.internal} aria-describedby="tooltip">${name}</button>` : name}</th>
        <td class="quantity">${app.format.amount(line.quantity)} <small>${unitOf(app, line.unit)}</small></td>
        <td class="price">× ${app.format.amount(Math.abs(line.unit_price))}</td>
        <td class="sum">${whole(line.yen)}</td>
        <td class="from">${origin(app, name, line)}</td>
      </tr>
    `;
  };
  const total = (name: string, yen: number, key: string) => html`
    <tr class="total ${key}" data-total=${key}>
      <th scope="row" colspan="3">${name}</th>
      <td class="sum">${whole(yen)}</td>
      <td class="from"></td>
    </tr>
  `;
  const totals = (side: Side | 'both', { income_yen, cost_yen, result_yen }: Totals) => html`
    ${total(w.totals.income, income_yen, `${side}-income`)} ${total(w.totals.cost, -cost_yen, `${side}-cost`)}
    ${total(w.totals.result, result_yen, `${side}-result`)}
  `;
  const side = (which: Side, sums: Totals) => html`
    <tbody>
      <tr class="side"><th scope="rowgroup" colspan="5">${w.sides[which]}</th></tr>
      ${account.lines.filter((line) => line.side === which).map(row)} ${totals(which, sums)}
    </tbody>
  `;
  return html`
    <h3>${w.account}</h3>
    <table class="year-lines">
      <thead>
        <tr>
          <th scope="col">${w.columns.line}</th>
          <th scope="col">${w.columns.quantity}</th>
          <th scope="col">${w.columns.price}</th>
          <th scope="col">${w.columns.yen}</th>
          <th scope="col">${w.columns.origin}</th>
        </tr>
      </thead>
      ${side('mobility', account.mobility)} ${side('energy', account.energy)}
      <tbody>
        <tr class="side"><th scope="rowgroup" colspan="5">${w.both}</th></tr>
        ${totals('both', account.both)}
      </tbody>
    </table>
  `;
}

const FIGURES = [
  'cost_yen_per_ride',
  'fare_yen_per_ride',
  'subsidy_yen_per_ride',
  'cost_yen_per_km',
  'break_even_fare_yen',
  'rides_per_day',
  'break_even_rides_per_day',
] as const;

function figures({ words, format }: App, { figures: { account } }: Found): TemplateResult {
  const w = words.year;
  return html`
    <h3>${w.figures}</h3>
    <dl class="year-figures">
      ${FIGURES.map((key) => {
        const value = account.figures[key];
        const shown = value === undefined ? w.never : key.includes('rides_per_day') ? format.amount(value) : format.text(value, 'yen');
        return html`<div data-year-figure=${key}><dt>${w.figure[key]}</dt><dd>${shown}</dd></div>`;
      })}
    </dl>
  `;
}

// --- What matters most ---------------------------------------------------------------------------------------------

const TORNADO = 240;

function tornado(app: App, { figures: { account }, parameters }: Found): TemplateResult {
  const { words, format } = app;
  const w = words.year;
  const shown = account.tornado.slice(0, BARS);
  const ends = shown.flatMap(({ low_yen, high_yen }) => [low_yen, high_yen, 0]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const x = (yen: number) => ((yen - least) / (most - least || 1)) * TORNADO;
  const bar = (yen: number, end: string) => svg`<rect class=${end} x=${Math.min(x(0), x(yen))} y=${end === 'low' ? 2 : 9} width=${Math.abs(x(yen) - x(0))} height="5" />`;
  const signed = (yen: number) => `${yen > 0 ? '+' : ''}${format.number(Math.round(yen) || 0)}`;
  const row = (swing: Swing) => {
    const parameter = parameters.find(({ key }) => key === swing.parameter);
    if (!parameter) return nothing;
    const bound = (value: number) => format.amount(Number(written(value, parameter.unit)));
    return html`
      <tr data-swing=${swing.parameter}>
        <th scope="row">${app.say(parameter.name)}</th>
        <td class="range">${bound(swing.low)}–${bound(swing.high)} <small>${unitOf(app, parameter.unit)}</small></td>
        <td class="sum">${signed(swing.low_yen)}</td>
        <td class="bars" aria-hidden="true">
          <svg viewBox="0 0 ${TORNADO} 16" preserveAspectRatio="none">
            ${svg`<line x1=${x(0)} x2=${x(0)} y1="0" y2="16" />`}${bar(swing.low_yen, 'low')}${bar(swing.high_yen, 'high')}
          </svg>
        </td>
        <td class="sum">${signed(swing.high_yen)}</td>
      </tr>
    `;
  };
  return html`
    <h3>${w.tornado}</h3>
    <p class="hint">${w.tornadoAbout}</p>
    <table class="year-tornado">
      <thead>
        <tr>
          <th scope="col">${w.parameter}</th>
          <th scope="col">${w.range}</th>
          <th scope="col"><i class="swatch low"></i>${w.atLow}</th>
          <th scope="col" class="bars" aria-hidden="true"></th>
          <th scope="col"><i class="swatch high"></i>${w.atHigh}</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(row)}
      </tbody>
    </table>
  `;
}

// --- Prices --------------------------------------------------------------------------------------------------------

type Group = 'fares' | 'work' | 'energy' | 'levels' | 'people' | 'carbon';

/** What is no price of work, vehicles and management. */
const GROUP_OF: Record<string, Group> = Object.fromEntries(
  (
    [
      ['fares', ['fares', 'free_share', 'child_share', 'child', 'pass_share', 'pass', 'night', 'parcel', 'subsidy']],
      ['energy', ['electricity', 'demand', 'fuel_cell', 'export', 'battery', 'two_way', 'charger']],
      ['levels', ['rides', 'kilometres', 'driver_hours', 'supervisor_hours', 'vehicles', 'parcels']],
      ['people', ['drivers', 'driver_year', 'driver_change', 'demand_change']],
      ['carbon', ['car_g', 'bus_g', 'fuel_kg', 'grid_kg']],
    ] as const
  ).flatMap(([group, keys]) => keys.map((key) => [key, group])),
);
const GROUPS: Group[] = ['fares', 'work', 'energy', 'levels', 'people', 'carbon'];
const groupOf = ({ key }: Parameter): Group => (key.startsWith('fare:') ? 'fares' : (GROUP_OF[key] ?? 'work'));

/** A year that is under way, or was given up, has nobody to ask. */
function prices(app: App, room: Accounting, year: Year, { parameters }: Found): TemplateResult {
  const { words, format, state } = app;
  const w = words.year;
  const own = new Set((state.settings?.prices ?? []).map(({ key }) => key));
  return html`
    <h3>${w.prices}</h3>
    <p class="hint">${w.pricesAbout}</p>
    <fieldset class="year-groups" aria-label=${w.prices} ?disabled=${year.status !== 'done'}>
      ${GROUPS.map((group) => {
        const those = parameters.filter((parameter) => groupOf(parameter) === group);
        const changed = those.filter(({ key }) => own.has(key)).length;
        return html`
          <details class="year-prices" data-group=${group}>
            <summary>${w.groups[group]} ${changed > 0 ? html`<small>${w.changedCount(format.number(changed))}</small>` : nothing}</summary>
            ${those.map((parameter) => field(app, room, year, parameter, own.has(parameter.key)))}
          </details>
        `;
      })}
    </fieldset>
  `;
}

function field(app: App, room: Accounting, year: Year, parameter: Parameter, isOwn: boolean): TemplateResult {
  const w = app.words.year;
  const { key, unit } = parameter;
  const name = app.say(parameter.name);
  const error = year.errors[key];
  const id = `price-${key.replace(/\W/g, '-')}`;
  const { low, high } = rangeOf(parameter);
  const input = (which: Field, label: string, text: string) => {
    const typing = year.typing?.key === key && year.typing.field === which ? year.typing.text : text;
    return html`
      <input
        type="text"
        inputmode=${which === 'source' ? 'text' : 'decimal'}
        autocomplete="off"
        data-price=${which}
        aria-label=${label}
        aria-invalid=${error ? 'true' : 'false'}
        aria-describedby=${error ? `${id}-error` : nothing}
        .value=${typing}
        @input=${(event: Event) => room.type(parameter, which, (event.target as HTMLInputElement).value)}
        @blur=${room.typed}
      />
    `;
  };
  return html`
    <div class="year-price ${isOwn ? 'own' : ''}" data-parameter=${key}>
      <span class="of">${name} ${origin(app, name, parameter)}</span>
      <span class="main">${input('value', w.value(name, unitOf(app, unit)), written(parameter.value, unit))} <small>${unitOf(app, unit)}</small></span>
      <span class="ends">
        <small aria-hidden="true">${w.low}</small>${input('low', w.lowOf(name), written(low, unit))}
        <small aria-hidden="true">${w.high}</small>${input('high', w.highOf(name), written(high, unit))}
      </span>
      ${isOwn
        ? html`
            <span class="told">
              <small aria-hidden="true">${w.sourceHint}</small>${input('source', w.sourceOf(name), parameter.source ?? '')}
              <button aria-label=${w.resetOf(name)} @click=${() => room.reset(key)}>${w.reset}</button>
            </span>
          `
        : nothing}
      ${error ? html`<p class="bad" id="${id}-error" role="alert">${app.say(error)}</p>` : nothing}
    </div>
  `;
}

// --- People --------------------------------------------------------------------------------------------------------

const CHART = { width: 640, height: 120, top: 4 };

function people(app: App, { figures: { workforce } }: Found): TemplateResult {
  const { words, format } = app;
  const w = words.year;
  const last = workforce.at(-1)!;
  const needed = workforce.some(({ needed_h }) => needed_h > 0);
  if (!needed) return html`<h3>${w.people}</h3><p>${w.nobodyDrives}</p>`;
  const most = Math.max(...workforce.flatMap(({ needed_h, available_h }) => [needed_h, available_h]));
  const x = (year: number) => (year / last.year) * CHART.width;
  const y = (hours: number) => CHART.height - (hours / most) * (CHART.height - CHART.top);
  const path = (of: 'needed_h' | 'available_h') => workforce.map((each) => `${x(each.year)} ${y(each[of])}`).join('L');
  const gap = `M${path('needed_h')}L${workforce
    .toReversed()
    .map((each) => `${x(each.year)} ${y(Math.min(each.available_h, each.needed_h))}`)
    .join('L')}Z`;
  return html`
    <h3>${w.people}</h3>
    <p class="year-says">${last.driverless_share > 0 ? w.workforce(format.percent(last.driverless_share)) : w.enough}</p>
    <p class="year-legend" aria-hidden="true">
      <span><i class="swatch needed"></i>${w.workforceColumns.needed}</span>
      <span><i class="swatch available"></i>${w.workforceColumns.available}</span>
      <span><i class="swatch gap"></i>${w.workforceColumns.share}</span>
    </p>
    <svg class="year-workforce" viewBox="0 0 ${CHART.width} ${CHART.height}" preserveAspectRatio="none" role="img" aria-label=${w.hours}>
      ${svg`
        <path class="gap" d=${gap} />
        <path class="needed" d="M${path('needed_h')}" />
        <path class="available" d="M${path('available_h')}" />
      `}
    </svg>
    <p class="year-axis hint" aria-hidden="true"><span>${w.now}</span><span>+${format.number(last.year / 2)}</span><span>+${format.number(last.year)}</span></p>
    <table class="year-table">
      <caption class="visually-hidden">${w.hours}</caption>
      <thead>
        <tr>
          <th scope="col">${w.workforceColumns.year}</th>
          <th scope="col">${w.workforceColumns.needed}, ${format.figure(0, 'h').unit}</th>
          <th scope="col">${w.workforceColumns.available}, ${format.figure(0, 'h').unit}</th>
          <th scope="col">${w.workforceColumns.share}</th>
        </tr>
      </thead>
      <tbody>
        ${workforce.map(
          (each) => html`
            <tr data-workforce=${each.year}>
              <th scope="row">${each.year === 0 ? w.now : format.number(each.year)}</th>
              <td>${format.number(each.needed_h)}</td>
              <td>${format.number(each.available_h)}</td>
              <td>${format.percent(each.driverless_share)}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

function reached(app: App, { reach: { access, districts, groups, elderly_share } }: Found): TemplateResult {
  const { words, format } = app;
  const w = words.year;
  const columns = w.districtColumns;
  const served = (of: { served: number; requests: number }) => (of.requests > 0 ? format.percent(of.served / of.requests) : '–');
  const wait = (seconds: number | undefined) => (seconds === undefined ? '–' : format.text(seconds, 's'));
  const places = w.places as Record<string, string>;
  const abouts = w.ridersAbout as Record<string, string>;
  const noted = (name: string, note: string | undefined) =>
    note ? html`<button class="name" data-note=${note} aria-describedby="tooltip">${name}</button>` : name;
  const byAge = groups.some(({ kind }) => kind === 'elderly');
  return html`
    <h3>${w.reach}</h3>
    <ul class="year-says">
      ${access.map(
        (each) => html`
          <li data-access=${each.category}>
            ${w.access(format.percent(each.share), places[each.category] ?? each.category)}${each.elderly_share === undefined ||
            each.younger_share === undefined
              ? nothing
              : w.accessByAge(format.percent(each.elderly_share), format.percent(each.younger_share))}
          </li>
        `,
      )}
    </ul>
    <h4>${w.districts}</h4>
    <p class="hint">${w.districtsAbout}</p>
    <table class="year-table">
      <thead>
        <tr>
          <th scope="col">${columns.district}</th>
          <th scope="col">${columns.people}</th>
          ${elderly_share === undefined ? nothing : html`<th scope="col">${columns.elderly}</th>`}
          <th scope="col">${columns.requests}</th>
          <th scope="col">${columns.served}</th>
          <th scope="col">${columns.wait}</th>
        </tr>
      </thead>
      <tbody>
        ${districts
          .toSorted((a, b) => b.people_share - a.people_share)
          .map(
            (each) => html`
              <tr data-district=${each.id}>
                <th scope="row">${app.say(each.name)} <small>${each.id.replace(/f+$/, '')}</small></th>
                <td>${format.number(100 * each.people_share, 1)}%</td>
                ${elderly_share === undefined
                  ? nothing
                  : html`<td data-elderly>${each.elderly_share === undefined ? '–' : format.percent(each.elderly_share)}</td>`}
                <td>${format.number(each.requests)}</td>
                <td>${served(each)}</td>
                <td>${wait(each.mean_wait_s)}</td>
              </tr>
            `,
          )}
      </tbody>
    </table>
    <h4>${w.groupsOf}</h4>
    <p class="hint">${w.soonAbout}</p>
    ${byAge
      ? html`<p class="hint">${w.ages}</p>`
      : elderly_share === undefined
        ? nothing
        : html`<p class="hint">${w.agesAlike(format.text(elderly_share, 'share'))}</p>`}
    <table class="year-table">
      <thead>
        <tr>
          <th scope="col">${w.groupColumn}</th>
          <th scope="col">${columns.requests}</th>
          <th scope="col">${columns.served}</th>
          <th scope="col">${columns.soon}</th>
          <th scope="col">${columns.wait}</th>
        </tr>
      </thead>
      <tbody>
        ${groups.map(
          (each) => html`
            <tr data-riders=${each.kind}>
              <th scope="row">${noted(w.riders[each.kind], abouts[each.kind])}</th>
              <td>${format.number(each.requests)}</td>
              <td>${served(each)}</td>
              <td>${format.percent(each.within_15_min_share)}</td>
              <td>${wait(each.mean_wait_s)}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

// --- Carbon --------------------------------------------------------------------------------------------------------

function carbon(app: App, { figures, parameters }: Found): TemplateResult {
  const { words, format } = app;
  const w = words.year;
  const { kg, passenger_km, g_per_km, car_g_per_km, bus_g_per_km, saved_kg } = figures.carbon;
  const most = Math.max(g_per_km ?? 0, car_g_per_km, bus_g_per_km, 1e-9);
  const way = (key: keyof typeof w.ways, grams: number | undefined, of: string | undefined) => {
    const parameter = parameters.find((each) => each.key === of);
    return html`
      <tr data-carbon=${key}>
        <th scope="row">${w.ways[key]}</th>
        <td>${grams === undefined ? '–' : format.figure(grams, 'g').number}</td>
        <td class="bars" aria-hidden="true">
          <svg viewBox="0 0 240 16" preserveAspectRatio="none">${svg`<rect class=${key} x="0" y="2" width=${(240 * (grams ?? 0)) / most} height="12" />`}</svg>
        </td>
        <td class="from">${parameter ? origin(app, w.ways[key], parameter) : html`<small>${w.fromDays}</small>`}</td>
      </tr>
    `;
  };
  return html`
    <h3>${w.carbon}</h3>
    <p class="year-says">${saved_kg >= 0 ? w.saves(format.text(saved_kg, 'kg')) : w.costsMore(format.text(-saved_kg, 'kg'))}</p>
    <p class="hint">${w.carbonAbout(format.text(kg, 'kg'), format.text(passenger_km, 'km'))}</p>
    <table class="year-carbon">
      <thead>
        <tr>
          <th scope="col">${w.way}</th>
          <th scope="col">${w.perKm}</th>
          <th class="bars" aria-hidden="true"></th>
          <th scope="col">${w.columns.origin}</th>
        </tr>
      </thead>
      <tbody>
        ${way('service', g_per_km, undefined)} ${way('car', car_g_per_km, 'car_g')} ${way('bus', bus_g_per_km, 'bus_g')}
      </tbody>
    </table>
  `;
}
