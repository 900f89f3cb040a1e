// <noriai-lab>: the laboratory as an element of somebody else's page. It shares nothing with that page, or with others of its kind, but
// the engine's compiled module and the style sheet.
import charts from 'uplot/dist/uPlot.min.css?inline';
import tiles from 'maplibre-gl/dist/maplibre-gl.css?inline';
import { check_scenario, type Scenario, type Text } from '../pkg/noriai.js';
import { App } from '../src/app';
import type { Finished, Selection } from '../src/embedding/events';
import { finished, reasonsOf, selected } from '../src/embedding/told';
import { Engine } from '../src/engine';
import { sentences } from '../src/files';
import { firstLanguage, languageOf } from '../src/i18n/i18n';
import { Importing } from '../src/importing/importing';
import { Reader } from '../src/own/reader';
import { Page } from '../src/page';
import { Pool } from '../src/pool';
import { policyOf, settingsOf, type MatchingKind } from '../src/settings';
import { TABS, type Tab } from '../src/place';
import { initialState, Store, type State } from '../src/state';
import { Study } from '../src/study';
import style from '../src/style/index.css?inline';
import type { ThemeName } from '../src/theme';
import { dropped, OWN_TOWNS } from '../src/towns';
import { figures, init, policies, siteFigures, tariffs } from './core';
import own from './element.css?inline';
import { noScript } from './errors';

export type { Finished, Selection } from '../src/embedding/events';
export type { Report, Scenario, Text } from '../pkg/noriai.js';

/** What the element tells, as `CustomEvent`s of its own that do not bubble. */
export interface NoriaiLabEvents {
  /** A day was lived through. Where its trips are people's own, counts below five are `null`. */
  'run-finished': CustomEvent<Finished>;
  /** What is looked at on the map or in a list; nothing once it is closed. */
  selection: CustomEvent<NonNullable<Selection> | null>;
  /** What could not be done, in both languages; the day shown stays. */
  error: CustomEvent<{ reasons: Text[] }>;
}

/** Notices that something could not be done. */
const FAILURES = ['noLanguage', 'noMap', 'noCore', 'playbackFailed', 'noTown', 'failed', 'invalid'];

const newWorker = () => new Worker(new URL('./engine-worker.js', import.meta.url), { type: 'module' });

/** Files are not the element's. */
const noWorker = (): never => {
  throw new Error('an element reads no files');
};

let sheet: CSSStyleSheet | undefined;
function sharedSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync([charts, tiles, style, own].join('\n'));
  }
  return sheet;
}

const prefersDark = () => window.matchMedia('(prefers-color-scheme: dark)');

/**
 * The laboratory as an element: `<noriai-lab town="shiojiri" language="ja" panels="figures day"></noriai-lab>`. Attributes say what it
 * begins with, and take effect when they change; what people choose at the element does not change them. Taken out of the document it
 * frees its workers and its map, and begins anew when it is put back.
 */
export class NoriaiLab extends HTMLElement {
  static readonly observedAttributes = ['town', 'policy', 'language', 'theme', 'panels'];

  #app?: App;
  #closing?: AbortController;
  #scenario?: Scenario;

  /** Word of a built-in town: `namie`, `shiojiri`, `minato_mirai`. */
  get town(): string {
    return this.getAttribute('town') ?? OWN_TOWNS[0].id!;
  }
  set town(id: string) {
    this.setAttribute('town', id);
  }

  /** Word of a matching policy, as `insertion`; empty: the town's own. */
  get policy(): string {
    return this.getAttribute('policy') ?? '';
  }
  set policy(kind: string) {
    this.setAttribute('policy', kind);
  }

  /** The tag of a language of the laboratory, as `ja` or `en`; without the attribute, as the element's surroundings or the browser prefer. */
  get language(): string {
    const around = this.closest('[lang]')?.getAttribute('lang');
    return firstLanguage(`?lang=${this.getAttribute('language') ?? ''}`, [...(around ? [around] : []), ...navigator.languages]);
  }
  set language(lang: string) {
    this.setAttribute('language', lang);
  }

