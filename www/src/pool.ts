// Several policies on the same days, lived through by a pool of workers. A worker that dies is replaced and its day repeated.
import type { Entrant, Report } from '../pkg/noriai.js';
import type { WorkerLike } from './engine';
import type { FromWorker, Trial } from './protocol';

/** Days of the same town, one for each seed from the first on, for each that takes part. */
export interface Contest {
  /** The town with its settings, as JSON. */
  scenario: string;
  first: number;
  days: number;
  entrants: Entrant[];
}

export interface PoolListener {
  /** One entrant, by its index, has lived through the day of a seed. */
  finished(entrant: number, seed: number, report: Report): void;
  /** All have lived through all days. */
  done(): void;
  /** A day failed twice; the rest has been given up. */
  failed(message: string): void;
}

/** A day that was to be lived through, and how often it was begun. */
type Begun = Trial & { attempts: number };

export class Pool {
  #workers = new Set<WorkerLike>();
  /** Those without a day, while others have one: more may come. */
  #idle: WorkerLike[] = [];
  #waiting: Begun[] = [];
  #underWay = 0;

  constructor(
    private readonly start: () => WorkerLike,
    private readonly module: WebAssembly.Module,
    /** Workers at once. */
    readonly size: number,
    private readonly listener: PoolListener,
  ) {}

  /** Begins; what was under way is dropped. */
  run({ scenario, first, days, entrants }: Contest): void {
    this.cancel();
    // All policies of a day before the next day, so that pairs are complete early.
    const trials = Array.from({ length: days }, (_, day) =>
      entrants.map((changes, entrant): Trial => ({ scenario, entrant, seed: first + day, changes })),
    );
    this.more(trials.flat());
  }

  /** Days besides those under way; told while one is finished, they go to workers that have the town already. */
  more(trials: Trial[]): void {
    this.#waiting.push(...trials.map((trial) => ({ ...trial, attempts: 0 })));
    for (const worker of this.#idle.splice(0)) this.#begin(worker);
    while (this.#workers.size < Math.min(this.size, this.#underWay + this.#waiting.length)) this.#begin(this.#spawn());
  }

  /** Ends everything at once. */
  cancel(): void {
    for (const worker of this.#workers) worker.terminate();
    this.#workers.clear();
    this.#idle = [];
    this.#waiting = [];
    this.#underWay = 0;
  }

  /** Makes one worker fail, for tests. */
  crash(): void {
    const [worker] = this.#workers;
    worker?.postMessage({ kind: 'crash' });
  }

  #spawn(): WorkerLike {
    const worker = this.start();
    this.#workers.add(worker);
    worker.postMessage({ kind: 'core', module: this.module });
    return worker;
  }

  /** Gives a worker its next day; when there is none and none under way, all may go. */
  #begin(worker: WorkerLike): void {
    const trial = this.#waiting.shift();
    if (!trial) {
      this.#idle.push(worker);
      if (this.#underWay > 0) return;
      this.cancel();
      this.listener.done();
      return;
    }
    this.#underWay += 1;
    trial.attempts += 1;
    worker.onmessage = ({ data }) => this.#receive(worker, trial, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#crashed(worker, trial, event.message);
    };
    const { attempts: _, ...message } = trial;
    worker.postMessage({ kind: 'trial', ...message });
  }

  #receive(worker: WorkerLike, trial: Begun, message: FromWorker): void {
    if (!this.#workers.has(worker)) return;
    if (message.kind === 'crashed') this.#crashed(worker, trial, message.message);
    if (message.kind !== 'trial') return;
    this.#underWay -= 1;
    this.listener.finished(trial.entrant, trial.seed, message.report);
    // Whoever listens may have cancelled.
    if (this.#workers.has(worker)) this.#begin(worker);
  }

  #crashed(worker: WorkerLike, trial: Begun, message: string): void {
    if (!this.#workers.delete(worker)) return;
    worker.terminate();
    this.#underWay -= 1;
    if (trial.attempts > 1) {
      this.cancel();
      this.listener.failed(message);
      return;
    }
    this.#waiting.unshift(trial);
    this.#begin(this.#spawn());
  }
}
