// The comparison of policies: what it begins with, how far it is, and what it says.
import { Comparison, type Findings } from '../pkg/noriai.js';
import type { App } from './app';
import { Pool, type Contest, type PoolListener } from './pool';
import { apply, type MatchingKind, type RebalancingKind, type Settings } from './settings';
import { FIRST_PLAN, type State } from './state';

/** A policy that takes part, by the words of its two halves. */
export interface Choice {
  matching: MatchingKind;
  rebalancing: RebalancingKind;
}

/** What is chosen for the next comparison. */
export interface Plan {
  choices: Choice[];
  days: number;
}

/** A comparison, finished or not. */
export interface Outcome {
  choices: Choice[];
  days: number;
  /** Seed of the first day. */
  first: number;
  /** Days lived through, each under one policy. */
  finished: number;
  findings: Findings;
  status: 'running' | 'done' | 'cancelled' | 'failed';
}

export const FEWEST = 2;
export const MOST = 5;
export const DAYS = [5, 10, 20, 50, 100];

/** Policies to choose from; one of one's own has a single sandbox, which lives through one day at a time. */
export const competing = (kinds: MatchingKind[]): MatchingKind[] => kinds.filter((kind) => kind !== 'script');

/** Why no comparison can be made: without a generator every day has the same calls. */
export const hasSpread = ({ town, trips }: State): boolean => town?.demand.generator !== undefined && !trips;

export class Comparing {
  readonly #pool: Pool;
  #comparison?: Comparison;

  constructor(
    private readonly app: App,
    pool: (listener: PoolListener) => Pool,
  ) {
    this.#pool = pool({
      finished: (entrant, seed, report) => {
        this.#comparison!.add(entrant, seed, report);
        const outcome = app.state.outcome!;
        this.#tell({ finished: outcome.finished + 1, findings: this.#comparison!.findings() });
      },
      done: () => this.#tell({ status: 'done' }),
      failed: () => this.#tell({ status: 'failed' }),
    });
  }

  /** Another choice; the outcome of the last one stays until the next is begun. */
  plan(change: Partial<Plan>): void {
    this.app.store.set({ plan: { ...this.app.state.plan, ...change } });
  }

  choose(index: number, change: Partial<Choice>): void {
    const { choices } = this.app.state.plan;
    this.plan({ choices: choices.map((choice, each) => (each === index ? { ...choice, ...change } : choice)) });
  }

  /** One more: the first policy that is not there yet. */
  add = (kinds: MatchingKind[]): void => {
    const { choices } = this.app.state.plan;
    const matching = kinds.find((kind) => choices.every((choice) => choice.matching !== kind)) ?? kinds[0]!;
    this.plan({ choices: [...choices, { matching, rebalancing: choices[0]!.rebalancing }] });
  };

  remove(index: number): void {
    this.plan({ choices: this.app.state.plan.choices.filter((_, each) => each !== index) });
  }

  /** Another town: what was found is about the last one, and not every policy may be there. */
  forget(): void {
    this.#pool.cancel();
    this.app.store.set({ outcome: undefined, plan: FIRST_PLAN });
  }

  begin = (): void => {
    const { town, settings, series, plan } = this.app.state;
    if (!town || !settings) return;
    const contest: Contest = {
      scenario: JSON.stringify(apply(town, settings, undefined, series)),
      first: settings.seed,
      days: plan.days,
      entrants: plan.choices.map((choice) => this.#entrant(choice, settings)),
    };
    this.#comparison?.free();
    this.#comparison = new Comparison(plan.choices.map(({ matching }) => matching));
    this.app.store.set({
      outcome: { ...plan, first: contest.first, finished: 0, findings: this.#comparison.findings(), status: 'running' },
    });
    this.#pool.run(contest);
  };

  cancel = (): void => {
    this.#pool.cancel();
    this.#tell({ status: 'cancelled' });
  };

  crash = (): void => this.#pool.crash();

  /** With the parameters set on the left, where they are of that kind. */
  #entrant({ matching, rebalancing }: Choice, settings: Settings): Contest['entrants'][number] {
    const { app } = this;
    return {
      matching: settings.matching.kind === matching ? settings.matching : app.matching(matching),
      rebalancing: settings.rebalancing.kind === rebalancing ? settings.rebalancing : app.rebalancing(rebalancing),
    };
  }

  #tell(change: Partial<Outcome>): void {
    const { outcome } = this.app.state;
    if (outcome) this.app.store.set({ outcome: { ...outcome, ...change } });
  }
}
