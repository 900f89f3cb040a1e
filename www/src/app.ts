// What the page can do: the actions behind every control, and the one loop that draws.
import {
  line_ways,
  Playback,
  random_seed,
  type Cell,
  type CellQuery,
  type Figure,
  type MatchingPolicy,
  type PlanView,
  type Preset,
  type Price,
  type RebalancingPolicy,
  type Scenario,
  type Text,
  type UsualPolicies,
} from '../pkg/noriai.js';
import type { Accounting } from './account/account';
import { Clock } from './clock';
import { Comparing } from './comparison';
import type { Deciding } from './deciding/deciding';
import type { DecidingState, Part } from './deciding/state';
import { Engine, type Run } from './engine';
import { loadFiles, loadSeriesFile, sentences } from './files';
import type { Importing, Use } from './importing/importing';
import { Format } from './format';
import { changed, editedOf, redone, undone, type Edited, type Step } from './history';
import { Keeping } from './kept';
import { Background } from './outside/background';
import { RealRoads } from './outside/roads';
import { Own } from './own/own';
import type { Reader } from './own/reader';
import type { Pool, PoolListener } from './pool';
import type { MapPicture } from './map/map';
import type { Place } from './place';
import type { Day } from './protocol';
import { fetchLanguage, languageName, languageOf, type Dictionary, type Lang, type Language } from './i18n/i18n';
import { Carrying } from './share/carrying';
import { Opening, type Guest, type Opened } from './share/opening';
import {
  apply,
  canBeStudied,
  matchingKinds,
  modelledDate,
  opensAt,
  policyOf,
  runsBus,
  settingsOf,
  vehiclesOf,
  withPrices,
  type AllSeries,
  type MatchingKind,
  type OwnSeries,
  type RebalancingKind,
  type SeriesName,
  type Settings,
} from './settings';
import {
  firstScene,
  hasBatteries,
  heatSpan,
  playsFrom,
  shownFrom,
  Store,
  type Box,
  type Cut,
  type Detail,
  type EnergyView,
  type Heat,
  type Notice,
  type OwnTrips,
  type OwnWeights,
  type State,
  type TableName,
} from './state';
import { Sandbox, type Forbidden } from './policy/sandbox';
import type { Study, StudyListener } from './study';
import { colour, type ThemeName } from './theme';
import { Tour } from './tour';
import { dropped, type Town } from './towns';

/** Where everything is at the moment shown; one array for all vans each. */
export interface Frame {
  t_s: number;
  /** Longitude and latitude of each van in turn. */
  positions: Float64Array;
  headings: Float32Array;
  states: Uint8Array;
  loads: Uint8Array;
  charge: Float32Array;
  /** Requests of the riders who wait at a stop. */
  waiting: Uint32Array;
}

/** A change is tried at once, unless the one before is this young: then a slider has to rest so long. Milliseconds. */
const DEBOUNCE_MS = 30;

/** How long the figures stay as they are before the day is compared with others. */
const STUDY_MS = 150;

/** How long a power cut's slider has to rest before it is asked about. */
const CUT_MS = 30;

/** How long a policy of one's own may take for an answer where the scenario does not say, milliseconds; as the core has it. */
const TIME_LIMIT_MS = 1_000;

/** Whether a notice is still true when a day is finished, which for what is wrong with a link is the first. */
const stays = ({ kind }: Notice, first: boolean): boolean =>
  kind === 'recovered' || kind === 'noMap' || (first && ['damagedLink', 'newerLink', 'unknownTown', 'badLink'].includes(kind));

interface Pending {
  scenario: Scenario;
  json: string;
  since: number;
}

