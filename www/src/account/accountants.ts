// A year lived through by two workers, one of which then keeps it for other prices. A worker that dies is replaced and what it was asked
// is asked again, once.
import type { Price, Problem, Quantities, Reach, TypicalDays } from '../../pkg/account.js';
import type { FromAccountant, Lived, Priced, ToAccountant, Trial } from './protocol';

/** How often each typical day is lived through, as the command line does. */
export const SEEDS = 5;

/** Workers at once. */
const SIZE = 2;

/** What the room needs of a worker; tests give it one without a browser. */
export interface AccountWorker {
  postMessage(message: ToAccountant): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromAccountant>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export interface AccountListener {
  /** So many days of all have been lived through. */
  progress(finished: number, all: number): void;
  year(quantities: Quantities, reach: Reach, priced: Priced): void;
  priced(edit: number, priced: Priced): void;
  wrong(edit: number, problems: Problem[]): void;
  /** Something failed twice; all has been given up. */
  failed(message: string): void;
}

/** The days to live through: seasons draw riders of their own, and sites without vans have nothing to draw. */
export function trials({ days, sites_alone }: TypicalDays, seed: number): Trial[] {
  return days.flatMap((_, index) => {
    const first = seed + index * SEEDS;
    const with_vans = Array.from({ length: SEEDS }, (_, more) => ({ index, seed: first + more, with_vans: true }));
    return sites_alone ? [...with_vans, { index, seed: first, with_vans: false }] : with_vans;
  });
}

export class Accountants {
  #workers = new Set<AccountWorker>();
  #waiting: Trial[] = [];
  #lived: Lived[] = [];
  #all = 0;
  #scenario = '';
  #seed = 0;
  #prices: Price[] = [];
  /** The one that keeps the year. */
  #keeper?: AccountWorker;

  constructor(
    private readonly start: () => AccountWorker,
    private readonly listener: AccountListener,
  ) {}

  /** Begins with a scenario, as JSON; what was under way is dropped. */
  run(scenario: string, seed: number, prices: Price[]): void {
    this.cancel();
    this.#scenario = scenario;
    this.#seed = seed;
    this.#prices = prices;
    this.#ask({ kind: 'plan', scenario });
  }

  /** The same year with other prices. */
  price(edit: number, prices: Price[]): void {
    this.#prices = prices;
    this.#keeper?.postMessage({ kind: 'prices', edit, prices });
  }

  /** Ends everything at once. */
  cancel(): void {
    for (const worker of this.#workers) worker.terminate();
    this.#workers.clear();
    this.#keeper = undefined;
    this.#waiting = [];
    this.#lived = [];
  }

  /** Makes one worker fail, for tests. */
  crash(): void {
    const [worker] = this.#workers;
    worker?.postMessage({ kind: 'crash' });
  }

  /** Asks a worker, a new one if none is given. */
  #ask(message: ToAccountant, worker = this.#spawn(), attempts = 1): void {
    worker.onmessage = ({ data }) => {
      if (!this.#workers.has(worker)) return;
      if (data.kind === 'crashed') this.#crashed(worker, message, attempts, data.message);
      else this.#receive(worker, data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#crashed(worker, message, attempts, event.message);
    };
    worker.postMessage(message);
  }

  #spawn(): AccountWorker {
    const worker = this.start();
    this.#workers.add(worker);
    return worker;
  }

  #receive(worker: AccountWorker, message: Exclude<FromAccountant, { kind: 'crashed' }>): void {
    switch (message.kind) {
      case 'plan':
        this.#waiting = trials(message.plan, this.#seed);
        this.#all = this.#waiting.length;
        this.listener.progress(0, this.#all);
        this.#next(worker);
        while (this.#workers.size < SIZE && this.#waiting.length > 0) this.#next(this.#spawn());
        break;
      case 'day':
        this.#lived.push(message.lived);
        this.listener.progress(this.#lived.length, this.#all);
        this.#next(worker);
        break;
      case 'year':
        // Prices may have changed meanwhile; whoever changed them asks again.
        this.#lived = [];
        this.#keeper = worker;
        this.listener.year(message.quantities, message.reach, message.priced);
        break;
      case 'prices':
        this.listener.priced(message.edit, message.priced);
        break;
      case 'wrong':
        this.listener.wrong(message.edit, message.problems);
        break;
    }
  }

  /** The next day; after the last one, the year of all. */
  #next(worker: AccountWorker): void {
    const trial = this.#waiting.shift();
    if (trial) {
      this.#ask({ kind: 'day', scenario: this.#scenario, trial }, worker);
    } else if (this.#lived.length === this.#all) {
      // In the order of the plan, so that sums do not depend on who was faster.
      const order = ({ index, seed, with_vans }: Trial) => [index, with_vans ? 0 : 1, seed] as const;
      const lived = this.#lived.toSorted((a, b) => {
        const [left, right] = [order(a), order(b)];
        return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
      });
      this.#ask({ kind: 'year', scenario: this.#scenario, lived, prices: this.#prices }, worker);
    } else {
      worker.terminate();
      this.#workers.delete(worker);
    }
  }

  #crashed(worker: AccountWorker, message: ToAccountant, attempts: number, reason: string): void {
    if (!this.#workers.delete(worker)) return;
    worker.terminate();
    if (attempts > 1 || worker === this.#keeper) {
      this.cancel();
      this.listener.failed(reason);
      return;
    }
    this.#ask(message, this.#spawn(), attempts + 1);
  }
}
