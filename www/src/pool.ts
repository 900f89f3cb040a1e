// Several policies on the same days, lived through by a pool of workers. A worker that dies is replaced and its day repeated.
import type { MatchingPolicy, RebalancingPolicy, Report } from '../pkg/noriai.js';
import type { WorkerLike } from './engine';
import type { FromWorker, Trial } from './protocol';

/** What takes part: who rides with whom, and what idle vans do. */
export interface Entrant {
  matching: MatchingPolicy;
  rebalancing: RebalancingPolicy;
}

/** Days of the same town, one for each seed from the first on, under each of these policies. */
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
  #waiting: Begun[] = [];
  #underWay = 0;
  #scenario = '';

  constructor(
    private readonly start: () => WorkerLike,
    private readonly module: WebAssembly.Module,
    /** Workers at once. */
    private readonly size: number,
    private readonly listener: PoolListener,
  ) {}

  /** Begins; what was under way is dropped. */
  run({ scenario, first, days, entrants }: Contest): void {
    this.cancel();
    this.#scenario = scenario;
    // All policies of a day before the next day, so that pairs are complete early.
    for (let day = 0; day < days; day++) {
      entrants.forEach(({ matching, rebalancing }, entrant) =>
        this.#waiting.push({ entrant, seed: first + day, matching, rebalancing, attempts: 0 }),
      );
    }
    const workers = Math.min(this.size, this.#waiting.length);
    for (let count = 0; count < workers; count++) this.#begin(this.#spawn());
  }

  /** Ends everything at once. */
  cancel(): void {
    for (const worker of this.#workers) worker.terminate();
    this.#workers.clear();
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

  /** Gives a worker its next day, or lets it go. */
  #begin(worker: WorkerLike): void {
    const trial = this.#waiting.shift();
    if (!trial) {
      worker.terminate();
      this.#workers.delete(worker);
      if (this.#underWay === 0) this.listener.done();
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
    worker.postMessage({ kind: 'trial', scenario: this.#scenario, ...message });
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
