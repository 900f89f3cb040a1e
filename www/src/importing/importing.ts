// A town from files of one's own: what they hold, what is wished of them, and the worker that reads and makes.
import type { Problem, Scenario, Spec } from '../../pkg/readers.js';
import type { App } from '../app';
import type { Box } from '../state';
import { townArea } from './area';
import type { Contents, FromImporter, Made, ToImporter } from './protocol';

/** What can be wished: a town of its own, or something of the feed in the town shown. */
export type Use = 'town' | 'bus' | 'flex';

/** What the panel lets one choose. */
export interface Choice {
  use: Use;
  name: string;
  stops_every_m: number;
  vehicles: number;
  requests: number;
  /** Only this part of the map. */
  area?: Box;
  /** Ids of the routes that become the bus; all to begin with. */
  routes: string[];
  date: string;
}

/** Files being read, read, or made a town of. */
export interface Import extends Contents {
  roads?: File;
  archive?: File;
  /** Latitude and longitude are read the other way round. */
  swap: boolean;
  /** Share of the bytes that are read; absent when all are. */
  reading?: number;
  choice: Choice;
  making: boolean;
  /** What came of the last wish. */
  made?: Made;
  problems: Problem[];
  /** The worker has failed, and with it what it had read. */
  crashed: boolean;
}

/** What the importer needs of a worker; tests give it one without a browser. */
export interface ImportWorker {
  postMessage(message: ToImporter): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromImporter>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** As the core has them. */
const USUAL = { stops_every_m: 300, vehicles: 10, requests: 300 };

const stem = (name: string): string => name.replace(/\..*$/, '');

export class Importing {
  #worker?: ImportWorker;

  constructor(
    private readonly app: App,
    private readonly start: () => ImportWorker,
    /** A town that was made, and whether it is one of its own or the one shown with something new. */
    private readonly done: (town: Scenario, use: Use) => void,
  ) {}

  get state(): Import | undefined {
    return this.app.state.importing;
  }

  /** Begins to read; files opened before are let go. */
  open(files: { roads?: File; archive?: File }, swap = false): void {
    this.#end();
    const name = stem((files.archive ?? files.roads)!.name);
    const choice: Choice = { use: 'town', name, ...USUAL, routes: [], date: '' };
    this.app.store.set({ importing: { ...files, swap, reading: 0, choice, making: false, problems: [], crashed: false } });
    const worker = this.start();
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#crashed(event.message);
    };
    worker.postMessage({ kind: 'read', roads: files.roads, feed: files.archive, swap });
  }

  /** Reads the files again, with latitude and longitude the other way round. */
  swap = (): void => {
    const { roads, archive, swap } = this.state!;
    this.open({ roads, archive }, !swap);
  };

  close = (): void => {
    this.#end();
    this.app.store.set({ importing: undefined });
  };

  choose(part: Partial<Choice>): void {
    const { state } = this;
    if (!state) return;
    this.#set({ choice: { ...state.choice, ...part } });
    if (part.date && part.date !== state.choice.date) this.#worker!.postMessage({ kind: 'date', date: part.date });
  }

  make = (): void => {
    const { state } = this;
    if (!state || state.reading !== undefined || state.making || !this.#worker) return;
    const { choice, feed } = state;
    const { use, date, routes } = choice;
    const bus = feed && feed.routes.length > 0 && feed.trips > 0 ? { routes, date } : undefined;
    this.#set({ making: true, problems: [] });
    if (use === 'town') {
      const { name, stops_every_m, vehicles, requests, area } = choice;
      const spec: Spec = { name, stops_every_m, vehicles, requests };
      if (area) spec.area = area;
      this.#worker.postMessage({ kind: 'make', wish: { kind: 'town', spec, bus } });
      return;
    }
    const scenario = JSON.stringify(this.app.state.town);
    const wish = use === 'bus' ? { kind: use, scenario, bus: { routes, date } } : { kind: use, scenario, date };
    this.#worker.postMessage({ kind: 'make', wish });
  };

  /** Makes the worker fail, for tests. */
  crash(): void {
    this.#crashed('crashed on request');
  }

  #receive(message: FromImporter): void {
    const { state } = this;
    if (!state) return;
    switch (message.kind) {
      case 'progress':
        this.#set({ reading: message.share, notes: message.notes });
        break;
      case 'read':
        this.#read(state, message);
        break;
      case 'date':
        this.#set({ feed: message.feed });
        break;
      case 'made':
        this.#set({ making: false, made: message.made });
        this.done(JSON.parse(message.made.scenario) as Scenario, state.choice.use);
        break;
      case 'wrong':
        this.#set({ making: false, reading: undefined, problems: message.problems });
        break;
      case 'crashed':
        this.#crashed(message.message);
        break;
    }
  }

  /** What a town can be made of at once, is; of a larger map a part is chosen first. */
  #read(state: Import, { notes, points, feed }: Contents): void {
    const area = points && townArea(points);
    const use = feed && feed.routes.length === 0 && feed.flex.length > 0 ? 'flex' : 'town';
    const [agency] = feed?.agencies ?? [];
    const name = agency ? this.app.say(agency) : state.choice.name;
    const choice = { ...state.choice, use, area, name, date: feed?.date ?? this.app.state.settings!.date } as const;
    this.#set({ reading: undefined, notes, points, feed, choice });
    if (use === 'town' && !area) this.make();
  }

  #crashed(message: string): void {
    console.error(message);
    this.#end();
    this.#set({ reading: undefined, making: false, crashed: true });
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #set(part: Partial<Import>): void {
    const { state } = this;
    if (state) this.app.store.set({ importing: { ...state, ...part } });
  }
}
