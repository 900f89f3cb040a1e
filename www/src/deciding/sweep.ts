// The sweep: fleet sizes, matching and charging policies and demand in all combinations, over days, and what each brings.
import { estimate, type Estimate, type Report } from '../../pkg/noriai.js';
import type { App } from '../app';
import { competing } from '../comparison';
import type { Pool, PoolListener } from '../pool';
import { apply, chargingPolicy, matchingKinds, mostVans, ownSite, policyOf, type ChargingKind, type MatchingKind, type Settings } from '../settings';
import { front, spread } from './pareto';

/** Sizes that are taken from a range, at most. */
export const SIZES = 6;
/** The largest fleet that a sweep has. */
export const LARGEST = 60;
/** Points of a sweep, at most. */
export const MOST_POINTS = 240;
export const SWEEP_DAYS = [1, 3, 5, 10, 20];

/** What is swept over. */
export interface SweepPlan {
  from: number;
  to: number;
  matching: MatchingKind[];
  charging: ChargingKind[];
  factors: number[];
  days: number;
}

/** What riders are served against; less of it is better. */
export const AGAINST = ['yen_per_ride', 'mean_wait_s', 'driver_hours'] as const;
export type AgainstKey = (typeof AGAINST)[number];
/** Figures of each point. */
export const MEASURED = ['served_share', 'within_15_min_share', ...AGAINST] as const;
export type Measured = (typeof MEASURED)[number];

/** One combination. */
export interface Combination {
  vans: number;
  matching: MatchingKind;
  charging: ChargingKind;
  factor: number;
}

export interface Point extends Combination {
  /** By day, as they come. */
  values: Record<Measured, (number | undefined)[]>;
  means: Record<Measured, Estimate>;
  days: number;
}

/** A sweep, ended or not. */
export interface Sweep {
  plan: SweepPlan;
  /** Seed of the first day. */
  first: number;
  /** Settings that all of its days share. */
  settings: Settings;
  points: Point[];
  finished: number;
  /** When it began, and how long it has taken so far, milliseconds. */
  began_ms: number;
  took_ms: number;
  status: 'running' | 'done' | 'cancelled' | 'failed';
  against: AgainstKey;
  /** The point under the cursor. */
  chosen?: number;
  /** The table's column and its order. */
  sort?: { key: keyof Combination | Measured; down: boolean };
}

/** All combinations, the sizes innermost. */
export function combinations({ from, to, matching, charging, factors }: SweepPlan): Combination[] {
  const sizes = spread(from, to, SIZES);
  return factors.flatMap((factor) =>
    matching.flatMap((policy) => charging.flatMap((plug) => sizes.map((vans) => ({ vans, matching: policy, charging: plug, factor })))),
  );
}

/** The points that no other one with the same demand beats: more demand makes rides cheaper, which is no merit of a choice. */
export function fronts(points: Point[], against: AgainstKey): Point[][] {
  const factors = [...new Set(points.map(({ factor }) => factor))].sort((a, b) => a - b);
  return factors.map((factor) => {
    const places = points.flatMap((point) => {
      const [x, y] = [point.means[against].mean, point.means.served_share.mean];
      return point.factor === factor && x !== undefined && y !== undefined ? [{ x, y, point }] : [];
    });
    return front(places).map(({ point }) => point);
  });
}

const NONE: Estimate = { days: 0 };
const ofAll = <T>(value: () => T) => Object.fromEntries(MEASURED.map((key) => [key, value()])) as Record<Measured, T>;

export class Sweeping {
  readonly #pool: Pool;

