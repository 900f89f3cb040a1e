// What can be taken away from the page: a link to the day shown, and the day as files. Where its trips are people's own, their cells are
// masked, and single trips go out only after a question.
import type { App } from '../app';
import { fileName, offer } from '../download';
import { apply, SERIES } from '../settings';
import type { Result } from '../state';
import { changesOf, type Changes } from './changes';
import { linkTo } from './link';
import { hasOwnTrips, shownCells } from './masking';
import { chartsPicture, mapPicture } from './pictures';
import { isOfFew, reportJson } from './report';
import { cellsGeoJson, ridesCsv, waysGeoJson } from './tables';

/** In the order in which they are offered, with how their names end. */
export const ENDINGS = {
  scenario: '.json',
  report: '-report.json',
  map: '-map.png',
  charts: '-charts.png',
  rides: '-rides.csv',
  log: '-log.csv',
  ways: '-ways.geojson',
  cells: '-cells.geojson',
} as const;
export type Item = keyof typeof ENDINGS;
export const ITEMS = Object.keys(ENDINGS) as Item[];

/** What the dialog shows. */
export interface Bag {
  /** The link; absent while it is made, or for a town of one's own. */
  link?: string;
  /** Whether the browser has copied it; if not, it is selected. */
  copied?: boolean;
}

/** A file with single trips, about which is asked. */
export interface Singles {
  name: string;
  save: () => void;
}

export class Carrying {
  constructor(private readonly app: App) {}

  open = (): void => {
    this.app.store.set({ carrying: {} });
    void this.#link();
  };

  close = (): void => this.app.store.set({ carrying: undefined });

  async copy(field: HTMLInputElement): Promise<void> {
    const copied = await navigator.clipboard.writeText(field.value).then(
      () => true,
      // Not within every frame, nor in every browser.
      () => false,
    );
    if (!copied) field.select();
    if (this.app.state.carrying) this.app.store.set({ carrying: { ...this.app.state.carrying, copied } });
  }

  /** Whether a file of the day shown tells of single trips that are people's own. */
  isSingle(item: Item, { scenario, report }: Result): boolean {
    if (!hasOwnTrips(scenario)) return false;
    switch (item) {
      case 'map':
      case 'cells':
        return false;
      case 'report':
        return isOfFew(report);
      case 'scenario':
      case 'charts':
      case 'rides':
      case 'log':
      case 'ways':
        return true;
    }
  }

  /** Makes a file of the day shown, and hands it to the browser. */
  take(item: Item): void {
    const { result } = this.app.state;
    if (!result) return;
    const name = fileName(result.scenario.name, ENDINGS[item]);
    const save = async () => {
      try {
        offer(name, await this.#make(item, result));
      } catch (error) {
        console.warn(error);
        this.app.store.set({ notice: { kind: 'notSaved' }, carrying: undefined });
      }
    };
    if (this.isSingle(item, result)) this.ask(name, () => void save());
    else void save();
  }

  /** Asks before a file with single trips is saved. */
  ask = (name: string, save: () => void): void => this.app.store.set({ singles: { name, save } });

  answer = (yes: boolean): void => {
    const { singles } = this.app.state;
    this.app.store.set({ singles: undefined });
    if (yes) singles?.save();
  };

  /** What makes the day shown again, if it is one of the page's towns with settings alone. */
  #changes({ scenario }: Result): Changes | undefined {
    const { state } = this.app;
    const { town, settings } = state;
    // A day that is still being lived through is another one.
    const isShown = town !== undefined && settings !== undefined && JSON.stringify(apply(town, settings)) === JSON.stringify(scenario);
    return isShown ? changesOf(state) : undefined;
  }

  async #link(): Promise<void> {
    const { state } = this.app;
    const changes = changesOf(state);
    if (!changes) return;
    const log_hash = state.result && this.#changes(state.result) && state.result.report.log_hash;
    const link = await linkTo(this.app.place.kind === 'frame' ? new URL('.', location.href).href : location.href, { ...changes, ...(log_hash && { log_hash }) });
    if (this.app.state.carrying) this.app.store.set({ carrying: { link } });
  }

  #make(item: Item, result: Result): Blob | Promise<Blob> {
    const { app } = this;
    const { scenario, report, rides } = result;
    const own = hasOwnTrips(scenario);
    const json = (text: string) => new Blob([text], { type: 'application/json' });
    switch (item) {
      case 'scenario':
        return json(JSON.stringify(scenario));
      case 'report':
        return json(reportJson(report, scenario, this.#changes(result)));
      case 'map':
        return mapPicture(app, result);
      case 'charts':
        return chartsPicture(app, result);
      case 'rides':
        // With the mark by which Excel knows UTF-8.
        return new Blob(['\ufeff', ridesCsv(rides, scenario)], { type: 'text/csv' });
      case 'log':
        return app.logCsv().then((table) => new Blob(['\ufeff', table], { type: 'text/csv' }));
      case 'ways':
        return json(there(app.atMoments((at, begin_s, end_s) => waysGeoJson(scenario, at, begin_s, end_s))));
      case 'cells': {
        const cells = there(app.countCells());
        return json(cellsGeoJson(own ? shownCells(cells) : cells, own));
      }
    }
  }

  /** Own data that the link leaves out. */
  get leftOut(): { trips: boolean; series: boolean } {
    const { trips, series } = this.app.state;
    return { trips: trips !== undefined, series: SERIES.some((name) => series[name] !== undefined) };
  }
}

/** The core of the page's thread gives nothing any more once it has failed. */
function there<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Error('no answer from the core');
  return answer;
}
