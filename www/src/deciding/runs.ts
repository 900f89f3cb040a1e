// Runs that are kept for this visit: to be sorted, named, pinned, opened again, and two of them set side by side.
import { Comparison, type Findings, type Report, type Scenario } from '../../pkg/noriai.js';
import type { App } from '../app';
import { editedOf, type Edited } from '../history';
import type { Pool, PoolListener } from '../pool';
import type { Day, Trial } from '../protocol';
import { canBeStudied } from '../settings';

/** Runs that are kept at most: each has the record of its day. */
export const MOST_RUNS = 12;
/** Days over which two runs are checked. */
export const CHECK_DAYS = 10;

export interface KeptRun {
  id: number;
  name: string;
  pinned: boolean;
  scenario: Scenario;
  /** The scenario as JSON, and the day's record. */
  day: Day;
  report: Report;
  /** What the page had set. */
  edited: Edited;
}

export interface RunSort {
  key: string;
  down: boolean;
}

/** Two runs side by side. */
export interface Pairing {
  runs: [number, number];
  /** What more days say. */
  check?: { finished: number; findings: Findings; status: 'running' | 'done' | 'cancelled' | 'failed' };
}

/** Pinned ones first, then by a figure; those without it last. */
export function sorted(runs: KeptRun[], sort: RunSort | undefined): KeptRun[] {
  const value = ({ name, report }: KeptRun): string | number | undefined =>
    sort?.key === 'name' ? name : (report[sort?.key as keyof Report] as number | undefined);
  const order = (a: KeptRun, b: KeptRun): number => {
    if (!sort) return 0;
    const [x, y] = [value(a), value(b)];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    const first = typeof x === 'string' ? x.localeCompare(y as string) : x - (y as number);
    return sort.down ? -first : first;
  };
  return [...runs].sort((a, b) => Number(b.pinned) - Number(a.pinned) || order(a, b));
}

/** Whether other days can tell the difference of two runs from luck: of modelled demand, and under policies that can be repeated. */
export const canBeChecked = (a: KeptRun, b: KeptRun): boolean =>
  [a, b].every(({ scenario }) => scenario.demand.generator !== undefined && canBeStudied(scenario));

export class Runs {
  readonly #pool: Pool;
  #comparison?: Comparison;
  #last = 0;

  constructor(
    private readonly app: App,
    pool: (listener: PoolListener) => Pool,
  ) {
    this.#pool = pool({
      finished: (entrant, seed, report) => {
        this.#comparison!.add(entrant, seed, report);
        const check = this.app.state.deciding.pair!.check!;
        this.#tell({ finished: check.finished + 1, findings: this.#comparison!.findings() });
      },
      done: () => this.#tell({ status: 'done' }),
      failed: () => this.#tell({ status: 'failed' }),
    });
  }

  get isFull(): boolean {
    return this.app.state.deciding.runs.length >= MOST_RUNS;
  }

  /** Whether the run shown is kept already. */
  get has(): boolean {
    const { lived, state } = this.app;
    return state.deciding.runs.some(({ day }) => day.scenario === lived?.scenario);
  }

  /** Keeps the run shown. */
  keep = (): void => {
    const { state, lived } = this.app;
    if (!state.result || !lived || this.isFull || this.has) return;
    const { scenario, report } = state.result;
    const id = ++this.#last;
    const run: KeptRun = { id, name: this.#nameOf(scenario), pinned: false, scenario, report, day: lived, edited: editedOf(state) };
    this.app.decide({ runs: [...state.deciding.runs, run] });
  };

  change(id: number, part: Partial<Pick<KeptRun, 'name' | 'pinned'>>): void {
    this.app.decide({ runs: this.app.state.deciding.runs.map((run) => (run.id === id ? { ...run, ...part } : run)) });
  }

  remove(id: number): void {
    const { runs, pair } = this.app.state.deciding;
    if (pair?.runs.includes(id)) this.pair(undefined);
    this.app.decide({ runs: runs.filter((run) => run.id !== id) });
  }

  open({ edited, report }: KeptRun): void {
    this.app.reopen(edited, report.log_hash);
  }

  sort(key: string): void {
    const { sort } = this.app.state.deciding;
    this.app.decide({ sort: { key, down: sort?.key === key ? !sort.down : key !== 'name' } });
  }

  /** Two runs side by side, or none. */
  pair(runs: [number, number] | undefined): void {
    this.#pool.cancel();
    this.app.decide({ pair: runs && { runs } });
  }

  /** The same days under both, to tell their differences from luck. */
  check = (): void => {
    const { runs, pair } = this.app.state.deciding;
    const both = pair?.runs.map((id) => runs.find((run) => run.id === id)!);
    if (!both) return;
    this.#comparison?.free();
    this.#comparison = new Comparison(both.map(({ name }) => name));
    this.app.decide({ pair: { ...pair!, check: { finished: 0, findings: this.#comparison.findings(), status: 'running' } } });
    this.#pool.cancel();
    // Seeds of their own would make other days of the same demand.
    const { seed } = both[0]!.scenario;
    const trials = Array.from({ length: CHECK_DAYS }, (_, day) =>
      both.map(({ scenario: { policies }, day: { scenario } }, entrant): Trial => {
        const { matching, rebalancing } = policies;
        return { scenario, entrant, seed: seed + day, changes: { matching, rebalancing } };
      }),
    );
    this.#pool.more(trials.flat());
  };

  cancel = (): void => {
    this.#pool.cancel();
    this.#tell({ status: 'cancelled' });
  };

  /** What tells it from others: town, vans and policy, and demand and seed where they are not the town's. */
  #nameOf({ name, fleet, policies, demand, seed }: Scenario): string {
    const { words, format, state } = this.app;
    const w = words.decide.runs;
    const vans = policies.matching.kind === 'fixed_route' ? undefined : w.vans(format.number(fleet.vehicles.length));
    const factor = demand.factor === state.town?.demand.factor ? undefined : w.demand(format.number(demand.factor, 1));
    const own = seed === state.town?.seed ? undefined : w.seed(String(seed));
    return [this.app.say(name), vans, words.try.kinds[policies.matching.kind], factor, own].filter((part) => part).join(w.and);
  }

  #tell(change: Partial<NonNullable<Pairing['check']>>): void {
    const { pair } = this.app.state.deciding;
    if (pair?.check) this.app.decide({ pair: { ...pair, check: { ...pair.check, ...change } } });
  }
}