export class App {
  readonly clock = new Clock();
  playback?: Playback;
  frame?: Frame;
  figures = new Map<string, Figure>();
  siteFigures = new Map<string, Figure>();
  readonly roads = new RealRoads(this);
  readonly background = new Background(this);
  readonly keeping = new Keeping(this);
  readonly carrying = new Carrying(this);
  readonly opening = new Opening(this);
  readonly tour = new Tour(this);
  /** What the map shows between the panels; absent until there is a map. */
  mapView?: () => Box;
  /** The map as a picture; absent until there is a map. */
  mapPicture?: (own: boolean) => Promise<MapPicture>;
  /** What needs the account's module; an element's site does not have it. */
  more?: { accounting(): Promise<Accounting>; logCsv(day: Day): Promise<string> };
  /** Prints the day shown; absent within another page, which may forbid it. */
  print?: () => Promise<void>;
  /** The year's account; fetched when it is first opened. */
  account?: Accounting;
  #usual?: UsualPolicies;
  #comparing?: Comparing;
  /** The rooms for deciding; absent until one is opened. */
  deciding?: Deciding;
  #decidingSoon?: Promise<Deciding>;
  #newPool?: (listener: PoolListener) => Pool;
  #importing?: Importing;
  #own?: Own;
  #newReader?: () => Reader;
  #engine?: Engine;
  #study?: Study;
  readonly #sandbox = new Sandbox();
  #studySoon?: ReturnType<typeof setTimeout>;
  #cutSoon?: ReturnType<typeof setTimeout>;
  /** The day and the power cut that the last question was about. */
  #cutsAsked = '';
  #pending?: Pending;
  /** The day shown, for questions about it. */
  #day?: Day;
  /** Hash of the day that a link promises, until it was lived through. */
  #promised?: string;
  /** The town made of the files that are open. */
  #made?: Town;
  /** Whether there was a comparison yet. */
  #hasCompared = false;
  #changedAt = -Infinity;
  #debounce?: ReturnType<typeof setTimeout>;
  readonly #formats = new Map<Lang, Format>();
  /** The language asked for last. */
  #wantedLang?: Lang;
  #onFrame: ((frame: Frame) => void)[] = [];
  #frameAsked = false;
  #lastFrame = 0;
  /** The core of this thread has panicked; its instance cannot be used any more. */
  #broken = false;
  #answered!: () => void;
  /** Resolves when the first run has ended, well or not. */
  readonly firstAnswer = new Promise<void>((resolve) => (this.#answered = resolve));

  constructor(
    readonly store: Store,
    private readonly playAtOnce: boolean,
    readonly place: Place,
  ) {
    this.clock.onChange(() => this.askFrame());
  }

  get state(): State {
    return this.store.state;
  }

  get words(): Dictionary {
    return this.language.words;
  }

  get language(): Language {
    return languageOf(this.state.lang)!;
  }

  get format(): Format {
    const { lang } = this.state;
    const format = this.#formats.get(lang) ?? new Format(this.language);
    this.#formats.set(lang, format);
    return format;
  }

  get comparing(): Comparing {
    return this.#comparing!;
  }

  get importing(): Importing {
    return this.#importing!;
  }

  get own(): Own {
    return this.#own!;
  }

  /** A colour of style/colours.css where the page stands. */
  colour = (name: string): string => colour(name, this.place.ground);

  /** The matching policies to choose from; one of one's own runs in a document of the page's, which an element has not. */
  matchingKinds = (town: Scenario = this.state.town!): MatchingKind[] =>
    matchingKinds(town).filter((kind) => kind !== 'script' || this.place.kind !== 'element');

  /** A text of the core or of a town. */
  say = (text: Text): string => text[this.language.texts];

  /** The name of a stop of the day shown. */
  stop = (index: number): string => this.say(this.state.result!.scenario.stops[index]!.name);

  /** The id of a van or bus of the day shown. */
  van = (index: number): string => vehiclesOf(this.state.result!.scenario)[index]!.id;

  /** The words for the vehicles of the day shown: vans, or buses. */
  get vehicles(): Dictionary['vehicles']['van'] {
    const scenario = this.state.result?.scenario;
    return this.words.vehicles[scenario && runsBus(scenario) ? 'bus' : 'van'];
  }

  /** The name of one of them, in running text. */
  vanText = (index: number): string => this.vehicles.text(this.van(index));

  /** The same as a heading. */
  vanTitle = (index: number): string => this.vehicles.title(this.van(index));

  // --- The town and its runs ---------------------------------------------------------------------------------------

  /** Begins with a town as soon as the core is there. */
  begin(
    { chosen, town, settings, guest, log_hash }: Pick<Opened, 'chosen' | 'town'> & Partial<Opened>,
    core: { figures: Figure[]; siteFigures: Figure[]; tariffs: Preset[]; policies: UsualPolicies },
    start: (listener: ConstructorParameters<typeof Engine>[2]) => Engine,
    study: (listener: StudyListener) => Study,
    pool: (listener: PoolListener) => Pool,
    importing: (done: (town: Scenario, use: Use) => void) => Importing,
    reader: () => Reader,
  ): void {
    this.#comparing = new Comparing(this, pool);
    this.#newPool = pool;
    this.#own = new Own(this, reader);
    this.#newReader = reader;
    this.#importing = importing((town, use) => this.#imported(town, use));
    const byKey = (figures: Figure[]) => new Map(figures.map((figure) => [figure.key, figure]));
    this.figures = byKey(core.figures);
    this.siteFigures = byKey(core.siteFigures);
    this.#usual = core.policies;
    this.#study = study({
      compared: (compared, complete) => this.store.set({ compared: { others: compared, complete }, unanswered: undefined }),
      cuts: (cuts) => this.store.set({ cuts, unanswered: undefined }),
      failed: (kind) => {
        if (kind === 'cuts') this.#cutsAsked = '';
        this.store.set({ unanswered: kind });
      },
    });
    this.#engine = start({
      progress: (share) => this.store.set({ progress: share }),
      done: (run) => this.#done(run),
      invalid: (problems) => this.#stop({ kind: 'invalid', details: sentences(problems) }),
      repeated: () => this.store.set({ notice: { kind: 'recovered' } }),
      failed: (message) => this.#stop({ kind: 'failed', details: [{ ja: message, en: message }] }),
    });
    this.store.set({ chosen, town, ...this.#builtIn(town), ...(settings && { settings }), guest, tariffs: core.tariffs });
    this.#promised = log_hash;
    this.#live();
    void this.keeping.begin();
  }

  change(settings: Partial<Settings>): void {
    if (!this.state.settings) return;
    this.#edit({ settings: { ...this.state.settings, ...settings } });
    this.#liveSoon();
  }

  /** Other prices of the year's account: no day changes by them. */
  price(prices: Price[]): void {
    const { settings, result, town } = this.state;
    if (!settings) return;
    const told = prices.length > 0 || town?.business ? prices : undefined;
    this.#edit({
      settings: { ...settings, prices: told },
      ...(result && { result: { ...result, scenario: told ? withPrices(result.scenario, told) : { ...result.scenario, business: undefined } } }),
    });
  }

  /** Changes what makes the scenario, as a step that can be undone. */
  #edit(change: Partial<State>): void {
    const { state } = this;
    const history = changed(state.history, editedOf(state), editedOf({ ...state, ...change }), performance.now());
    this.#promised = undefined;
    this.store.set({ ...change, history });
  }

  undo = (): void => this.#take(undone(this.state.history, editedOf(this.state)));

  redo = (): void => this.#take(redone(this.state.history, editedOf(this.state)));

  #take(step: Step | undefined): void {
    if (!step) return;
    const { edited, history } = step;
    if (edited.town !== this.state.town) this.#leaveTown();
    this.#promised = undefined;
    this.store.set({
      ...edited,
      ...this.#draftOf(edited.settings),
      history,
      wanted: undefined,
      asking: undefined,
      badSeries: undefined,
      notice: undefined,
    });
    this.#liveSoon();
  }

  /** A matching policy of a kind, as it is when it is chosen. */
  matching = (kind: MatchingKind): MatchingPolicy => policyOf(kind, this.state.town!.policies.matching, this.#usual!.matching);

  /** The same of rebalancing. */
  rebalancing = (kind: RebalancingKind): RebalancingPolicy => policyOf(kind, this.state.town!.policies.rebalancing, this.#usual!.rebalancing);

  /** Another town; the one shown stays until it is there, and if it cannot be fetched. */
  async chooseTown(wanted: Town): Promise<void> {
    if (wanted === this.state.chosen) {
      this.store.set({ wanted: undefined, notice: undefined });
      return;
    }
    const town = await this.fetchTown(wanted);
    if (town) this.#setTown(wanted, town);
  }

  /** A town's scenario; none if it cannot be fetched, or another one was wanted since. */
  async fetchTown(wanted: Town): Promise<Scenario | undefined> {
    if (wanted === this.state.chosen) return this.state.town;
    this.store.set({ wanted, notice: undefined });
    // A town chosen later may come earlier.
    const stillWanted = () => this.state.wanted === wanted;
    try {
      const town = await wanted.load();
      return stillWanted() ? town : undefined;
    } catch (error) {
      console.warn(error);
      if (stillWanted()) this.store.set({ wanted: undefined, notice: { kind: 'noTown', town: wanted.name } });
      return undefined;
    }
  }

  /** A day of a link or a report. */
  showDay({ chosen, town, settings, guest, log_hash }: Opened): void {
    this.#setTown(chosen, town, { settings, guest });
    this.#promised = log_hash;
  }

  /** The policy that came along, with the day that it makes. */
  runGuest({ matching, log_hash }: Guest): void {
    this.store.set({ draft: matching.source });
    this.change({ matching });
    this.#promised = log_hash;
  }

  /** A town with its own settings; the day shown stays until the new one is there. */
  #setTown(chosen: Town, town: Scenario, more: Partial<State> = {}): void {
    this.#leaveTown();
    this.#edit({
      chosen,
      wanted: undefined,
      town,
      ...this.#builtIn(town),
      trips: undefined,
      weights: undefined,
      asking: undefined,
      series: {},
      badSeries: undefined,
      detail: undefined,
      notice: undefined,
      ...more,
    });
    this.#liveSoon();
  }

  /** What was found about the last town. */
  #leaveTown(): void {
    this.comparing.forget();
    this.deciding?.forget();
    this.own.stop();
  }

  /** A town's own settings. */
  #builtIn(town: Scenario): Pick<State, 'settings' | 'draft'> {
    const settings = settingsOf(town);
    return { settings, ...this.#draftOf(settings) };
  }

  /** A policy that comes with settings is there to be edited. */
  #draftOf(settings: Settings | undefined): Pick<State, 'draft'> {
    return { draft: settings?.matching.kind === 'script' ? settings.matching.source : this.state.draft };
  }

  newSeed = (): void => {
    const seed = this.#ask(random_seed);
    if (seed !== undefined) this.change({ seed });
  };

  reset = (): void => {
    if (!this.state.town) return;
    this.#edit({ ...this.#builtIn(this.state.town), trips: undefined, series: {}, badSeries: undefined });
    this.#liveSoon();
  };

  cancel = (): void => {
    this.#engine?.cancel();
    this.#stop({ kind: 'cancelled' });
  };

  crashWorker = (): void => this.#engine?.crash();

  /** A scenario in the place of the town shown, and of the one given before. */
  showScenario = (scenario: Scenario): void => this.#imported(scenario, 'town');

  /** Ends whatever is under way and frees what it holds; nothing is shown or asked afterwards. */
  close(): void {
    this.#broken = true;
    for (const timer of [this.#debounce, this.#studySoon, this.#cutSoon]) clearTimeout(timer);
    this.#engine?.close();
    this.#engine = undefined;
    this.#study?.close();
    this.#comparing?.forget();
    this.playback?.free();
    this.playback = undefined;
  }

  /** A file of trips or of points with weights, a scenario, the four of plain tables, or what makes a town. */
  async load(files: File[]): Promise<void> {
    const { town } = this.state;
    if (!town || files.length === 0 || this.#broken) return;
    try {
      const loaded = await this.#reading((reader) => loadFiles(files, reader));
      if ('town' in loaded) {
        const own = dropped(loaded.town, this.state.towns);
        this.#setTown(own, loaded.town, { towns: [...this.state.towns, own], tryOpen: true });
      } else if ('table' in loaded) await this.own.bring(loaded.table);
      else if ('points' in loaded) await this.own.bringWeights(loaded.points);
      else if ('changes' in loaded) await this.opening.bring(loaded.changes);
      else if ('sources' in loaded) {
        this.store.set({ notice: undefined, editor: false, comparing: false, accounting: false, energy: undefined, tryOpen: true });
        this.#made = undefined;
        this.importing.open(loaded.sources);
      } else this.store.set(loaded);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Trips of one's own instead of the modelled demand, on their day. */
  useTrips(trips: OwnTrips): void {
    const { settings, trips: former } = this.state;
    if (!settings) return;
    const before = former?.before ?? settings.date;
    const date = trips.trips.length > 0 && trips.date ? trips.date : settings.date;
    this.#edit({ trips: { ...trips, before }, settings: { ...settings, date }, notice: undefined, tryOpen: true, tab: 'try' });
    if (trips.trips.length > 0) this.#liveSoon();
  }

  /** The town with the weights of a file, as a town of its own. */
  useWeights(scenario: Scenario, weights: OwnWeights): void {
    const name = { ja: `${scenario.name.ja}（${weights.file}）`, en: `${scenario.name.en} (${weights.file})` };
    const own = { ...dropped(scenario), name };
    this.#setTown(own, scenario, { towns: [...this.state.towns, own], weights, tryOpen: true, tab: 'try' });
  }

  /** A town made of files, in the place of the one made of them before; or the town shown with something new. */
  #imported(scenario: Scenario, use: Use): void {
    const town = dropped(scenario);
    const { towns, chosen } = this.state;
    const made = use === 'town' ? this.#made : chosen;
    const isOwn = made !== undefined && made.id === undefined && towns.includes(made);
    if (use === 'town') this.#made = town;
    this.#setTown(town, scenario, { towns: isOwn ? towns.map((each) => (each === made ? town : each)) : [...towns, town] });
  }

  forgetTrips = (): void => {
    const { settings, trips } = this.state;
    this.#edit({ trips: undefined, ...(settings && { settings: { ...settings, date: modelledDate(settings, trips) } }) });
    this.#liveSoon();
  };

  /** A file of load, generation or prices; of several columns one by a part of its name. */
  async loadSeries(name: SeriesName, file: File, column = ''): Promise<void> {
    const read = await this.#reading((reader) => loadSeriesFile(file, column, name === 'price', reader));
    if ('notice' in read) {
      this.store.set(read);
      return;
    }
    const own: OwnSeries = { ...read.series, file: file.name, source: file };
    if (own.values.length === 0) {
      this.store.set({ badSeries: { name, own }, tryOpen: true });
      return;
    }
    this.#edit({ series: { ...this.state.series, [name]: own }, badSeries: undefined, tryOpen: true });
    this.#liveSoon();
  }

  /** Something that is read by a worker, which ends with it. */
  async #reading<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    const reader = this.#newReader!();
    try {
      return await work(reader);
    } finally {
      reader.close();
    }
  }

  forgetSeries(name: SeriesName): void {
    const series: AllSeries = { ...this.state.series };
    delete series[name];
    this.#edit({ series, badSeries: undefined });
    this.#liveSoon();
  }

  /** A question to the core on this thread. After a panic nothing is asked again, and the last picture stays. */
  #ask<T>(question: () => T): T | undefined {
    if (this.#broken) return undefined;
    try {
      return question();
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #fail(error: unknown): void {
    console.error(error);
    this.#broken = true;
    this.pause();
    this.store.set({ notice: { kind: 'playbackFailed' } });
  }

  /** Makes the core on this thread fail at the next frame, for tests. */
  crashPlayback = (): void => {
    this.playback!.seek = () => {
      throw new WebAssembly.RuntimeError('crashed on request');
    };
    this.askFrame();
  };

  #liveSoon(): void {
    clearTimeout(this.#debounce);
    const now = performance.now();
    const young = now - this.#changedAt < DEBOUNCE_MS;
    this.#changedAt = now;
    if (young) this.#debounce = setTimeout(() => this.#live(), DEBOUNCE_MS);
    else this.#live();
  }

  #live(): void {
    const { town, settings, trips, series } = this.state;
    if (!town || !settings) return;
    const own = trips && trips.trips.length > 0 ? trips.trips : undefined;
    const scenario = apply(town, settings, own, series);
    const { matching } = scenario.policies;
    if (matching.kind === 'script' && this.state.room !== 'open') {
      void this.#openRoom().then((room) => (room === 'open' ? this.#live() : this.#stop({ kind: 'noPolicy', because: room })));
      return;
    }
    const json = JSON.stringify(scenario);
    this.#pending = { scenario, json, since: performance.now() };
    // The processor is for the new day now.
    clearTimeout(this.#studySoon);
    this.#study?.drop('compare');
    this.#sandbox.stop();
    const policy = matching.kind === 'script' ? { source: matching.source, limit_ms: matching.time_limit_ms ?? TIME_LIMIT_MS, seed: scenario.seed } : undefined;
    this.#engine?.run(json, policy && (() => ({ ...policy, port: this.#sandbox.start() })));
    this.store.set({ progress: 0 });
  }

  #stop(notice: Notice): void {
    this.#answered();
    this.#sandbox.stop();
    this.store.set({ progress: undefined, notice });
    this.#compareSoon();
  }

  #done({ report, log }: Run): void {
    // Its code may still be at work on an answer that came too late.
    this.#sandbox.stop();
    const { scenario, json, since } = this.#pending!;
    const opened = this.#ask(() => {
      const playback = new Playback(json, log);
      return { playback, rides: playback.rides().rides };
    });
    if (!opened) {
      this.#stop({ kind: 'playbackFailed' });
      return;
    }
    const { playback, rides } = opened;
    this.playback?.free();
    this.playback = playback;
    this.#day = { scenario: json, log };
    const opens_s = playsFrom(rides, playback.begin_s, opensAt(scenario, scenario.day.date));
    const { notice, detail, result: before } = this.state;
    const first = before === undefined;
    const isOther = this.#promised !== undefined && this.#promised !== report.log_hash;
    this.#promised = undefined;
    const sameTown = before?.scenario.network === scenario.network;
    // Before the state, whose listeners draw along the day's span and speak of its vans.
    this.clock.setDay(shownFrom(report, playback.begin_s, opens_s), playback.end_s, opens_s);
    if (!sameTown) this.seek(firstScene(rides, opens_s));
    this.frame = this.#ask(() => this.#frameAt(playback, this.clock.t_s));
    this.store.set({
      progress: undefined,
      previous: sameTown ? before?.report : undefined,
      result: { scenario, report, rides, ways: runsBus(scenario) ? this.#ask(() => line_ways(json).ways) : undefined, took_ms: performance.now() - since },
      compared: undefined,
      // A bus without batteries has one chart.
      chart: hasBatteries(report) ? this.state.chart : 'riders',
      cuts: sameTown && canBeStudied(scenario) ? this.state.cuts : undefined,
      // What a finished day makes untrue goes away; that a worker was replaced stays to be read.
      notice: isOther ? { kind: 'otherDay' } : notice && stays(notice, first) ? notice : undefined,
      detail: detail?.kind === 'van' && detail.van >= playback.vans ? undefined : detail,
    });
    this.refreshCells();
    this.#compareSoon();
    this.#askCuts();
    if (first) performance.mark('first figures');
    if (first && this.playAtOnce) this.play();
    this.askFrame();
    this.#answered();
  }

  // --- A matching policy of one's own ------------------------------------------------------------------------------

  openEditor = (): void => this.store.set({ editor: true, energy: undefined, comparing: false, accounting: false, detail: undefined });

  closeEditor = (): void => this.store.set({ editor: false });

  /** Opens the room in which they run, the first time; whether they can. */
  async #openRoom(): Promise<'open' | Forbidden> {
    const room = (await this.#sandbox.open()) ?? 'open';
    this.store.set({ room });
    return room;
  }

  /** The editor, and a day with what stands in it. */
  async writeOwn(): Promise<void> {
    this.openEditor();
    if ((await this.#openRoom()) === 'open') this.runDraft();
  }

  get draft(): string {
    return this.state.draft ?? this.words.policy.example;
  }

  edit(draft: string | undefined): void {
    this.store.set({ draft });
  }

  runDraft = (): void => {
    const { draft } = this;
    if (this.state.room !== 'open') return;
    this.store.set({ draft });
    // Time limits are the scenario's: the town's, or that of the policy in use.
    const { settings, town } = this.state;
    const own = [settings?.matching, town?.policies.matching].find((matching) => matching?.kind === 'script');
    this.change({ matching: { ...(own ?? { kind: 'script' }), source: draft } });
  };

  // --- Other days ---------------------------------------------------------------------------------------------------

  /**
   * Compares the day shown with others where somebody looks at it. The first day always: the core's code for schedules is then
   * compiled to the last before anybody chooses one.
   */
  #compareSoon(): void {
    clearTimeout(this.#studySoon);
    const { energy, result, compared, progress } = this.state;
    const day = this.#day;
    if (!day || !result || result.report.sites.length === 0 || progress !== undefined || !canBeStudied(result.scenario)) return;
    if (compared?.complete || (!energy && this.#hasCompared)) return;
    this.#studySoon = setTimeout(() => {
      this.#hasCompared = true;
      this.#study?.ask({ kind: 'compare', day });
    }, STUDY_MS);
  }

  /** Asks about the power cut where somebody looks at it, once its sliders rest. */
  #askCuts(): void {
    clearTimeout(this.#cutSoon);
    const day = this.#day;
    const { energy, result } = this.state;
    if (energy !== 'cut' || !day || !result || !canBeStudied(result.scenario)) return;
    const { from_s, hours } = this.state.cut;
    const key = `${from_s} ${hours} ${day.scenario}`;
    if (key === this.#cutsAsked) return;
    this.#cutSoon = setTimeout(() => {
      this.#cutsAsked = key;
      this.#study?.ask({ kind: 'cuts', day, from_s, hours });
    }, CUT_MS);
  }

  // --- The energy view ---------------------------------------------------------------------------------------------

  showEnergy(energy: EnergyView | undefined): void {
    this.store.set({ energy, editor: false, comparing: false, accounting: false });
    this.#compareSoon();
    this.#askCuts();
    this.askFrame();
  }

  showComparing(comparing: boolean): void {
    this.store.set({ comparing, energy: undefined, editor: false, accounting: false });
  }

  /** The year's account; its code comes with the first look. */
  async showAccounting(accounting: boolean): Promise<void> {
    this.store.set({ accounting, comparing: false, energy: undefined, editor: false });
    if (!accounting) return;
    try {
      this.account ??= await this.more!.accounting();
      this.account.opened();
    } catch (error) {
      console.error(error);
      this.store.set({ accounting: false, notice: { kind: 'noAccount' } });
    }
  }

  // --- Rooms for deciding --------------------------------------------------------------------------------------------

  decide(change: Partial<DecidingState>): void {
    this.store.set({ deciding: { ...this.state.deciding, ...change } });
  }

  /** A part of the room of comparisons; the code of all but the first is fetched when one is wanted. */
  showPart(part: Part): void {
    this.decide({ part });
    if (!this.state.comparing) this.showComparing(true);
    if (part !== 'policies') void this.#openDeciding();
  }

  /** Keeps the run shown beside those that are kept already. */
  keepRun = async (): Promise<void> => (await this.#openDeciding()).runs.keep();

  #openDeciding(): Promise<Deciding> {
    this.#decidingSoon ??= import('./deciding/deciding').then(({ Deciding }) => {
      this.deciding = new Deciding(this, this.#newPool!);
      this.store.set({});
      return this.deciding;
    });
    return this.#decidingSoon;
  }

  /** The day shown: its scenario as JSON, and its record. */
  get lived(): Day | undefined {
    return this.#day;
  }

  /** What the page had set once, to be lived through again. */
  reopen(edited: Edited, log_hash: string): void {
    if (edited.town !== this.state.town) this.#leaveTown();
    this.#edit({ ...edited, ...this.#draftOf(edited.settings), wanted: undefined, asking: undefined, badSeries: undefined, notice: undefined });
    this.#promised = log_hash;
    this.#liveSoon();
  }

  setCut(change: Partial<Cut>): void {
    this.store.set({ cut: { ...this.state.cut, ...change } });
    this.#askCuts();
  }

  toggleTable(name: TableName): void {
    const { tables } = this.state;
    this.store.set({ tables: tables.includes(name) ? tables.filter((each) => each !== name) : [...tables, name] });
    this.askFrame();
  }

  // --- Time --------------------------------------------------------------------------------------------------------

  play = (): void => {
    if (this.#broken) return;
    this.clock.play();
    this.#lastFrame = performance.now();
    this.store.set({ playing: this.clock.playing });
    this.askFrame();
  };

  pause = (): void => {
    this.clock.pause();
    this.store.set({ playing: false });
  };

  toggle = (): void => (this.state.playing ? this.pause() : this.play());

  seek = (t_s: number): void => {
    if (!this.#broken) this.clock.seek(t_s);
  };

  step = (minutes: number): void => {
    if (this.#broken) return;
    this.pause();
    this.clock.step(minutes);
  };

  setSpeed(speed: number): void {
    this.clock.speed = speed;
    this.store.set({ speed });
  }

  onFrame(listener: (frame: Frame) => void): void {
    this.#onFrame.push(listener);
  }

  /** Draws once before the next frame of the screen. */
  askFrame(): void {
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    requestAnimationFrame((now) => this.#draw(now));
  }

  #draw(now: number): void {
    this.#frameAsked = false;
    if (!this.playback || this.#broken) return;
    // A tab that was hidden does not leap ahead.
    const wall_s = Math.min((now - this.#lastFrame) / 1000, 0.25);
    this.#lastFrame = now;
    if (this.state.playing && !this.clock.tick(Math.max(wall_s, 0))) this.store.set({ playing: false });
    const frame = this.#ask(() => this.#frameAt(this.playback!, this.clock.t_s));
    if (!frame) return;
    this.frame = frame;
    for (const listener of this.#onFrame) listener(this.frame);
    if (this.state.heat.on && this.state.heat.hours === 'now') this.refreshCells();
    if (this.state.playing) this.askFrame();
  }

  #frameAt(playback: Playback, t_s: number): Frame {
    playback.seek(t_s);
    return {
      t_s,
      positions: playback.positions(),
      headings: playback.headings(),
      states: playback.states(),
      loads: playback.loads(),
      charge: playback.charge(),
      waiting: playback.waiting(),
    };
  }

  /** Reads the day at many moments. */
  atMoments(read: (at: (t_s: number) => Frame, begin_s: number, end_s: number) => string): string | undefined {
    const { playback } = this;
    if (!playback) return undefined;
    const text = this.#ask(() => read((t_s) => this.#frameAt(playback, t_s), playback.begin_s, playback.end_s));
    // Back to the moment shown.
    this.askFrame();
    return text;
  }

  /** What happened on the day shown, as a table; as slow as the preparation of the town. Its module is fetched for it. */
  async logCsv(): Promise<string> {
    return this.more!.logCsv(this.#day!);
  }

  /** The plan of a van at the moment shown. */
  plan(van: number): PlanView {
    return this.#ask(() => this.playback!.plan(van)) ?? { stops: [], path: [] };
  }

  /** Charge of a van over the day, times and shares in turn. */
  chargeSeries(van: number): Float64Array {
    return this.#ask(() => this.playback!.charge_series(van)) ?? new Float64Array();
  }

  // --- What is looked at -------------------------------------------------------------------------------------------

  /** Another language, at once if it is there. */
  async setLang(lang: Lang): Promise<void> {
    this.#wantedLang = lang;
    try {
      if (!languageOf(lang)) await fetchLanguage(lang);
      if (lang === this.#wantedLang) this.store.set({ lang });
    } catch (error) {
      console.warn(error);
      if (lang === this.#wantedLang) this.store.set({ notice: { kind: 'noLanguage', language: languageName(lang, this.state.lang) } });
    }
  }

  setTheme(theme: ThemeName): void {
    this.store.set({ theme });
  }

  show(detail: Detail | undefined): void {
    this.store.set({ detail });
    this.askFrame();
  }

  setHeat(change: Partial<Heat>): void {
    const { heat, detail } = this.state;
    this.store.set({ heat: { ...heat, ...change }, detail: detail?.kind === 'cell' ? undefined : detail });
    this.#cellsOf = '';
    this.refreshCells();
  }

  #cellsOf = '';

  /** Counts the cells of the demand map anew where what they count has changed. */
  refreshCells(): void {
    const { heat, result } = this.state;
    if (!heat.on || !this.playback || !result) {
      if (this.state.cells.length > 0) this.store.set({ cells: [] });
      return;
    }
    const key = JSON.stringify([this.#cellQuery(), result.report.log_hash]);
    if (key === this.#cellsOf) return;
    this.#cellsOf = key;
    const counted = this.countCells();
    if (counted) this.store.set({ cells: counted });
  }

  /** The cells of the demand map, whether or not it is shown. */
  countCells = (): Cell[] | undefined => this.#ask(() => this.playback!.cells(this.#cellQuery()).cells);

  #cellQuery(): CellQuery {
    const { heat } = this.state;
    return { end: heat.end, resolution: heat.resolution, ...heatSpan(heat, this.clock.t_s) };
  }
}
