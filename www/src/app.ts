// What the page can do: the actions behind every control, and the one loop that draws.
import {
  import_trips,
  Playback,
  random_seed,
  type Figure,
  type PlanView,
  type Problem,
  type Scenario,
  type Text,
} from '../pkg/noriai.js';
import { Clock } from './clock';
import { Engine, type Run } from './engine';
import { Format } from './format';
import { DICTIONARIES, say, type Dictionary, type Lang } from './i18n/i18n';
import { apply, opensAt, settingsOf, type Settings } from './settings';
import { firstScene, heatSpan, shownFrom, Store, type Detail, type Heat, type Notice, type State } from './state';
import type { ThemeName } from './theme';

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

/** How long a slider may rest before the day is lived again, milliseconds. */
const DEBOUNCE_MS = 30;

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
  #engine?: Engine;
  #pending?: Pending;
  #debounce?: ReturnType<typeof setTimeout>;
  #formats: Record<Lang, Format> = { ja: new Format('ja'), en: new Format('en') };
  #onFrame: ((frame: Frame) => void)[] = [];
  #frameAsked = false;
  #lastFrame = 0;
  #answered!: () => void;
  /** Resolves when the first run has ended, well or not. */
  readonly firstAnswer = new Promise<void>((resolve) => (this.#answered = resolve));

  constructor(
    readonly store: Store,
    private readonly playAtOnce: boolean,
  ) {
    this.clock.onChange(() => this.askFrame());
  }

  get state(): State {
    return this.store.state;
  }

  get words(): Dictionary {
    return DICTIONARIES[this.state.lang];
  }

  get format(): Format {
    return this.#formats[this.state.lang];
  }

  say = (text: Text): string => say(text, this.state.lang);

  /** The name of a stop of the day shown. */
  stop = (index: number): string => this.say(this.state.result!.scenario.stops[index]!.name);

  /** The id of a van of the day shown. */
  van = (index: number): string => this.state.result!.scenario.fleet.vehicles[index]!.id;

  // --- The town and its runs ---------------------------------------------------------------------------------------

  /** Begins with a town as soon as the core is there. */
  begin(town: Scenario, figures: Figure[], start: (listener: ConstructorParameters<typeof Engine>[2]) => Engine): void {
    this.figures = new Map(figures.map((figure) => [figure.key, figure]));
    this.#engine = start({
      progress: (share) => this.store.set({ progress: share }),
      done: (run) => this.#done(run),
      invalid: (problems) => this.#stop({ kind: 'invalid', details: this.#sentences(problems) }),
      repeated: () => this.store.set({ notice: { kind: 'recovered' } }),
      failed: (message) => this.#stop({ kind: 'failed', details: [message] }),
    });
    this.store.set({ town, settings: settingsOf(town) });
    this.#live();
  }

  change(settings: Partial<Settings>): void {
    if (!this.state.settings) return;
    this.store.set({ settings: { ...this.state.settings, ...settings } });
    this.#liveSoon();
  }

  newSeed = (): void => this.change({ seed: random_seed() });

  reset = (): void => {
    if (!this.state.town) return;
    this.store.set({ settings: settingsOf(this.state.town), trips: undefined });
    this.#liveSoon();
  };

  cancel = (): void => {
    this.#engine?.cancel();
    this.#stop({ kind: 'cancelled' });
  };

  crashWorker = (): void => this.#engine?.crash();

  async loadTrips(file: File): Promise<void> {
    if (!this.state.town) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    try {
      const imported = import_trips(JSON.stringify(this.state.town), bytes);
      this.store.set({ trips: { ...imported, file: file.name }, notice: undefined, tryOpen: true, tab: 'try' });
      if (imported.trips.length > 0) this.#liveSoon();
    } catch (error) {
      const problems = (error as { problems?: Problem[] }).problems;
      const details = problems ? this.#sentences(problems) : [];
      this.store.set({ notice: { kind: 'badFile', file: file.name, details } });
    }
  }

  forgetTrips = (): void => {
    this.store.set({ trips: undefined });
    this.#liveSoon();
  };

  #sentences(problems: Problem[]): string[] {
    return problems.map(({ path, message }) => (path ? `${path}: ${this.say(message)}` : this.say(message)));
  }

  #liveSoon(): void {
    clearTimeout(this.#debounce);
    this.#debounce = setTimeout(() => this.#live(), DEBOUNCE_MS);
  }

  #live(): void {
    const { town, settings, trips } = this.state;
    if (!town || !settings) return;
    const own = trips && trips.trips.length > 0 ? trips.trips : undefined;
    const scenario = apply(town, settings, own);
    const json = JSON.stringify(scenario);
    this.#pending = { scenario, json, since: performance.now() };
    this.store.set({ progress: 0 });
    this.#engine?.run(json);
  }

  #stop(notice: Notice): void {
    this.#answered();
    this.store.set({ progress: undefined, notice });
  }

  #done({ report, log }: Run): void {
    const { scenario, json, since } = this.#pending!;
    let playback: Playback;
    try {
      playback = new Playback(json, log);
    } catch {
      this.#stop({ kind: 'playbackFailed' });
      return;
    }
    this.playback?.free();
    this.playback = playback;
    const { rides } = playback.rides();
    const begin_s = shownFrom(rides, playback.begin_s, opensAt(scenario, scenario.day.date));
    // Before the state, whose listeners draw along the day's span.
    this.clock.setDay(begin_s, playback.end_s);
    const first = this.state.result === undefined;
    const { notice, detail } = this.state;
    this.store.set({
      progress: undefined,
      previous: this.state.result?.report,
      result: { scenario, report, rides, took_ms: performance.now() - since },
      // What a finished day makes untrue goes away; that a worker was replaced stays to be read.
      notice: notice?.kind === 'recovered' || notice?.kind === 'noMap' ? notice : undefined,
      detail: detail?.kind === 'van' && detail.van >= playback.vans ? undefined : detail,
    });
    this.refreshCells();
    if (first) {
      performance.mark('first figures');
      this.seek(firstScene(rides, begin_s));
      if (this.playAtOnce) this.play();
    }
    this.askFrame();
    this.#answered();
  }

  // --- Time --------------------------------------------------------------------------------------------------------

  play = (): void => {
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

  seek = (t_s: number): void => this.clock.seek(t_s);

  step = (minutes: number): void => {
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
    if (!this.playback) return;
    // A tab that was hidden does not leap ahead.
    const wall_s = Math.min((now - this.#lastFrame) / 1000, 0.25);
    this.#lastFrame = now;
    if (this.state.playing && !this.clock.tick(Math.max(wall_s, 0))) this.store.set({ playing: false });
    const { playback } = this;
    playback.seek(this.clock.t_s);
    this.frame = {
      t_s: this.clock.t_s,
      positions: playback.positions(),
      headings: playback.headings(),
      states: playback.states(),
      loads: playback.loads(),
      charge: playback.charge(),
      waiting: playback.waiting(),
    };
    for (const listener of this.#onFrame) listener(this.frame);
    if (this.state.heat.on && this.state.heat.hours === 'now') this.refreshCells();
    if (this.state.playing) this.askFrame();
  }

  /** The plan of a van at the moment shown. */
  plan(van: number): PlanView {
    return this.playback!.plan(van);
  }

  // --- What is looked at -------------------------------------------------------------------------------------------

  setLang(lang: Lang): void {
    this.store.set({ lang });
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
    const query = { end: heat.end, resolution: heat.resolution, ...heatSpan(heat, this.clock.t_s) };
    const key = JSON.stringify([query, result.report.log_hash]);
    if (key === this.#cellsOf) return;
    this.#cellsOf = key;
    this.store.set({ cells: this.playback.cells(query).cells });
  }
}
