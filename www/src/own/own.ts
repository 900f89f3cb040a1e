// Tables of one's own: trips, or points with weights. What a file does not say by itself is asked for.
import { check_file_size, type Preview, type Scenario, type TripOptions } from '../../pkg/noriai.js';
import type { App } from '../app';
import { reasons } from '../files';
import type { Notice } from '../state';
import type { Read, Reader } from './reader';

/** A file of trips about which something has to be said first. */
export interface Asking {
  file: File;
  preview: Preview;
  options: TripOptions;
}

/** Whether something has to be said: columns that are missing or double, several days, places that look swapped. */
export const hasQuestions = ({ can_be_mapped, missing, problems, dates, looks_swapped }: Preview): boolean =>
  can_be_mapped && (missing.length > 0 || problems.length > 0 || dates.length > 1 || looks_swapped);

/** The options that a dialog begins with: what was found and guessed, and what is likely. */
export const firstOptions = ({ columns, date, looks_swapped }: Preview): TripOptions => ({
  columns: columns.map(({ column, header }) => ({ column, header })),
  ...(date && { date }),
  swap: looks_swapped,
});

/** The options with another column; the day is chosen anew, since it may come from there. */
export const withColumn = ({ columns = [], swap = false }: TripOptions, column: string, header: string): TripOptions => ({
  columns: columns.map((each) => (each.column === column ? { column, header } : each)),
  swap,
});

/** A question about the file that is being read. */
type Ask = (wish: { of: 'preview' | 'trips'; options: TripOptions } | { of: 'weights' }) => Promise<Read>;

export class Own {
  #reader?: Reader;
  /** Counts files, so that a late answer about an older one is not taken. */
  #newest = 0;

  constructor(
    private readonly app: App,
    private readonly newReader: () => Reader,
  ) {}

  /** Reads a file; what is clear is taken at once. */
  async bring(file: File): Promise<void> {
    await this.#about(file, async (ask) => {
      const preview = await look(ask, {});
      if (preview.weights !== undefined) return this.#weigh(file, ask);
      if (!hasQuestions(preview)) return this.#take(file, {}, ask);
      const options = firstOptions(preview);
      // Guesses tell more: the days, for one, once there is a column of times.
      const guessed = preview.missing.length > 0 ? await look(ask, options) : preview;
      this.app.store.set({ asking: { file, preview: guessed, options: { ...options, ...(guessed.date && { date: guessed.date }) } } });
      return undefined;
    });
  }

  /** Points with weights, told apart already. */
  async bringWeights(file: File): Promise<void> {
    await this.#about(file, (ask) => this.#weigh(file, ask));
  }

  /** Something was said in the dialog. */
  async say(options: TripOptions): Promise<void> {
    const { asking } = this.app.state;
    if (!asking) return;
    this.app.store.set({ asking: { ...asking, options } });
    await this.#about(asking.file, async (ask) => {
      const preview = await look(ask, options);
      const { date } = preview;
      this.app.store.set({ asking: { file: asking.file, preview, options: { ...options, ...(date && { date }) } } });
    });
  }

  /** The dialog's last word: load, or leave it. */
  async answer(load: boolean): Promise<void> {
    const { asking } = this.app.state;
    if (!asking) return;
    this.app.store.set({ asking: undefined });
    if (load) await this.#about(asking.file, (ask) => this.#take(asking.file, asking.options, ask));
    else this.stop();
  }

  /** Another day of the trips that are loaded. */
  async chooseDay(date: string): Promise<void> {
    const { trips } = this.app.state;
    if (trips) await this.#about(trips.source, (ask) => this.#take(trips.source, { ...trips.options, date }, ask));
  }

  /** The same trips with latitude and longitude in each other's place. */
  async swap(): Promise<void> {
    const { trips } = this.app.state;
    if (trips) await this.#about(trips.source, (ask) => this.#take(trips.source, { ...trips.options, swap: !trips.options.swap }, ask));
  }

  /** Nothing that is being read is wanted any more: of another town it would mean something else. */
  stop(): void {
    this.#newest += 1;
    this.#reader?.close();
    this.#reader = undefined;
    this.app.store.set({ reading: undefined });
  }

  /** Questions about a file, while the page says that it is being read. */
  async #about(file: File, questions: (ask: Ask) => Promise<void>): Promise<void> {
    const { town } = this.app.state;
    if (!town) return;
    this.stop();
    const newest = this.#newest;
    const reader = this.newReader();
    const scenario = JSON.stringify(town);
    this.#reader = reader;
    this.app.store.set({ reading: file.name });
    // An answer about an older file never comes.
    const ask: Ask = (wish) =>
      new Promise<Read>((resolve, reject) => {
        const mine = () => newest === this.#newest;
        reader.ask({ ...wish, file, scenario }).then(
          (read) => mine() && resolve(read),
          (error: unknown) => mine() && reject(error),
        );
      });
    try {
      check_file_size('trips', file.name, file.size);
      await questions(ask);
    } catch (error) {
      this.app.store.set({ asking: undefined, notice: unread(file.name, error) });
    } finally {
      if (newest === this.#newest) this.stop();
    }
  }

  async #take(file: File, options: TripOptions, ask: Ask): Promise<void> {
    const read = await ask({ of: 'trips', options });
    if ('trips' in read) this.app.useTrips({ ...read.trips, file: file.name, source: file, options });
  }

  async #weigh(file: File, ask: Ask): Promise<void> {
    const read = await ask({ of: 'weights' });
    if (!('weights' in read)) return;
    const { scenario_json, weights } = read.weights;
    if (scenario_json === undefined) {
      const details = weights.problems.map(({ message }) => message);
      this.app.store.set({ notice: { kind: 'badWeights', file: file.name, details } });
    } else this.app.useWeights(JSON.parse(scenario_json) as Scenario, { ...weights, file: file.name });
  }
}

async function look(ask: Ask, options: TripOptions): Promise<Preview> {
  const read = await ask({ of: 'preview', options });
  if (!('preview' in read)) throw new Error('another question was answered');
  return read.preview;
}

const unread = (file: string, error: unknown): Notice => ({ kind: 'badTrips', file, details: reasons(error) });
