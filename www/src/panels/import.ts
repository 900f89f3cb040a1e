// Files of one's own on their way to a town: what they hold, what is to be made of them, and what came of it.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { ref } from 'lit/directives/ref.js';
import type { Notes, Summary, Text } from '../../pkg/noriai.js';
import type { App } from '../app';
import { sentences } from '../files';
import { boxOf, sizeKm } from '../importing/area';
import type { Import, Use } from '../importing/importing';
import { picture } from '../map/picture';
import type { Box } from '../state';
import { choose, slider } from './controls';

/** Warnings of a feed, or remarks, that are listed at once. */
const SHOWN = 50;

export function importPanel(app: App): TemplateResult | typeof nothing {
  const { words, state } = app;
  const w = words.importing;
  const { importing } = state;
  if (!importing) return nothing;
  const files = [importing.roads, importing.archive].filter((file) => file !== undefined);
  return html`
    <section class="import sheet" id="import" aria-labelledby="import-heading">
      <div class="panel-head">
        <h2 id="import-heading" tabindex="-1">${w.heading}</h2>
        <button class="icon" aria-label=${w.close} title=${w.close} @click=${app.importing.close}>×</button>
      </div>
      <p class="files">${files.map((file) => html`<b>${file.name}</b> `)}</p>
      ${importing.reading === undefined ? nothing : reading(app, importing.reading, importing.notes)}
      ${importing.crashed ? html`<p class="bad" role="alert">${w.crashed}</p>` : nothing}
      ${problems(app, importing)}
      ${importing.reading === undefined && (importing.points || importing.feed) ? contents(app, importing) : nothing}
    </section>
  `;
}

function reading(app: App, share: number, notes: Notes | undefined): TemplateResult {
  const { words, format } = app;
  const w = words.importing;
  return html`
    <div class="reading" role="status">
      <label>${w.reading} <progress max="1" .value=${share}></progress></label>
      ${notes ? html`<p class="hint">${w.readSoFar(format.number(notes.nodes_read), format.number(notes.roads_read))}</p>` : nothing}
      <button @click=${app.importing.close}>${words.run.cancel}</button>
    </div>
  `;
}

function problems(app: App, { problems, swap }: Import): TemplateResult | typeof nothing {
  if (problems.length === 0) return nothing;
  const w = app.words.importing;
  return html`
    <div class="bad problems" role="alert">
      <ul>${sentences(problems).slice(0, SHOWN).map((line) => html`<li>${app.say(line)}</li>`)}</ul>
    </div>
    <button @click=${app.importing.swap}>${swap ? w.asWritten : w.swap}</button>
  `;
}

function contents(app: App, state: Import): TemplateResult {
  const { words } = app;
  const w = words.importing;
  const { use } = state.choice;
  return html`
    ${state.feed ? feedFields(app, state, state.feed) : nothing}
    ${use === 'town' ? townFields(app, state) : nothing}
    <div class="row">
      <button class="primary" ?disabled=${state.making || state.crashed} @click=${app.importing.make}>
        ${use === 'town' ? (state.made ? w.makeAgain : w.make) : w.take}
      </button>
      ${state.making ? html`<span role="status">${w.making}</span>` : nothing}
    </div>
    ${state.made && !state.making ? outcome(app, state) : nothing}
  `;
}

/** What the feed holds, and what of it is taken. */
function feedFields(app: App, state: Import, feed: Summary): TemplateResult {
  const { words, format } = app;
  const w = words.importing;
  const { choice } = state;
  const running = feed.routes.filter(({ trips }) => trips > 0);
  const uses: Use[] = [...(feed.routes.length > 0 ? (['town', 'bus'] as const) : (['town'] as const)), ...(feed.flex.length > 0 ? (['flex'] as const) : [])];
  const first = feed.service_dates[0]?.date;
  const last = feed.service_dates.at(-1)?.date;
  const chosen = (id: string) => choice.routes.length === 0 || choice.routes.includes(id);
  const toggle = (id: string) => {
    const all = choice.routes.length === 0 ? feed.routes.map((route) => route.id) : choice.routes;
    const routes = all.includes(id) ? all.filter((each) => each !== id) : [...all, id];
    app.importing.choose({ routes: routes.length === feed.routes.length ? [] : routes });
  };
  return html`
    <p>${feed.agencies.map(app.say).join(', ')}</p>
    <p class="hint">${w.feedHolds(format.number(feed.stops.length), format.number(feed.routes.length), format.number(feed.trips))}</p>
    ${uses.length > 1
      ? html`<div class="field">
          <div class="field-head"><span>${w.use}</span></div>
          ${choose(
            w.use,
            uses.map((value) => ({ value, label: w.uses[value], note: w.useHints[value] })),
            choice.use,
            (use) => app.importing.choose({ use }),
          )}
          <p class="hint">${w.useHints[choice.use]}</p>
        </div>`
      : nothing}
    <div class="field">
      <div class="field-head"><label for="feed-date">${w.date}</label></div>
      <input
        type="date"
        id="feed-date"
        min=${first ?? nothing}
        max=${last ?? nothing}
        .value=${live(choice.date)}
        @change=${(event: Event) => {
          const date = (event.target as HTMLInputElement).value;
          if (date) app.importing.choose({ date });
        }}
      />
      ${feed.no_service ? html`<p class="bad" role="alert">${app.say(feed.no_service)}</p>` : nothing}
    </div>
    ${choice.use === 'flex' || feed.routes.length === 0
      ? nothing
      : html`<details>
          <summary>${w.routes(format.number(running.filter(({ id }) => chosen(id)).length), format.number(running.length))}</summary>
          <ul class="routes">
            ${feed.routes.map(
              ({ id, name, trips }) => html`
                <li>
                  <label>
                    <input type="checkbox" .checked=${live(chosen(id))} ?disabled=${trips === 0} @change=${() => toggle(id)} />
                    ${app.say(name)}
                  </label>
                  <small>${w.trips(format.number(trips))}</small>
                </li>
              `,
            )}
          </ul>
        </details>`}
    ${warnings(app, feed)}
  `;
}