  /** `light` or `dark`; without the attribute, as the system prefers. */
  get theme(): ThemeName {
    const asked = this.getAttribute('theme');
    return asked === 'light' || asked === 'dark' ? asked : prefersDark().matches ? 'dark' : 'light';
  }
  set theme(theme: ThemeName) {
    this.setAttribute('theme', theme);
  }

  /** Which of `try`, `figures`, `day`, `map` stand around the map; all without the attribute. */
  get panels(): readonly Tab[] {
    const wanted = this.getAttribute('panels')?.split(/[\s,]+/);
    const known = TABS.filter((panel) => wanted?.includes(panel));
    return known.length > 0 ? known : TABS;
  }
  set panels(panels: readonly Tab[]) {
    this.setAttribute('panels', panels.join(' '));
  }

  /** A scenario of one's own instead of a town; one that is wrong is told by `error`, and changes nothing. */
  get scenario(): Scenario | undefined {
    return this.#app?.state.result?.scenario ?? this.#scenario;
  }
  set scenario(scenario: Scenario | undefined) {
    this.#scenario = scenario;
    if (!this.#app?.state.town) return;
    if (!scenario) void this.#followTown();
    else if (this.#isGood(scenario)) this.#app.showScenario(scenario);
  }

  /** The last day's report, as `run-finished` tells it. */
  get report(): Finished['report'] | undefined {
    return this.#app?.state.result && finished(this.#app).report;
  }

  /** The moment shown, seconds from midnight. */
  get time_s(): number {
    return this.#app?.clock.t_s ?? 0;
  }

  play(): void {
    this.#app?.play();
  }

  pause(): void {
    this.#app?.pause();
  }

  /** Goes to a moment, seconds from midnight. */
  seek(t_s: number): void {
    this.#app?.seek(t_s);
  }

  connectedCallback(): void {
    // Set before the element was known, it would hide the setter.
    if (Object.hasOwn(this, 'scenario')) {
      const { scenario } = this;
      delete (this as { scenario?: Scenario }).scenario;
      this.scenario = scenario;
    }
    if (!this.#app) void this.#begin();
  }

  disconnectedCallback(): void {
    // Moved, it is back before this.
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    const app = this.#app;
    if (!app || before === after) return;
    switch (name) {
      case 'language':
        void app.setLang(this.language);
        break;
      case 'theme':
        app.setTheme(this.theme);
        break;
      case 'panels':
        app.store.set(shown(this.panels, app.state));
        break;
      case 'town':
        if (app.state.town) void this.#followTown();
        break;
      case 'policy':
        this.#followPolicy();
        break;
    }
  }

  async #begin(): Promise<void> {
    const closing = new AbortController();
    this.#closing = closing;
    const { signal } = closing;
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sharedSheet()];
    const page = document.createElement('div');
    page.id = 'page';
    root.replaceChildren(page);
    const store = new Store(initialState(languageOf(this.language) ? this.language : 'en', this.theme, this.panels));
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const app = new App(store, !still, { kind: 'element', page, ground: page, closed: signal });
    this.#app = app;
    void app.setLang(this.language);
    const view = new Page(app);
    prefersDark().addEventListener('change', () => app.setTheme(this.theme), { signal });
    store.onChange((state, before) => this.#tell(state, before));
    try {
      const module = await init();
      const wanted = this.#wantedTown();
      const scenario = this.#scenario && this.#isGood(this.#scenario) ? this.#scenario : undefined;
      const town = scenario ?? (await wanted.load());
      if (signal.aborted) return;
      const core = { figures: figures(), siteFigures: siteFigures(), tariffs: tariffs(), policies: policies() };
      const kind = this.#wantedPolicy(town);
      const matching = kind && policyOf(kind, town.policies.matching, core.policies.matching);
      app.begin(
        { chosen: scenario ? dropped(scenario) : wanted, town, ...(matching && { settings: { ...settingsOf(town), matching } }) },
        core,
        (listener) => new Engine(newWorker, module, listener),
        (listener) => new Study(newWorker, module, listener),
        // All cores but one, which is for the page.
        (listener) => new Pool(newWorker, module, Math.max(1, (navigator.hardwareConcurrency || 2) - 1), listener),
        (done) => new Importing(app, noWorker, done),
        () => new Reader(noWorker),
      );
      if (!this.#scenario && this.#wantedTown() !== wanted) void this.#followTown();
      await app.firstAnswer;
      const { TownMap } = await import('../src/map/map');
      if (!signal.aborted) view.setMap(new TownMap(app, app.state.result?.scenario ?? town, view.mapHost, view.stage, view.legend));
    } catch (error) {
      if (signal.aborted) return;
      console.error(error);
      store.set({ notice: { kind: app.state.town ? 'noMap' : 'noCore' } });
    }
  }

  #end(): void {
    this.#app?.close();
    this.#app = undefined;
    this.#closing?.abort();
    this.shadowRoot?.replaceChildren();
  }

  #wantedTown() {
    const found = OWN_TOWNS.find(({ id }) => id === this.town);
    if (!found) {
      const { town } = this;
      this.#fail([{ ja: `town: 「${town}」という町はありません（${TOWNS}）。`, en: `town: there is no "${town}"; give one of ${TOWNS}` }]);
    }
    return found ?? OWN_TOWNS[0];
  }

  async #followTown(): Promise<void> {
    const wanted = this.#wantedTown();
    if (wanted.id !== this.town || !this.#app) return;
    await this.#app.chooseTown(wanted);
    if (this.policy) this.#followPolicy();
  }

  /** The policy asked for, if the town can have it. */
  #wantedPolicy(town: Scenario): MatchingKind | undefined {
    if (this.policy === '') return undefined;
    const kinds = this.#app!.matchingKinds(town);
    const kind = kinds.find((each) => each === this.policy);
    if (!kind) {
      const all = kinds.join(', ');
      const { policy } = this;
      this.#fail([{ ja: `policy: 「${policy}」は選べません（${all}）。`, en: `policy: "${policy}" cannot be chosen; give one of ${all}` }]);
    }
    return kind;
  }

