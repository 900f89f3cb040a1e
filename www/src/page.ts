// The page: one template of the state, drawn anew when the state changes, and three parts that draw by themselves.
import { html, nothing, render, type TemplateResult } from 'lit';
import type { App } from './app';
import { droppedFiles } from './files';
import type { Part } from './deciding/state';
import { clock } from './format';
import type { TownMap } from './map/map';
import { credits } from './panels/background';
import { bar } from './panels/bar';
import { carryDialog, guestDialog, singlesDialog } from './panels/carry';
import { columnsDialog } from './panels/columns';
import { comparePanel } from './panels/compare';
import { dayPanel } from './panels/day';
import { detailPanel } from './panels/detail';
import { editorPanel } from './panels/editor';
import { EnergyPanel } from './panels/energy';
import { figuresPanel } from './panels/figures';
import { importPanel } from './panels/import';
import { mapPanel } from './panels/map';
import { roadsDialog } from './panels/overpass';
import { notice } from './panels/run';
import { tourCard, tourOpener } from './panels/tour';
import { tryPanel } from './panels/try';
import { bringUp } from './place';
import { yearRoom } from './panels/year';
import { Timeline } from './timeline';
import type { State } from './state';
import { Tooltip } from './tooltip';

/** What opened each part of the room of comparisons. */
const openers: Record<Part, string> = { policies: '.compare-opener', sweep: '.decide-opener', fleet: '.decide-opener', runs: '.runs-opener, .decide-opener' };

/** While time plays, words that follow it are renewed so often, milliseconds. */
const WORDS_MS = 250;

export class Page {
  readonly #timeline: Timeline;
  readonly #energy: EnergyPanel;
  #map?: TownMap;
  #asked = false;
  #wordsAt = 0;

  constructor(private readonly app: App) {
    this.#dress(app.state);
    this.#render();
    this.#timeline = new Timeline(app, this.#find('.timeline'));
    this.#energy = new EnergyPanel(app, this.#find('.energy'));
    new Tooltip(this.root, this.#find('.tooltip'), app.place.closed);
    app.store.onChange((state, before) => this.#changed(state, before));
    app.onFrame(() => this.#frame());
    if (app.place.kind === 'element') this.root.addEventListener('keydown', (event) => this.#key(event));
    else {
      document.addEventListener('keydown', (event) => this.#key(event));
      this.#acceptFiles();
    }
  }

  private get root(): HTMLElement {
    return this.app.place.page;
  }

  get mapHost(): HTMLElement {
    return this.#find('#map');
  }

  /** The part of the window that the panels leave to the map. */
  get stage(): HTMLElement {
    return this.#find('.stage');
  }

  /** The panel at the lower edge of the stage; on a phone it is a tab. */
  get legend(): HTMLElement {
    return this.#find('.map-panel');
  }

  setMap(map: TownMap): void {
    this.#map = map;
    this.#ask();
  }

  #find(selector: string): HTMLElement {
    return this.root.querySelector<HTMLElement>(selector)!;
  }

  #changed(state: State, before: State): void {
    if (state.lang !== before.lang || state.theme !== before.theme || state.tab !== before.tab || state.panels !== before.panels || state.town !== before.town) {
      this.#dress(state);
    }
    this.#timeline.update(state, before);
    this.#energy.update(state, before);
    this.#map?.update(state, before);
    this.#ask();
    if ((state.importing === undefined) !== (before.importing === undefined)) this.#focus(state.importing ? '#import h2' : '.drop input');
    if ((state.asking === undefined) !== (before.asking === undefined)) this.#askColumns(state.asking !== undefined);
    if (state.editor !== before.editor) this.#focus(state.editor ? '#editor h2' : '.edit-policy');
    if (state.outcome?.finished === 1 && before.outcome?.finished === 0) this.#showOutcome();
    if (state.comparing !== before.comparing && !state.touring) this.#focus(state.comparing ? '#compare h2' : openers[before.deciding.part]);
    if (state.touring?.at !== before.touring?.at) this.#focus(state.touring ? '#tour-heading' : '.tour-opener');
    if (state.accounting !== before.accounting) this.#focus(state.accounting ? '#year h2' : '.account-opener');
    if (before.roads && !state.roads) this.#focus('.roads-opener');
    if (before.forgetting && !state.forgetting) this.#focus('.keeper');
  }

  /** What the town is, what is assumed of it and where that was read, at the end of what can be tried. */
  #showAbout(): void {
    this.app.importing.close();
    this.app.store.set({ tryOpen: true, tab: 'try' });
    requestAnimationFrame(() => {
      const about = this.root.querySelector<HTMLElement>('#about');
      if (about) bringUp(about);
      about?.focus({ preventScroll: true });
    });
  }

  /** On a phone the figures are one of four parts; beside the map, a room may have their place. */
  #toFigures = (event: Event): void => {
    event.preventDefault();
    const { app } = this;
    app.showEnergy(undefined);
    app.store.set({ tab: 'figures' });
    this.#focus('#figures');
  };

  /** What has begun below what was pressed comes into view. */
  #showOutcome(): void {
    requestAnimationFrame(() => {
      const state = this.root.querySelector('.compare .state');
      if (state) bringUp(state);
    });
  }

