// What stays on this machine: the button that keeps the day shown, and the towns that are kept.
import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { App } from '../app';
import type { Kept } from '../kept';

export function keepButton(app: App): TemplateResult | typeof nothing {
  const { state, words } = app;
  const w = words.keep;
  return state.kept
    ? html`<button class="keeper" ?disabled=${!state.result} data-note=${w.keepHint} @click=${app.keeping.keep}>${w.keep}</button>`
    : nothing;
}

export function keptTowns(app: App): TemplateResult {
  const { state, words, format } = app;
  const w = words.keep;
  const kept = state.kept ?? [];
  const all = kept.map(({ id }) => id);
  return html`
    <div aria-live="polite">
      ${kept.length === 0
        ? nothing
        : html`
            <details class="kept">
              <summary>${w.heading(format.number(kept.length))}</summary>
              <ul>
                ${kept.map((each) => item(app, each))}
              </ul>
              ${kept.length < 2
                ? nothing
                : state.forgetting && state.forgetting.length > 1
                  ? really(app, all)
                  : html`<button class="quiet" @click=${() => app.store.set({ forgetting: all })}>${w.deleteAll}</button>`}
              <p class="hint">${w.note}</p>
            </details>
          `}
    </div>
  `;
}

function item(app: App, kept: Kept): TemplateResult {
  const { state, words, format, say } = app;
  const w = words.keep;
  const name = `${say(kept.name)}, ${format.moment(kept.at_ms)}`;
  const asked = state.forgetting?.length === 1 && state.forgetting[0] === kept.id;
  return html`
    <li>
      ${say(kept.name)} <small>${format.moment(kept.at_ms)} · ${format.bytes(kept.bytes)}</small>
      ${asked
        ? really(app, [kept.id])
        : html`
            <div class="row">
              <button aria-label=${w.openOne(name)} @click=${() => app.keeping.open(kept)}>${w.open}</button>
              <button class="quiet" aria-label=${w.saveOne(name)} @click=${() => app.keeping.save(kept)}>${w.save}</button>
              <button class="quiet" aria-label=${w.deleteOne(name)} @click=${() => app.store.set({ forgetting: [kept.id] })}>${w.delete}</button>
            </div>
          `}
    </li>
  `;
}

/** In the place of what was pressed. */
const focused = (button?: Element) => queueMicrotask(() => (button as HTMLElement | undefined)?.focus());

/** What is deleted cannot be had back. */
function really(app: App, ids: number[]): TemplateResult {
  const w = app.words.keep;
  const done = () => app.store.set({ forgetting: undefined });
  const yes = async () => {
    await app.keeping.forget(ids);
    done();
  };
  return html`
    <p>${w.really(app.format.number(ids.length))}</p>
    <div class="row">
      <button class="yes" @click=${yes}>${w.delete}</button>
      <button class="quiet" ${ref(focused)} @click=${done}>${w.no}</button>
    </div>
  `;
}