  constructor(
    private readonly app: App,
    pool: (listener: PoolListener) => Pool,
  ) {
    this.#pool = pool({
      finished: (index, _, report) => this.#finished(index, report),
      done: () => this.#tell({ status: 'done' }),
      failed: () => this.#tell({ status: 'failed' }),
    });
  }

  /** Some sizes around the fleet's, with the policies of the settings and a second one to set beside. */
  get plan(): SweepPlan {
    const { town, settings, deciding } = this.app.state;
    if (deciding.sweepPlan) return deciding.sweepPlan;
    const kinds = competing(matchingKinds(town!)).filter((kind) => kind !== 'fixed_route');
    const own = settings!.matching.kind;
    const matching = kinds.filter((kind) => kind === own || kind === 'nearest' || kind === 'insertion');
    const to = Math.min(Math.max(6, 2 * settings!.vans), Math.max(mostVans(town!), settings!.vans));
    return { from: 1, to, matching, charging: [settings!.charging.kind], factors: [settings!.factor], days: 3 };
  }

  change(part: Partial<SweepPlan>): void {
    this.app.decide({ sweepPlan: { ...this.plan, ...part } });
  }

  /** How long so many days take, by the day shown, milliseconds. */
  estimate(days: number): number {
    return (days * (this.app.state.result?.took_ms ?? 0)) / this.#pool.size;
  }

  begin = (): void => {
    const { town, settings, series } = this.app.state;
    if (!town || !settings) return;
    const { plan } = this;
    const points = combinations(plan).map((combination): Point => ({ ...combination, values: ofAll(() => []), means: ofAll(() => NONE), days: 0 }));
    const { sweep } = this.app.state.deciding;
    this.app.decide({
      sweep: {
        plan,
        first: settings.seed,
        settings,
        points,
        finished: 0,
        began_ms: performance.now(),
        took_ms: 0,
        status: 'running',
        against: sweep?.against ?? (town.costs ? 'yen_per_ride' : 'mean_wait_s'),
      },
    });
    this.#pool.run({
      scenario: JSON.stringify(apply(town, settings, undefined, series)),
      first: settings.seed,
      days: plan.days,
      entrants: points.map((point) => {
        const { vans, matching, rebalancing, charging, factor } = this.settingsOf(point, settings);
        return { vans, matching, rebalancing, charging, factor };
      }),
    });
  };

  cancel = (): void => {
    this.#pool.cancel();
    this.#tell({ status: 'cancelled' });
  };

  forget(): void {
    this.#pool.cancel();
    this.app.decide({ sweep: undefined, sweepPlan: undefined });
  }

  set(change: Partial<Pick<Sweep, 'against' | 'chosen' | 'sort'>>): void {
    this.#tell(change);
  }

  /** The page's settings become those of a point on the first day, which is lived through. */
  open(point: Combination): void {
    const { sweep } = this.app.state.deciding;
    if (!sweep) return;
    const { vans, matching, charging, factor } = this.settingsOf(point, sweep.settings);
    this.app.change({ ...sweep.settings, vans, matching, charging, factor, seed: sweep.first });
  }

  /** What a point changes; policies have the parameters that are set, where they are of that kind. */
  settingsOf({ vans, matching, charging, factor }: Combination, settings: Settings): Settings {
    const { town } = this.app.state;
    const plug = settings.charging;
    return {
      ...settings,
      vans,
      factor,
      matching: policyOf(matching, settings.matching, [this.app.matching(matching)]),
      charging: plug.kind === charging ? plug : chargingPolicy(charging, plug.below_soc, ownSite(town)),
    };
  }

  #finished(index: number, report: Report): void {
    const sweep = this.app.state.deciding.sweep!;
    const points = sweep.points.map((point, each): Point => {
      if (each !== index) return point;
      const values = { ...point.values };
      const means = { ...point.means };
      for (const key of MEASURED) {
        values[key] = [...values[key], report[key]];
        means[key] = estimate(Float64Array.from(values[key].filter((value) => value !== undefined)));
      }
      return { ...point, values, means, days: point.days + 1 };
    });
    this.#tell({ points, finished: sweep.finished + 1, took_ms: performance.now() - sweep.began_ms });
  }

  #tell(change: Partial<Sweep>): void {
    const { sweep } = this.app.state.deciding;
    if (sweep) this.app.decide({ sweep: { ...sweep, ...change } });
  }
}
