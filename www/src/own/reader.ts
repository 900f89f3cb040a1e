// Reads a file in a worker of its own: a million rows take seconds, and their memory goes with the worker.
import type { ImportedTrips, Preview, Problem, TripOptions, WeighedTown } from '../../pkg/noriai.js';
import type { WorkerLike } from '../engine';

/** What is wanted of a file: a look at it, its trips, or its weights. */
export type Reading = { of: 'preview'; options: TripOptions } | { of: 'trips'; options: TripOptions } | { of: 'weights'; name: string };

/** What it holds. */
export type Read = { preview: Preview } | { trips: ImportedTrips } | { weights: WeighedTown };

/** Asks about one file, against one town; whoever does not want it any more closes it. */
export class Reader {
  #worker?: WorkerLike;
  #waiting?: { resolve: (read: Read) => void; reject: (error: unknown) => void };

  constructor(
    private readonly start: () => WorkerLike,
    private readonly module: WebAssembly.Module,
    private readonly file: Blob,
    private readonly scenario: string,
  ) {}

  /** One question at a time; a newer one takes the place of one that has no answer yet. */
  ask(reading: Reading): Promise<Read> {
    if (this.#waiting) this.close();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker ??= this.#spawn();
      this.#worker.postMessage({ kind: 'read', file: this.file, scenario: this.scenario, reading });
    });
  }

  /** Ends the worker; a question without an answer gets none. */
  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#waiting = undefined;
  }

  #spawn(): WorkerLike {
    const worker = this.start();
    worker.postMessage({ kind: 'core', module: this.module });
    worker.onmessage = ({ data }) => {
      const waiting = this.#waiting;
      // A word that was on its way when its worker was ended is about an older question.
      if (worker !== this.#worker) return;
      if (data.kind !== 'read' && data.kind !== 'crashed' && data.kind !== 'invalid') return;
      this.#waiting = undefined;
      if (data.kind === 'read') waiting?.resolve(data.read);
      else {
        const problems: Problem[] | undefined = data.kind === 'invalid' ? data.problems : undefined;
        this.close();
        waiting?.reject(Object.assign(new Error(data.kind === 'crashed' ? data.message : 'not valid'), { problems }));
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
