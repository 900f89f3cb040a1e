// What lies under the map's roads: the choice, what leaves the machine with it, and whom the map names for it.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { App } from '../app';
import { creditsOf } from '../outside/background';
import { serverOfTiles, type TilesFailure, type TilesKind } from '../outside/tiles';

const KINDS: (TilesKind | 'roads')[] = ['roads', 'gsi', 'osm', 'own'];

export function backgroundChoice(app: App): TemplateResult | typeof nothing {
  // The Try panel says why.
  if (app.place.kind !== 'page') return nothing;
  const { state, words } = app;
  const w = words.map;
  const shown = state.tilesWanted?.kind ?? state.tiles?.kind ?? 'roads';
  return html`
    <label class="background">
      ${w.background}
      <select @change=${(event: Event) => app.background.choose(KINDS[(event.target as HTMLSelectElement).selectedIndex]!)}>
        ${KINDS.map((kind) => html`<option .selected=${live(kind === shown)}>${w.backgrounds[kind]}</option>`)}
      </select>
    </label>
  `;
}

/** Before tiles are shown: which server would see what. */
export function backgroundConsent(app: App): TemplateResult | typeof nothing {
  const { state, words } = app;
  const wanted = state.tilesWanted;
  if (!wanted) return nothing;
  const w = words.map;
  const tiles = app.background.tiles(wanted);
  const wrong = typeof tiles === 'string' && wanted.template !== '' ? w.templateWrong[tiles] : undefined;
  return html`
    <form
      class="consent"
      novalidate
      @submit=${(event: Event) => {
        event.preventDefault();
        void app.background.show();
      }}
    >
      ${wanted.kind === 'own'
        ? html`
            <label for="template">${w.template}</label>
            <input
              id="template"
              type="text"
              inputmode="url"
              spellcheck="false"
              autocomplete="off"
              placeholder="https://…/{z}/{x}/{y}.png"
              aria-invalid=${wrong !== undefined}
              aria-describedby="template-hint"
              .value=${live(wanted.template)}
              @input=${(event: Event) => app.background.write((event.target as HTMLInputElement).value)}
            />
            <p class=${wrong ? 'hint bad' : 'hint'} id="template-hint">${wrong ?? w.templateHint}</p>
          `
        : nothing}
      ${typeof tiles === 'string' ? nothing : html`<p>${w.tilesLeave(serverOfTiles(tiles).host)}</p>`}
      <div aria-live="polite">${wanted.failure ? html`<p class="bad fault">${sentence(app, wanted.failure)}</p>` : nothing}</div>
      <div class="row">
        <button class="primary" ?disabled=${typeof tiles === 'string' || wanted.trying === true}>${w.tilesShow}</button>
        <button type="button" @click=${() => app.background.choose('roads')}>${w.backgrounds.roads}</button>
      </div>
    </form>
  `;
}

function sentence({ words }: App, failure: TilesFailure): string {
  const w = words.map.tilesFailures;
  switch (failure.kind) {
    case 'forbidden':
      return w.forbidden(failure.origin);
    case 'status':
      return w.status(failure.host, String(failure.status));
    default:
      return w[failure.kind](failure.host);
  }
}

/** Whose work the map shows. */
export function credits(app: App): TemplateResult | typeof nothing {
  const named = creditsOf(app.state);
  if (named.length === 0) return nothing;
  return html`
    <p class="credits">
      ${named.map(({ credit, terms }) => html`<a href=${terms} target="_blank" rel="noopener noreferrer">${app.say(credit)}</a>`)}
    </p>
  `;
}
