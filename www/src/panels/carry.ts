// The dialog to share and save, and the two questions that go with it: before single trips are saved, and before a policy that came
// with a link runs.
import { html, nothing, type TemplateResult } from 'lit';
import type { App } from '../app';
import { ITEMS, type Item } from '../share/carrying';
import { FEWEST, hasOwnTrips } from '../share/masking';
import { closeDialog, opened } from './controls';

export function carryDialog(app: App): TemplateResult | typeof nothing {
  const { state, words } = app;
  if (!state.carrying) return nothing;
  const w = words.carry;
  return html`
    <dialog class="dialog carry sheet" id="carry" aria-labelledby="carry-heading" ${opened} @close=${app.carrying.close}>
      <div class="panel-head">
        <h2 id="carry-heading">${w.heading}</h2>
        <button class="icon" aria-label=${w.close} title=${w.close} @click=${closeDialog}>×</button>
      </div>
      <section>
        <h3>${w.link}</h3>
        ${state.chosen?.id ? link(app) : html`<p class="leaves">${w.ownTown}</p>`}
      </section>
      <section>
        <h3>${w.files}</h3>
        ${files(app)}
      </section>
    </dialog>
  `;
}

function link(app: App): TemplateResult {
  const { state, words } = app;
  const w = words.carry;
  const { link = '', copied } = state.carrying!;
  const { trips, series } = app.carrying.leftOut;
  const said = copied === undefined ? nothing : copied ? w.copied : w.copyByHand;
  return html`
    <p>${w.linkHint}</p>
    <div class="row">
      <input
        id="carry-link"
        type="text"
        readonly
        aria-label=${w.link}
        .value=${link}
        @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
      />
      <button class="primary copy" ?disabled=${link === ''} @click=${copy(app)}>${w.copy}</button>
    </div>
    <p class="hint" role="status">${said}</p>
    ${trips || series ? html`<p class="leaves">${w.leftOut[trips && series ? 'both' : trips ? 'trips' : 'series']}</p>` : nothing}
    ${state.settings?.matching.kind === 'script' ? html`<p class="leaves">${w.withPolicy}</p>` : nothing}
  `;
}

const copy = (app: App) => (event: Event) => {
  const field = (event.target as HTMLElement).closest('dialog')!.querySelector<HTMLInputElement>('#carry-link')!;
  void app.carrying.copy(field);
};

function files(app: App): TemplateResult {
  const { words, format } = app;
  const w = words.carry;
  const { result } = app.state;
  const own = result !== undefined && hasOwnTrips(result.scenario);
  const there = (item: Item) => result !== undefined && (item !== 'map' || app.mapPicture !== undefined);
  const row = (item: Item) => html`
    <li>
      <div>
        <h4 id="carry-${item}">${w.items[item].name} <small>${w.items[item].form}</small></h4>
        <p class="hint">
          ${w.items[item].hint}
          ${own && app.carrying.isSingle(item, result) ? html`<b class="single">${w.asksFirst}</b>` : nothing}
        </p>
      </div>
      <button data-item=${item} aria-describedby="carry-${item}" ?disabled=${!there(item)} @click=${() => app.carrying.take(item)}>
        ${w.save}
      </button>
    </li>
  `;
  return html`
    ${own ? html`<p class="leaves">${w.masked(format.number(FEWEST))}</p>` : nothing}
    <ul class="carry-items">
      ${ITEMS.map(row)} ${app.print ? paper(app, app.print) : nothing}
    </ul>
    <p class="hint">${w.bringBack}</p>
  `;
}

/** The report on paper. */
function paper({ words, state }: App, print: () => Promise<void>): TemplateResult {
  const w = words.print;
  return html`
    <li>
      <div>
        <h4 id="carry-print">${w.item.name} <small>${w.item.form}</small></h4>
        <p class="hint">${w.item.hint}</p>
      </div>
      <button class="print-opener" aria-describedby="carry-print" ?disabled=${!state.result} @click=${() => void print()}>${w.button}</button>
    </li>
  `;
}

/** Single trips are people. */
export function singlesDialog(app: App): TemplateResult | typeof nothing {
  const { singles } = app.state;
  if (!singles) return nothing;
  const w = app.words.carry.singles;
  return html`
    <dialog
      class="dialog sheet"
      id="singles"
      role="alertdialog"
      aria-labelledby="singles-heading"
      aria-describedby="singles-about"
      ${opened}
      @close=${() => app.carrying.answer(false)}
    >
      <h2 id="singles-heading">${w.heading}</h2>
      <p id="singles-about">${w.about(singles.name)}</p>
      <p class="leaves">${w.person}</p>
      <div class="row">
        <button class="yes" @click=${(event: Event) => answer(event, () => app.carrying.answer(true))}>${w.yes}</button>
        <button autofocus @click=${closeDialog}>${w.no}</button>
      </div>
    </dialog>
  `;
}

/** Somebody else's policy. */
export function guestDialog(app: App): TemplateResult | typeof nothing {
  const { guest } = app.state;
  if (!guest) return nothing;
  const w = app.words.carry.guest;
  return html`
    <dialog class="dialog sheet" id="guest" aria-labelledby="guest-heading" ${opened} @close=${() => app.opening.answer(false)}>
      <h2 id="guest-heading">${w.heading}</h2>
      <p>${w.about}</p>
      <pre tabindex="0" aria-label=${w.source}>${guest.matching.source}</pre>
      <div class="row">
        <button class="yes" @click=${(event: Event) => answer(event, () => app.opening.answer(true))}>${w.yes}</button>
        <button autofocus @click=${closeDialog}>${w.no}</button>
      </div>
    </dialog>
  `;
}

/** The answer comes first, since a dialog that closes has none. */
function answer(event: Event, say: () => void): void {
  say();
  closeDialog(event);
}