  /** The dialog opens once its content is there, and gives the focus back when it closes. */
  #askColumns(open: boolean): void {
    requestAnimationFrame(() => {
      const dialog = this.root.querySelector<HTMLDialogElement>('#columns')!;
      if (open && !dialog.open) dialog.showModal();
      else if (!open) dialog.close();
    });
  }

  /** The focus goes into what opens, and back to what opened it. */
  #focus(selector: string): void {
    requestAnimationFrame(() => this.root.querySelector<HTMLElement>(selector)?.focus());
  }

  /** What stands on the document itself, or on what an element has in its place. */
  #dress({ lang, theme, panels, tab, town }: State): void {
    const { kind, ground, page } = this.app.place;
    ground.lang = lang;
    ground.dataset['theme'] = theme;
    page.dataset['tab'] = tab;
    page.dataset['panels'] = panels.join(' ');
    if (kind !== 'element') document.title = this.app.words.title(town ? this.app.say(town.name) : '');
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#render();
    });
  }

  #render(): void {
    render(this.#template(), this.root);
    this.#showClock();
  }

  #frame(): void {
    const { app } = this;
    this.#timeline.frame(app.clock.t_s);
    this.#energy.frame(app.clock.t_s);
    this.#map?.frame(app.frame!);
    this.#showClock();
    const now = performance.now();
    if (!app.state.playing || now - this.#wordsAt > WORDS_MS) {
      this.#wordsAt = now;
      this.#ask();
    }
  }

  /** The large digits, without drawing the page. */
  #showClock(): void {
    const text = this.app.playback ? clock(this.app.clock.t_s) : '--:--';
    for (const element of this.root.querySelectorAll('.clock')) {
      if (element.textContent !== text) element.textContent = text;
    }
  }

  #template(): TemplateResult {
    const { app } = this;
    const { words, state } = app;
    const tries = state.panels.includes('try');
    return html`
      <a class="skip" href="#figures" @click=${this.#toFigures}>${words.skip}</a>
      <div id="map" part="map"></div>
      ${bar(app)}
      <main class="stage" part="stage">
        <div class="headline" part="headline">
          <h2>${state.town ? words.heading(app.say(state.town.name)) : words.loading}</h2>
          <p class="clock small-clock" aria-hidden="true"></p>
          ${tries ? html`<p class="sentence wide">${app.vehicles.sentence}</p>` : nothing}
          <p class=${tries ? 'sentence narrow' : 'sentence'}>${app.vehicles.sentenceShort}</p>
          ${state.town && tries ? html`<button class="link" @click=${() => this.#showAbout()}>${words.try.about}</button> ${tourOpener(app)}` : nothing}
          ${
            // An element's own site has no such page.
            tries && app.place.kind !== 'element'
              ? html`<a class="link" href="./docs/${app.language.texts}/how-to.html" target="_blank">${words.guide}</a>`
              : nothing
          }
        </div>
        ${notice(app)}
        <div class="map-buttons">
          <button class="icon" aria-label=${words.map.zoomIn} title=${words.map.zoomIn} @click=${() => this.#map?.zoom(1)}>+</button>
          <button class="icon" aria-label=${words.map.zoomOut} title=${words.map.zoomOut} @click=${() => this.#map?.zoom(-1)}>−</button>
          <button class="icon" aria-label=${words.map.whole} title=${words.map.whole} @click=${() => this.#map?.whole()}>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" /></svg>
          </button>
        </div>
        ${detailPanel(app)} ${credits(app)}
        <div class="tooltip" popover="manual" role="tooltip" id="tooltip"></div>
      </main>
      <nav class="tabs" aria-label=${words.name} ?hidden=${state.panels.length < 2}>
        ${state.panels.map(
          (tab) => html`<button aria-pressed=${state.tab === tab} @click=${() => app.store.set({ tab })}>${words.tabs[tab]}</button>`,
        )}
      </nav>
      ${tourCard(app)} ${editorPanel(app)} ${importPanel(app)} ${comparePanel(app)} ${yearRoom(app)} ${mapPanel(app)} ${tryPanel(app)} ${figuresPanel(app)} ${dayPanel(app)}
      ${roadsDialog(app)} ${carryDialog(app)} ${singlesDialog(app)} ${guestDialog(app)}
      <section class="energy room sheet" id="energy" aria-label=${words.energy.heading} ?hidden=${state.energy === undefined}></section>
      <dialog class="columns" id="columns" aria-labelledby="columns-heading" @cancel=${() => void app.own.answer(false)}>${columnsDialog(app)}</dialog>
      <div class="drop-veil" aria-hidden="true"><p>${words.try.dropNow}</p></div>
      <p class="visually-hidden" role="status">
        ${state.result ? words.run.done(app.format.number(state.result.report.served), app.format.number(state.result.report.requests)) : nothing}
      </p>
    `;
  }

  #key(event: KeyboardEvent): void {
    const { app } = this;
    // A dialog keeps its keys.
    if (this.root.querySelector('dialog[open]') || app.state.asking) return;
    if (this.#step(event)) event.preventDefault();
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape') {
      // One thing at a time: what lies on top first.
      if (app.state.editor) app.closeEditor();
      else if (app.state.importing) app.importing.close();
      else if (app.state.comparing) app.showComparing(false);
      else if (app.state.accounting) void app.showAccounting(false);
      else if (app.state.energy && !app.state.detail) app.showEnergy(undefined);
      else if (app.state.touring && !app.state.detail) app.tour.end();
      else app.show(undefined);
      return;
    }
    const target = event.target as HTMLElement;
    // Fields and sliders keep their arrows, buttons their space bar; the map keeps its arrows too.
    if (target.closest('input, select, textarea, summary, #map')) return;
    if (event.key === ' ' && !target.closest('button, a')) {
      event.preventDefault();
      app.toggle();
    } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      event.preventDefault();
      app.step((event.key === 'ArrowRight' ? 1 : -1) * (event.shiftKey ? 10 : 1));
    }
  }

  /** Undoes or does again what the keys say; a field for text does so by itself. */
  #step(event: KeyboardEvent): boolean {
    const { app } = this;
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== 'z' && key !== 'y')) return false;
    if ((event.target as HTMLElement).closest('textarea, input:not([type=range], [type=checkbox], [type=file])')) return false;
    if (key === 'y' || event.shiftKey) app.redo();
    else app.undo();
    return true;
  }

  /** A file may be dropped anywhere. */
  #acceptFiles(): void {
    const carriesFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const veil = (on: boolean) => this.root.classList.toggle('dropping', on);
    window.addEventListener('dragover', (event) => {
      if (!carriesFile(event)) return;
      event.preventDefault();
      veil(true);
    });
    window.addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) veil(false);
    });
    window.addEventListener('drop', (event) => {
      veil(false);
      if (!event.dataTransfer || !carriesFile(event)) return;
      event.preventDefault();
      void droppedFiles(event.dataTransfer).then((files) => this.app.load(files));
    });
  }
}