function warnings(app: App, { warnings }: Summary): TemplateResult | typeof nothing {
  if (warnings.length === 0) return nothing;
  const { words, format } = app;
  const w = words.importing;
  const place = (file: string, line: number) => `${file}:${line}`;
  return html`
    <details>
      <summary>${w.warnings(format.number(warnings.length))}</summary>
      <ul class="prose">
        ${warnings.slice(0, SHOWN).map(({ file, line, message }) => html`<li><b>${place(file, line)}</b> ${app.say(message)}</li>`)}
        ${warnings.length > SHOWN ? html`<li>${words.try.moreRows(format.number(warnings.length - SHOWN))}</li>` : nothing}
      </ul>
    </details>
  `;
}

/** What a town of its own needs beside its roads. */
function townFields(app: App, state: Import): TemplateResult {
  const { words, format } = app;
  const w = words.importing;
  const { choice, feed, points } = state;
  const { importing } = app;
  return html`
    ${points ? areaField(app, points, choice.area) : nothing}
    <div class="field">
      <div class="field-head"><label for="town-name">${w.name}</label></div>
      <input
        type="text"
        id="town-name"
        maxlength="80"
        .value=${live(choice.name)}
        @change=${(event: Event) => importing.choose({ name: (event.target as HTMLInputElement).value.trim() })}
      />
    </div>
    ${feed
      ? nothing
      : slider({
          name: 'stops-every',
          label: w.stopsEvery,
          value: choice.stops_every_m,
          min: 100,
          max: 1000,
          step: 50,
          shown: `${format.number(choice.stops_every_m)} m`,
          hint: w.stopsEveryHint,
          change: (stops_every_m) => importing.choose({ stops_every_m }),
        })}
    ${slider({
      name: 'new-vans',
      label: words.try.fleet,
      value: choice.vehicles,
      min: 1,
      max: 60,
      step: 1,
      shown: format.number(choice.vehicles),
      change: (vehicles) => importing.choose({ vehicles }),
    })}
    ${slider({
      name: 'new-requests',
      label: w.requests,
      value: choice.requests,
      min: 20,
      max: 2000,
      step: 20,
      shown: format.number(choice.requests),
      hint: w.requestsHint,
      change: (requests) => importing.choose({ requests }),
    })}
  `;
}

/** The roads from afar, and the part of them that is taken: drawn with the pointer, or in degrees. */
function areaField(app: App, points: Float64Array, area: Box | undefined): TemplateResult {
  const { words, format } = app;
  const w = words.importing;
  const whole = boxOf(points);
  const box = area ?? whole;
  const [width, height] = sizeKm(box);
  const change = (next: Box | undefined) => app.importing.choose({ area: next });
  const degrees = w.sides.map((label, side) => ({ label, side }));
  return html`
    <div class="field">
      <div class="field-head">
        <span>${w.area}</span>
        <output>${w.size(format.number(width, 1), format.number(height, 1))}</output>
      </div>
      <canvas
        class="picture"
        aria-hidden="true"
        ${ref((canvas) => canvas && picture(canvas as HTMLCanvasElement, points, whole, box, change))}
      ></canvas>
      <p class="hint">${w.areaHint}</p>
      <details>
        <summary>${w.degrees}</summary>
        <div class="degrees">
          ${degrees.map(
            ({ label, side }) => html`
              <label>
                ${label}
                <input
                  type="number"
                  step="0.001"
                  .value=${live(box[side]!.toFixed(3))}
                  @change=${(event: Event) => {
                    const value = (event.target as HTMLInputElement).valueAsNumber;
                    if (Number.isFinite(value)) change(box.map((each, index) => (index === side ? value : each)) as Box);
                  }}
                />
              </label>
            `,
          )}
        </div>
      </details>
      ${area ? html`<button class="quiet" @click=${() => change(undefined)}>${w.whole}</button>` : nothing}
    </div>
  `;
}

/** What became of the files, with everything that was left out. */
function outcome(app: App, { made, choice }: Import): TemplateResult {
  const { words, format, state } = app;
  const w = words.importing;
  const { notes, outcome, farStops, remarks } = made!;
  const number = (value: number) => format.number(value);
  const lines: string[] = [];
  const { town } = state;
  if (choice.use === 'town' && town) lines.push(w.madeTown(number(town.stops.length), number(town.network.nodes.length)));
  if (notes) lines.push(w.kept(format.number(notes.km, 1), number(notes.roads_read)), w.leftOut(number(notes.closed), number(notes.ferries), number(notes.turn_restrictions)));
  if (notes && notes.dropped_km >= 0.1) lines.push(w.dropped(format.number(notes.dropped_km, 1)));
  if (farStops > 0) lines.push(w.farStops(number(farStops)));
  if (outcome) {
    lines.push(w.madeBus(number(outcome.lines), number(outcome.trips), number(outcome.buses)));
    if (outcome.stretched_calls > 0) lines.push(w.stretched(number(outcome.stretched_calls), format.text(outcome.longest_stretch_s, 's')));
  }
  const all: (string | Text)[] = [...lines, ...remarks];
  return html`
    <div class="made" role="status">
      <ul class="prose">${all.slice(0, SHOWN).map((line) => html`<li>${typeof line === 'string' ? line : app.say(line)}</li>`)}</ul>
      ${outcome ? html`<p class="hint">${w.compareBus}</p>` : nothing}
    </div>
  `;
}
