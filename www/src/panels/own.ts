// Trips and weights of one's own: where files are dropped, and what became of them.
import { html, nothing, type TemplateResult } from 'lit';
import type { App } from '../app';
import { download } from '../download';
import { tripsTemplate } from '../settings';
import type { OwnTrips, OwnWeights } from '../state';
import { days } from './columns';
import { faults, rowProblems } from './controls';

/** Places outside that are listed at once. */
const SHOWN = 50;

export function ownData(app: App): TemplateResult {
  const { words, state } = app;
  const w = words.try;
  const choice = (event: Event) => {
    const input = event.target as HTMLInputElement;
    void app.load([...(input.files ?? [])]);
    // The same file, corrected, may be chosen again.
    input.value = '';
  };
  return html`
    <label class="drop">
      <input type="file" multiple class="visually-hidden" accept=".csv,.txt,.json,.geojson,.osm,.xml,.pbf,.zip,text/csv,application/json" @change=${choice} />
      ${w.drop}
      <small>${w.dropHint}</small>
    </label>
    <p class="reading-file" role="status">${state.reading === undefined ? nothing : words.own.reading(state.reading)}</p>
    ${state.weights ? weighed(app, state.weights) : nothing}
    ${state.trips ? imported(app, state.trips) : nothing}
    <div class="row">
      <button class="quiet" @click=${() => download('trips.csv', tripsTemplate(state.town!))}>${w.template}</button>
      ${state.trips ? html`<button @click=${app.forgetTrips}>${w.modelled}</button>` : nothing}
    </div>
  `;
}

function imported(app: App, trips: OwnTrips): TemplateResult {
  const { words, format } = app;
  const w = words.own;
  const { problems, dates, other_days, beyond, offsets, clock_ahead_h, snapped } = trips;
  const number = (value: number) => format.number(value);
  return html`
    <div class="imported" role="status">
      <p><b>${trips.file}</b><br />${words.try.loaded(number(trips.trips.length), number(trips.rows - other_days))}</p>
      ${days(app, dates, trips.date, (date) => void app.own.chooseDay(date))}
      ${other_days > 0 ? html`<p>${w.otherDays(number(other_days))}</p>` : nothing}
      ${beyond > 0 ? html`<p class="bad">${w.beyond(number(trips.trips.length), number(beyond))}</p>` : nothing}
      ${snapped > 0 ? html`<p>${w.walks(number(snapped), number(trips.mean_walk_m), number(trips.longest_walk_m))}</p>` : nothing}
      ${offsets > 0
        ? html`<p>${clock_ahead_h === undefined ? w.offsetsKept(number(offsets)) : w.offsets(number(offsets), `+${number(clock_ahead_h)}`)}</p>`
        : nothing}
      ${trips.outside_count > 0 ? outside(app, trips) : nothing}
      ${problems.length > 0
        ? html`
            <p class="bad">${words.try.rowProblems(number(problems.length))}</p>
            ${rowProblems(app, problems)}
          `
        : nothing}
    </div>
  `;
}

/** Places too far from any stop, each with its line and how far it is. */
function outside(app: App, { outside, outside_count, looks_swapped }: OwnTrips): TemplateResult {
  const { words, format } = app;
  const w = words.own;
  const far = (distance_m: number | undefined, stop: string | undefined) =>
    distance_m === undefined ? w.nowhere : w.far(format.number(distance_m / 1000, 1), stop ?? '');
  const lines = outside.slice(0, SHOWN).map(({ line, column, lat, lng, distance_m, stop }) => {
    const end = column === 'origin' ? w.columns.origin : w.columns.destination;
    return html`<li><b>${words.try.line(format.number(line))}</b> ${end} (${lat}, ${lng}) ${far(distance_m, stop)}</li>`;
  });
  const rest = outside_count - lines.length;
  return html`
    <p class="bad">${w.outside(format.number(outside_count))}</p>
    ${looks_swapped
      ? html`<p>${w.swapHint} <button @click=${() => void app.own.swap()}>${w.swap}</button></p>`
      : nothing}
    ${faults(app, 'row-problems outside', html`${lines} ${rest > 0 ? html`<li>${words.try.moreRows(format.number(rest))}</li>` : nothing}`)}
  `;
}

function weighed(app: App, weights: OwnWeights): TemplateResult {
  const { words, format } = app;
  const w = words.own;
  const number = (value: number) => format.number(value);
  return html`
    <div class="imported weighed" role="status">
      <p><b>${weights.file}</b><br />${w.weighed(number(weights.points), weights.column, number(weights.sum), number(weights.stops))}</p>
      <p>${w.weighedWalks(number(weights.mean_walk_m), number(weights.longest_walk_m))}</p>
      ${weights.outside > 0 ? html`<p class="bad">${w.weighedOutside(number(weights.outside), number(weights.outside_sum))}</p>` : nothing}
      ${weights.problems.length > 0
        ? html`
            <p class="bad">${words.try.rowProblems(number(weights.problems.length))}</p>
            ${rowProblems(app, weights.problems)}
          `
        : nothing}
    </div>
  `;
}
