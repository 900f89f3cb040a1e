// A file that does not say everything by itself: which column is which, of which day, and whether places are swapped.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { DayRows } from '../../pkg/noriai.js';
import type { App } from '../app';
import { withColumn, type Asking } from '../own/own';

/** The order of the fields: what a trip needs, then the rest. */
const ORDER = [
  'request_time',
  'date',
  'origin',
  'destination',
  'origin_lat',
  'origin_lng',
  'destination_lat',
  'destination_lng',
  'passengers',
  'earliest',
  'latest',
  'wheelchair',
  'children',
  'parcels',
] as const;
export type TripColumn = (typeof ORDER)[number];

/** What stands in the dialog. */
export function columnsDialog(app: App): TemplateResult | typeof nothing {
  const { state, words } = app;
  const { asking } = state;
  if (!asking) return nothing;
  const w = words.own;
  const { file, preview } = asking;
  const missing = preview.missing.map((column) => w.columns[column as TripColumn]);
  return html`
    <form method="dialog" @submit=${() => void app.own.answer(true)}>
      <h2 id="columns-heading" tabindex="-1">${w.heading}</h2>
      <p><b>${file.name}</b> · ${w.rows(app.format.number(preview.rows))}</p>
      ${samples(app, asking)}
      <p class="hint">${w.placesHint}</p>
      <div class="fields">${ORDER.map((column) => field(app, asking, column))}</div>
      ${days(app, preview.dates, asking.options.date, (date) => void app.own.say({ ...asking.options, date }))}
      ${preview.looks_swapped || asking.options.swap ? swap(app, asking) : nothing}
      <p class="bad" role="status">${missing.length > 0 ? w.missing(missing.join(app.language.comma)) : nothing}</p>
      <div class="row end">
        <button type="button" @click=${() => void app.own.answer(false)}>${w.cancel}</button>
        <button class="primary" ?disabled=${missing.length > 0}>${w.load}</button>
      </div>
    </form>
  `;
}

function samples(app: App, { preview }: Asking): TemplateResult {
  return html`
    <div class="samples" tabindex="0" role="region" aria-label=${app.words.own.samples}>
      <table>
        <thead>
          <tr>${preview.headers.map((name) => html`<th scope="col">${name}</th>`)}</tr>
        </thead>
        <tbody>
          ${preview.samples.map((row) => html`<tr>${preview.headers.map((_, index) => html`<td>${row[index] ?? ''}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>
  `;
}

function field(app: App, { preview, options }: Asking, column: TripColumn): TemplateResult {
  const w = app.words.own;
  const chosen = options.columns?.find((each) => each.column === column)?.header ?? '';
  const needed = preview.columns.some((each) => each.column === column && each.needed);
  const names = preview.headers.filter((name) => name !== '');
  return html`
    <div class="field">
      <label for=${`column-${column}`}>${w.columns[column]}${needed ? html` <em>${w.needed}</em>` : nothing}</label>
      <select
        id=${`column-${column}`}
        aria-invalid=${preview.missing.includes(column)}
        @change=${(event: Event) => void app.own.say(withColumn(options, column, (event.target as HTMLSelectElement).value))}
      >
        <option value="" .selected=${live(chosen === '')}>${w.none}</option>
        ${names.map((name) => html`<option value=${name} .selected=${live(name === chosen)}>${name}</option>`)}
      </select>
    </div>
  `;
}

/** The days of a file, to choose one. */
export function days(app: App, dates: DayRows[], chosen: string | undefined, choose: (date: string) => void): TemplateResult | typeof nothing {
  if (dates.length < 2) return nothing;
  const w = app.words.own;
  return html`
    <div class="field">
      <label class="day-choice">
        ${w.day}
        <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
          ${dates.map(
            ({ date, rows }) => html`<option value=${date} .selected=${live(date === chosen)}>${date} ${app.format.weekday(date)} · ${w.rows(app.format.number(rows))}</option>`,
          )}
        </select>
      </label>
    </div>
  `;
}

function swap(app: App, { options }: Asking): TemplateResult {
  const w = app.words.own;
  const on = options.swap === true;
  return html`
    <label class="switch field">
      <input type="checkbox" role="switch" .checked=${live(on)} @change=${() => void app.own.say({ ...options, swap: !on })} />
      ${w.swap}
    </label>
    <p class="hint">${w.swapHint}</p>
  `;
}
