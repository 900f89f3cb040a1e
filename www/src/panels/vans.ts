// The vans as buttons: what a click on the map does, for hands without a mouse. Of many, those in view are there.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { App } from '../app';
import { vanSign } from '../map/signs';

/** Beyond so many vans there is a field to find one, and only the buttons in view are drawn. */
const MANY = 40;

/** From one button to the next in the row of many, pixels; style/map.css has the same. */
const WIDTH = 104;

/** Buttons drawn at once: more than the widest row shows, and some beside, so that the keyboard finds a next one. */
const DRAWN = 32;
const SPARE = 8;

export function vanButtons(app: App): TemplateResult | typeof nothing {
  const { state, frame } = app;
  if (!state.result || !frame) return nothing;
  const { length } = frame.states;
  if (length > MANY) return many(app, length);
  return html`
    <div class="vans" role="group" aria-label=${app.vehicles.all}>
      ${Array.from({ length }, (_, van) => button(app, van))}
    </div>
  `;
}

function button(app: App, van: number): TemplateResult {
  const vanState = app.frame!.states[van]!;
  const followed = app.state.detail?.kind === 'van' && app.state.detail.van === van;
  const label = `${app.vanTitle(van)}: ${app.vehicles.states[vanState]}`;
  return html`
    <button
      aria-pressed=${followed}
      aria-label=${label}
      title=${label}
      @click=${() => app.show(followed ? undefined : { kind: 'van', van })}
    >
      ${vanSign(vanState)} <span>${app.vanTitle(van)}</span>
    </button>
  `;
}

/** One row to scroll, of which the part in view is drawn, with room for the rest. */
function many(app: App, length: number): TemplateResult {
  const { format, state } = app;
  const { text, left } = state.vans;
  const wanted = text.trim().toLowerCase();
  const found: number[] = [];
  for (let van = 0; van < length; van++) if (app.van(van).toLowerCase().includes(wanted)) found.push(van);
  const first = Math.max(0, Math.min(Math.floor(left / WIDTH), found.length) - SPARE);
  const shown = found.slice(first, first + DRAWN);
  return html`
    <div class="vans-many">
      <div class="row">
        <input
          type="search"
          aria-label=${app.vehicles.find}
          placeholder=${app.vehicles.find}
          .value=${live(text)}
          @input=${(event: Event) => app.store.set({ vans: { text: (event.target as HTMLInputElement).value, left: 0 } })}
        />
        <output>${app.vehicles.found(format.number(found.length), format.number(length))}</output>
      </div>
      <div
        class="vans-row"
        role="group"
        aria-label=${app.vehicles.all}
        .scrollLeft=${live(left)}
        @scroll=${(event: Event) => app.store.set({ vans: { text, left: (event.target as HTMLElement).scrollLeft } })}
      >
        <div class="vans" .style=${`width: ${WIDTH * found.length}px; padding-left: ${WIDTH * first}px`}>
          ${shown.map((van) => button(app, van))}
        </div>
      </div>
    </div>
  `;
}
