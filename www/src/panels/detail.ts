// What was chosen on the map or among the figures: a van with its plan, or a list of rides.
import { html, nothing, type TemplateResult } from 'lit';
import type { Ride } from '../../pkg/noriai.js';
import type { App } from '../app';
import { clock } from '../format';
import { vanSign } from '../map/signs';
import { LISTED, ridesOf, type Detail } from '../state';

/** A call so long before the ride is a booking worth telling, seconds. */
const BOOKED_S = 900;

export function detailPanel(app: App): TemplateResult | typeof nothing {
  const { words, state } = app;
  const { detail, result } = state;
  if (!detail || !result || !app.frame) return nothing;
  return html`
    <section class="detail sheet" aria-label=${heading(app, detail)}>
      <div class="panel-head">
        <h3>${heading(app, detail)}</h3>
        <button class="icon close" aria-label=${words.detail.close} title="${words.detail.close} (Esc)" @click=${() => app.show(undefined)}>×</button>
      </div>
      ${detail.kind === 'van' ? van(app, detail.van) : rides(app, detail)}
    </section>
  `;
}

function heading(app: App, detail: Detail): string {
  const { words, format, state } = app;
  if (detail.kind === 'van') return app.vanTitle(detail.van);
  const count = format.number(ridesOf(detail, state.result!.rides, state.cells).length);
  return detail.kind === 'cell' ? words.detail.cell(count) : words.detail.refusals(app.vehicles.limits[detail.limit], count);
}

function van(app: App, index: number): TemplateResult {
  const { words, format } = app;
  const { states, loads, charge } = app.frame!;
  const w = words.detail;
  const vanState = states[index]!;
  const soc = charge[index]!;
  const { stops } = app.plan(index);
  return html`
    <p class="van-now">
      ${vanSign(vanState)} ${app.vehicles.states[vanState]}
      ${loads[index]! > 0 ? html` · ${w.aboardNow(format.number(loads[index]!))}` : nothing}
      ${Number.isNaN(soc) ? nothing : html` · ${w.chargeNow(format.percent(soc))}`}
    </p>
    ${Number.isNaN(soc) ? nothing : html`<meter min="0" max="1" low="0.2" .value=${soc} aria-label=${words.day.charge}></meter>`}
    <h4>${w.ahead}</h4>
    ${stops.length === 0
      ? html`<p class="hint">${app.vehicles.noStops}</p>`
      : html`
          <ol class="plan">
            ${stops.map(
              ({ kind, stop, time_s }) => html`
                <li class=${kind}><time>${clock(time_s)}</time> ${app.stop(stop)} <small>${w[kind]}</small></li>
              `,
            )}
          </ol>
        `}
  `;
}

function rides(app: App, detail: Detail): TemplateResult {
  const { words, state } = app;
  const w = words.detail;
  const all = ridesOf(detail, state.result!.rides, state.cells);
  return html`
    <ol class="rides">
      ${all.slice(0, LISTED).map(
        (ride) => html`
          <li class=${ride.served ? 'served' : 'refused'}>
            <button @click=${() => app.seek(ride.pickup_s ?? ride.earliest_s)}>
              <time>${clock(ride.earliest_s)}</time>
              <span class="way">${app.stop(ride.origin)} → ${app.stop(ride.destination)}</span>
              ${ride.passengers + ride.wheelchairs > 1
                ? html`<small>${w.party(app.format.number(ride.passengers + ride.wheelchairs))}</small>`
                : nothing}
              ${ride.parcels > 0 ? html`<small>${w.parcels(app.format.number(ride.parcels))}</small>` : nothing}
              <span class="fate">${fate(app, ride)}</span>
            </button>
          </li>
        `,
      )}
    </ol>
    ${all.length > LISTED ? html`<p class="hint">${w.more(app.format.number(LISTED), app.format.number(all.length))}</p>` : nothing}
  `;
}

/** What became of a call, in words. */
function fate(app: App, ride: Ride): string {
  const { words, format, language } = app;
  const w = words.detail;
  const ahead = ride.earliest_s - ride.known_s >= BOOKED_S ? [w.booked(clock(ride.known_s))] : [];
  if (ride.served) {
    const wait_s = ride.pickup_s! - ride.earliest_s - ride.walk_to_s;
    const walk_s = ride.walk_to_s + ride.walk_from_s;
    const van = app.vanText(ride.vehicle!);
    const parts = [...ahead, wait_s < 60 ? w.noWait(van) : w.waited(format.minutes(wait_s), van)];
    parts.push(w.aboard(format.minutes(ride.dropoff_s! - ride.pickup_s!)));
    if (walk_s > 0) parts.push(w.walked(format.minutes(walk_s)));
    if (ride.shared) parts.push(w.shared);
    return parts.join(language.comma);
  }
  const reason = [...ahead, ride.limit ? app.vehicles.limits[ride.limit] : words.day.refused].join(language.comma);
  return ride.nearest === undefined && ride.limit !== 'walk' ? reason : w.because(reason, nearestMiss(app, ride));
}

function nearestMiss(app: App, { limit, nearest, missed_by }: Ride): string {
  const { words, format } = app;
  const w = words.detail;
  if (limit === 'walk') return w.missedWalk(format.number(missed_by ?? 0));
  const van = app.vanText(nearest!);
  if (missed_by === undefined) return w.nearest(van);
  switch (limit) {
    case 'wait':
    case 'ride':
    case 'promise':
    case 'shift':
      return w.missedTime(van, format.minutes(Math.max(60, missed_by)));
    case 'seats':
      return w.missedSeats(van, format.number(missed_by));
    case 'on_foot':
      return w.missedOnFoot(format.minutes(Math.max(60, missed_by)));
    case 'charge':
      return w.missedCharge(van, format.text(missed_by, 'kWh'));
    default:
      return w.nearest(van);
  }
}