  #followPolicy(): void {
    const app = this.#app;
    const town = app?.state.town;
    if (!app || !town) return;
    if (this.policy === '') app.change({ matching: settingsOf(town).matching });
    else {
      const kind = this.#wantedPolicy(town);
      if (kind) app.change({ matching: app.matching(kind) });
    }
  }

  #isGood(scenario: Scenario): boolean {
    const { problems } = check_scenario(JSON.stringify(scenario));
    const all = scenario.policies?.matching?.kind === 'script' ? [noScript, ...problems] : problems;
    if (all.length > 0) this.#fail(sentences(all));
    return all.length === 0;
  }

  #tell(state: State, before: State): void {
    const app = this.#app;
    if (!app) return;
    if (state.result && state.result !== before.result) this.#dispatch('run-finished', finished(app));
    if (state.detail !== before.detail) this.#dispatch('selection', selected(app));
    if (state.notice && state.notice !== before.notice && FAILURES.includes(state.notice.kind)) this.#fail(reasonsOf(state.notice));
  }

  #fail(reasons: Text[]): void {
    this.#dispatch('error', { reasons });
  }

  #dispatch(name: keyof NoriaiLabEvents, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

const TOWNS = OWN_TOWNS.map(({ id }) => id).join(', ');

/** Other panels; a tab that is gone is not shown. */
const shown = (panels: readonly Tab[], { tab }: State): Partial<State> => ({
  panels,
  tab: panels.includes(tab) ? tab : panels.includes('day') ? 'day' : panels[0]!,
});

if (!customElements.get('noriai-lab')) customElements.define('noriai-lab', NoriaiLab);

declare global {
  interface HTMLElementTagNameMap {
    'noriai-lab': NoriaiLab;
  }
}
