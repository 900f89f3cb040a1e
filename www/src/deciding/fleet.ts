// How many vans are needed: the core searches, the pool lives through the days that it asks for.
import { FleetSearch, type Report } from '../../pkg/noriai.js';
import type { App } from '../app';
import { competing } from '../comparison';
import type { Pool, PoolListener } from '../pool';
import type { Trial } from '../protocol';
import { apply, matchingKinds, MOST_VANS, policyOf, type MatchingKind } from '../settings';
import type { FleetFound, FleetPlan } from './state';

export const FLEET_DAYS = [5, 10, 20, 50];

/** Policies under which vans run and days can be repeated. */
export const withVans = (app: App): MatchingKind[] =>
  competing(matchingKinds(app.state.town!)).filter((kind) => kind !== 'fixed_route');

export class FleetSizing {
  readonly #pool: Pool;
  #search?: FleetSearch;
  #scenario = '';
  /** Reports of the vans that are being probed, by the day. */
  #days: Report[] = [];

  constructor(
    private readonly app: App,
    pool: (listener: PoolListener) => Pool,
  ) {
    this.#pool = pool({
      finished: (vans, seed, report) => this.#finished(vans, seed, report),
      done: () => this.#tell({ status: 'done', probing: undefined }),
      failed: () => this.#tell({ status: 'failed', probing: undefined }),
    });
  }

  get plan(): FleetPlan {
    const { settings, deciding } = this.app.state;
    if (deciding.fleetPlan) return deciding.fleetPlan;
    const kinds = withVans(this.app);
    const own = settings!.matching.kind;
    return { share: 0.95, within_min: 15, matching: kinds.includes(own) ? own : 'insertion', factor: settings!.factor, days: 10 };
  }

  change(part: Partial<FleetPlan>): void {
    this.app.decide({ fleetPlan: { ...this.plan, ...part } });
  }

  begin = (): void => {
    const { town, settings, series } = this.app.state;
    if (!town || !settings) return;
    const { plan } = this;
    const matching = policyOf(plan.matching, settings.matching, [this.app.matching(plan.matching)]);
    this.#scenario = JSON.stringify(apply(town, { ...settings, matching, factor: plan.factor }, undefined, series));
    this.#search?.free();
    this.#search = new FleetSearch({ share: plan.share, within_min: plan.within_min }, settings.vans, MOST_VANS);
    this.#pool.cancel();
    this.app.decide({
      fleet: { plan, first: settings.seed, settings, series: Object.keys(series).length > 0, sizing: this.#search.sizing(), status: 'running' },
    });
    this.#probe();
  };

  cancel = (): void => {
    this.#pool.cancel();
    this.#tell({ status: 'cancelled', probing: undefined });
  };

  forget(): void {
    this.#pool.cancel();
    this.app.decide({ fleet: undefined, fleetPlan: undefined });
  }

  /** The page's settings become those of a probe on its first day, which is lived through. */
  open(vans: number): void {
    const { fleet } = this.app.state.deciding;
    if (!fleet) return;
    const { settings, plan } = fleet;
    const matching = policyOf(plan.matching, settings.matching, [this.app.matching(plan.matching)]);
    this.app.change({ ...settings, vans, matching, factor: plan.factor });
  }

  /** The days of the next number of vans, if the search has one. */
  #probe(): void {
    const { plan, first } = this.app.state.deciding.fleet!;
    const vans = this.#search!.next();
    if (vans === undefined) return;
    this.#days = [];
    this.#tell({ probing: { vans, finished: 0 } });
    const { matching, rebalancing } = (JSON.parse(this.#scenario) as { policies: Trial['changes'] }).policies;
    this.#pool.more(
      Array.from({ length: plan.days }, (_, day) => ({
        scenario: this.#scenario,
        entrant: vans,
        seed: first + day,
        changes: { matching, rebalancing, vans },
      })),
    );
  }

  #finished(vans: number, seed: number, report: Report): void {
    const { plan, first } = this.app.state.deciding.fleet!;
    this.#days[seed - first] = report;
    const finished = Object.keys(this.#days).length;
    this.#tell({ probing: { vans, finished } });
    if (finished < plan.days) return;
    this.#search!.add(vans, this.#days);
    this.#tell({ sizing: this.#search!.sizing() });
    // While a worker is still there to go on.
    this.#probe();
  }

  #tell(change: Partial<FleetFound>): void {
    const { fleet } = this.app.state.deciding;
    if (fleet) this.app.decide({ fleet: { ...fleet, ...change } });
  }
}
