// Reads tables of one's own in a worker: a million rows take seconds, and their memory goes with the worker.
import type { ImportedSeries, ImportedTrips, Preview, Problem, TripOptions, WeighedTown } from '../../pkg/readers.js';

/** What is wanted of a file: a look at it, its trips, its weights or its series, or a town of four tables. */
export type Reading =
  | { of: 'preview' | 'trips'; file: Blob; scenario: string; options: TripOptions }
  | { of: 'weights'; file: File; scenario: string }
  | { of: 'series'; file: Blob; column: string; allowNegative: boolean }
  /** Nodes, edges, requests and vehicles. */
  | { of: 'tables'; files: [Blob, Blob, Blob, Blob] };

/** What it holds. */
export type Read = { preview: Preview } | { trips: ImportedTrips } | { weights: WeighedTown } | { series: ImportedSeries } | { town: string };

/** What the worker says. */
export type FromReader = { read: Read } | { problems: Problem[] } | { crashed: string };

/** What the reader needs of a worker; tests give it one without a browser. */
export interface ReaderWorker {
  postMessage(message: Reading): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromReader>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** Asks one question after the other; whoever wants no more answers closes it. */
export class Reader {
  #worker?: ReaderWorker;
  #waiting?: { resolve: (read: Read) => void; reject: (error: unknown) => void };

  constructor(private readonly start: () => ReaderWorker) {}

  /** One question at a time; a newer one takes the place of one that has no answer yet. */
  ask(reading: Reading): Promise<Read> {
    if (this.#waiting) this.close();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker ??= this.#spawn();
      this.#worker.postMessage(reading);
    });
  }

  /** Ends the worker; a question without an answer gets none. */
  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#waiting = undefined;
  }

  #spawn(): ReaderWorker {
    const worker = this.start();
    worker.onmessage = ({ data }) => {
      const waiting = this.#waiting;
      // A word that was on its way when its worker was ended is about an older question.
      if (worker !== this.#worker) return;
      this.#waiting = undefined;
      if ('read' in data) waiting?.resolve(data.read);
      else {
        this.close();
        waiting?.reject('problems' in data ? Object.assign(new Error('not valid'), data) : new Error(data.crashed));
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const waiting = this.#waiting;
      this.close();
      waiting?.reject(new Error(event.message));
    };
    return worker;
  }
}
