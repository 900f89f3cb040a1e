// The beginning of the page, by itself or within another: language and theme, the page, then core and town side by side, and the map
// last.
import './style/index.css';
import init, { figures, site_figures, tariffs, usual_policies } from '../pkg/noriai.js';
import coreUrl from '../pkg/noriai_bg.wasm?url';
import { App } from './app';
import { Engine } from './engine';
import { parametersIn } from './embedding/parameters';
import { fetchLanguage, firstLanguage } from './i18n/i18n';
import { Importing } from './importing/importing';
import { keepOffline } from './offline/offline';
import { Reader } from './own/reader';
import { Page } from './page';
import { documentPlace } from './place';
import { Pool } from './pool';
import { linked, opened } from './share/opening';
import { initialState, Store } from './state';
import { Study } from './study';
import { firstTheme } from './theme';
import { addressOf, fetched, firstTown } from './towns';

const matches = (query: string) => window.matchMedia(query).matches;

const wantedLang = firstLanguage(location.search, navigator.languages);
const lang = await fetchLanguage(wantedLang).then(
  () => wantedLang,
  () => 'en',
);
const theme = firstTheme(location.search, matches('(prefers-color-scheme: dark)'));
export const parameters = parametersIn(location.search);
const store = new Store(initialState(lang, theme, parameters.panels));
export const app = new App(store, !matches('(prefers-reduced-motion: reduce)'), documentPlace());
// Where its words could not be had, this says so.
void app.setLang(wantedLang);

/** Slows the calculation down, `?slow=20` by 20 ms for each event: to look at progress and cancelling. */
const slow = Number(new URLSearchParams(location.search).get('slow') ?? 0);

// The address says which town is shown, so that it can be passed on.
store.onChange(({ chosen }, before) => {
  if (chosen && before.chosen && chosen !== before.chosen) history.replaceState(null, '', addressOf(location.href, chosen));
});

const newWorker = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const newImporter = () => new Worker(new URL('./importing/worker.ts', import.meta.url), { type: 'module' });
const newReader = () => new Worker(new URL('./own/worker.ts', import.meta.url), { type: 'module' });
// Its script is fetched while the core is.
let firstWorker: Worker | undefined = newWorker();
function worker(): Worker {
  const ready = firstWorker ?? newWorker();
  firstWorker = undefined;
  return ready;
}

app.more = {
  accounting: async () => {
    const { Accounting } = await import('./account/account');
    return new Accounting(app, () => new Worker(new URL('./account/worker.ts', import.meta.url), { type: 'module', name: 'account' }));
  },
  logCsv: async ({ scenario, log }) => {
    const { default: init, log_csv } = await import('../pkg/account.js');
    await init();
    return log_csv(scenario, log);
  },
};
const page = new Page(app);

declare global {
  interface Window {
    /** A handle for looking inside from the console and from tests. */
    noriai: {
      /** What the page knows; `state.result.report` is the last report. */
      readonly state: App['state'];
      /** The moment shown, seconds from midnight. */
      readonly t_s: number;
      /** Where everything is at that moment. */
      readonly frame: App['frame'];
      /** Goes to a moment. */
      seek(t_s: number): void;
      /** Makes the worker fail in the middle of what it does. */
      crashWorker(): void;
      /** Makes a worker of the comparison fail. */
      crashComparison(): void;
      /** Makes the worker that reads files fail. */
      crashImport(): void;
      /** Makes the page's own core fail at the next frame. */
      crashPlayback(): void;
    };
  }
}

window.noriai = {
  get state() {
    return app.state;
  },
  get t_s() {
    return app.clock.t_s;
  },
  get frame() {
    return app.frame;
  },
  seek: app.seek,
  crashWorker: app.crashWorker,
  crashComparison: () => app.comparing.crash(),
  crashImport: () => app.importing.crash(),
  crashPlayback: app.crashPlayback,
};

try {
  const compiling = WebAssembly.compileStreaming(fetched(coreUrl));
  const asked = await linked(location.hash);
  const usual = firstTown(location.search);
  const chosen = asked && 'changes' in asked ? asked.chosen : usual;
  const [module, town] = await Promise.all([compiling, chosen.load()]);
  await init({ module_or_path: module });
  const core = { figures: figures().figures, siteFigures: site_figures().figures, tariffs: tariffs().tariffs, policies: usual_policies() };
  const day = asked && 'changes' in asked ? opened(asked.changes, chosen, town, core.tariffs) : asked;
  // What is wrong with a link takes nothing away.
  const first = day && 'chosen' in day ? day : { chosen: usual, town: usual === chosen ? town : await usual.load() };
  app.begin(
    first,
    core,
    (listener) => new Engine(worker, module, listener, slow),
    (listener) => new Study(newWorker, module, listener),
    // All cores but one, which is for the page.
    (listener) => new Pool(newWorker, module, Math.max(1, (navigator.hardwareConcurrency || 2) - 1), listener),
    (done) => new Importing(app, newImporter, done),
    () => new Reader(newReader),
  );
  if (day && 'kind' in day) store.set({ notice: day });
  // A large package: the figures come first.
  await app.firstAnswer;
  const { TownMap } = await import('./map/map');
  page.setMap(new TownMap(app, app.state.result?.scenario ?? first.town, page.mapHost, page.stage, page.legend));
  if (app.place.kind === 'page') {
    const { Printing } = await import('./printing/printing');
    app.print = new Printing(app, document.body.appendChild(Object.assign(document.createElement('section'), { id: 'print' }))).print;
  }
} catch (error) {
  console.error(error);
  store.set({ notice: { kind: app.state.town ? 'noMap' : 'noCore' } });
}

void keepOffline();
