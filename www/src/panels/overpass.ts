// The dialog for real roads: what leaves the machine and where it goes, before it does; how far the answer is; what went wrong.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { App } from '../app';
import { areaKm2, boxOf, MOST_KM2, type Failure } from '../outside/overpass';
import type { RoadsQuestion } from '../outside/roads';
import { opened } from './controls';

export function roadsDialog(app: App): TemplateResult | typeof nothing {
  const { state, words } = app;
  const question = state.roads;
  if (!question) return nothing;
  const w = words.roads;
  const asking = question.bytes !== undefined;
  const obstacle = app.roads.obstacle(question);
  return html`
    <dialog class="dialog sheet" aria-labelledby="roads-heading" ${opened} @close=${app.roads.close}>
      <form
        novalidate
        @submit=${(event: Event) => {
          event.preventDefault();
          void app.roads.ask();
        }}
      >
        <div class="panel-head">
          <h2 id="roads-heading">${w.heading}</h2>
          <button type="button" class="icon" aria-label=${w.close} title=${w.close} @click=${app.roads.close}>×</button>
        </div>
        <p>${w.about}</p>
        <p class="leaves">${w.leaves}</p>
        ${area(app, question, asking)} ${server(app, question, asking)}
        <div class="outcome" aria-live="polite">${progress(app, question)} ${question.failure ? html`<p class="bad fault">${sentence(app, question.failure)}</p>` : nothing}</div>
        <div class="row">
          ${asking
            ? html`<button type="button" @click=${app.roads.cancel}>${w.stop}</button>`
            : html`
                <button class="primary" ?disabled=${obstacle !== undefined || question.rest_s !== undefined}>
                  ${question.rest_s === undefined ? w.ask : w.askIn(app.format.number(question.rest_s))}
                </button>
                <button type="button" @click=${app.roads.close}>${w.cancel}</button>
              `}
        </div>
        <p class="hint">${w.licence}</p>
      </form>
    </dialog>
  `;
}

function area(app: App, question: RoadsQuestion, asking: boolean): TemplateResult {
  const { words, format } = app;
  const w = words.roads;
  const box = boxOf(question.box);
  const most = format.number(MOST_KM2);
  const obstacle = app.roads.obstacle(question);
  const wrong = obstacle === 'noBox' ? w.noBox : obstacle === 'tooWide' ? w.tooWide(most) : undefined;
  return html`
    <div class="field">
      <div class="field-head">
        <label for="roads-box">${w.box}</label>
        <output for="roads-box">${box ? w.km2(format.number(areaKm2(box), areaKm2(box) < 10 ? 1 : 0)) : nothing}</output>
      </div>
      <input
        id="roads-box"
        type="text"
        spellcheck="false"
        autocomplete="off"
        ?disabled=${asking}
        aria-invalid=${wrong !== undefined}
        aria-describedby="roads-box-hint"
        .value=${live(question.box)}
        @input=${(event: Event) => app.roads.write({ box: (event.target as HTMLInputElement).value })}
      />
      <p class=${wrong ? 'hint bad' : 'hint'} id="roads-box-hint">${wrong ?? w.boxHint(most)}</p>
    </div>
  `;
}

function server(app: App, question: RoadsQuestion, asking: boolean): TemplateResult {
  const w = app.words.roads;
  const wrong = app.roads.obstacle(question) === 'noServer';
  return html`
    <div class="field">
      <label class="field-head" for="roads-server">${w.server}</label>
      <input
        id="roads-server"
        type="url"
        spellcheck="false"
        autocomplete="off"
        ?disabled=${asking}
        aria-invalid=${wrong}
        aria-describedby="roads-server-hint"
        .value=${live(question.server)}
        @input=${(event: Event) => app.roads.write({ server: (event.target as HTMLInputElement).value })}
      />
      <p class=${wrong ? 'hint bad' : 'hint'} id="roads-server-hint">${wrong ? w.noServer : w.serverHint}</p>
    </div>
  `;
}

function progress({ words, format }: App, { bytes }: RoadsQuestion): TemplateResult | typeof nothing {
  const w = words.roads;
  if (bytes === undefined) return nothing;
  return html`
    <label class="asking">
      <progress></progress>
      ${bytes === 0 ? w.waiting : w.received(format.bytes(bytes))}
    </label>
  `;
}

function sentence({ words, format }: App, failure: Failure): string {
  const w = words.roads.failures;
  switch (failure.kind) {
    case 'busy':
      return w.busy(format.number(failure.after_s));
    case 'cut':
      return w.cut(format.bytes(failure.bytes));
    case 'unreachable':
      return w.unreachable(failure.host);
    case 'forbidden':
      return w.forbidden(failure.origin);
    case 'refused':
      return w.refused(String(failure.status));
    case 'error':
      return w.error(failure.said);
    default:
      return w[failure.kind];
  }
}
